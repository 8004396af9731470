using System.Runtime.CompilerServices;

namespace SglNative.Cpu.Sampling;

/// <summary>
/// Finds the value down to which a set of largest values reaches a count or a mass, exactly: a radix search over the bits of the
/// numbers, mapped to integers of the same order, 11 bits at a time. Sums run in index order, in double precision.
/// </summary>
internal readonly unsafe struct ThresholdSearch(float* scratch)
{
    private const int Bits = 11;
    private const int Buckets = 1 << Bits;
    private const int Levels = 3;

    /// <summary>Floats of scratch: a histogram of doubles, 8-byte aligned wherever it starts.</summary>
    public const int ScratchFloats = 2 * Buckets + 2;

    private readonly double* _histogram = (double*)(((nint)scratch + 7) & ~7);

    /// <summary>The k-th largest of <paramref name="x"/>, 1 ≤ k ≤ count.</summary>
    public float KthLargest(float* x, int count, int k) => Find(x, null, count, k);

    /// <summary>The largest t such that the weights of values ≥ t sum to at least <paramref name="share"/> of all weights.</summary>
    public float SmallestOfMass(float* x, float* weights, int count, float share)
    {
        var total = 0.0;
        for (var i = 0; i < count; i++) total += weights[i];
        return Find(x, weights, count, share * total);
    }

    /// <summary>Each level narrows the threshold's upper bits; weights null counts ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float Find(float* x, float* weights, int count, double target)
    {
        // 33 bits in three levels: the ordered key is shifted up by one.
        var prefix = 0UL;
        for (var level = Levels - 1; level >= 0; level--)
        {
            var shift = level * Bits;
            new Span<double>(_histogram, Buckets).Clear();
            for (var i = 0; i < count; i++)
            {
                var key = Key(x[i]) >> shift;
                if (key >> Bits != prefix) continue;
                _histogram[key & (Buckets - 1)] += weights == null ? 1 : weights[i];
            }
            // Down to the bucket in which the target is reached; rounding must not carry past the last one that holds anything.
            var last = -1;
            for (var bucket = Buckets - 1; bucket >= 0; bucket--)
            {
                var mass = _histogram[bucket];
                if (mass <= 0) continue;
                last = bucket;
                if (mass >= target) break;
                target -= mass;
            }
            if (last < 0) return float.NegativeInfinity;
            prefix = (prefix << Bits) | (uint)last;
        }
        return Value(prefix);
    }

    /// <summary>Bits in the order of the numbers, times two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Key(float x)
    {
        // −0 and 0 are equal numbers and must share a key.
        var bits = BitConverter.SingleToInt32Bits(x + 0f);
        return (ulong)(uint)(bits ^ ((bits >> 31) | int.MinValue)) << 1;
    }

    private static float Value(ulong key)
    {
        var ordered = (int)(uint)(key >> 1);
        return BitConverter.Int32BitsToSingle(ordered < 0 ? ordered ^ int.MinValue : ~ordered);
    }
}
