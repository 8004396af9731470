using SglNative.Core.Tensors;
using SglNative.Models.Operations;

namespace SglNative.Models.Batches;

/// <summary>
/// One step of the model: the tokens of one or several sequences, flattened, and where their cache entries lie. All tensors are
/// on the device. The same object is refilled from step to step.
/// </summary>
public sealed class ForwardBatch
{
    private readonly IReadOnlyList<Tensor> _caches;
    private readonly Ops _ops;

    /// <summary>A batch over the cache pools of each layer, by cache layer id.</summary>
    public ForwardBatch(Ops ops, IReadOnlyList<Tensor> caches) => (_ops, _caches) = (ops, caches);

    /// <summary>int32 [T].</summary>
    public Tensor TokenIds { get; set; }

    /// <summary>int32 [T]: each token's position in its sequence.</summary>
    public Tensor Positions { get; set; }

    /// <summary>
    /// int32 [T]: rows of the rotary tables. The positions themselves, except where a model has a second table for long sequences
    /// (<see cref="Modules.ModelBuild.RotarySwitch"/>): there, position + MaxPositions for tokens of such a sequence.
    /// </summary>
    public Tensor RotaryPositions { get; set; }

    /// <summary>int32 [T]: where each token's key and value go; page · page size + offset.</summary>
    public Tensor Slots { get; set; }

    /// <summary>Sequences, lengths and page tables.</summary>
    public AttentionMetadata Attention { get; set; }

    /// <summary>int32 [R]: the tokens whose logits are wanted.</summary>
    public Tensor LogitRows { get; set; }

    /// <summary>T, the tokens of this step.</summary>
    public int TokenCount => (int)TokenIds.Shape[0];

    /// <summary>The cache pool of a layer, by the id it got when it declared its cache.</summary>
    public Tensor Cache(int layer) => _caches[layer];

    /// <summary>Starts layer <paramref name="index"/>: what layer index − 2 made is gone. See <see cref="TensorArena"/>.</summary>
    public void BeginLayer(int index) => _ops.Arena.BeginLayer(index);

    /// <summary>Ends the last layer.</summary>
    public void EndLayers() => _ops.Arena.EndLayers();
}
