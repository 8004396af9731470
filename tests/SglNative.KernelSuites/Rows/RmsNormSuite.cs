using SglNative.Core.Tensors;
using SglNative.OpsContract;

namespace SglNative.KernelSuites;

/// <summary>RMS norm, alone and after residual += x.</summary>
internal sealed class RmsNormSuite : KernelSuite
{
    private const float Eps = 1e-5f;

    public override string Kernel => "normalization/rms_norm.cu";

    public override IEnumerable<KernelCase> Checks =>
        from dtype in Sweep.DTypes
        from shape in Sweep.Rows
        from add in (bool[])[false, true]
        select (add ? AddNorm(dtype, shape) : Norm(dtype, shape)) with { IsLarge = shape.IsLarge };

    public override IEnumerable<KernelCase> Speeds =>
        from shape in Sweep.Timed
        from add in (bool[])[false, true]
        select new KernelCase($"{(add ? "add, " : "")}bf16 {shape}", bench =>
        {
            var (x, residual) = (bench.Filled(DType.BFloat16, shape.Rows, shape.Width), bench.Filled(DType.BFloat16, shape.Rows, shape.Width));
            var weight = bench.Filled(DType.BFloat16, shape.Width);
            return new(() => add ? bench.Ops.AddRmsNorm(x, residual, weight, Eps) : bench.Ops.RmsNorm(x, weight, Eps))
            {
                Bytes = (add ? 4 : 2) * DType.BFloat16.Bytes((long)shape.Rows * shape.Width),
            };
        });

    private static KernelCase Norm(DType dtype, RowShape shape) => new($"{dtype} {shape}", bench =>
    {
        var x = bench.Random(dtype, shape.Rows, shape.Width, shape.Gap);
        var weight = bench.Random(dtype, shape.Width);
        return new(() => bench.Ops.RmsNorm(x.Tensor, weight.Tensor, Eps, 1))
        {
            Expected = () => Reference.RmsNorm(x.Values, weight.Values, Eps, 1, shape.Width),
            Tolerance = Sweep.Rounding(dtype),
        };
    });

    // The residual, which is written too, is what the operations' contract tests look at.
    private static KernelCase AddNorm(DType dtype, RowShape shape) => new($"add, {dtype} {shape}", bench =>
    {
        var x = bench.Random(dtype, shape.Rows, shape.Width, shape.Gap);
        var residual = bench.Random(dtype, shape.Rows, shape.Width);
        var weight = bench.Random(dtype, shape.Width);
        return new(() => bench.Ops.AddRmsNorm(x.Tensor, residual.Tensor, weight.Tensor, Eps))
        {
            Expected = () => Reference.RmsNorm(Numbers.Rounded([.. x.Values.Zip(residual.Values, (a, b) => a + b)], dtype), weight.Values, Eps, 0, shape.Width),
            Tolerance = Sweep.Rounding(dtype),
        };
    });
}
