using SglNative.Core.Tensors;
using SglNative.Models.Batches;
using SglNative.Models.Modules;
using SglNative.Models.Weights;

namespace SglNative.Models;

/// <summary>
/// A model that predicts the next token. Embedding and logits stand outside <see cref="Forward"/>, so that embeddings can be given,
/// states pooled, and a pipeline cut anywhere between them. Forward may branch on configuration and shapes, never on values.
/// </summary>
public abstract class CausalLM : Module
{
    /// <summary>Takes the root of the module tree.</summary>
    protected CausalLM(ModuleScope root) : base(root) => Build = root.Build;

    /// <summary>What the model was built with: parameters, caches, backend.</summary>
    public ModelBuild Build { get; }

    /// <summary>From the checkpoint's tensor names to those that the model declares.</summary>
    public virtual WeightMap WeightMap => WeightMap.Standard();

    /// <summary>
    /// Whether a step may be recorded once and replayed: true unless <see cref="Forward"/> reads device data on the host, or does
    /// something else per step that a recording would not repeat. A model that returns false runs as it is, step by step.
    /// </summary>
    public virtual bool CaptureSafe => true;

    /// <summary>
    /// The text of a chat template that this model brings; null to use the tokenizer's. <c>--chat-template</c> wins over both.
    /// See <see cref="EmbeddedText"/>.
    /// </summary>
    public virtual string? ChatTemplate => null;

    /// <summary>Tokens of the vocabulary: the columns of the logits.</summary>
    public abstract int VocabSize { get; }

    /// <summary>Width of the hidden state.</summary>
    public abstract int HiddenSize { get; }

    /// <summary>The batch's token ids → hidden [T, H].</summary>
    public abstract Tensor Embed(ForwardBatch batch);

    /// <summary>hidden [T, H] through all layers and the final norm → [T, H]; writes the layers' caches.</summary>
    public abstract Tensor Forward(ForwardBatch batch, Tensor hidden);

    /// <summary>Chosen rows of the final hidden state [R, H] → float32 logits [R, vocabulary]. Every row whose logits are used passes here.</summary>
    public abstract Tensor ComputeLogits(Tensor hidden);
}
