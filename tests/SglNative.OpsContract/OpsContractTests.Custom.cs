using SglNative.Core;
using SglNative.Core.Tensors;

namespace SglNative.OpsContract;

public abstract partial class OpsContractTests
{
    [Fact]
    public void An_expression_agrees_over_shapes_and_types()
    {
        foreach (var dtype in ActivationTypes)
            foreach (var (rows, width) in RowShapes)
            {
                var x = Numbers.Rounded(Numbers.Random(rows * width, width), dtype);
                var result = Ops.Map("x > 0 ? sqrtf(x) : x", Upload(x, dtype, rows, width));
                Assert.Equal(dtype, result.DType);
                // A square root is rounded correctly everywhere, so nothing is left to a tolerance.
                Assert.Equal(Numbers.Rounded([.. x.Select(v => v > 0 ? MathF.Sqrt(v) : v)], dtype), Download(result));
            }
    }

    [Fact]
    public void Products_and_sums_of_an_expression_are_rounded_one_by_one()
    {
        var (x, y, z) = (Numbers.Random(1000, 1), Numbers.Random(1000, 2), Numbers.Random(1000, 3));
        var result = Ops.Map("x * y + z / (1 + x * x)", Upload(x, DType.Float32, 10, 100), Upload(y, DType.Float32, 10, 100), Upload(z, DType.Float32, 10, 100));
        var expected = new float[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            var product = x[i] * y[i];
            var square = x[i] * x[i];
            expected[i] = product + z[i] / (1 + square);
        }
        Assert.Equal(expected, Download(result));
    }

    [Fact]
    public void An_expression_reads_slices_and_heads_and_mixes_types()
    {
        var values = Numbers.Rounded(Numbers.Random(6 * 50, 1), DType.BFloat16);
        var other = Numbers.Random(6 * 24, 2);
        var slice = Upload(values, DType.BFloat16, 6, 50).Slice(1, 8, 24);
        var expected = new float[6 * 24];
        for (var i = 0; i < expected.Length; i++) expected[i] = Math.Max(values[i / 24 * 50 + 8 + i % 24], -other[i]);
        expected = Numbers.Rounded(expected, DType.BFloat16);
        Assert.Equal(expected, Download(Ops.Map("fmax(x, -y)", slice, Upload(other, DType.Float32, 6, 24))));
        Assert.Equal(expected, Download(Ops.Map("fmax(x, -y)", slice.View(6, 3, 8), Upload(other, DType.Float32, 6, 3, 8))));
    }

    [Fact]
    public void Functions_of_an_expression_agree_to_rounding()
    {
        var x = Numbers.Random(4096, 9);
        foreach (var (text, function) in new (string, Func<double, double>)[]
                 {
                     ("exp(x)", Math.Exp), ("log(1 + x * x)", v => Math.Log(1 + v * v)), ("tanhf(x)", Math.Tanh), ("sin(x) * cos(x)", v => Math.Sin(v) * Math.Cos(v)),
                     ("x * sigmoid(x)", v => v / (1 + Math.Exp(-v))), ("rsqrt(1 + fabs(x))", v => 1 / Math.Sqrt(1 + Math.Abs(v))), ("pow(fabs(x), 1.5)", v => Math.Pow(Math.Abs(v), 1.5)),
                     ("floor(x) + ceil(x) + rint(x)", v => Math.Floor(v) + Math.Ceiling(v) + Math.Round(v, MidpointRounding.ToEven)),
                 })
            AssertClose(Download(Ops.Map(text, Upload(x, DType.Float32, 4, 1024))), [.. x.Select(v => function(v))], 1e-6, text);
    }

    [Fact]
    public void Wrong_uses_of_an_expression_say_what_is_wrong()
    {
        var x = Upload([1, 2], DType.Float32, 1, 2);
        Assert.Contains("was given 1", Assert.Throws<SglException>(() => Ops.Map("x + y", x)).Message, StringComparison.Ordinal);
        Assert.Contains("one shape", Assert.Throws<ArgumentException>(() => Ops.Map("x + y", x, Upload([1, 2, 3], DType.Float32, 1, 3))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operation_of_ones_own_runs_as_its_counterpart_says()
    {
        foreach (var dtype in ActivationTypes)
            foreach (var (rows, width) in RowShapes.Where(shape => shape.Rows > 0))
            {
                var x = Numbers.Rounded(Numbers.Random(rows * width, width), dtype);
                var factors = Numbers.Random(rows, 3);
                var result = Ops.Run(CustomScale.Op, [Upload(x, dtype, rows, width), Upload(factors, DType.Float32, rows)], new Shape(rows, width), dtype, width, 0.5f);
                AssertClose(Download(result), [.. x.Select((v, i) => (double)v * factors[i / width] + 0.5)], Tolerance(dtype), $"{dtype} {rows}x{width}");
            }
    }
}
