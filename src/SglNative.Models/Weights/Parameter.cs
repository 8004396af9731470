using SglNative.Core.Tensors;

namespace SglNative.Models.Weights;

/// <summary>
/// A tensor of weights: declared when the model is built, so that its bytes are known before anything is allocated, and filled
/// when the checkpoint is loaded.
/// </summary>
/// <param name="name">Path in the module tree, such as <c>model.layers.0.self_attn.qkv_proj.weight</c>.</param>
/// <param name="shape">Shape on this rank.</param>
/// <param name="dtype">Type in which it is stored on the device.</param>
/// <param name="init">What it holds without a checkpoint.</param>
/// <param name="parts">The checkpoint tensors it is made of.</param>
public sealed class Parameter(string name, Shape shape, DType dtype, ParameterInit init, IReadOnlyList<WeightPart> parts)
{
    private Tensor _value;

    /// <summary>Path in the module tree.</summary>
    public string Name => name;

    /// <summary>Shape on this rank.</summary>
    public Shape Shape => shape;

    /// <summary>Type in which it is stored on the device.</summary>
    public DType DType => dtype;

    /// <summary>What it holds without a checkpoint.</summary>
    public ParameterInit Init => init;

    /// <summary>The checkpoint tensors it is made of.</summary>
    public IReadOnlyList<WeightPart> Parts => parts;

    /// <summary>Bytes on the device.</summary>
    public long ByteCount => shape.Count * dtype.Size();

    /// <summary>The tensor on the device.</summary>
    /// <exception cref="InvalidOperationException">The weights are not loaded yet.</exception>
    public Tensor Value
    {
        get => _value.IsNull ? throw new InvalidOperationException($"parameter {name} is used before its weights are loaded") : _value;
        internal set => _value = value;
    }
}
