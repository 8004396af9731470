using SglNative.Core.Tensors;
using SglNative.Models.Batches;
using SglNative.Models.Operations;

namespace SglNative.OpsContract;

public abstract partial class OpsContractTests
{
    // Prompts, chunks of prompts and decode steps, side by side, some shorter than a convolution.
    private static readonly (int Queries, int Total)[] Stateful = [(1, 1), (17, 17), (1, 9), (3, 40), (2, 2), (70, 130), (1, 200)];

    // Inputs and states of one type, weights, and results, which may be rounded for what follows.
    private static readonly (DType X, DType Weight, DType Output)[] ConvolutionTypes =
    [
        (DType.Float32, DType.Float32, DType.Float32), (DType.Float32, DType.BFloat16, DType.BFloat16), (DType.Float32, DType.Float16, DType.Float32),
        (DType.BFloat16, DType.BFloat16, DType.BFloat16), (DType.Float16, DType.Float16, DType.Float16),
    ];

    // Inputs, operands of products, results.
    private IEnumerable<(DType X, DType Operand, DType Output)> RecurrentTypes =>
        ActivationTypes.SelectMany(dtype => ((DType, DType, DType)[])[(dtype, dtype, dtype), (DType.Float32, dtype, DType.Float32)]).Distinct();

    /// <summary>As <see cref="Tolerance"/>, for recurrences, which a backend may compute by products of <paramref name="operand"/>.</summary>
    protected virtual double RecurrentTolerance(DType operand, DType output) => Tolerance(output);

    [Fact]
    public void Causal_convolution_continues_from_its_state_and_moves_it_on()
    {
        foreach (var types in ConvolutionTypes)
            foreach (var (channels, taps) in ((int, int)[])[(1, 4), (32, 3), (40, 1), (130, 4), (300, 2), (24, 8)])
                foreach (var (biased, activation) in ((bool, PointwiseActivation)[])[(false, PointwiseActivation.Silu), (true, PointwiseActivation.None)])
                    CheckConvolution(types, channels, taps, biased, activation, Stateful);
    }

    [Fact]
    public void Convolution_of_no_tokens_and_of_a_long_prompt()
    {
        Assert.Equal(0, Ops.CausalConvolution(Allocate(DType.Float32, 0, 8), Upload(new float[32], DType.Float32, 8, 4), default,
            Upload(new float[24], DType.Float32, 1, 3, 8), MetadataOf(new StatefulSequences(24, [])), PointwiseActivation.None).Count);
        foreach (var types in ConvolutionTypes) CheckConvolution(types, 64, 4, true, PointwiseActivation.Silu, [(600, 600), (300, 1000)]);
    }

    [Fact]
    public void Delta_gates_agree_from_tail_to_tail()
    {
        foreach (var dtype in ActivationTypes)
            foreach (var (tokens, heads) in ((int, int)[])[(0, 4), (1, 1), (7, 4), (40, 33)])
                foreach (var range in (float[])[1, 20, 80])
                {
                    // Slices of one projection, as they come.
                    var x = Numbers.Rounded(Numbers.Random(tokens * 2 * heads, heads, range), dtype);
                    var (aLog, dtBias) = (Numbers.Rounded(Numbers.Random(heads, 3), dtype), Numbers.Rounded(Numbers.Random(heads, 4), dtype));
                    var tensor = Upload(x, dtype, tokens, 2 * heads);
                    var (logDecay, beta) = Ops.DeltaGates(tensor.Slice(1, heads, heads), tensor.Slice(1, 0, heads), Upload(aLog, dtype, heads), Upload(dtBias, dtype, heads));
                    var (decays, betas) = (new double[tokens * heads], new double[tokens * heads]);
                    for (var i = 0; i < decays.Length; i++)
                    {
                        var (a, b, h) = (x[i / heads * 2 * heads + heads + i % heads], x[i / heads * 2 * heads + i % heads], i % heads);
                        var step = (double)a + dtBias[h];
                        // Far below 0, e^x is the logarithm, and 1 + e^x would be 1.
                        decays[i] = -Math.Exp(aLog[h]) * (step < -30 ? Math.Exp(step) : Math.Max(step, 0) + Math.Log(1 + Math.Exp(-Math.Abs(step))));
                        betas[i] = 1 / (1 + Math.Exp(-(double)b));
                    }
                    AssertClose(Download(logDecay), decays, Tolerance(DType.Float32), $"decay {dtype} {tokens}x{heads} ±{range}");
                    AssertClose(Download(beta), betas, Tolerance(DType.Float32), $"beta {dtype} {tokens}x{heads} ±{range}");
                }
    }

    [Fact]
    public void Gated_delta_rule_continues_from_its_state_and_moves_it_on()
    {
        foreach (var types in RecurrentTypes)
            foreach (var (keyHeads, valueHeads, keyDim, valueDim) in ((int, int, int, int)[])[(1, 1, 8, 8), (2, 4, 16, 16), (1, 3, 24, 40), (2, 2, 64, 128), (1, 2, 128, 64)])
                CheckDeltaRule(types, keyHeads, valueHeads, keyDim, valueDim, Stateful);
    }

    [Fact]
    public void Gated_delta_rule_of_long_prompts_agrees()
    {
        foreach (var types in RecurrentTypes)
        {
            CheckDeltaRule(types, 1, 2, 128, 128, [(300, 300), (65, 129), (64, 64), (63, 500)]);
            CheckDeltaRule(types, 2, 2, 32, 16, [(1000, 1000)]);
        }
    }

    [Theory]
    [InlineData(PointwiseActivation.None)]
    [InlineData(PointwiseActivation.Silu)]
    public void Gates_multiply_strided_rows_and_heads(PointwiseActivation activation)
    {
        foreach (var dtype in ActivationTypes)
            foreach (var (rows, width) in RowShapes)
            {
                var stride = 2 * width + 8;
                var values = Numbers.Rounded(Numbers.Random(rows * stride, width, 6), dtype);
                var whole = Upload(values, dtype, rows, stride);
                var expected = new double[rows * width];
                for (var i = 0; i < expected.Length; i++)
                {
                    var at = i / width * stride + i % width;
                    double x = values[at], gate = values[at + width];
                    expected[i] = x * (activation == PointwiseActivation.None ? gate : gate / (1 + Math.Exp(-gate)));
                }
                var (left, right) = (whole.Slice(1, 0, width), whole.Slice(1, width, width));
                AssertClose(Download(Ops.Gate(left, right, activation)), expected, Tolerance(dtype), $"{activation} {dtype} {rows}x{width}");
                AssertClose(Download(Ops.Gate(left, right, activation, DType.BFloat16)), expected, Tolerance(DType.BFloat16), $"{activation} {dtype} {rows}x{width} rounded");
                if (width % 2 == 0)
                    AssertClose(Download(Ops.Gate(left.View(rows, 2, width / 2), right.View(rows, 2, width / 2), activation)), expected, Tolerance(dtype), $"{activation} {dtype} {rows}x2x{width / 2}");
            }
    }

    private void CheckConvolution((DType X, DType Weight, DType Output) types, int channels, int taps, bool biased, PointwiseActivation activation, (int, int)[] sequences)
    {
        var dtype = types.X;
        var batch = new StatefulSequences((taps - 1) * channels, sequences);
        var stride = channels + 16;
        var x = Numbers.Rounded(Numbers.Random(batch.Tokens * stride, channels), dtype);
        var weight = Numbers.Rounded(Numbers.Random(channels * taps, 2), types.Weight);
        var bias = biased ? Numbers.Rounded(Numbers.Random(channels, 3), types.Weight) : null;
        var pool = batch.Pool(dtype);
        var state = Upload(pool, dtype, batch.SlotCount, taps - 1, channels);
        var output = Ops.CausalConvolution(Upload(x, dtype, batch.Tokens, stride).Slice(1, 8, channels), Upload(weight, types.Weight, channels, taps),
            bias is null ? default : Upload(bias, types.Weight, channels), state, MetadataOf(batch), activation, types.Output);
        Assert.Equal(types.Output, output.DType);

        var expected = new double[batch.Tokens * channels];
        for (var b = 0; b < sequences.Length; b++)
        {
            // All inputs that the sequence's outputs see, oldest first.
            var inputs = new List<float[]>();
            for (var n = 0; n < taps - 1; n++)
                inputs.Add(batch.IsFresh(b) ? new float[channels] : pool[(batch.Slots[b] * batch.StateSize + n * channels)..(batch.Slots[b] * batch.StateSize + (n + 1) * channels)]);
            for (var t = batch.QueryStart[b]; t < batch.QueryStart[b + 1]; t++)
            {
                inputs.Add(x[(t * stride + 8)..(t * stride + 8 + channels)]);
                for (var c = 0; c < channels; c++)
                {
                    double sum = bias?[c] ?? 0;
                    for (var j = 0; j < taps; j++) sum += (double)weight[c * taps + j] * inputs[inputs.Count - taps + j][c];
                    expected[t * channels + c] = activation == PointwiseActivation.Silu ? sum / (1 + Math.Exp(-sum)) : sum;
                }
            }
            for (var n = 0; n < taps - 1; n++) inputs[inputs.Count - taps + 1 + n].CopyTo(pool.AsSpan(batch.Slots[b] * batch.StateSize + n * channels));
        }
        AssertClose(Download(output), expected, Tolerance(types.Output), $"{types} {channels} channels, {taps} taps, {activation}");
        Assert.Equal(pool, Download(state));
    }

    private void CheckDeltaRule((DType X, DType Operand, DType Output) types, int keyHeads, int valueHeads, int keyDim, int valueDim, (int, int)[] sequences)
    {
        const float eps = 1e-6f;
        var dtype = types.X;
        var scale = 1 / MathF.Sqrt(keyDim);
        var batch = new StatefulSequences(valueHeads * keyDim * valueDim, sequences);
        var (keys, values) = (keyHeads * keyDim, valueHeads * valueDim);
        var stride = 2 * keys + values;
        var x = Numbers.Rounded(Numbers.Random(batch.Tokens * stride, keyDim), dtype);
        var logDecay = Numbers.Random(batch.Tokens * valueHeads, 5).Select(v => -MathF.Abs(v) * 0.3f).ToArray();
        var beta = Numbers.Random(batch.Tokens * valueHeads, 6).Select(MathF.Abs).ToArray();
        var pool = batch.Pool(DType.Float32);
        var state = Upload(pool, DType.Float32, batch.SlotCount, valueHeads, keyDim, valueDim);
        var whole = Upload(x, dtype, batch.Tokens, stride);
        var output = Ops.GatedDeltaRule(
            whole.Slice(1, 0, keys).View(batch.Tokens, keyHeads, keyDim), whole.Slice(1, keys, keys).View(batch.Tokens, keyHeads, keyDim),
            whole.Slice(1, 2 * keys, values).View(batch.Tokens, valueHeads, valueDim),
            Upload(logDecay, DType.Float32, batch.Tokens, valueHeads), Upload(beta, DType.Float32, batch.Tokens, valueHeads), state, MetadataOf(batch), scale, eps, types.Output, types.Operand);
        Assert.Equal(types.Output, output.DType);

        var expected = new double[batch.Tokens * values];
        var states = pool.Select(v => (double)v).ToArray();
        Parallel.For(0, sequences.Length * valueHeads, item =>
        {
            var (b, h) = Math.DivRem(item, valueHeads);
            var matrix = states.AsSpan(batch.Slots[b] * batch.StateSize + h * keyDim * valueDim, keyDim * valueDim);
            if (batch.IsFresh(b)) matrix.Clear();
            for (var t = batch.QueryStart[b]; t < batch.QueryStart[b + 1]; t++)
            {
                var head = t * stride + h / (valueHeads / keyHeads) * keyDim;
                Reference.DeltaRule(matrix, Reference.Unit(x.AsSpan(head, keyDim), scale, eps), Reference.Unit(x.AsSpan(head + keys, keyDim), 1, eps),
                    x.AsSpan(t * stride + 2 * keys + h * valueDim, valueDim), Math.Exp(logDecay[t * valueHeads + h]), beta[t * valueHeads + h],
                    expected.AsSpan(t * values + h * valueDim, valueDim));
            }
        });
        var what = $"{types} {keyHeads}/{valueHeads} heads of {keyDim}x{valueDim}";
        AssertClose(Download(output), expected, RecurrentTolerance(types.Operand, types.Output), what);
        var after = Download(state);
        for (var b = 0; b < sequences.Length; b++)
        {
            var from = batch.Slots[b] * batch.StateSize;
            AssertClose(after.AsSpan(from, batch.StateSize), states.AsSpan(from, batch.StateSize), RecurrentTolerance(types.Operand, DType.Float32), $"{what}, state of sequence {b}");
            after.AsSpan(from, batch.StateSize).CopyTo(pool.AsSpan(from));
        }
        // Nobody else's state was touched.
        Assert.Equal(pool, after);
    }

    private AttentionMetadata MetadataOf(StatefulSequences batch) => new()
    {
        QueryStart = UploadInts(batch.QueryStart), KvLengths = UploadInts([.. batch.Sequences.Select(s => s.Total)]),
        PageTable = UploadInts([], batch.Sequences.Length, 0), StateSlots = UploadInts(batch.Slots), PageSize = 1,
        MaxQueryLength = batch.Sequences.Length == 0 ? 0 : batch.Sequences.Max(s => s.Queries),
        MaxKvLength = batch.Sequences.Length == 0 ? 0 : batch.Sequences.Max(s => s.Total),
    };
}
