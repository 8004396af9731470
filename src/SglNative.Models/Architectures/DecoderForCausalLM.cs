using SglNative.Core.Tensors;
using SglNative.Models.Batches;
using SglNative.Models.Layers;
using SglNative.Models.Modules;
using SglNative.Models.Weights;

namespace SglNative.Models.Architectures;

/// <summary>Embedding, decoder layers, final norm, head: the model of every architecture that a <see cref="DecoderConfig"/> describes.</summary>
public abstract class DecoderForCausalLM : CausalLM
{
    private readonly VocabEmbedding? _embedding;
    private readonly DecoderLayer[] _layers;
    private readonly int _firstLayer;
    private readonly Norm? _norm;
    private readonly LogitsProcessor? _logits;

    /// <summary>Declares the model, or the pipeline stage of it that is built.</summary>
    protected DecoderForCausalLM(ModuleScope root, DecoderConfig config) : base(root)
    {
        Config = config;
        var model = root["model"];
        var stage = root.Build.Stage;
        if (stage.IsFirst || (stage.IsLast && config.TieWordEmbeddings)) _embedding = new VocabEmbedding(model["embed_tokens"], config.VocabSize, config.HiddenSize);
        (_firstLayer, var end) = stage.Layers(config.Layers);
        _layers = new DecoderLayer[end - _firstLayer];
        for (var i = 0; i < _layers.Length; i++) _layers[i] = new DecoderLayer(model["layers"][_firstLayer + i], config, _firstLayer + i);
        if (!stage.IsLast) return;
        _norm = Norm.Create(model["norm"], config.Norm, config.HiddenSize, config.NormEps);
        _logits = new LogitsProcessor(root, config.HiddenSize, config.VocabSize, config.TieWordEmbeddings ? _embedding : null, softCap: config.LogitSoftCap, scale: config.LogitScale);
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
        var hidden = (_embedding ?? throw Elsewhere("the embedding")).Forward(batch.TokenIds);
        return Config.EmbeddingScale == 1 ? hidden : Ops.Scale(hidden, Config.EmbeddingScale);
    }

    /// <inheritdoc/>
    public override Tensor Forward(ForwardBatch batch, Tensor hidden)
    {
        Tensor residual = default;
        for (var i = 0; i < _layers.Length; i++)
        {
            batch.BeginLayer(_firstLayer + i);
            hidden = _layers[i].Forward(batch, hidden, ref residual);
        }
        batch.EndLayers();
        if (_norm is not null) return _norm.Forward(hidden, ref residual);
        // What the next stage is given holds all that the layers so far have added.
        return residual.IsNull ? hidden : Ops.Add(hidden, residual);
    }

    /// <inheritdoc/>
    public override Tensor ComputeLogits(Tensor hidden) => (_logits ?? throw Elsewhere("the head")).Forward(hidden);

    private InvalidOperationException Elsewhere(string part) => new($"{part} is not in pipeline stage {Build.Stage.Index} of {Build.Stage.Count}");
}
