using SglNative.Core.Tensors;

namespace SglNative.Interop.Emulated.Native;

/// <summary>Element types as kernels/host/runtime numbers them; the first three may also be results of products.</summary>
internal enum ElementType
{
    Float32, BFloat16, Float16, Float8E4M3, Float8E5M2, Int32, Int64, UInt8, Int8,
}

/// <summary>Translation of <see cref="DType"/>.</summary>
internal static class ElementTypes
{
    public static ElementType ToElementType(this DType type) => type switch
    {
        DType.Float32 => ElementType.Float32,
        DType.BFloat16 => ElementType.BFloat16,
        DType.Float16 => ElementType.Float16,
        DType.Float8E4M3 => ElementType.Float8E4M3,
        DType.Float8E5M2 => ElementType.Float8E5M2,
        DType.Int32 => ElementType.Int32,
        DType.Int64 => ElementType.Int64,
        DType.UInt8 => ElementType.UInt8,
        DType.Int8 => ElementType.Int8,
        _ => throw new ArgumentException($"the emulated device does not compute in {type.TorchName()}", nameof(type)),
    };
}
