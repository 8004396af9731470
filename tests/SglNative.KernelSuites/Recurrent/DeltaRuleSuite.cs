using SglNative.Core.Tensors;
using SglNative.OpsContract;

namespace SglNative.KernelSuites;

/// <summary>The gated delta rule, going on from a state in slots of no particular order.</summary>
/// <param name="kernel">The kernel that the cases reach.</param>
/// <param name="byChunks">Whether products are of a 16-bit type, so that prompts are worked through by chunks.</param>
/// <param name="ofState">Whether the state is looked at rather than the output.</param>
internal sealed class DeltaRuleSuite(string kernel, bool byChunks, bool ofState) : KernelSuite
{
    private const float Eps = 1e-6f;

    public override string Kernel => kernel;

    public override IEnumerable<KernelCase> Checks =>
        from types in byChunks
            ? ((DType X, DType Operand)[])[(DType.Float32, DType.BFloat16), (DType.Float32, DType.Float16), (DType.BFloat16, DType.BFloat16), (DType.Float16, DType.Float16)]
            : [(DType.Float32, DType.Float32), (DType.BFloat16, DType.Float32)]
        from shape in ((int KeyHeads, int ValueHeads, int KeyDim, int ValueDim, bool Long)[])
            [(2, 4, 16, 16, false), (1, 3, 32, 48, false), (2, 2, 64, 128, false), (1, 2, 128, 64, false), (1, 2, 128, 128, false), (1, 2, 128, 128, true), (2, 2, 32, 16, true)]
        select Check(types.X, types.Operand, shape.KeyHeads, shape.ValueHeads, shape.KeyDim, shape.ValueDim,
            shape.Long ? [(300, 300), (65, 129), (64, 64), (63, 500)] : [.. StatefulBatch.Mixed]) with { IsLarge = shape.Long };

    public override IEnumerable<KernelCase> Speeds =>
        from batch in byChunks ? ((int Sequences, int Queries)[])[(1, 512), (1, 8192), (8, 1024)] : [(1, 1), (64, 1), (256, 1)]
        select Speed(batch.Sequences, batch.Queries);

    private KernelCase Check(DType xType, DType operand, int keyHeads, int valueHeads, int keyDim, int valueDim, (int Queries, int Total)[] sequences) =>
        new($"{xType} by {operand} {sequences.Length} sequences, heads {keyHeads}x{keyDim} to {valueHeads}x{valueDim}", bench =>
        {
            var (keys, values, scale) = (keyHeads * keyDim, valueHeads * valueDim, 1 / MathF.Sqrt(keyDim));
            var batch = new StatefulSequences(valueHeads * keyDim * valueDim, sequences);
            var (tokens, width) = (batch.Tokens, 2 * keys + values);
            var x = bench.Random(xType, tokens, width);
            var logDecay = Numbers.Random(tokens * valueHeads, 5).Select(v => -MathF.Abs(v) * 0.3f).ToArray();
            var beta = Numbers.Random(tokens * valueHeads, 6).Select(MathF.Abs).ToArray();
            // States of nobody hold numbers here, so that the whole pool can be compared, and small ones, by which no error looks smaller;
            // those of new sequences hold NaN.
            var pool = batch.Pool(DType.Float32);
            for (var i = 0; i < pool.Length; i++)
                if (!batch.Slots.Contains(i / batch.StateSize)) pool[i] = (i % 7 - 3) / 10f;
            var state = bench.Upload(pool, DType.Float32, batch.SlotCount, valueHeads, keyDim, valueDim);
            var (decays, betas, metadata) = (bench.Upload(logDecay, DType.Float32, tokens, valueHeads), bench.Upload(beta, DType.Float32, tokens, valueHeads), bench.Metadata(batch));
            return new(() =>
            {
                var output = bench.Ops.GatedDeltaRule(
                    x.Tensor.Slice(1, 0, keys).View(tokens, keyHeads, keyDim), x.Tensor.Slice(1, keys, keys).View(tokens, keyHeads, keyDim),
                    x.Tensor.Slice(1, 2 * keys, values).View(tokens, valueHeads, valueDim), decays, betas, state, metadata, scale, Eps, DType.Float32, operand);
                return ofState ? state : output;
            })
            {
                Expected = () =>
                {
                    var expected = new double[tokens * values];
                    var states = Array.ConvertAll(pool, value => (double)value);
                    Parallel.For(0, sequences.Length * valueHeads, item =>
                    {
                        var (b, h) = Math.DivRem(item, valueHeads);
                        var matrix = states.AsSpan(batch.Slots[b] * batch.StateSize + h * keyDim * valueDim, keyDim * valueDim);
                        if (batch.IsFresh(b)) matrix.Clear();
                        for (var t = batch.QueryStart[b]; t < batch.QueryStart[b + 1]; t++)
                        {
                            var head = t * width + h / (valueHeads / keyHeads) * keyDim;
                            Reference.DeltaRule(matrix, Reference.Unit(x.Values.AsSpan(head, keyDim), scale, Eps), Reference.Unit(x.Values.AsSpan(head + keys, keyDim), 1, Eps),
                                x.Values.AsSpan(t * width + 2 * keys + h * valueDim, valueDim), Math.Exp(logDecay[t * valueHeads + h]), beta[t * valueHeads + h],
                                expected.AsSpan(t * values + h * valueDim, valueDim));
                        }
                    });
                    return ofState ? states : expected;
                },
                // By chunks, what enters products is rounded first: up to 7.8 roundoffs, as the operations' contract tests explain.
                Tolerance = Sweep.Rounding(DType.Float32) + (operand == DType.Float32 ? 0 : 10 * Numbers.Roundoff(operand)),
            };
        });

    // The heads of Qwen3-Next: 16 of keys, 32 of values.
    private KernelCase Speed(int sequences, int queries) => new($"float32 {sequences} x {queries} tokens, heads 16x128 to 32x128", bench =>
    {
        const int keyHeads = 16, valueHeads = 32, dim = 128, chunk = 64;
        var batch = new StatefulSequences(valueHeads * dim * dim, StatefulBatch.Equal(sequences, queries));
        var tokens = batch.Tokens;
        var (q, k, v) = (bench.Filled(DType.Float32, tokens, keyHeads, dim), bench.Filled(DType.Float32, tokens, keyHeads, dim), bench.Filled(DType.Float32, tokens, valueHeads, dim));
        var gates = bench.Upload(Numbers.Random(tokens * valueHeads, 5).Select(value => -MathF.Abs(value)).ToArray(), DType.Float32, tokens, valueHeads);
        var beta = bench.Upload(Numbers.Random(tokens * valueHeads, 6).Select(MathF.Abs).ToArray(), DType.Float32, tokens, valueHeads);
        var (state, metadata) = (bench.Allocate(DType.Float32, batch.SlotCount, valueHeads, dim, dim), bench.Metadata(batch));
        var operand = byChunks ? DType.BFloat16 : DType.Float32;
        return new(() => bench.Ops.GatedDeltaRule(q, k, v, gates, beta, state, metadata, 1 / MathF.Sqrt(dim), Eps, DType.Float32, operand))
        {
            // A new sequence's state is written and not read.
            Bytes = q.ByteCount + k.ByteCount + 2 * v.ByteCount + 2 * gates.ByteCount + DType.Float32.Bytes((long)sequences * batch.StateSize),
            // Per token and head: five products with matrices of the chunk, three with the state.
            Flops = byChunks ? 2.0 * tokens * valueHeads * dim * (5 * chunk + 3 * dim) : 0,
        };
    });
}
