using SglNative.Core.Tensors;
using SglNative.Models.Batches;
using SglNative.Models.Modules;
using SglNative.Models.Operations;
using SglNative.Models.Weights;

namespace SglNative.Models.Layers;

/// <summary>Projections, optional norms and limits of them, rotation, attention over the cache, output projection.</summary>
public sealed class MultiHeadAttention : TokenMixer
{
    private readonly Linear _qkv;
    private readonly Linear _output;
    private readonly RmsNorm? _qNorm;
    private readonly RmsNorm? _kNorm;
    private readonly SplitRmsNorm? _qNormAcrossHeads;
    private readonly SplitRmsNorm? _kNormAcrossHeads;
    private readonly RotaryEmbedding? _rope;
    private readonly RadixAttention _attention;
    private readonly int _heads;
    private readonly int _kvHeads;
    private readonly int _headDim;
    private readonly bool _gated;
    private readonly float _clip;

    /// <summary>
    /// Declares <c>q_proj</c>, <c>k_proj</c>, <c>v_proj</c>, <c>o_proj</c> and, where the configuration has them, <c>q_norm</c>,
    /// <c>k_norm</c>, <c>sinks</c> and <c>gate_proj</c>.
    /// </summary>
    public MultiHeadAttention(ModuleScope scope, AttentionConfig c) : base(scope)
    {
        var ranks = scope.Build.Parallel;
        _heads = (int)ranks.Shard(c.Heads, "num_attention_heads").Length;
        _kvHeads = (int)ranks.ShardOrCopy(c.KvHeads, "num_key_value_heads").Length;
        _headDim = c.HeadDim;
        var parts = new List<LinearPart>
        {
            new("q_proj", c.Heads * c.HeadDim), new("k_proj", c.KvHeads * c.HeadDim, c.KvHeads), new("v_proj", c.KvHeads * c.HeadDim, c.KvHeads),
        };
        if (c.OutputGate) parts.Add(new LinearPart("gate_proj", c.Heads * c.HeadDim));
        _gated = c.OutputGate;
        _qkv = new Linear(scope, LinearSpec.Fused("qkv_proj", c.HiddenSize, c.QkvBias, parts));
        _output = new Linear(scope, LinearSpec.Row("o_proj", c.Heads * c.HeadDim, c.HiddenSize, c.OutputBias));
        if (c.QkNorm && c.QkNormAcrossHeads)
        {
            _qNormAcrossHeads = new SplitRmsNorm(scope["q_norm"], c.Heads, c.HeadDim, c.NormEps, c.QkNormOffset);
            _kNormAcrossHeads = new SplitRmsNorm(scope["k_norm"], c.KvHeads, c.HeadDim, c.NormEps, c.QkNormOffset);
        }
        else if (c.QkNorm)
        {
            _qNorm = new RmsNorm(scope["q_norm"], c.HeadDim, c.NormEps, c.QkNormOffset);
            _kNorm = new RmsNorm(scope["k_norm"], c.HeadDim, c.NormEps, c.QkNormOffset);
        }
        _clip = c.ClipQkv;
        if (c.Rope is not null) _rope = RotaryEmbedding.Create(scope, c.Rope, c.HeadDim);
        _attention = new RadixAttention(scope["attn"], _kvHeads, c.HeadDim,
            new AttentionOptions { Scale = c.Scale ?? 1 / MathF.Sqrt(c.HeadDim), SoftCap = c.SoftCap, Window = c.Window }, c.Sinks ? Sinks(scope, c.Heads) : null);
    }

    /// <summary>The attention over this layer's cache, for layers that share it; see <see cref="RadixAttention.Sharing"/>.</summary>
    public RadixAttention Attention => _attention;

    /// <inheritdoc/>
    public override Tensor Forward(ForwardBatch batch, in Tensor x)
    {
        var qkv = _qkv.Forward(x);
        var q = Heads(qkv, 0, _heads);
        var k = Heads(qkv, _heads, _kvHeads);
        var v = Heads(qkv, _heads + _kvHeads, _kvHeads);
        _qNorm?.ForwardInPlace(q);
        _kNorm?.ForwardInPlace(k);
        _qNormAcrossHeads?.ForwardInPlace(Columns(qkv, 0, _heads));
        _kNormAcrossHeads?.ForwardInPlace(Columns(qkv, _heads, _kvHeads));
        if (_clip > 0) Ops.ClampInPlace(qkv, _clip);
        var attended = _rope is null ? _attention.Forward(batch, q, k, v) : _attention.Forward(batch, q, k, v, _rope);
        if (_gated) attended = Ops.SigmoidGate(attended, Columns(qkv, _heads + 2 * _kvHeads, _heads));
        return Output(_output.Forward(attended));
    }

    private static Parameter Sinks(ModuleScope scope, int heads)
    {
        var (start, length) = scope.Build.Parallel.Shard(heads, "num_attention_heads");
        return scope.Parameter("sinks", new Shape(length), DType.Float32, ParameterInit.Zeros, [WeightPart.Rows(scope.Join("sinks"), new Shape(heads), 0, start, length)]);
    }

    private Tensor Heads(in Tensor qkv, int first, int count) => Columns(qkv, first, count).View(qkv.Shape[0], count, _headDim);

    private Tensor Columns(in Tensor qkv, int first, int count) => qkv.Slice(1, (long)first * _headDim, (long)count * _headDim);
}
