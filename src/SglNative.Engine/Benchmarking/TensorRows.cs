using SglNative.Core;
using SglNative.Core.Checkpoints;
using SglNative.Core.Tensors;
using SglNative.Models.Weights;

namespace SglNative.Engine.Benchmarking;

/// <summary>Reads stored tensors of a reference as numbers on the host.</summary>
internal static class TensorRows
{
    /// <summary>Row <paramref name="row"/> of a floating tensor seen as rows of its last dimension, as float32.</summary>
    public static void ReadFloats(CheckpointTensor tensor, long row, Span<float> target)
    {
        var bytes = target.Length * tensor.DType.Size();
        HostConversion.ToFloats(tensor.Slice(row * bytes, bytes), tensor.DType, target);
    }

    /// <summary>All values of an integer vector.</summary>
    /// <exception cref="SglException">It is no vector of int64 or int32, or a value does not fit 32 bits.</exception>
    public static int[] ReadIntegers(CheckpointTensor tensor)
    {
        if (tensor.Shape.Rank != 1 || tensor.DType is not (DType.Int64 or DType.Int32))
            throw new SglException($"{tensor.File}: {tensor.Name} is {tensor.DType.TorchName()}{tensor.Shape}, expected a vector of int64");
        var values = new int[tensor.Shape[0]];
        var bytes = tensor.Bytes;
        for (var i = 0; i < values.Length; i++)
        {
            var value = tensor.DType == DType.Int64 ? BitConverter.ToInt64(bytes[(8 * i)..]) : BitConverter.ToInt32(bytes[(4 * i)..]);
            if (value is < 0 or > int.MaxValue) throw new SglException($"{tensor.File}: {tensor.Name}[{i}] is {value}, expected an integer from 0");
            values[i] = (int)value;
        }
        return values;
    }
}
