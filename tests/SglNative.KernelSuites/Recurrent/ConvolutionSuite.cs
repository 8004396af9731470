using SglNative.Core.Tensors;
using SglNative.Models.Operations;
using SglNative.OpsContract;

namespace SglNative.KernelSuites;

/// <summary>Causal convolutions that go on from a state. The state, which is moved on, is what the operations' contract tests look at.</summary>
internal sealed class ConvolutionSuite : KernelSuite
{
    public override string Kernel => "recurrent/causal_convolution.cu";

    public override IEnumerable<KernelCase> Checks =>
        from types in ((DType X, DType Weight, DType Output)[])
            [(DType.Float32, DType.Float32, DType.Float32), (DType.Float32, DType.BFloat16, DType.BFloat16), (DType.Float32, DType.Float16, DType.Float32),
             (DType.BFloat16, DType.BFloat16, DType.BFloat16), (DType.Float16, DType.Float16, DType.Float16)]
        from shape in ((int Channels, int Taps)[])[(1, 4), (32, 3), (40, 1), (130, 4), (300, 2), (24, 8)]
        from activation in Enum.GetValues<PointwiseActivation>()
        from prompts in (bool[])[false, true]
        select Check(types.X, types.Weight, types.Output, shape.Channels, shape.Taps, activation, prompts ? [(600, 600), (300, 1000)] : [.. StatefulBatch.Mixed]) with { IsLarge = prompts };

    public override IEnumerable<KernelCase> Speeds =>
        from batch in ((int Sequences, int Queries)[])[(1, 1), (64, 1), (1, 8192), (8, 1024)]
        from shape in ((int Channels, int Taps, PointwiseActivation Activation)[])[(8192, 4, PointwiseActivation.Silu), (2048, 3, PointwiseActivation.None)]
        select new KernelCase($"float32 by bf16 {batch.Sequences} x {batch.Queries} tokens, {shape.Channels} channels, {shape.Taps} taps", bench =>
        {
            var sequences = new StatefulSequences((shape.Taps - 1) * shape.Channels, StatefulBatch.Equal(batch.Sequences, batch.Queries));
            var x = bench.Filled(DType.Float32, sequences.Tokens, shape.Channels);
            var weight = bench.Filled(DType.BFloat16, shape.Channels, shape.Taps);
            var state = bench.Filled(DType.Float32, sequences.SlotCount, shape.Taps - 1, shape.Channels);
            var metadata = bench.Metadata(sequences);
            return new(() => bench.Ops.CausalConvolution(x, weight, default, state, metadata, shape.Activation))
            {
                Bytes = 2 * x.ByteCount + DType.Float32.Bytes((long)batch.Sequences * sequences.StateSize) + weight.ByteCount,
            };
        });

    private static KernelCase Check(DType xType, DType weightType, DType output, int channels, int taps, PointwiseActivation activation, (int Queries, int Total)[] sequences) =>
        new($"{xType} by {weightType} to {output} {sequences.Length} sequences, {channels} channels, {taps} taps, {activation}", bench =>
        {
            var batch = new StatefulSequences((taps - 1) * channels, sequences);
            var x = bench.Random(xType, batch.Tokens, channels, gap: 8);
            var weight = bench.Random(weightType, channels, taps);
            var bias = activation == PointwiseActivation.None ? bench.Random(weightType, channels) : default;
            var pool = batch.Pool(xType);
            var state = bench.Upload(pool, xType, batch.SlotCount, taps - 1, channels);
            var metadata = bench.Metadata(batch);
            return new(() => bench.Ops.CausalConvolution(x.Tensor, weight.Tensor, bias.Tensor, state, metadata, activation, output))
            {
                Expected = () =>
                {
                    var expected = new double[batch.Tokens * channels];
                    for (var b = 0; b < sequences.Length; b++)
                        for (var t = batch.QueryStart[b]; t < batch.QueryStart[b + 1]; t++)
                            for (var c = 0; c < channels; c++)
                            {
                                double sum = bias.Values?[c] ?? 0;
                                for (var j = 0; j < taps; j++) sum += weight.Values[c * taps + j] * Input(b, t - taps + 1 + j, c);
                                expected[t * channels + c] = activation == PointwiseActivation.Silu ? sum / (1 + Math.Exp(-sum)) : sum;
                            }
                    return expected;

                    // Of a token of the batch, of one before it, or of none.
                    double Input(int sequence, int token, int channel)
                    {
                        var before = token - batch.QueryStart[sequence];
                        if (before >= 0) return x.Values[token * channels + channel];
                        return batch.IsFresh(sequence) ? 0 : pool[batch.Slots[sequence] * batch.StateSize + (taps - 1 + before) * channels + channel];
                    }
                },
                Tolerance = Sweep.Rounding(output),
            };
        });
}
