using SglNative.Core.Tensors;

namespace SglNative.KernelSuites;

/// <summary>The gates of gated delta rules.</summary>
internal sealed class DeltaGatesSuite : KernelSuite
{
    public override string Kernel => "recurrent/delta_gates.cu";

    public override IEnumerable<KernelCase> Checks =>
        from dtype in Sweep.DTypes
        from shape in ((int Tokens, int Heads)[])[(0, 4), (1, 1), (7, 4), (40, 33), (30_001, 32)]
        from range in (float[])[1, 20, 80]
        from beta in (bool[])[false, true]
        where range == 20 || shape.Tokens < 1000
        select new KernelCase($"{(beta ? "beta" : "decay")} {dtype} {shape.Tokens}x{shape.Heads} ±{range}", bench =>
        {
            var heads = shape.Heads;
            // Slices of one projection, as they come.
            var x = bench.Random(dtype, shape.Tokens, 2 * heads, scale: range);
            var (aLog, dtBias) = (bench.Random(dtype, heads), bench.Random(dtype, heads));
            return new(() =>
            {
                var gates = bench.Ops.DeltaGates(x.Tensor.Slice(1, heads, heads), x.Tensor.Slice(1, 0, heads), aLog.Tensor, dtBias.Tensor);
                return beta ? gates.Beta : gates.LogDecay;
            })
            {
                Expected = () => [.. Enumerable.Range(0, shape.Tokens * heads).Select(i =>
                {
                    var (row, h) = (i / heads * 2 * heads, i % heads);
                    if (beta) return 1 / (1 + Math.Exp(-(double)x.Values[row + h]));
                    var step = (double)x.Values[row + heads + h] + dtBias.Values[h];
                    // Far below 0, e^x is the logarithm, and 1 + e^x would be 1.
                    return -Math.Exp(aLog.Values[h]) * (step < -30 ? Math.Exp(step) : Math.Max(step, 0) + Math.Log(1 + Math.Exp(-Math.Abs(step))));
                })],
                Tolerance = Sweep.Rounding(DType.Float32),
            };
        }) { IsLarge = shape.Tokens > 1000 };

    public override IEnumerable<KernelCase> Speeds =>
        from tokens in (int[])[1, 64, 8192]
        select new KernelCase($"float32 {tokens}x32", bench =>
        {
            var x = bench.Filled(DType.Float32, tokens, 64);
            var (aLog, dtBias) = (bench.Filled(DType.Float32, 32), bench.Filled(DType.Float32, 32));
            return new(() => bench.Ops.DeltaGates(x.Slice(1, 32, 32), x.Slice(1, 0, 32), aLog, dtBias).Beta) { Bytes = 2 * x.ByteCount };
        });
}
