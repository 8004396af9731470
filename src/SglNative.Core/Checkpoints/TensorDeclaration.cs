using SglNative.Core.Tensors;

namespace SglNative.Core.Checkpoints;

/// <summary>A tensor that a <see cref="SafetensorsWriter"/> is going to hold.</summary>
/// <param name="Name">Its name in the file; unique.</param>
/// <param name="DType">Element type.</param>
/// <param name="Shape">Dimensions, outermost first.</param>
public sealed record TensorDeclaration(string Name, DType DType, Shape Shape)
{
    /// <summary>Bytes of all elements.</summary>
    public long ByteCount => checked(Shape.Count * DType.Size());
}
