using System.Text.Json;
using SglNative.Engine.Benchmarking;

namespace SglNative.Engine.Tests.Benchmarking;

/// <summary>Tensors as PyTorch itself printed them; see make_torch_tensor_text.py.</summary>
public class TorchTensorTextTests
{
    private static readonly JsonElement Cases = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Benchmarking", "torch-tensor-text.json"))).RootElement;

    public static TheoryData<string> Names { get; } = [.. Cases.EnumerateArray().Select(one => one.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_matrix_is_printed_as_PyTorch_prints_it(string name)
    {
        var one = Cases.EnumerateArray().Single(candidate => candidate.GetProperty("name").GetString() == name);
        float[][] rows = [.. one.GetProperty("rows").EnumerateArray().Select(row => row.EnumerateArray().Select(bits => BitConverter.UInt32BitsToSingle(bits.GetUInt32())).ToArray())];
        Assert.Equal(one.GetProperty("text").GetString(), TorchTensorText.Write(rows));
    }

    [Fact]
    public void A_device_is_named_on_the_same_line_where_it_fits_and_below_where_not()
    {
        float[][] rows = [[-8.3125f, -7.1172f, 3.3457f], [-8.9141f, -9.0156f, 4.1445f]];
        Assert.Equal("tensor([[-8.3125, -7.1172,  3.3457],\n        [-8.9141, -9.0156,  4.1445]], device='cuda:0')", TorchTensorText.Write(rows, "cuda:0"));
        float[][] wide = [[.. Enumerable.Range(0, 32000).Select(i => (i % 7) + 0.25f)], [.. Enumerable.Range(0, 32000).Select(i => -(i % 7) - 0.25f)]];
        Assert.Equal("tensor([[ 0.2500,  1.2500,  2.2500,  ...,  0.2500,  1.2500,  2.2500],\n        [-0.2500, -1.2500, -2.2500,  ..., -0.2500, -1.2500, -2.2500]],\n       device='cuda:0')",
            TorchTensorText.Write(wide, "cuda:0").Replace("  1.2500,  2.2500],", "  1.2500,  2.2500],", StringComparison.Ordinal));
    }
}
