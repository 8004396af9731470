using SglNative.Core.Tensors;
using SglNative.Models.Batches;
using SglNative.Models.Layers;
using SglNative.Models.Modules;
using SglNative.Models.Weights;

namespace SglNative.Models.Architectures;

/// <summary>Embedding, decoder layers, final norm, head: the model of every architecture that a <see cref="DecoderConfig"/> describes.</summary>
public abstract class DecoderForCausalLM : CausalLM
{
    private readonly VocabEmbedding _embedding;
    private readonly DecoderLayer[] _layers;
    private readonly Norm _norm;
    private readonly LogitsProcessor _logits;

    /// <summary>Declares the whole model.</summary>
    protected DecoderForCausalLM(ModuleScope root, DecoderConfig config) : base(root)
    {
        Config = config;
        var model = root["model"];
        _embedding = new VocabEmbedding(model["embed_tokens"], config.VocabSize, config.HiddenSize);
        _layers = new DecoderLayer[config.Layers];
        for (var i = 0; i < config.Layers; i++) _layers[i] = new DecoderLayer(model["layers"][i], config, i);
        _norm = Norm.Create(model["norm"], config.Norm, config.HiddenSize, config.NormEps);
        _logits = new LogitsProcessor(root, config.HiddenSize, config.VocabSize, config.TieWordEmbeddings ? _embedding : null, softCap: config.LogitSoftCap);
    }

    /// <summary>The model in numbers.</summary>
    protected DecoderConfig Config { get; }

    /// <inheritdoc/>
    public override WeightMap WeightMap =>
        // A tied checkpoint may hold the head a second time.
        Config.TieWordEmbeddings ? WeightMap.Standard().Drop("lm_head.weight") : WeightMap.Standard();

    /// <inheritdoc/>
    public override int VocabSize => Config.VocabSize;

    /// <inheritdoc/>
    public override int HiddenSize => Config.HiddenSize;

    /// <inheritdoc/>
    public override Tensor Embed(ForwardBatch batch)
    {
        var hidden = _embedding.Forward(batch.TokenIds);
        return Config.EmbeddingScale == 1 ? hidden : Ops.Scale(hidden, Config.EmbeddingScale);
    }

    /// <inheritdoc/>
    public override Tensor Forward(ForwardBatch batch, Tensor hidden)
    {
        Tensor residual = default;
        for (var i = 0; i < _layers.Length; i++)
        {
            batch.BeginLayer(i);
            hidden = _layers[i].Forward(batch, hidden, ref residual);
        }
        batch.EndLayers();
        return _norm.Forward(hidden, ref residual);
    }

    /// <inheritdoc/>
    public override Tensor ComputeLogits(Tensor hidden) => _logits.Forward(hidden);
}
