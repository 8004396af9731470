using SglNative.Core.Tensors;
using SglNative.Models.Batches;
using SglNative.Models.Caching;
using SglNative.Models.Modules;
using SglNative.Models.Operations;
using SglNative.Models.Weights;

namespace SglNative.Models.Layers;

/// <summary>
/// Multi-head latent attention (DeepSeek-V2): a token's keys and values of all heads are projections of one short latent, which is what
/// the cache holds, beside one rotated key that the heads share. The projections are absorbed: queries are brought into the latent's
/// space, and what attention returns is brought out of it, so that nothing is made of the cache's rows.
/// </summary>
public sealed class MultiHeadLatentAttention : TokenMixer
{
    private readonly LatentAttentionConfig _config;
    private readonly Linear? _down;
    private readonly RmsNorm? _queryNorm;
    private readonly Linear _query;
    private readonly Linear? _latent;
    private readonly RmsNorm _latentNorm;
    private readonly Parameter _keyUp;
    private readonly Parameter _valueUp;
    private readonly Linear _output;
    private readonly RotaryEmbedding _rope;
    private readonly AttentionOptions _options;
    private readonly DType _operand;
    private readonly int _heads;
    private readonly int _cache;

    /// <summary>Declares the projections under their names in DeepSeek's checkpoints, <c>kv_b_proj</c> as <see cref="Map"/> leaves it.</summary>
    public MultiHeadLatentAttention(ModuleScope scope, LatentAttentionConfig c) : base(scope)
    {
        (_config, _operand) = (c, scope.Build.OperandDType);
        var (first, heads) = scope.Build.Parallel.Shard(c.Heads, "num_attention_heads");
        _heads = (int)heads;
        var latent = new LinearPart("kv_a_proj_with_mqa", c.Rank + c.RopeDim);
        var queries = c.Heads * (c.NopeDim + c.RopeDim);
        if (c.QueryRank > 0)
        {
            _down = new Linear(scope, new LinearSpec("qkv_a_proj", c.HiddenSize, [new LinearPart("q_a_proj", c.QueryRank), latent], LinearSplit.Replicated, c.Bias));
            _queryNorm = new RmsNorm(scope["q_a_layernorm"], c.QueryRank, c.NormEps);
            _query = new Linear(scope, LinearSpec.Column("q_b_proj", c.QueryRank, queries));
        }
        else
        {
            _query = new Linear(scope, LinearSpec.Column("q_proj", c.HiddenSize, queries));
            _latent = new Linear(scope, new LinearSpec(latent.Name, c.HiddenSize, [latent], LinearSplit.Replicated, c.Bias));
        }
        _latentNorm = new RmsNorm(scope["kv_a_layernorm"], c.Rank, c.NormEps);
        _keyUp = Up(scope["k_b_proj"], new Shape(c.Heads, c.Rank, c.NopeDim), first, heads);
        _valueUp = Up(scope["v_b_proj"], new Shape(c.Heads, c.ValueDim, c.Rank), first, heads);
        _output = new Linear(scope, LinearSpec.Row("o_proj", c.Heads * c.ValueDim, c.HiddenSize, c.Bias));
        _rope = RotaryEmbedding.Create(scope, c.Rope, c.RopeDim, c.Interleaved);
        _options = new AttentionOptions { Scale = c.Scale };
        _cache = scope.Cache(new CacheSpec.Latent(c.Rank, c.RopeDim));
    }

    /// <summary>
    /// Splits each head's rows of <c>kv_b_proj</c> into what makes keys, [heads, rank, nope], and values, [heads, value, rank].
    /// </summary>
    public static WeightMap Map(WeightMap map, LatentAttentionConfig c) => map
        .SplitGroups("*.kv_b_proj.weight", c.Heads, ("*.k_b_proj.weight", c.NopeDim), ("*.v_b_proj.weight", c.ValueDim))
        .Reshape("*.k_b_proj.weight", c.Heads, c.NopeDim, c.Rank)
        .Transpose("*.k_b_proj.weight")
        .Reshape("*.v_b_proj.weight", c.Heads, c.ValueDim, c.Rank);

    /// <inheritdoc/>
    public override Tensor Forward(ForwardBatch batch, in Tensor x)
    {
        var c = _config;
        var (tokens, cache) = (x.Shape[0], batch.Cache(_cache));
        var (query, latent) = Project(x);
        query = query.View(tokens, _heads, c.NopeDim + c.RopeDim);
        _latentNorm.ForwardInPlace(latent.Slice(1, 0, c.Rank));
        var rotated = query.Slice(2, c.NopeDim, c.RopeDim);
        _rope.Forward(batch, rotated, latent.Slice(1, c.Rank, c.RopeDim).View(tokens, 1, c.RopeDim));
        Ops.StoreLatent(latent, cache, batch.Slots);
        var absorbed = Ops.HeadLinear(query.Slice(2, 0, c.NopeDim), _keyUp.Value, _operand);
        var attended = Ops.LatentAttention(absorbed, rotated.DType == _operand ? rotated : Ops.Cast(rotated, _operand), cache, batch.Attention, _options);
        var values = Ops.HeadLinear(attended, _valueUp.Value);
        return Output(_output.Forward(values.View(tokens, (long)_heads * c.ValueDim)));
    }

    // Queries [T, heads · (nope + rope)], and the latent with the shared key [T, rank + rope].
    private (Tensor Query, Tensor Latent) Project(in Tensor x)
    {
        if (_down is null) return (_query.Forward(x), _latent!.Forward(x));
        var down = _down.Forward(x);
        var query = _queryNorm!.Forward(down.Slice(1, 0, _config.QueryRank));
        return (_query.Forward(query), down.Slice(1, _config.QueryRank, _config.Rank + _config.RopeDim));
    }

    private static Parameter Up(ModuleScope scope, Shape shape, long first, long heads)
    {
        var part = new WeightPart(scope.Join("weight"), shape, 0, 0, first, heads);
        return scope.Parameter("weight", shape.With(0, heads), scope.WeightDType, ParameterInit.Normal, [part]);
    }
}
