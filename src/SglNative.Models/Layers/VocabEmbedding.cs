using SglNative.Core.Tensors;
using SglNative.Models.Modules;
using SglNative.Models.Weights;

namespace SglNative.Models.Layers;

/// <summary>Token embeddings, and the output head where it is tied to them.</summary>
public sealed class VocabEmbedding : Module
{
    private readonly Parameter _weight;

    /// <summary>A table [vocabulary, hidden].</summary>
    public VocabEmbedding(ModuleScope scope, int vocabSize, int hiddenSize) : base(scope)
    {
        _weight = scope.Parameter("weight", new Shape(vocabSize, hiddenSize), ParameterInit.Normal);
    }

    /// <summary>int32 ids [T] → float32 [T, hidden].</summary>
    public Tensor Forward(in Tensor ids) => Output(Ops.Embedding(ids, _weight.Value, DType.Float32));

    /// <summary>hidden [R, H] · tableᵀ → float32 logits [R, vocabulary].</summary>
    public Tensor Project(in Tensor hidden) => Ops.Linear(hidden, _weight.Value, default, DType.Float32);
}
