using SglNative.Core.Tensors;

namespace SglNative.Cuda.Kernels;

/// <summary>Element types as kernels name them.</summary>
internal static class ElementTypes
{
    /// <summary>The C++ type of <paramref name="dtype"/>.</summary>
    public static string Cpp(this DType dtype) => dtype switch
    {
        DType.Float32 => "float",
        DType.BFloat16 => "sgl::bf16",
        DType.Float16 => "sgl::fp16",
        DType.Float8E4M3 => "sgl::fp8_e4m3",
        DType.Float8E5M2 => "sgl::fp8_e5m2",
        _ => throw new ArgumentException($"no kernel computes in {dtype.TorchName()}", nameof(dtype)),
    };

    /// <summary>A C++ literal.</summary>
    public static string Cpp(this bool value) => value ? "true" : "false";
}
