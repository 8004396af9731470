using System.Runtime.InteropServices;
using SglNative.Core.Tensors;
using SglNative.Models.Backends;
using SglNative.Models.Weights;

namespace SglNative.Engine.Benchmarking;

/// <summary>Copies of device tensors on the host.</summary>
internal static class HostTensor
{
    /// <summary>All elements of a floating tensor, row by row, as float32; rows may have gaps between them.</summary>
    public static float[] Read(Backend backend, in Tensor tensor)
    {
        var values = new float[tensor.Count];
        if (tensor.IsContiguous)
        {
            var bytes = tensor.DType == DType.Float32 ? MemoryMarshal.AsBytes(values.AsSpan()) : new byte[tensor.ByteCount];
            backend.Download(tensor, bytes);
            if (tensor.DType != DType.Float32) HostConversion.ToFloats(bytes, tensor.DType, values);
            return values;
        }
        var perRow = (int)(tensor.Count / tensor.Shape[0]);
        for (var row = 0; row < tensor.Shape[0]; row++) Read(backend, tensor[row]).CopyTo(values, row * perRow);
        return values;
    }
}
