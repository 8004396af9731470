using SglNative.Core.Tensors;
using SglNative.Models.Batches;
using SglNative.Models.Caching;
using SglNative.Models.Modules;
using SglNative.Models.Operations;
using SglNative.Models.Weights;

namespace SglNative.Models.Layers;

/// <summary>
/// Gated DeltaNet (Yang et al., 2024) as Qwen3-Next has it: a short convolution of q, k and v, the gated delta rule over a matrix per
/// head, a norm per head gated by a projection of the input.
/// </summary>
public sealed class GatedDeltaNet : TokenMixer
{
    // As in the kernels that the models were trained with.
    private const float UnitEps = 1e-6f;

    private readonly DeltaNetConfig _config;
    private readonly Linear _queryKey;
    private readonly Linear _valueGate;
    private readonly Parameter _queryKeyTaps;
    private readonly Parameter _valueTaps;
    private readonly Parameter _aLog;
    private readonly Parameter _dtBias;
    private readonly RmsNorm _norm;
    private readonly Linear _output;
    private readonly DType _operand;
    private readonly int _keyHeads;
    private readonly int _valueHeads;
    private readonly int _queryKeyState;
    private readonly int _valueState;
    private readonly int _recurrentState;

    /// <summary>Declares the projections as <see cref="Map"/> leaves them, and the layer's two states.</summary>
    public GatedDeltaNet(ModuleScope scope, DeltaNetConfig c) : base(scope)
    {
        (_config, _operand, InputDType) = (c, scope.OperandDType, DType.Float32);
        var ranks = scope.Build.Parallel;
        var (keys, values) = (c.KeyHeads * c.KeyDim, c.ValueHeads * c.ValueDim);
        _keyHeads = (int)ranks.Shard(c.KeyHeads, "linear_num_key_heads").Length;
        var (firstHead, heads) = ranks.Shard(c.ValueHeads, "linear_num_value_heads");
        _valueHeads = (int)heads;
        // The norm below takes away the size of what the rule returns, so that where q and k are nearly orthogonal their rounding is all that is left.
        _queryKey = new Linear(scope, LinearSpec.Fused("in_proj_qkba", c.HiddenSize, bias: false,
            new LinearPart("in_proj_q", keys), new LinearPart("in_proj_k", keys), new LinearPart("in_proj_b", c.ValueHeads), new LinearPart("in_proj_a", c.ValueHeads)) with { Exact = true });
        _valueGate = new Linear(scope, LinearSpec.Fused("in_proj_vz", c.HiddenSize, bias: false, new LinearPart("in_proj_v", values), new LinearPart("in_proj_z", values)));

        _queryKeyTaps = Convolution(scope["conv1d"], c, "weight_qk", 0, keys, keys);
        _valueTaps = Convolution(scope["conv1d"], c, "weight_v", 2 * keys, values);
        var gate = new Shape(c.ValueHeads);
        _aLog = scope.Parameter("A_log", new Shape(heads), DType.Float32, ParameterInit.Zeros, [new WeightPart(scope.Join("A_log"), gate, 0, 0, firstHead, heads)]);
        _dtBias = scope.Parameter("dt_bias", new Shape(heads), DType.Float32, ParameterInit.Ones, [new WeightPart(scope.Join("dt_bias"), gate, 0, 0, firstHead, heads)]);
        _norm = new RmsNorm(scope["norm"], c.ValueDim, c.NormEps);
        _output = new Linear(scope, LinearSpec.Row("out_proj", values, c.HiddenSize));
        _queryKeyState = scope.Cache(CacheSpec.State.Convolution(c.Taps, 2 * _keyHeads * c.KeyDim));
        _valueState = scope.Cache(CacheSpec.State.Convolution(c.Taps, _valueHeads * c.ValueDim));
        _recurrentState = scope.Cache(CacheSpec.State.Recurrent(_valueHeads, c.KeyDim, c.ValueDim));
    }

    /// <summary>Sorts the rows of the fused projections, which come by key head, by what they are.</summary>
    public static WeightMap Map(WeightMap map, DeltaNetConfig c)
    {
        var group = c.ValueHeads / c.KeyHeads;
        return map
            .SplitGroups("*.in_proj_qkvz.weight", c.KeyHeads, ("*.in_proj_q.weight", c.KeyDim), ("*.in_proj_k.weight", c.KeyDim),
                ("*.in_proj_v.weight", group * c.ValueDim), ("*.in_proj_z.weight", group * c.ValueDim))
            .SplitGroups("*.in_proj_ba.weight", c.KeyHeads, ("*.in_proj_b.weight", group), ("*.in_proj_a.weight", group));
    }

    /// <inheritdoc/>
    public override Tensor Forward(ForwardBatch batch, in Tensor x)
    {
        var tokens = x.Shape[0];
        var (keys, values) = ((long)_keyHeads * _config.KeyDim, (long)_valueHeads * _config.ValueDim);
        var (queryKey, valueGate) = (_queryKey.Forward(x), _valueGate.Forward(x));
        var (logDecay, beta) = Ops.DeltaGates(
            queryKey.Slice(1, 2 * keys + _valueHeads, _valueHeads), queryKey.Slice(1, 2 * keys, _valueHeads), _aLog.Value, _dtBias.Value);
        var mixed = Convolve(batch, queryKey.Slice(1, 0, 2 * keys), _queryKeyTaps, _queryKeyState);
        var value = Convolve(batch, valueGate.Slice(1, 0, values), _valueTaps, _valueState);
        var output = Ops.GatedDeltaRule(
            mixed.Slice(1, 0, keys).View(tokens, _keyHeads, _config.KeyDim), mixed.Slice(1, keys, keys).View(tokens, _keyHeads, _config.KeyDim),
            value.View(tokens, _valueHeads, _config.ValueDim), logDecay, beta,
            batch.Cache(_recurrentState), batch.Attention, 1 / MathF.Sqrt(_config.KeyDim), UnitEps, DType.Float32, _operand);
        var gate = valueGate.Slice(1, values, values).View(tokens, _valueHeads, _config.ValueDim);
        output = Ops.Gate(_norm.Forward(output, DType.Float32), gate, PointwiseActivation.Silu, _operand);
        return Output(_output.Forward(output.View(tokens, values)));
    }

    private Tensor Convolve(ForwardBatch batch, in Tensor x, Parameter taps, int state) =>
        Ops.CausalConvolution(x, taps.Value, default, batch.Cache(state), batch.Attention, PointwiseActivation.Silu);

    // The checkpoint's channels are those of q, k and v one after the other; these are some of them, of which a rank has its heads'.
    private static Parameter Convolution(ModuleScope scope, DeltaNetConfig c, string name, long first, params int[] sizes)
    {
        var source = new Shape(2 * c.KeyHeads * c.KeyDim + c.ValueHeads * c.ValueDim, 1, c.Taps);
        var parts = new List<WeightPart>();
        var offset = 0L;
        foreach (var size in sizes)
        {
            var (start, length) = scope.Build.Parallel.Shard(size, "the channels of the convolution");
            parts.Add(new WeightPart(scope.Join("weight"), source, offset * c.Taps, 0, first + start, length));
            (first, offset) = (first + size, offset + length);
        }
        return scope.Parameter(name, new Shape(offset, c.Taps), scope.WeightDType, ParameterInit.Normal, parts);
    }
}
