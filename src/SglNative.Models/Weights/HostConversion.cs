using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using SglNative.Core;
using SglNative.Core.Tensors;

namespace SglNative.Models.Weights;

/// <summary>Converts host elements between the floating types that checkpoints and backends use; bf16 rounds to nearest even.</summary>
public static class HostConversion
{
    /// <summary>True when <see cref="Convert"/> can read the type.</summary>
    public static bool CanRead(DType dtype) => dtype is DType.Float32 or DType.Float16 or DType.BFloat16 or DType.Float64;

    /// <summary>Converts <paramref name="source"/> of one type into <paramref name="target"/> of another, element by element.</summary>
    /// <exception cref="SglException">The source type is no plain floating type.</exception>
    public static void Convert(ReadOnlySpan<byte> source, DType from, Span<byte> target, DType to)
    {
        if (from == to)
        {
            source.CopyTo(target);
            return;
        }
        if (to == DType.Float32)
        {
            ToFloats(source, from, MemoryMarshal.Cast<byte, float>(target));
            return;
        }
        const int chunk = 4096;
        Span<float> floats = stackalloc float[chunk];
        var count = source.Length / from.Size();
        for (var at = 0; at < count; at += chunk)
        {
            var part = floats[..Math.Min(chunk, count - at)];
            ToFloats(source.Slice(at * from.Size(), part.Length * from.Size()), from, part);
            FromFloats(part, target.Slice(at * to.Size(), part.Length * to.Size()), to);
        }
    }

    /// <summary>Widens elements to float32.</summary>
    /// <exception cref="SglException">The source type is no plain floating type.</exception>
    public static void ToFloats(ReadOnlySpan<byte> source, DType from, Span<float> target)
    {
        switch (from)
        {
            case DType.Float32:
                MemoryMarshal.Cast<byte, float>(source).CopyTo(target);
                break;
            case DType.BFloat16:
                var bits = MemoryMarshal.Cast<byte, ushort>(source);
                var words = MemoryMarshal.Cast<float, uint>(target);
                for (var i = 0; i < bits.Length; i++) words[i] = (uint)bits[i] << 16;
                break;
            case DType.Float16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(source), target);
                break;
            case DType.Float64:
                var doubles = MemoryMarshal.Cast<byte, double>(source);
                for (var i = 0; i < doubles.Length; i++) target[i] = (float)doubles[i];
                break;
            default:
                throw new SglException($"weights of type {from.TorchName()} are not supported, expected bfloat16, float16 or float32");
        }
    }

    private static void FromFloats(ReadOnlySpan<float> source, Span<byte> target, DType to)
    {
        switch (to)
        {
            case DType.BFloat16:
                var bits = MemoryMarshal.Cast<byte, ushort>(target);
                for (var i = 0; i < source.Length; i++) bits[i] = RoundToBFloat16(source[i]);
                break;
            case DType.Float16:
                TensorPrimitives.ConvertToHalf(source, MemoryMarshal.Cast<byte, Half>(target));
                break;
            default:
                throw new NotSupportedException($"no conversion to {to}");
        }
    }

    /// <summary>The bits of the nearest bfloat16, ties to even; NaN stays one.</summary>
    internal static ushort RoundToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value)) return (ushort)((bits >> 16) | 0x40);
        return (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }
}
