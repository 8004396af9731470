using System.Runtime.InteropServices;
using SglNative.Core.Tensors;
using SglNative.Models.Backends;
using SglNative.Models.Weights;

namespace SglNative.Engine.Execution;

/// <summary>Copies of device tensors on the host.</summary>
internal static class HostTensor
{
    /// <summary>All elements of a floating tensor, row by row, as float32; rows may have gaps between them.</summary>
    public static float[] Read(Backend backend, in Tensor tensor)
    {
        var values = new float[tensor.Count];
        if (tensor.DType == DType.Float32) Copy(backend, tensor, MemoryMarshal.AsBytes(values.AsSpan()));
        else HostConversion.ToFloats(ReadBytes(backend, tensor), tensor.DType, values);
        return values;
    }

    /// <summary>All elements as they are stored, row by row without gaps.</summary>
    public static byte[] ReadBytes(Backend backend, in Tensor tensor)
    {
        var bytes = new byte[tensor.ByteCount];
        Copy(backend, tensor, bytes);
        return bytes;
    }

    private static void Copy(Backend backend, in Tensor tensor, Span<byte> target)
    {
        if (tensor.IsContiguous)
        {
            backend.Download(tensor, target);
            return;
        }
        var row = (int)(tensor.ByteCount / tensor.Shape[0]);
        for (var i = 0; i < tensor.Shape[0]; i++) Copy(backend, tensor[i], target.Slice(i * row, row));
    }
}
