using SglNative.Core.Tensors;
using SglNative.Models;
using SglNative.Models.Batches;
using SglNative.Models.Layers;
using SglNative.Models.Modules;
using SglNative.Models.Operations;

namespace SglNative.Engine.Tests.ModelContract;

/// <summary>
/// Two attention layers on the keys and values of the first: the second reads the first one's cache, or, for comparison, keeps a copy
/// of its own.
/// </summary>
internal sealed class SharingModel : CausalLM
{
    private const int Width = 32, Heads = 2, HeadDim = 16;

    private readonly VocabEmbedding _embedding;
    private readonly Linear _first;
    private readonly Linear _second;
    private readonly RadixAttention _owner;
    private readonly RadixAttention _reader;
    private readonly LogitsProcessor _logits;
    private readonly bool _shares;

    public SharingModel(ModuleScope root, bool shares) : base(root)
    {
        _shares = shares;
        _embedding = new VocabEmbedding(root["embed"], VocabSize, Width);
        _first = new Linear(root, LinearSpec.Fused("first", Width, bias: false, new LinearPart("q", Width), new LinearPart("k", Width), new LinearPart("v", Width)));
        _second = new Linear(root, LinearSpec.Column("second", Width, Width));
        var options = new AttentionOptions { Scale = 25 };
        _owner = new RadixAttention(root["owner"], Heads, HeadDim, options);
        _reader = shares ? RadixAttention.Sharing(root["reader"], _owner, options) : new RadixAttention(root["reader"], Heads, HeadDim, options);
        _logits = new LogitsProcessor(root, Width, VocabSize, _embedding);
    }

    public override int VocabSize => 256;

    public override int HiddenSize => Width;

    public override Tensor Embed(ForwardBatch batch) => _embedding.Forward(batch.TokenIds);

    public override Tensor Forward(ForwardBatch batch, Tensor hidden)
    {
        var fused = _first.Forward(hidden);
        var (k, v) = (Part(fused, 1), Part(fused, 2));
        var attended = _owner.Forward(batch, Part(fused, 0), k, v);
        var q = _second.Forward(attended).View(hidden.Shape[0], Heads, HeadDim);
        return _shares ? _reader.Forward(batch, q) : _reader.Forward(batch, q, k, v);
    }

    public override Tensor ComputeLogits(Tensor hidden) => _logits.Forward(hidden);

    private static Tensor Part(in Tensor fused, int index) => fused.Slice(1, index * Width, Width).View(fused.Shape[0], Heads, HeadDim);
}
