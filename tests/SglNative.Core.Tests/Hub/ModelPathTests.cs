using SglNative.Core.Hub;
using SglNative.Testing;

namespace SglNative.Core.Tests.Hub;

public sealed class ModelPathTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_that_exists_wins() =>
        Assert.Equal(new ModelPath(TestFiles.Golden("llama3"), false), ModelPath.Resolve(TestFiles.Golden("llama3")));

    [Theory]
    [InlineData("meta-llama/Llama-3.2-1B")]
    [InlineData("Qwen/Qwen3-0.6B")]
    [InlineData("a_b/c.d")]
    public void Owner_and_name_are_a_repository(string path) => Assert.Equal(new ModelPath(path, true), ModelPath.Resolve(path));

    [Theory]
    [InlineData("nothing-here", "no such path: nothing-here (a repository of the Hub is written owner/name)")]
    [InlineData("./owner/name", "no such path")]
    [InlineData("/models/llama", "no such path")]
    [InlineData("../llama", "no such path")]
    [InlineData("a/b/c", "no such path")]
    [InlineData("owner/na--me", "no such path")]
    [InlineData("models/", "no such path")]
    [InlineData("owner/model.gguf", "no such path")]
    [InlineData("", "the model path is empty")]
    [InlineData("  ", "the model path is empty")]
    [InlineData("C:\\models\\x", "no such path")]
    public void Anything_else_is_told(string path, string expected) =>
        Assert.Contains(expected, Assert.Throws<SglException>(() => ModelPath.Resolve(path)).Message);

    [Fact]
    public void A_file_is_told_apart()
    {
        Assert.Contains("GGUF is not read", Assert.Throws<SglException>(() => ModelPath.Resolve(_folder.Write("m.gguf", "x"))).Message);
        Assert.Contains("give the folder", Assert.Throws<SglException>(() => ModelPath.Resolve(_folder.Write("model.safetensors", "x"))).Message);
    }

    [Fact]
    public async Task Locating_a_folder_touches_no_network() =>
        Assert.Equal(_folder.Path, await ModelPath.LocateAsync(_folder.Path, new HubOptions { CacheDirectory = "/x", Endpoint = "http://127.0.0.1:9" }));
}
