namespace SglNative.Core.Configuration;

/// <summary>YaRN (arXiv 2309.00071), with DeepSeek's mscale and gpt-oss' unrounded ramp.</summary>
internal static class YarnFrequencies
{
    public static RopeFrequencies Compute(RopeConfig rope, int dim)
    {
        double original = rope.OriginalMaxPositionEmbeddings!.Value;
        var factor = rope.Factor ?? rope.MaxPositionEmbeddings!.Value / original;
        var (low, high) = Ramp(rope, dim, original);
        var powers = RopeFrequencies.Powers(rope.Theta, dim);
        var inverse = new float[powers.Length];
        for (var i = 0; i < inverse.Length; i++)
        {
            var kept = 1 - Math.Clamp((i - (float)low) / (float)(high - low), 0, 1);
            inverse[i] = 1 / ((float)factor * powers[i]) * (1 - kept) + 1 / powers[i] * kept;
        }
        return new RopeFrequencies(inverse, (float)(rope.AttentionFactor ?? AttentionScaling(rope, factor)));
    }

    /// <summary>The pairs between which kept and interpolated frequencies blend.</summary>
    private static (double Low, double High) Ramp(RopeConfig rope, int dim, double original)
    {
        var low = PairWith(rope.BetaFast);
        var high = PairWith(rope.BetaSlow);
        if (rope.Truncate) (low, high) = (Math.Floor(low), Math.Ceiling(high));
        (low, high) = (Math.Max(low, 0), Math.Min(high, dim - 1));
        return (low, high == low ? high + 0.001 : high);

        double PairWith(double rotations) => dim * Math.Log(original / (rotations * 2 * Math.PI)) / (2 * Math.Log(rope.Theta));
    }

    private static double AttentionScaling(RopeConfig rope, double factor) =>
        rope is { Mscale: not null and not 0, MscaleAllDim: not null and not 0 }
            ? Mscale(factor, rope.Mscale.Value) / Mscale(factor, rope.MscaleAllDim.Value)
            : Mscale(factor, 1);

    private static double Mscale(double factor, double weight) => factor <= 1 ? 1 : 0.1 * weight * Math.Log(factor) + 1;
}
