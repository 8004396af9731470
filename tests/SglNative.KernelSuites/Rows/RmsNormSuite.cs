using SglNative.Core.Tensors;
using SglNative.OpsContract;

namespace SglNative.KernelSuites;

/// <summary>RMS norm, alone and after residual += x.</summary>
internal sealed class RmsNormSuite : KernelSuite
{
    private const float Eps = 1e-5f;

    public override string Kernel => "normalization/rms_norm.cu";

    public override IEnumerable<KernelCase> Checks =>
        from types in Sweep.Types
        from shape in Sweep.Rows
        from add in (bool[])[false, true]
        select (add ? AddNorm(types.X, types.Output, shape) : Norm(types.X, types.Output, shape)) with { IsLarge = shape.IsLarge };

    public override IEnumerable<KernelCase> Speeds =>
        from shape in Sweep.Timed
        from add in (bool[])[false, true]
        select new KernelCase($"{(add ? "add, " : "")}float32 to bf16 {shape}", bench =>
        {
            var (x, residual) = (bench.Filled(DType.Float32, shape.Rows, shape.Width), bench.Filled(DType.Float32, shape.Rows, shape.Width));
            var weight = bench.Filled(DType.BFloat16, shape.Width);
            return new(() => add ? bench.Ops.AddRmsNorm(x, residual, weight, Eps, 0, DType.BFloat16) : bench.Ops.RmsNorm(x, weight, Eps, 0, DType.BFloat16))
            {
                Bytes = (add ? 3 : 1) * DType.Float32.Bytes((long)shape.Rows * shape.Width) + DType.BFloat16.Bytes((long)shape.Rows * shape.Width),
            };
        });

    private static KernelCase Norm(DType from, DType dtype, RowShape shape) => new($"{from} to {dtype} {shape}", bench =>
    {
        var x = bench.Random(from, shape.Rows, shape.Width, shape.Gap);
        var weight = bench.Random(dtype, shape.Width);
        return new(() => bench.Ops.RmsNorm(x.Tensor, weight.Tensor, Eps, 1, dtype))
        {
            Expected = () => Reference.RmsNorm(x.Values, weight.Values, Eps, 1, shape.Width),
            Tolerance = Sweep.Rounding(dtype),
        };
    });

    // The residual, which is written too, is what the operations' contract tests look at.
    private static KernelCase AddNorm(DType from, DType dtype, RowShape shape) => new($"add, {from} to {dtype} {shape}", bench =>
    {
        var x = bench.Random(from, shape.Rows, shape.Width, shape.Gap);
        var residual = bench.Random(from, shape.Rows, shape.Width);
        var weight = bench.Random(dtype, shape.Width);
        return new(() => bench.Ops.AddRmsNorm(x.Tensor, residual.Tensor, weight.Tensor, Eps, 0, dtype))
        {
            Expected = () => Reference.RmsNorm(Numbers.Rounded([.. x.Values.Zip(residual.Values, (a, b) => a + b)], from), weight.Values, Eps, 0, shape.Width),
            Tolerance = Sweep.Rounding(dtype),
        };
    });
}
