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
    private readonly Linear _input;
    private readonly Linear _gates;
    private readonly Parameter _convolution;
    private readonly Parameter _aLog;
    private readonly Parameter _dtBias;
    private readonly RmsNorm _norm;
    private readonly Linear _output;
    private readonly DType _operand;
    private readonly int _keyHeads;
    private readonly int _valueHeads;
    private readonly int _convolutionState;
    private readonly int _recurrentState;

    /// <summary>Declares the projections as <see cref="Map"/> leaves them, and the layer's two states.</summary>
    public GatedDeltaNet(ModuleScope scope, DeltaNetConfig c) : base(scope)
    {
        (_config, _operand) = (c, scope.Build.OperandDType);
        var ranks = scope.Build.Parallel;
        var (keys, values) = (c.KeyHeads * c.KeyDim, c.ValueHeads * c.ValueDim);
        _keyHeads = (int)ranks.Shard(c.KeyHeads, "linear_num_key_heads").Length;
        var (firstHead, heads) = ranks.Shard(c.ValueHeads, "linear_num_value_heads");
        _valueHeads = (int)heads;
        _input = new Linear(scope, LinearSpec.Fused("in_proj", c.HiddenSize, bias: false,
            new LinearPart("in_proj_q", keys), new LinearPart("in_proj_k", keys), new LinearPart("in_proj_v", values), new LinearPart("in_proj_z", values)));
        _gates = new Linear(scope, LinearSpec.Fused("in_proj_gates", c.HiddenSize, bias: false,
            new LinearPart("in_proj_b", c.ValueHeads), new LinearPart("in_proj_a", c.ValueHeads)));

        var channels = 2 * _keyHeads * c.KeyDim + _valueHeads * c.ValueDim;
        _convolution = Convolution(scope["conv1d"], c, channels);
        var gate = new Shape(c.ValueHeads);
        _aLog = scope.Parameter("A_log", new Shape(heads), DType.Float32, ParameterInit.Zeros, [new WeightPart(scope.Join("A_log"), gate, 0, 0, firstHead, heads)]);
        _dtBias = scope.Parameter("dt_bias", new Shape(heads), DType.Float32, ParameterInit.Ones, [new WeightPart(scope.Join("dt_bias"), gate, 0, 0, firstHead, heads)]);
        _norm = new RmsNorm(scope["norm"], c.ValueDim, c.NormEps);
        _output = new Linear(scope, LinearSpec.Row("out_proj", values, c.HiddenSize));
        _convolutionState = scope.Cache(CacheSpec.State.Convolution(c.Taps, channels));
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
        var projected = _input.Forward(x);
        var gates = _gates.Forward(x);
        var (logDecay, beta) = Ops.DeltaGates(gates.Slice(1, _valueHeads, _valueHeads), gates.Slice(1, 0, _valueHeads), _aLog.Value, _dtBias.Value);
        var mixed = Ops.CausalConvolution(projected.Slice(1, 0, 2 * keys + values), _convolution.Value, default,
            batch.Cache(_convolutionState), batch.Attention, PointwiseActivation.Silu);
        var output = Ops.GatedDeltaRule(
            mixed.Slice(1, 0, keys).View(tokens, _keyHeads, _config.KeyDim), mixed.Slice(1, keys, keys).View(tokens, _keyHeads, _config.KeyDim),
            mixed.Slice(1, 2 * keys, values).View(tokens, _valueHeads, _config.ValueDim), logDecay, beta,
            batch.Cache(_recurrentState), batch.Attention, 1 / MathF.Sqrt(_config.KeyDim), UnitEps, DType.Float32, _operand);
        var gate = projected.Slice(1, 2 * keys + values, values).View(tokens, _valueHeads, _config.ValueDim);
        output = Ops.Gate(_norm.Forward(output, DType.Float32), gate, PointwiseActivation.Silu, _operand);
        return Output(_output.Forward(output.View(tokens, values)));
    }

    // Channels are those of q, k and v one after the other, of which a rank has its heads'.
    private static Parameter Convolution(ModuleScope scope, DeltaNetConfig c, int channels)
    {
        var (keys, values) = (c.KeyHeads * c.KeyDim, c.ValueHeads * c.ValueDim);
        var source = new Shape(2 * keys + values, 1, c.Taps);
        var parts = new List<WeightPart>();
        var (first, offset) = (0L, 0L);
        foreach (var size in (int[])[keys, keys, values])
        {
            var (start, length) = scope.Build.Parallel.Shard(size, "the channels of the convolution");
            parts.Add(new WeightPart(scope.Join("weight"), source, offset * c.Taps, 0, first + start, length));
            (first, offset) = (first + size, offset + length);
        }
        return scope.Parameter("weight", new Shape(channels, c.Taps), scope.Build.Backend.WeightDType(scope.Build.DType), ParameterInit.Normal, parts);
    }
}
