using System.Runtime.CompilerServices;
using SglNative.Core.Tensors;
using SglNative.Cpu.Operations;
using SglNative.Cpu.Simd;

namespace SglNative.Cpu.Linear;

/// <summary>Lays rows of activations out as <see cref="Tile{TSimd, TVector, TWeight}"/> reads them.</summary>
internal static unsafe class Packing<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>K rounded up to whole steps.</summary>
    public static int PaddedCount(int count) => (count + 2 * TSimd.Width - 1) / (2 * TSimd.Width) * (2 * TSimd.Width);

    /// <summary>
    /// Converts a row to float32, pads it with zeros to <see cref="PaddedCount"/> and, if <paramref name="interleaved"/>, puts the
    /// even elements of each step before the odd ones. <paramref name="scratch"/> holds a row.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(byte* source, DType dtype, int count, bool interleaved, float* scratch, float* destination)
    {
        var padded = PaddedCount(count);
        if (!interleaved)
        {
            Conversion<TSimd, TVector>.ToFloat(source, dtype, destination, count);
            new Span<float>(destination + count, padded - count).Clear();
            return;
        }
        var row = Conversion<TSimd, TVector>.Read(source, dtype, scratch, count);
        var width = TSimd.Width;
        var i = 0;
        for (; i + 2 * width <= count; i += 2 * width, destination += 2 * width)
        {
            for (var j = 0; j < width; j++)
            {
                destination[j] = row[i + 2 * j];
                destination[width + j] = row[i + 2 * j + 1];
            }
        }
        if (i == count) return;
        new Span<float>(destination, 2 * width).Clear();
        for (; i < count; i++) destination[(i & 1) * width + (i % (2 * width) >> 1)] = row[i];
    }
}
