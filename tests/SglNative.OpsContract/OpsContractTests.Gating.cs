using SglNative.Core.Tensors;
using SglNative.Models.Operations;

namespace SglNative.OpsContract;

public abstract partial class OpsContractTests
{
    [Fact]
    public void Layer_norm_agrees_over_shapes_with_and_without_weight_and_bias()
    {
        foreach (var dtype in ActivationTypes)
            foreach (var (rows, width) in RowShapes)
                foreach (var (weighted, biased) in ((bool, bool)[])[(false, false), (true, false), (true, true)])
                {
                    // A mean far from zero: the variance must not come from a difference of large sums.
                    var x = Numbers.Rounded([.. Numbers.Random(rows * width, width).Select(v => v + 20)], dtype);
                    var weight = weighted ? Numbers.Rounded(Numbers.Random(width, 5), dtype) : null;
                    var bias = biased ? Numbers.Rounded(Numbers.Random(width, 6), dtype) : null;
                    var result = Ops.LayerNorm(Upload(x, dtype, rows, width), weight is null ? default : Upload(weight, dtype, width), bias is null ? default : Upload(bias, dtype, width), 1e-5f);
                    AssertClose(Download(result), Reference.LayerNorm(x, weight, bias, 1e-5, width), 2e-5 + Tolerance(dtype), $"{dtype} {rows}x{width} {weighted} {biased}");
                    var operand = Ops.LayerNorm(Upload(x, DType.Float32, rows, width), default, default, 1e-5f, dtype);
                    Assert.Equal(dtype, operand.DType);
                    AssertClose(Download(operand), Reference.LayerNorm(x, null, null, 1e-5, width), 2e-5 + Tolerance(dtype), $"float32 to {dtype} {rows}x{width}");
                }
    }

    [Fact]
    public void Layer_norm_takes_heads_of_a_fused_projection()
    {
        foreach (var dtype in ActivationTypes)
        {
            var (tokens, heads, dim, stride) = (9, 3, 40, 160);
            var x = Numbers.Rounded(Numbers.Random(tokens * stride, 1), dtype);
            var result = Ops.LayerNorm(Upload(x, dtype, tokens, stride).Slice(1, 24, heads * dim).View(tokens, heads, dim), default, default, 1e-6f);
            var dense = Enumerable.Range(0, tokens).SelectMany(t => x.AsSpan(t * stride + 24, heads * dim).ToArray()).ToArray();
            AssertClose(Download(result), Reference.LayerNorm(dense, null, null, 1e-6, dim), 2e-5 + Tolerance(dtype), $"{dtype}");
        }
    }

    [Fact]
    public void Sigmoid_gates_scale_elements_or_whole_rows()
    {
        foreach (var dtype in ActivationTypes)
            foreach (var gateType in (DType[])[dtype, DType.Float32])
                foreach (var (rows, width) in RowShapes)
                    foreach (var gates in (int[])[1, width])
                    {
                        var x = Numbers.Rounded(Numbers.Random(rows * width, 1), dtype);
                        var gate = Numbers.Rounded(Numbers.Random(rows * (gates + 3), 2, 4), gateType);
                        var result = Ops.SigmoidGate(Upload(x, dtype, rows, width), Upload(gate, gateType, rows, gates + 3).Slice(1, 2, gates));
                        var expected = x.Select((v, i) => v / (1 + Math.Exp(-gate[i / width * (gates + 3) + 2 + (gates == 1 ? 0 : i % width)]))).ToArray();
                        AssertClose(Download(result), expected, Tolerance(dtype), $"{dtype} {rows}x{width} gated by {gateType} {gates}");
                    }
    }

    [Fact]
    public void Clamping_and_soft_caps_work_in_place_and_leave_neighbours_alone()
    {
        foreach (var dtype in ActivationTypes)
            foreach (var (rows, width) in RowShapes)
            {
                var x = Numbers.Rounded(Numbers.Random(rows * (width + 5), 1, 3), dtype);
                bool Inside(int i) => i % (width + 5) is var c && c >= 2 && c < width + 2;
                var clamped = Upload(x, dtype, rows, width + 5);
                Ops.ClampInPlace(clamped.Slice(1, 2, width), 0.75f);
                Assert.Equal(x.Select((v, i) => Inside(i) ? Math.Clamp(v, -0.75f, 0.75f) : v), Download(clamped));
                var capped = Upload(x, dtype, rows, width + 5);
                Ops.SoftCapInPlace(capped.Slice(1, 2, width), 1.5f);
                AssertClose(Download(capped), [.. x.Select((v, i) => Inside(i) ? 1.5 * Math.Tanh(v / 1.5) : v)], Tolerance(dtype), $"{dtype} {rows}x{width}");
            }
    }
}
