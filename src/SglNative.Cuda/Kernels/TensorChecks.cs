using SglNative.Core.Tensors;

namespace SglNative.Cuda.Kernels;

/// <summary>What kernels assume of tensors beyond the shapes that <see cref="Models.Operations.Ops"/> has checked.</summary>
internal static class TensorChecks
{
    /// <summary>Throws unless the elements are of <paramref name="dtype"/> and lie one after the other.</summary>
    public static void ExpectDense(this in Tensor tensor, string name, DType dtype)
    {
        if (tensor.DType != dtype || !tensor.IsContiguous)
            throw new ArgumentException($"{name} is {tensor}{(tensor.IsContiguous ? "" : ", strided")}, expected contiguous {dtype.TorchName()}", name);
    }

    /// <summary>Throws unless the last dimension is dense.</summary>
    public static void ExpectDenseRows(this in Tensor tensor, string name)
    {
        if (tensor.Shape[-1] > 1 && tensor.Strides[-1] != 1)
            throw new ArgumentException($"{name} is {tensor} with a stride of {tensor.Strides[-1]} in its last dimension, expected 1", name);
    }

    /// <summary>Throws unless both are of one type.</summary>
    public static void ExpectSameType(in Tensor a, in Tensor b, string name)
    {
        if (a.DType != b.DType) throw new ArgumentException($"{name} is {b}, expected {a.DType.TorchName()}", name);
    }
}
