using SglNative.Core.Tensors;
using SglNative.OpsContract;

namespace SglNative.KernelSuites;

/// <summary>RMS norm of rows of which half is elsewhere: the sum of the squares, and the norm once the whole sum is known.</summary>
internal sealed class SplitRmsNormSuite : KernelSuite
{
    private const float Eps = 1e-5f;

    public override string Kernel => "normalization/split_rms_norm.cu";

    public override IEnumerable<KernelCase> Checks =>
        from dtype in Sweep.DTypes
        from shape in Sweep.Rows
        from norm in (bool[])[false, true]
        where norm || dtype == DType.Float32
        select (norm ? Norm(dtype, shape) : Squares(shape)) with { IsLarge = shape.IsLarge };

    public override IEnumerable<KernelCase> Speeds =>
        from shape in Sweep.Timed
        from norm in (bool[])[false, true]
        select new KernelCase($"{(norm ? "norm" : "squares")}, float32 {shape}", bench =>
        {
            var (x, weight) = (bench.Filled(DType.Float32, shape.Rows, shape.Width), bench.Filled(DType.BFloat16, shape.Width));
            var squares = bench.Ops.RowSquares(x);
            return new(() =>
            {
                if (norm) bench.Ops.RmsNormInPlace(x, weight, squares, shape.Width, Eps);
                return norm ? x : bench.Ops.RowSquares(x);
            })
            {
                Bytes = (norm ? 2 : 1) * DType.Float32.Bytes((long)shape.Rows * shape.Width),
            };
        });

    private static KernelCase Squares(RowShape shape) => new($"squares, {shape}", bench =>
    {
        var x = bench.Random(DType.Float32, shape.Rows, shape.Width, shape.Gap);
        return new(() => bench.Ops.RowSquares(x.Tensor))
        {
            Expected = () => Reference.RowSquares(x.Values, shape.Width),
            Tolerance = Sweep.Rounding(DType.Float32),
        };
    });

    private static KernelCase Norm(DType weightType, RowShape shape) => new($"norm, {weightType} weights, {shape}", bench =>
    {
        var x = bench.Random(DType.Float32, shape.Rows, shape.Width, shape.Gap);
        var weight = bench.Random(weightType, shape.Width);
        // As if the other half of each row were like this one.
        var squares = Array.ConvertAll(Reference.RowSquares(x.Values, shape.Width), sum => (float)(2 * sum));
        var deviceSquares = bench.Upload(squares, DType.Float32, shape.Rows, 1);
        return new(() =>
        {
            // A copy: the norm is in place.
            var copy = bench.Ops.Cast(x.Tensor, DType.Float32);
            bench.Ops.RmsNormInPlace(copy, weight.Tensor, deviceSquares, 2 * shape.Width, Eps, 1);
            return copy;
        })
        {
            Expected = () => Reference.RmsNorm(x.Values, weight.Values, Eps, 1, shape.Width),
            Tolerance = Sweep.Rounding(DType.Float32),
        };
    });
}
