using SglNative.Core.Tensors;
using SglNative.Models.Operations;

namespace SglNative.OpsContract;

public abstract partial class OpsContractTests
{
    private static readonly (int Rows, int Width)[] RowShapes = [(0, 64), (1, 8), (1, 2048), (3, 100), (7, 33), (65, 64), (300, 130), (5, 384), (4, 520)];

    [Fact]
    public void Embedding_takes_the_rows_of_the_ids_and_converts_them()
    {
        foreach (var table in ActivationTypes)
            foreach (var output in ActivationTypes)
                foreach (var width in (int[])[1, 8, 100, 257])
                {
                    var rows = Numbers.Rounded(Numbers.Random(11 * width, width), table);
                    int[] ids = [10, 0, 3, 3, 7];
                    var result = Ops.Embedding(UploadInts(ids), Upload(rows, table, 11, width), output);
                    Assert.Equal(output, result.DType);
                    Assert.Equal(Numbers.Rounded([.. ids.SelectMany(id => rows.AsSpan(id * width, width).ToArray())], output), Download(result));
                }
    }

    [Fact]
    public void Gathering_rows_of_a_strided_tensor_copies_them_exactly()
    {
        foreach (var dtype in ActivationTypes)
        {
            var values = Numbers.Rounded(Numbers.Random(9 * 50, 1), dtype);
            var slice = Upload(values, dtype, 9, 50).Slice(1, 10, 33);
            var result = Ops.GatherRows(slice, UploadInts([8, 2, 2]));
            Assert.Equal(((int[])[8, 2, 2]).SelectMany(r => values.AsSpan(r * 50 + 10, 33).ToArray()), Download(result));
            Assert.Equal(0, Ops.GatherRows(slice, Allocate(DType.Int32, 0)).Count);
        }
    }

    [Fact]
    public void Rms_norm_agrees_over_shapes_types_weights_and_offsets()
    {
        foreach (var dtype in ActivationTypes)
            foreach (var (rows, width) in RowShapes)
                foreach (var weightType in (DType?[])[null, dtype, DType.Float32])
                {
                    var x = Numbers.Rounded(Numbers.Random(rows * width, width), dtype);
                    var weight = weightType is { } type ? Numbers.Rounded(Numbers.Random(width, 5), type) : null;
                    var weightTensor = weight is null ? default : Upload(weight, weightType!.Value, width);
                    foreach (var offset in (float[])[0, 1])
                    {
                        var result = Ops.RmsNorm(Upload(x, dtype, rows, width), weightTensor, 1e-5f, offset);
                        AssertClose(Download(result), Reference.RmsNorm(x, weight, 1e-5f, offset, width), Tolerance(dtype), $"{dtype} {rows}x{width} {weightType} {offset}");
                    }
                }
    }

    [Fact]
    public void Rms_norm_in_place_on_heads_of_a_fused_projection_leaves_its_neighbours_alone()
    {
        foreach (var dtype in ActivationTypes)
            foreach (var (tokens, heads, dim) in ((int, int, int)[])[(1, 2, 64), (5, 3, 24), (40, 4, 128)])
            {
                var (stride, start, length) = (2 * heads * dim + 8, heads * dim, heads * dim);
                var x = Numbers.Rounded(Numbers.Random(tokens * stride, dim), dtype);
                var weight = Numbers.Rounded(Numbers.Random(dim, 3), dtype);
                var whole = Upload(x, dtype, tokens, stride);
                Ops.RmsNormInPlace(whole.Slice(1, start, length).View(tokens, heads, dim), Upload(weight, dtype, dim), 1e-6f);
                var expected = x.Select(v => (double)v).ToArray();
                for (var t = 0; t < tokens; t++)
                    Reference.RmsNorm(x.AsSpan(t * stride + start, length), weight, 1e-6f, 0, dim).CopyTo(expected.AsSpan(t * stride + start));
                AssertClose(Download(whole), expected, Tolerance(dtype), $"{dtype} {tokens}x{heads}x{dim}");
            }
    }

    [Fact]
    public void Add_rms_norm_updates_the_residual_and_norms_what_was_stored()
    {
        foreach (var dtype in ActivationTypes)
            foreach (var (rows, width) in RowShapes)
            {
                var x = Numbers.Rounded(Numbers.Random(rows * width, 1), dtype);
                var before = Numbers.Rounded(Numbers.Random(rows * width, 2), dtype);
                var weight = Numbers.Rounded(Numbers.Random(width, 3), dtype);
                var residual = Upload(before, dtype, rows, width);
                var result = Ops.AddRmsNorm(Upload(x, dtype, rows, width), residual, Upload(weight, dtype, width), 1e-5f, 1);
                var sum = Numbers.Rounded([.. x.Zip(before, (a, b) => a + b)], dtype);
                Assert.Equal(sum, Download(residual));
                AssertClose(Download(result), Reference.RmsNorm(sum, weight, 1e-5f, 1, width), Tolerance(dtype), $"{dtype} {rows}x{width}");
            }
    }

    [Fact]
    public void Norms_round_to_the_type_asked_for_and_keep_a_residual_of_another_type()
    {
        foreach (var (x, residual, output) in ((DType, DType, DType)[])
            [(DType.Float32, DType.Float32, DType.BFloat16), (DType.Float32, DType.Float32, DType.Float16), (DType.BFloat16, DType.Float32, DType.BFloat16)])
            foreach (var (rows, width) in RowShapes)
            {
                var values = Numbers.Rounded(Numbers.Random(rows * width, 1), x);
                var before = Numbers.Random(rows * width, 2);
                var weight = Numbers.Rounded(Numbers.Random(width, 3), DType.BFloat16);
                var weightTensor = Upload(weight, DType.BFloat16, width);
                var plain = Ops.RmsNorm(Upload(values, x, rows, width), weightTensor, 1e-5f, 1, output);
                Assert.Equal(output, plain.DType);
                AssertClose(Download(plain), Reference.RmsNorm(values, weight, 1e-5f, 1, width), Tolerance(output), $"{x} {rows}x{width} to {output}");

                var sum = Upload(before, residual, rows, width);
                var result = Ops.AddRmsNorm(Upload(values, x, rows, width), sum, weightTensor, 1e-5f, 1, output);
                float[] expected = [.. values.Zip(before, (a, b) => a + b)];
                Assert.Equal(expected, Download(sum));
                Assert.Equal(output, result.DType);
                AssertClose(Download(result), Reference.RmsNorm(expected, weight, 1e-5f, 1, width), Tolerance(output), $"{x} + {residual} {rows}x{width} to {output}");
            }
    }

    [Theory]
    [InlineData(GatedActivation.Silu)]
    [InlineData(GatedActivation.Gelu)]
    [InlineData(GatedActivation.GeluTanh)]
    [InlineData(GatedActivation.SwigluOss)]
    public void Gated_activations_agree_from_tail_to_tail(GatedActivation activation)
    {
        foreach (var dtype in ActivationTypes)
            foreach (var (rows, width) in RowShapes)
                foreach (var range in (float[])[0.1f, 3, 100])
                {
                    var x = Numbers.Rounded(Numbers.Random(rows * 2 * width, width, range), dtype);
                    var result = Ops.ActAndMul(Upload(x, dtype, rows, 2 * width), activation);
                    var expected = new double[rows * width];
                    for (var i = 0; i < expected.Length; i++)
                    {
                        var gate = i / width * 2 * width + i % width;
                        expected[i] = Reference.GatedUnit(x[gate], x[gate + width], activation, limit: 0);
                    }
                    AssertClose(Download(result), expected, Tolerance(dtype), $"{activation} {dtype} {rows}x{width} ±{range}");
                    var rounded = Ops.ActAndMul(Upload(x, dtype, rows, 2 * width), activation, DType.BFloat16);
                    AssertClose(Download(rounded), expected, Tolerance(DType.BFloat16), $"{activation} {dtype} {rows}x{width} ±{range} to bf16");
                }
    }

    [Fact]
    public void Adding_scaling_and_casting_work_on_strided_rows()
    {
        foreach (var dtype in ActivationTypes)
            foreach (var (rows, width) in RowShapes)
            {
                var (a, b) = (Numbers.Rounded(Numbers.Random(rows * (width + 3), 1), dtype), Numbers.Rounded(Numbers.Random(rows * (width + 3), 2), dtype));
                var (sliceA, sliceB) = (Upload(a, dtype, rows, width + 3).Slice(1, 3, width), Upload(b, dtype, rows, width + 3).Slice(1, 0, width));
                float[] Pick(Func<float, float, float> f) =>
                    [.. Enumerable.Range(0, rows * width).Select(i => f(a[i / width * (width + 3) + 3 + i % width], b[i / width * (width + 3) + i % width]))];
                Assert.Equal(Numbers.Rounded(Pick((p, q) => p + q), dtype), Download(Ops.Add(sliceA, sliceB)));
                Assert.Equal(Numbers.Rounded(Pick((p, _) => p * 0.3f), dtype), Download(Ops.Scale(sliceA, 0.3f)));
                foreach (var target in ActivationTypes)
                {
                    Assert.Equal(Numbers.Rounded(Pick((p, _) => p), target), Download(Ops.Cast(sliceA, target)));
                    var copy = Ops.Arena.Allocate(sliceA.Shape, target);
                    Ops.Copy(sliceA, copy);
                    Assert.Equal(Numbers.Rounded(Pick((p, _) => p), target), Download(copy));
                }
            }
    }

    [Fact]
    public void Casting_keeps_infinities_nan_and_the_rounding_of_ties()
    {
        float[] values = [0, -0f, float.PositiveInfinity, float.NegativeInfinity, 3.3895314e38f, 1.0039062f, 1.0117188f, 65504, 65520, 1e-40f, 6e-8f, -1e-7f];
        foreach (var target in ActivationTypes)
        {
            Assert.Equal(Numbers.Rounded(values, target), Download(Ops.Cast(Upload(values, DType.Float32, 1, values.Length), target)));
            Assert.True(float.IsNaN(Download(Ops.Cast(Upload([float.NaN, 1], DType.Float32, 1, 2), target))[0]));
            foreach (var back in ActivationTypes)
                Assert.Equal(Numbers.Rounded(Numbers.Rounded(values, target), back), Download(Ops.Cast(Upload(values, target, 1, values.Length), back)));
        }
    }
}
