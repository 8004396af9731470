using SglNative.Core.Tensors;

namespace SglNative.Models.Weights;

/// <summary>A checkpoint tensor's elements in host memory, as a rule of one's own sees and makes them.</summary>
/// <param name="name">Its name, for messages.</param>
/// <param name="dtype">Element type.</param>
/// <param name="shape">Dimensions.</param>
/// <param name="bytes">The elements, row-major.</param>
public sealed class HostWeights(string name, DType dtype, Shape shape, ReadOnlyMemory<byte> bytes)
{
    /// <summary>Its name, for messages.</summary>
    public string Name => name;

    /// <summary>Element type.</summary>
    public DType DType => dtype;

    /// <summary>Dimensions.</summary>
    public Shape Shape => shape;

    /// <summary>The elements, row-major.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>The elements as float32.</summary>
    /// <exception cref="Core.SglException">The type is no plain floating type.</exception>
    public float[] ToFloats()
    {
        var floats = new float[checked((int)shape.Count)];
        HostConversion.ToFloats(bytes.Span, dtype, floats);
        return floats;
    }

    /// <summary>Other elements under this name, given as float32 and kept so.</summary>
    public HostWeights With(Shape newShape, float[] floats)
    {
        ArgumentNullException.ThrowIfNull(floats);
        var copy = new byte[floats.Length * sizeof(float)];
        Buffer.BlockCopy(floats, 0, copy, 0, copy.Length);
        return new HostWeights(name, DType.Float32, newShape, copy);
    }
}
