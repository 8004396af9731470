using SglNative.Core.Tensors;
using SglNative.Models.Batches;
using SglNative.Models.Caching;
using SglNative.Models.Modules;
using SglNative.Models.Operations;
using SglNative.Models.Weights;

namespace SglNative.Models.Layers;

/// <summary>LFM2's gated short convolution: c · conv(b · x), with b, c and x projections of the input.</summary>
public sealed class ShortConvolution : TokenMixer
{
    private readonly Linear _input;
    private readonly Parameter _weight;
    private readonly Parameter? _bias;
    private readonly Linear _output;
    private readonly DType _operand;
    private readonly int _channels;
    private readonly int _state;

    /// <summary>Declares <c>in_proj</c> as <see cref="Map"/> leaves it, <c>conv</c>, <c>out_proj</c>, and the convolution's state.</summary>
    public ShortConvolution(ModuleScope scope, int hiddenSize, int taps, bool bias) : base(scope)
    {
        _operand = scope.OperandDType;
        var dtype = scope.WeightDType;
        var (start, channels) = scope.Build.Parallel.Shard(hiddenSize, "hidden_size");
        _channels = (int)channels;
        _input = new Linear(scope, LinearSpec.Fused("in_proj", hiddenSize, bias,
            new LinearPart("in_proj_b", hiddenSize), new LinearPart("in_proj_c", hiddenSize), new LinearPart("in_proj_x", hiddenSize)));
        var convolution = scope["conv"];
        _weight = convolution.Parameter("weight", new Shape(channels, taps), dtype, ParameterInit.Normal,
            [new WeightPart(convolution.Join("weight"), new Shape(hiddenSize, 1, taps), 0, 0, start, channels)]);
        if (bias)
            _bias = convolution.Parameter("bias", new Shape(channels), dtype, ParameterInit.Zeros,
                [new WeightPart(convolution.Join("bias"), new Shape(hiddenSize), 0, 0, start, channels)]);
        _output = new Linear(scope, LinearSpec.Row("out_proj", hiddenSize, hiddenSize, bias));
        _state = scope.Cache(CacheSpec.State.Convolution(taps, _channels));
    }

    /// <summary>Cuts <c>in_proj</c> into its three parts.</summary>
    public static WeightMap Map(WeightMap map, int hiddenSize) => map
        .Split("*.conv.in_proj.weight", ("*.conv.in_proj_b.weight", hiddenSize), ("*.conv.in_proj_c.weight", hiddenSize), ("*.conv.in_proj_x.weight", hiddenSize))
        .Split("*.conv.in_proj.bias", ("*.conv.in_proj_b.bias", hiddenSize), ("*.conv.in_proj_c.bias", hiddenSize), ("*.conv.in_proj_x.bias", hiddenSize));

    /// <inheritdoc/>
    public override Tensor Forward(ForwardBatch batch, in Tensor x)
    {
        var projected = _input.Forward(x);
        var gated = Ops.Gate(projected.Slice(1, 2 * _channels, _channels), projected.Slice(1, 0, _channels), PointwiseActivation.None);
        var mixed = Ops.CausalConvolution(gated, _weight.Value, _bias?.Value ?? default, batch.Cache(_state), batch.Attention, PointwiseActivation.None);
        return Output(_output.Forward(Ops.Gate(mixed, projected.Slice(1, _channels, _channels), PointwiseActivation.None, _operand)));
    }
}
