using SglNative.Core.Tensors;
using SglNative.Models.Modules;

namespace SglNative.Models.Layers;

/// <summary>From final hidden states of chosen rows to float32 logits: the head of its own, or the tied embedding.</summary>
public sealed class LogitsProcessor : Module
{
    private readonly Linear? _head;
    private readonly VocabEmbedding? _tied;
    private readonly float _softCap;
    private readonly float _scale;
    private readonly int _vocabSize;

    /// <summary>
    /// A head of its own named <c>lm_head</c> below <paramref name="root"/>, or none when <paramref name="tied"/> is given. Logits are
    /// multiplied by <paramref name="scale"/>; with <paramref name="softCap"/> above 0, they become softCap · tanh(logit / softCap) then.
    /// </summary>
    public LogitsProcessor(
        ModuleScope root, int hiddenSize, int vocabSize, VocabEmbedding? tied, bool bias = false, float softCap = 0, float scale = 1) : base(root["logits"])
    {
        (_tied, _softCap, _scale, _vocabSize) = (tied, softCap, scale, vocabSize);
        if (tied is null) _head = new Linear(root, LinearSpec.Vocabulary("lm_head", hiddenSize, vocabSize, bias));
    }

    /// <summary>hidden [R, H] → float32 [R, vocabulary].</summary>
    public Tensor Forward(in Tensor hidden)
    {
        var logits = _tied is not null ? _tied.Project(hidden) : _head!.Forward(hidden);
        if (_scale != 1) logits = Ops.Scale(logits, _scale);
        if (_softCap > 0) Ops.SoftCapInPlace(logits, _softCap);
        return Output(Ops.AllGather(logits, _vocabSize));
    }
}
