using SglNative.Core.Checkpoints;
using SglNative.Core.Tensors;
using SglNative.Testing;

namespace SglNative.Core.Tests.Checkpoints;

public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Opens_every_golden()
    {
        foreach (var directory in Directory.GetDirectories(TestFiles.Goldens))
        {
            // golden.safetensors lies in the same folder: model.safetensors must win.
            using var checkpoint = Checkpoint.Open(directory);
            Assert.Equal("model.safetensors", Path.GetFileName(Assert.Single(checkpoint.Files).Path));
            Assert.Equal(DType.BFloat16, checkpoint["model.embed_tokens.weight"].DType);
            Assert.Equal(checkpoint.ByteCount, checkpoint.Tensors.Values.Sum(t => t.Shape.Count * t.DType.Size()));
        }
    }

    [Fact]
    public void Opens_the_shared_trained_model()
    {
        if (TestFiles.Shared is not { } shared) { Assert.Skip("the shared models are not here"); return; }
        using var checkpoint = Checkpoint.Open(Path.Combine(shared, "models", "stories260K"));
        Assert.NotEmpty(checkpoint.Tensors);
    }

    [Fact]
    public void Opens_shards_by_their_index()
    {
        Shard("model-00001-of-00002.safetensors", "a", "b");
        Shard("model-00002-of-00002.safetensors", "c");
        Shard("consolidated.safetensors", "a");
        Index("""{"a":"model-00001-of-00002.safetensors","b":"model-00001-of-00002.safetensors","c":"model-00002-of-00002.safetensors"}""");
        using var checkpoint = Checkpoint.Open(_folder.Path);
        Assert.Equal(["a", "b", "c"], checkpoint.Tensors.Keys);
        Assert.Equal(2, checkpoint.Files.Count);
        Assert.Equal(3, checkpoint.ByteCount);
        Assert.Contains("no tensor 'x'", Assert.Throws<SglException>(() => checkpoint["x"]).Message);
    }

    [Fact]
    public void The_index_decides_where_two_shards_hold_a_name()
    {
        Shard("s1.safetensors", "a");
        Shard("s2.safetensors", "a", "b");
        Index("""{"a":"s2.safetensors","b":"s2.safetensors","a":"s2.safetensors"}""");
        Directory.Move(_folder["s1.safetensors"], _folder["s0.safetensors"]);
        using var checkpoint = Checkpoint.Open(_folder.Path);
        Assert.EndsWith("s2.safetensors", checkpoint["a"].File);
    }

    [Fact]
    public void Opens_any_names_without_an_index_and_ignores_consolidated_and_adapters()
    {
        Shard("weights-a.safetensors", "a");
        Shard("weights-b.safetensors", "b");
        Shard("consolidated.safetensors", "a", "z");
        Shard("adapter_model.safetensors", "lora");
        Directory.CreateDirectory(_folder["original"]);
        Shard("original/model.safetensors", "o");
        using var checkpoint = Checkpoint.Open(_folder.Path);
        Assert.Equal(["a", "b"], checkpoint.Tensors.Keys);
    }

    [Fact]
    public void Consolidated_counts_when_it_is_alone()
    {
        Shard("consolidated.safetensors", "a");
        using var checkpoint = Checkpoint.Open(_folder.Path);
        Assert.Single(checkpoint.Tensors);
    }

    [Theory]
    [InlineData("""{"weight_map":{"a":"s1.safetensors","b":"s2.safetensors"}}""", "s2.safetensors is missing")]
    [InlineData("""{"weight_map":{"a":"s1.safetensors","b":"s1.safetensors"}}""", "has no tensor 'b'")]
    [InlineData("""{"weight_map":{"a":"../s1.safetensors"}}""", "no file of this checkpoint")]
    [InlineData("""{"weight_map":{"a":"/etc/x.safetensors"}}""", "no file of this checkpoint")]
    [InlineData("""{"weight_map":{"a":"s1.bin"}}""", "no file of this checkpoint")]
    [InlineData("""{"weight_map":{"a":1}}""", "must be a file name")]
    [InlineData("""{"weight_map":{"a":"s1.safetensors","a":"s0.safetensors"}}""", "is in both")]
    [InlineData("""{"weight_map":{}}""", "names no tensor")]
    [InlineData("""{"weight_map":[]}""", "no 'weight_map' object")]
    [InlineData("""[1]""", "no 'weight_map' object")]
    [InlineData("""{"weight_map":""", "not valid JSON")]
    [InlineData("""{"weight_map":{"a":"\ud800"}}""", "not valid JSON")]
    public void A_bad_index_is_one_clear_line(string index, string expected)
    {
        Shard("s1.safetensors", "a");
        _folder.Write("model.safetensors.index.json", index);
        Assert.Contains(expected, Assert.Throws<SglException>(() => Checkpoint.Open(_folder.Path)).Message);
    }

    [Fact]
    public void A_shard_that_the_names_of_the_others_promise_is_missed()
    {
        Shard("model-00001-of-00003.safetensors", "a");
        Shard("model-00003-of-00003.safetensors", "c");
        Assert.Contains("model-00002-of-00003.safetensors is missing", Assert.Throws<SglException>(() => Checkpoint.Open(_folder.Path)).Message);
        Shard("model-00002-of-00003.safetensors", "b");
        using var checkpoint = Checkpoint.Open(_folder.Path);
        Assert.Equal(["a", "b", "c"], checkpoint.Tensors.Keys);
    }

    [Fact]
    public void Two_sets_of_the_same_weights_are_refused()
    {
        Shard("one.safetensors", "a");
        Shard("two.safetensors", "a");
        Assert.Contains("is in both", Assert.Throws<SglException>(() => Checkpoint.Open(_folder.Path)).Message);
    }

    [Theory]
    [InlineData("model-q4.gguf", "GGUF is not read")]
    [InlineData("pytorch_model.bin", "save_pretrained")]
    [InlineData("consolidated.00.pth", "save_pretrained")]
    [InlineData("model.pt", "save_pretrained")]
    [InlineData("adapter_model.safetensors", "LoRA adapter")]
    [InlineData("readme.txt", "no *.safetensors file")]
    public void A_folder_without_safetensors_says_what_to_do(string name, string expected)
    {
        _folder.Write(name, "x");
        Assert.Contains(expected, Assert.Throws<SglException>(() => Checkpoint.Open(_folder.Path)).Message);
        if (name.EndsWith(".txt", StringComparison.Ordinal) || name.StartsWith("adapter", StringComparison.Ordinal)) return;
        Assert.Contains(expected, Assert.Throws<SglException>(() => Checkpoint.Open(_folder[name])).Message);
    }

    [Fact]
    public void A_path_that_is_no_folder_says_so()
    {
        Assert.Contains("no such path", Assert.Throws<SglException>(() => Checkpoint.Open(_folder["x"])).Message);
        Assert.Contains("is empty", Assert.Throws<SglException>(() => Checkpoint.Open("")).Message);
        Assert.Contains("give the folder", Assert.Throws<SglException>(() => Checkpoint.Open(_folder.Write("config.json", "{}"))).Message);
    }

    private void Shard(string name, params string[] tensors) => SafetensorsWriter.Save(_folder[name],
        tensors.ToDictionary(t => t, t => (DType.UInt8, new Shape(1), (ReadOnlyMemory<byte>)new byte[] { 1 })));

    private void Index(string map) => _folder.Write("model.safetensors.index.json", $$"""{"metadata":{"total_size":3},"weight_map":{{map}}}""");
}
