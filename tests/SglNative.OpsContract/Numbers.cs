using System.Runtime.InteropServices;
using SglNative.Core.Tensors;

namespace SglNative.OpsContract;

/// <summary>Host arrays of test data, and the rounding of each storage type.</summary>
public static class Numbers
{
    /// <summary>Numbers in ±1 without structure, the same for the same seed.</summary>
    public static float[] Random(int count, int seed, float scale = 1)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (var i = 0; i < count; i++) values[i] = (float)(random.NextDouble() * 2 - 1) * scale;
        return values;
    }

    /// <summary>The numbers as the type can hold them.</summary>
    public static float[] Rounded(float[] values, DType dtype) => dtype == DType.Float32 ? values : Decode(Encode(values, dtype), dtype);

    /// <summary>The bytes of the numbers, each rounded to nearest even.</summary>
    public static byte[] Encode(ReadOnlySpan<float> values, DType dtype)
    {
        if (dtype == DType.Float32) return MemoryMarshal.AsBytes(values).ToArray();
        var bits = new ushort[values.Length];
        for (var i = 0; i < bits.Length; i++) bits[i] = dtype == DType.Float16 ? BitConverter.HalfToUInt16Bits((Half)values[i]) : ToBFloat16(values[i]);
        return MemoryMarshal.AsBytes(bits.AsSpan()).ToArray();
    }

    public static float[] Decode(ReadOnlySpan<byte> bytes, DType dtype)
    {
        if (dtype == DType.Float32) return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        var bits = MemoryMarshal.Cast<byte, ushort>(bytes);
        var values = new float[bits.Length];
        for (var i = 0; i < bits.Length; i++)
            values[i] = dtype == DType.Float16 ? (float)BitConverter.UInt16BitsToHalf(bits[i]) : BitConverter.UInt32BitsToSingle((uint)bits[i] << 16);
        return values;
    }

    /// <summary>The unit roundoff of a type: half the distance from 1 to the next number above.</summary>
    public static double Roundoff(DType dtype) => dtype switch
    {
        DType.BFloat16 => Math.Pow(2, -8),
        DType.Float16 => Math.Pow(2, -11),
        _ => Math.Pow(2, -24),
    };

    /// <summary>The distance between the numbers of a type around 0.</summary>
    public static double SmallestStep(DType dtype) => dtype == DType.Float16 ? Math.Pow(2, -24) : 0;

    /// <summary>
    /// The measure of every comparison: the largest |actual − expected| / (|expected| + RMS of expected). Relative for numbers of
    /// ordinary size, absolute in units of the whole for those that cancelled to nearly nothing. Half of <paramref name="step"/>, the
    /// distance between the smallest numbers of the type that holds the results, is what rounding costs those that underflow.
    /// </summary>
    public static double ScaledError(ReadOnlySpan<float> actual, ReadOnlySpan<double> expected, double step = 0)
    {
        Assert.Equal(expected.Length, actual.Length);
        var squares = 0.0;
        foreach (var value in expected) squares += value * value;
        var scale = Math.Sqrt(squares / Math.Max(1, expected.Length)) + 1e-30;
        var worst = 0.0;
        for (var i = 0; i < expected.Length; i++)
        {
            var error = Math.Max(0, Math.Abs(actual[i] - expected[i]) - step / 2) / (Math.Abs(expected[i]) + scale);
            if (double.IsNaN(error)) return double.NaN;
            if (error > worst) worst = error;
        }
        return worst;
    }

    // Of the two neighbours the nearer, found by distance in double rather than by bit tricks.
    private static ushort ToBFloat16(float value)
    {
        if (float.IsNaN(value)) return 0x7fc0;
        var down = (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16);
        var low = (double)BitConverter.UInt32BitsToSingle((uint)down << 16);
        if (low == value || float.IsInfinity(value)) return down;
        var next = (ushort)(down + 1);
        // Past the largest finite number the neighbour is infinity, whose place on the number line is 2^128.
        var high = (next & 0x7fff) == 0x7f80 ? Math.CopySign(Math.Pow(2, 128), value) : BitConverter.UInt32BitsToSingle((uint)next << 16);
        var (toLow, toHigh) = (Math.Abs(value - low), Math.Abs(high - value));
        return toLow < toHigh || (toLow == toHigh && (down & 1) == 0) ? down : next;
    }
}
