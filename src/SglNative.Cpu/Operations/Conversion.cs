using System.Runtime.CompilerServices;
using SglNative.Core.Tensors;
using SglNative.Cpu.Simd;

namespace SglNative.Cpu.Operations;

/// <summary>Storage types to and from float32, a row at a time.</summary>
internal static unsafe class Conversion<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>The row itself if it is float32, else its numbers in <paramref name="scratch"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* Read(byte* source, DType dtype, float* scratch, int count)
    {
        if (dtype == DType.Float32) return (float*)source;
        ToFloat(source, dtype, scratch, count);
        return scratch;
    }

    /// <summary>Where to compute a row: in its place if it is float32, else in <paramref name="scratch"/>; <see cref="Write"/> ends it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* Target(byte* destination, DType dtype, float* scratch) => dtype == DType.Float32 ? (float*)destination : scratch;

    /// <summary>Stores a row computed at <see cref="Target"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(float* source, byte* destination, DType dtype, int count)
    {
        if (source != (float*)destination) FromFloat(source, destination, dtype, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToFloat(byte* source, DType dtype, float* destination, int count)
    {
        var i = 0;
        switch (dtype)
        {
            case DType.Float32:
                Buffer.MemoryCopy(source, destination, count * 4L, count * 4L);
                break;
            case DType.BFloat16:
                for (; i + TSimd.Width <= count; i += TSimd.Width) TSimd.Store(destination + i, TSimd.LoadBFloat16((ushort*)source + i));
                for (; i < count; i++) destination[i] = ScalarSimd.LoadBFloat16((ushort*)source + i);
                break;
            default:
                for (; i + TSimd.Width <= count; i += TSimd.Width) TSimd.Store(destination + i, TSimd.LoadHalf((ushort*)source + i));
                for (; i < count; i++) destination[i] = ScalarSimd.LoadHalf((ushort*)source + i);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromFloat(float* source, byte* destination, DType dtype, int count)
    {
        var i = 0;
        switch (dtype)
        {
            case DType.Float32:
                Buffer.MemoryCopy(source, destination, count * 4L, count * 4L);
                break;
            case DType.BFloat16:
                for (; i + TSimd.Width <= count; i += TSimd.Width) TSimd.StoreBFloat16((ushort*)destination + i, TSimd.Load(source + i));
                for (; i < count; i++) ScalarSimd.StoreBFloat16((ushort*)destination + i, source[i]);
                break;
            default:
                for (; i < count; i++) ((Half*)destination)[i] = (Half)source[i];
                break;
        }
    }
}
