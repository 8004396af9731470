using SglNative.Core.Tensors;
using SglNative.OpsContract;

namespace SglNative.KernelSuites;

/// <summary>Norm by mean and variance, with and without weight and bias.</summary>
internal sealed class LayerNormSuite : KernelSuite
{
    private const float Eps = 1e-5f;

    public override string Kernel => "normalization/layer_norm.cu";

    public override IEnumerable<KernelCase> Checks =>
        from types in Sweep.Types
        from shape in Sweep.Rows
        from parts in ((bool Weight, bool Bias)[])[(false, false), (true, false), (true, true)]
        where parts.Bias || !shape.IsLarge
        select new KernelCase($"{types.X} to {types.Output} {shape}{(parts.Weight ? ", weight" : "")}{(parts.Bias ? ", bias" : "")}", bench =>
        {
            // A mean far from zero: the variance must not come from a difference of large sums. Among a million short rows, some vary so
            // little that such a mean's own rounding would show.
            var x = bench.Random(types.X, shape.Rows, shape.Width, shape.Gap, mean: shape.IsLarge ? 0 : 20);
            var weight = parts.Weight ? bench.Random(types.Output, shape.Width) : default;
            var bias = parts.Bias ? bench.Random(types.Output, shape.Width) : default;
            return new(() => bench.Ops.LayerNorm(x.Tensor, weight.Tensor, bias.Tensor, Eps, types.Output))
            {
                Expected = () => Reference.LayerNorm(x.Values, weight.Values, bias.Values, Eps, shape.Width),
                Tolerance = 2e-5 + Sweep.Rounding(types.Output),
            };
        }) { IsLarge = shape.IsLarge };

    public override IEnumerable<KernelCase> Speeds =>
        from shape in Sweep.Timed
        select new KernelCase($"float32 to bf16 {shape}", bench =>
        {
            var x = bench.Filled(DType.Float32, shape.Rows, shape.Width);
            var (weight, bias) = (bench.Filled(DType.BFloat16, shape.Width), bench.Filled(DType.BFloat16, shape.Width));
            return new(() => bench.Ops.LayerNorm(x, weight, bias, Eps, DType.BFloat16))
            {
                Bytes = DType.Float32.Bytes((long)shape.Rows * shape.Width) + DType.BFloat16.Bytes((long)shape.Rows * shape.Width),
            };
        });
}
