using SglNative.Cli.Commands;
using SglNative.Cuda.Catalog;
using SglNative.Interop.Cuda.Compilation;
using SglNative.Interop.Kernels;
using SglNative.Testing;

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
    [InlineData("kernels build --kernel nothing", "no kernel file has 'nothing' in its name")]
    public async Task A_mistake_is_one_line(string words, string message)
    {
        var (code, output, error) = await RunAsync(words.Split(' '));
        Assert.Equal((1, ""), (code, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(c => c == '\n'));
    }

    [Fact]
    public async Task A_pack_holds_what_NVRTC_makes_of_the_sources()
    {
        if (!NvrtcToolchain.IsAvailable(out var identity, out var reason)) Assert.Skip(reason);
        var count = KernelCatalog.Sources("sm_90a").Count(source => source.Name.StartsWith("sampling/", StringComparison.Ordinal));
        using var folder = new TemporaryFolder();
        var archive = folder[KernelPack.FileName];
        var (code, output, error) = await RunAsync("kernels", "build", "--architectures", "sm_90a,compute_80", "--kernel", "sampling/", "--output", archive);
        Assert.Equal((0, $"sm_90a: {count} kernels\ncompute_80: {count} kernels\n"), (code, error));
        Assert.StartsWith($"{archive}: {2 * count} kernels by {identity}, ", output, StringComparison.Ordinal);
        using var pack = KernelPack.Open(archive);
        Assert.Equal((identity, 2 * count, "sm_90a", "compute_80"), (pack.Compiler, pack.Count, pack.ArchitectureFor(90), pack.ArchitectureFor(86)));
        foreach (var architecture in (string[])["sm_90a", "compute_80"])
            foreach (var source in KernelCatalog.Sources(architecture).Where(source => source.Name.StartsWith("sampling/", StringComparison.Ordinal)))
            {
                var compiled = NvrtcToolchain.ForArchitecture(architecture).Compile(source, KernelSourceTree.Collect(source), "");
                Assert.Equal(compiled.Code.ToArray(), pack.Find(source, architecture, out _)!.Code.ToArray());
            }
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] words)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        var code = await CommandSet.Default.RunAsync(words, new CommandContext(TextReader.Null, output, error, CancellationToken.None));
        return (code, output.ToString(), error.ToString());
    }
}
