using SglNative.Core.Tensors;
using SglNative.Models.Operations;
using SglNative.OpsContract;

namespace SglNative.KernelSuites;

/// <summary>act(gate) · up.</summary>
internal sealed class GatedActivationSuite : KernelSuite
{
    public override string Kernel => "elementwise/gated_activation.cu";

    public override IEnumerable<KernelCase> Checks =>
        from types in Sweep.Types
        from activation in Enum.GetValues<GatedActivation>()
        from shape in Sweep.Rows
        from range in (float[])[1, 100]
        where range == 1 || !shape.IsLarge
        select new KernelCase($"{activation} {types.X} to {types.Output} {shape} ±{range}", bench =>
        {
            var x = bench.Random(types.X, shape.Rows, 2 * shape.Width, shape.Gap, range);
            return new(() => bench.Ops.ActAndMul(x.Tensor, activation, types.Output))
            {
                Expected = () => [.. Enumerable.Range(0, shape.Rows * shape.Width).Select(i =>
                {
                    var gate = i / shape.Width * 2 * shape.Width + i % shape.Width;
                    return Reference.GatedUnit(x.Values[gate], x.Values[gate + shape.Width], activation, limit: 0);
                })],
                Tolerance = Sweep.Rounding(types.Output),
            };
        }) { IsLarge = shape.IsLarge };

    public override IEnumerable<KernelCase> Speeds =>
        from rows in (int[])[1, 64, 512, 8192]
        select new KernelCase($"Silu float32 to bf16 {rows}x14336", bench =>
        {
            var x = bench.Filled(DType.Float32, rows, 2 * 14336);
            return new(() => bench.Ops.SiluAndMul(x, DType.BFloat16)) { Bytes = 2 * DType.Float32.Bytes(rows * 14336L) + DType.BFloat16.Bytes(rows * 14336L) };
        });
}
