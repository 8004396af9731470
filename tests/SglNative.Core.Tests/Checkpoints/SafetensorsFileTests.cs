using System.Runtime.InteropServices;
using SglNative.Core.Checkpoints;
using SglNative.Core.Tensors;
using SglNative.Testing;

namespace SglNative.Core.Tests.Checkpoints;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reads_a_file_byte_for_byte()
    {
        var path = _folder.Write("m.safetensors", SafetensorsBytes.Of(
            """{"__metadata__":{"format":"pt"},"b":{"dtype":"U8","shape":[2],"data_offsets":[4,6]},"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}  """, 6));
        using var file = SafetensorsFile.Open(path);
        Assert.Equal(["a", "b"], file.Tensors.Keys);
        Assert.Equal([0, 1, 2, 3], file["a"].Bytes.ToArray());
        Assert.Equal([4, 5], file["b"].Bytes.ToArray());
        Assert.Equal((DType.Float32, new Shape(1, 1)), (file["a"].DType, file["a"].Shape));
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal([5], file["b"].Slice(1, 1).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => file["b"].Slice(1, 2).Length);
    }

    [Fact]
    public void Reads_the_goldens_of_a_model()
    {
        using var golden = SafetensorsFile.Open(Path.Combine(TestFiles.Golden("llama3"), "golden.safetensors"));
        Assert.Equal(19, golden["p0.input_ids"].Shape[0]);
        Assert.Equal(DType.Int64, golden["p0.input_ids"].DType);
        Assert.Equal(new Shape(19, 256), golden["p0.prefill_logits"].Shape);
        Assert.All(MemoryMarshal.Cast<byte, float>(golden["p0.prefill_logits"].Bytes).ToArray(), v => Assert.InRange(v, -20, 20));
    }

    [Fact]
    public void Reads_beyond_2_GiB()
    {
        const long Big = (3L << 30) + 5;
        var path = _folder["big.safetensors"];
        var header = SafetensorsBytes.Of($$$"""{"big":{"dtype":"U8","shape":[{{{Big}}}],"data_offsets":[0,{{{Big}}}]},"end":{"dtype":"U8","shape":[1],"data_offsets":[{{{Big}}},{{{Big + 1}}}]}}""", 0);
        using (var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write))
        {
            // A sparse file: it takes no room on the disk.
            RandomAccess.Write(handle, header, 0);
            RandomAccess.Write(handle, [7], header.Length + Big - 1);
            RandomAccess.Write(handle, [9], header.Length + Big);
        }
        using var file = SafetensorsFile.Open(path);
        Assert.Equal([0, 7], file["big"].Slice(Big - 2, 2).ToArray());
        Assert.Equal([9], file["end"].Bytes.ToArray());
        Assert.Throws<InvalidOperationException>(() => file["big"].Bytes.Length);
        Assert.Equal(Big, file["big"].AsTensor().ByteCount);
    }

    [Fact]
    public void A_closed_file_is_not_read()
    {
        var file = SafetensorsFile.Open(_folder.Write("m.safetensors", SafetensorsBytes.Of("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", 2)));
        var tensor = file["a"];
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tensor.Bytes.Length);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "bytes 4 to 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "bytes 0 to 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 9, "9 follow the header")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", 15, "truncated")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,16]}}""", 16, "takes 12 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "[begin, end]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "[begin, end]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "non-negative")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "non-negative")]
    [InlineData("""{"a":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}}""", 4, "non-negative")]
    [InlineData("""{"a":{"dtype":"F32","shape":[18446744073709551616],"data_offsets":[0,4]}}""", 4, "non-negative")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904],"data_offsets":[0,4]}}""", 4, "more bytes than can be addressed")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}}""", 0, "more bytes than can be addressed")]
    [InlineData("""{"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}""", 4, "'F33'")]
    [InlineData("""{"a":{"dtype":4,"shape":[1],"data_offsets":[0,4]}}""", 4, "must be a JSON string")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1,1,1,1,1,1],"data_offsets":[0,1]}}""", 1, "6 dimensions")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "lacks 'data_offsets'")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"shape":[1],"data_offsets":[0,1]}}""", 1, "'shape' twice")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "two tensors are named 'a'")]
    [InlineData("""{"__metadata__":{"x":1}}""", 0, "must be a JSON string")]
    [InlineData("""{"__metadata__":[]}""", 0, "must be a JSON object")]
    [InlineData("""{"a":3}""", 0, "must be a JSON object")]
    [InlineData("""[]""", 0, "does not start with")]
    [InlineData("""{} {}""", 0, "not valid JSON")]
    [InlineData("""{"a":""", 0, "not valid JSON")]
    [InlineData("""{"\ud800":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "not valid JSON")]
    [InlineData("""{"a":{"x":[[[[[[[[[[1]]]]]]]]]],"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "not valid JSON")]
    public void A_bad_header_is_one_clear_line(string header, int dataLength, string expected)
    {
        var path = _folder.Write("m.safetensors", SafetensorsBytes.Of(header, dataLength));
        var error = Assert.Throws<SglException>(() => SafetensorsFile.Open(path));
        Assert.Contains(expected, error.Message);
        Assert.Contains(path, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void An_empty_file_of_tensors_and_empty_tensors_are_sound()
    {
        using var none = SafetensorsFile.Open(_folder.Write("0.safetensors", SafetensorsBytes.Of("{}", 0)));
        Assert.Empty(none.Tensors);
        using var empty = SafetensorsFile.Open(_folder.Write("1.safetensors", SafetensorsBytes.Of(
            """{"a":{"dtype":"F32","shape":[0,4],"data_offsets":[2,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"c":{"dtype":"U8","shape":[],"data_offsets":[2,3]}}""", 3)));
        Assert.Equal(0, empty["a"].Bytes.Length);
        Assert.Equal([2], empty["c"].Bytes.ToArray());
    }

    public static TheoryData<byte[], string> NotSafetensors => new()
    {
        { [], "0 bytes" },
        { [1, 2, 3], "3 bytes" },
        { [0, 0, 0, 0, 0, 0, 0, 0x80], "9223372036854775808" },
        { [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], "18446744073709551615" },
        { [200, 0, 0, 0, 0, 0, 0, 0, (byte)'{'], "truncated" },
        { [0, 0, 0, 0, 0, 0, 0, 0, 0], "header length is 0" },
        { "version https://git-lfs.github.com/spec/v1\noid sha256:00"u8.ToArray(), "git lfs pull" },
        { "GGUF\u0003\0\0\0\0\0\0\0"u8.ToArray(), "GGUF" },
        { "PK\u0003\u0004\0\0\0\0\0\0"u8.ToArray(), "pickle" },
        { "<!DOCTYPE html><html>"u8.ToArray(), "header length" },
    };

    [Theory, MemberData(nameof(NotSafetensors))]
    public void Another_file_is_refused(byte[] content, string expected)
    {
        var path = _folder.Write("m.safetensors", content);
        Assert.Contains(expected, Assert.Throws<SglException>(() => SafetensorsFile.Open(path)).Message);
    }

    [Fact]
    public void A_missing_file_a_folder_and_a_missing_tensor_are_named()
    {
        Assert.Contains("no such file", Assert.Throws<SglException>(() => SafetensorsFile.Open(_folder["nothing"])).Message);
        Assert.Contains("no such file", Assert.Throws<SglException>(() => SafetensorsFile.Open(_folder["no/thing"])).Message);
        Assert.Contains("is a folder", Assert.Throws<SglException>(() => SafetensorsFile.Open(_folder.Path)).Message);
        using var file = SafetensorsFile.Open(_folder.Write("m.safetensors", SafetensorsBytes.Of("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1)));
        Assert.Contains("no tensor 'b'; it has a", Assert.Throws<SglException>(() => file["b"]).Message);
    }
}
