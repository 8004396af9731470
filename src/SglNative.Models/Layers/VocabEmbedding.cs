using SglNative.Core.Tensors;
using SglNative.Models.Modules;
using SglNative.Models.Weights;

namespace SglNative.Models.Layers;

/// <summary>Token embeddings, and the output head where it is tied to them. Ranks hold the rows of different tokens.</summary>
public sealed class VocabEmbedding : Module
{
    private readonly Parameter _weight;
    private readonly long _firstToken;
    private readonly bool _split;

    /// <summary>A table [vocabulary, hidden].</summary>
    public VocabEmbedding(ModuleScope scope, int vocabSize, int hiddenSize) : base(scope)
    {
        var build = scope.Build;
        (_firstToken, var rows, var tokens) = build.Parallel.ShardVocabulary(vocabSize);
        _split = build.Parallel.Size > 1;
        _weight = scope.Parameter("weight", new Shape(rows, hiddenSize), build.Backend.WeightDType(build.DType), ParameterInit.Normal,
            [WeightPart.Rows(scope.Join("weight"), new Shape(vocabSize, hiddenSize), 0, _firstToken, tokens)]);
    }

    /// <summary>int32 ids [T] → float32 [T, hidden].</summary>
    public Tensor Forward(in Tensor ids) => Output(_split
        ? Ops.AllReduce(Ops.EmbeddingShare(ids, _weight.Value, _firstToken, DType.Float32))
        : Ops.Embedding(ids, _weight.Value, DType.Float32));

    /// <summary>hidden [R, H] · tableᵀ → float32 logits [R, the tokens of this rank]; see <see cref="Operations.Ops.AllGather"/>.</summary>
    public Tensor Project(in Tensor hidden) => Ops.Linear(hidden, _weight.Value, default, DType.Float32);
}
