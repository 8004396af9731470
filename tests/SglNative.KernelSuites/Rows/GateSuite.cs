using SglNative.Core.Tensors;
using SglNative.Models.Operations;

namespace SglNative.KernelSuites;

/// <summary>x · act(gate).</summary>
internal sealed class GateSuite : KernelSuite
{
    public override string Kernel => "elementwise/gate.cu";

    public override IEnumerable<KernelCase> Checks =>
        from types in Sweep.Types
        from activation in Enum.GetValues<PointwiseActivation>()
        from shape in Sweep.Rows
        select new KernelCase($"{activation} {types.X} to {types.Output} {shape}", bench =>
        {
            var (x, gate) = (bench.Random(types.X, shape.Rows, shape.Width, shape.Gap), bench.Random(types.X, shape.Rows, shape.Width, shape.Gap, scale: 6));
            return new(() => bench.Ops.Gate(x.Tensor, gate.Tensor, activation, types.Output))
            {
                Expected = () => [.. x.Values.Zip(gate.Values, (value, g) => (double)value * g / (activation == PointwiseActivation.Silu ? 1 + Math.Exp(-(double)g) : 1))],
                Tolerance = Sweep.Rounding(types.Output),
            };
        }) { IsLarge = shape.IsLarge };

    public override IEnumerable<KernelCase> Speeds =>
        from shape in Sweep.Timed
        select new KernelCase($"Silu float32 to bf16 {shape}", bench =>
        {
            var (x, gate) = (bench.Filled(DType.Float32, shape.Rows, shape.Width), bench.Filled(DType.Float32, shape.Rows, shape.Width));
            return new(() => bench.Ops.Gate(x, gate, PointwiseActivation.Silu, DType.BFloat16))
            {
                Bytes = 2 * DType.Float32.Bytes((long)shape.Rows * shape.Width) + DType.BFloat16.Bytes((long)shape.Rows * shape.Width),
            };
        });
}
