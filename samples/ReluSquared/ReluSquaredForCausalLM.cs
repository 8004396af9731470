using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Models;
using SglNative.Models.Architectures;
using SglNative.Models.Batches;
using SglNative.Models.Layers;
using SglNative.Models.Modules;
using SglNative.Models.Registry;
using SglNative.Models.Weights;

namespace SglNative.Samples;

/// <summary>A decoder written out in full: Llama's attention, and a squared-ReLU MLP whose checkpoint calls it <c>ffn</c>.</summary>
[ModelArchitecture("ReluSquaredForCausalLM")]
public sealed class ReluSquaredForCausalLM : CausalLM
{
    private readonly DecoderConfig _config;
    private readonly VocabEmbedding _embedding;
    private readonly (RmsNorm InputNorm, MultiHeadAttention Attention, RmsNorm PostNorm, ReluSquaredMlp Mlp)[] _layers;
    private readonly RmsNorm _norm;
    private readonly LogitsProcessor _logits;

    /// <summary>Declares the model that <paramref name="config"/> describes.</summary>
    public ReluSquaredForCausalLM(JsonConfig config, ModuleScope root) : base(root)
    {
        var c = _config = DecoderConfig.From(config);
        var model = root["model"];
        _embedding = new VocabEmbedding(model["embed_tokens"], c.VocabSize, c.HiddenSize);
        _layers = [.. Enumerable.Range(0, c.Layers).Select(i => model["layers"][i]).Select(layer => (
            new RmsNorm(layer["input_layernorm"], c.HiddenSize, c.NormEps),
            new MultiHeadAttention(layer["self_attn"], c.Attention),
            new RmsNorm(layer["post_attention_layernorm"], c.HiddenSize, c.NormEps),
            new ReluSquaredMlp(layer["mlp"], c.HiddenSize, c.IntermediateSize)))];
        _norm = new RmsNorm(model["norm"], c.HiddenSize, c.NormEps);
        _logits = new LogitsProcessor(root, c.HiddenSize, c.VocabSize, c.TieWordEmbeddings ? _embedding : null);
    }

    /// <inheritdoc/>
    public override WeightMap WeightMap => WeightMap.Standard().Rename("*.ffn.*", "*.mlp.*");

    /// <inheritdoc/>
    public override int VocabSize => _config.VocabSize;

    /// <inheritdoc/>
    public override int HiddenSize => _config.HiddenSize;

    /// <inheritdoc/>
    public override Tensor Embed(ForwardBatch batch) => _embedding.Forward(batch.TokenIds);

    /// <inheritdoc/>
    public override Tensor Forward(ForwardBatch batch, Tensor hidden)
    {
        Tensor residual = default;
        for (var i = 0; i < _layers.Length; i++)
        {
            batch.BeginLayer(i);
            var (inputNorm, attention, postNorm, mlp) = _layers[i];
            hidden = mlp.Forward(postNorm.Forward(attention.Forward(batch, inputNorm.Forward(hidden, ref residual)), ref residual));
        }
        batch.EndLayers();
        return _norm.Forward(hidden, ref residual);
    }

    /// <inheritdoc/>
    public override Tensor ComputeLogits(Tensor hidden) => _logits.Forward(hidden);
}
