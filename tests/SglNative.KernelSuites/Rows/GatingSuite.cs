using SglNative.Core.Tensors;

namespace SglNative.KernelSuites;

/// <summary>x · σ(gate), one gate per element or per row; limits and soft caps in place.</summary>
internal sealed class GatingSuite : KernelSuite
{
    private const float Limit = 0.75f, Cap = 1.5f;

    public override string Kernel => "elementwise/gating.cu";

    public override IEnumerable<KernelCase> Checks =>
        from dtype in Sweep.DTypes
        from shape in Sweep.Rows
        from part in (IEnumerable<KernelCase>)
            [Sigmoid(dtype, dtype, shape, perRow: false), Sigmoid(dtype, DType.Float32, shape, perRow: true), InPlace("clamp", dtype, shape), InPlace("cap", dtype, shape)]
        select part with { IsLarge = shape.IsLarge };

    public override IEnumerable<KernelCase> Speeds =>
        from shape in Sweep.Timed
        from part in (IEnumerable<KernelCase>)
        [
            new($"sigmoid bf16 by float32 {shape}", bench =>
            {
                var (x, gate) = (bench.Filled(DType.BFloat16, shape.Rows, shape.Width), bench.Filled(DType.Float32, shape.Rows, shape.Width));
                return new(() => bench.Ops.SigmoidGate(x, gate)) { Bytes = (2 * DType.BFloat16.Size() + DType.Float32.Size()) * (long)shape.Rows * shape.Width };
            }),
            new($"clamp float32 {shape}", bench =>
            {
                var x = bench.Filled(DType.Float32, shape.Rows, shape.Width);
                return new(() =>
                {
                    bench.Ops.ClampInPlace(x, Limit);
                    return x;
                }) { Bytes = 2 * DType.Float32.Bytes((long)shape.Rows * shape.Width) };
            }),
        ]
        select part;

    private static KernelCase Sigmoid(DType dtype, DType gateType, RowShape shape, bool perRow) => new($"sigmoid {dtype} by {gateType} {shape}{(perRow ? ", a gate per row" : "")}", bench =>
    {
        var x = bench.Random(dtype, shape.Rows, shape.Width, shape.Gap);
        var gates = perRow ? 1 : shape.Width;
        var gate = bench.Random(gateType, shape.Rows, gates, shape.Gap, scale: 4);
        return new(() => bench.Ops.SigmoidGate(x.Tensor, gate.Tensor))
        {
            Expected = () => [.. x.Values.Select((value, i) => value / (1 + Math.Exp(-(double)gate.Values[perRow ? i / shape.Width : i])))],
            Tolerance = Sweep.Rounding(dtype),
        };
    });

    // Of rows with a gap all is compared, so that a neighbour that changes is seen.
    private static KernelCase InPlace(string operation, DType dtype, RowShape shape) => new($"{operation} {dtype} {shape}", bench =>
    {
        var x = bench.Random(dtype, shape.Rows, shape.Width + shape.Gap, scale: 3);
        var part = x.Tensor.Slice(1, shape.Gap, shape.Width);
        return new(() =>
        {
            if (operation == "clamp") bench.Ops.ClampInPlace(part, Limit);
            else bench.Ops.SoftCapInPlace(part, Cap);
            return x.Tensor;
        })
        {
            Expected = () => [.. x.Values.Select((value, i) => i % (shape.Width + shape.Gap) < shape.Gap ? value
                : operation == "clamp" ? Math.Clamp(value, -Limit, Limit) : Cap * Math.Tanh(value / (double)Cap))],
            Tolerance = operation == "clamp" ? 0 : Sweep.Rounding(dtype),
        };
    });
}
