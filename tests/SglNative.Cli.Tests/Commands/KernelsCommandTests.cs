using SglNative.Cli.Commands;
using SglNative.Cuda.Catalog;

namespace SglNative.Cli.Tests.Commands;

public sealed class KernelsCommandTests
{
    [Fact]
    public async Task The_list_is_the_catalogue()
    {
        var (code, output, _) = await RunAsync("kernels", "list");
        Assert.Equal((0, KernelCatalog.Listing()), (code, output));
        Assert.Contains("all sampling/edit_logits.cu sgl::edit_logits\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kernels list all", "kernels list takes no more words")]
    [InlineData("kernels", "'kernels' needs a second word: kernels list, kernels build")]
    [InlineData("kernels build --architectures gfx942", "gfx942")]
    [InlineData("kernels build --arch", "--arch")]
    public async Task A_mistake_is_one_line(string words, string message)
    {
        var (code, output, error) = await RunAsync(words.Split(' '));
        Assert.Equal((1, ""), (code, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(c => c == '\n'));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] words)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        var code = await CommandSet.Default.RunAsync(words, new CommandContext(TextReader.Null, output, error, CancellationToken.None));
        return (code, output.ToString(), error.ToString());
    }
}
