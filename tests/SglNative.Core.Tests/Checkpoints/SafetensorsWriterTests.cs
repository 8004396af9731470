using SglNative.Core.Checkpoints;
using SglNative.Core.Tensors;

namespace SglNative.Core.Tests.Checkpoints;

public sealed class SafetensorsWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_in_pieces_is_read_back_aligned()
    {
        var path = _folder["out.safetensors"];
        TensorDeclaration[] tensors = [new("ids", DType.Int64, new Shape(3)), new("odd", DType.UInt8, new Shape(3)), new("logits", DType.Float32, new Shape(2, 2))];
        using (var writer = new SafetensorsWriter(path, tensors, new Dictionary<string, string> { ["made by"] = "ä \"test\"" }))
        {
            writer.WriteElements<float>("logits", [1f, 2f]);
            writer.WriteElements<long>("ids", [5, 6, 7]);
            writer.Write("odd", [1, 2, 3]);
            writer.WriteElements<float>("logits", [3f, 4f]);
            Assert.False(File.Exists(path));
            writer.Complete();
        }
        using var file = SafetensorsFile.Open(path);
        Assert.Equal(["ids", "logits", "odd"], file.Tensors.Keys);
        Assert.Equal([1f, 2f, 3f, 4f], System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(file["logits"].Bytes).ToArray());
        Assert.All(file.Tensors.Values, t => Assert.Equal(0, t.Pointer % t.DType.Size()));
        Assert.Equal("ä \"test\"", file.Metadata["made by"]);
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void An_unfinished_file_leaves_nothing()
    {
        using (var writer = new SafetensorsWriter(_folder["out.safetensors"], [new("a", DType.UInt8, new Shape(2))]))
        {
            writer.Write("a", [1]);
            Assert.Throws<InvalidOperationException>(writer.Complete);
            Assert.Throws<ArgumentException>(() => writer.Write("a", [1, 2]));
            Assert.Throws<ArgumentException>(() => writer.Write("b", [1]));
        }
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Saves_at_once_and_replaces()
    {
        var path = _folder["out.safetensors"];
        foreach (var value in new byte[] { 1, 2 })
            SafetensorsWriter.Save(path, new Dictionary<string, (DType, Shape, ReadOnlyMemory<byte>)> { ["x"] = (DType.UInt8, new Shape(1), new[] { value }) });
        using var file = SafetensorsFile.Open(path);
        Assert.Equal([2], file["x"].Bytes.ToArray());
    }

    [Fact]
    public void A_folder_that_is_not_there_is_a_user_error() =>
        Assert.Contains("cannot be written", Assert.Throws<SglException>(() => new SafetensorsWriter(_folder["no/such/out"], [])).Message);
}
