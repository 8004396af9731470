namespace SglNative.Core.Configuration;

/// <summary>LongRoPE (arXiv 2402.13753) as Phi-3 uses it: a divisor per frequency, one set up to the original length, one beyond.</summary>
internal static class LongRopeFrequencies
{
    public static RopeFrequencies Compute(RopeConfig rope, int dim, int sequenceLength)
    {
        double original = rope.OriginalMaxPositionEmbeddings!.Value;
        var isLong = sequenceLength > original;
        var divisors = (isLong ? rope.LongFactor : rope.ShortFactor)!;
        if (divisors.Count != dim / 2)
            throw new SglException($"rope_scaling.{(isLong ? "long" : "short")}_factor has {divisors.Count} numbers, a rotary dimension of {dim} needs {dim / 2}");
        var powers = RopeFrequencies.Powers(rope.Theta, dim);
        var inverse = new float[powers.Length];
        for (var i = 0; i < inverse.Length; i++) inverse[i] = 1 / ((float)divisors[i] * powers[i]);
        var scaling = (isLong ? rope.LongMscale : rope.ShortMscale) ?? rope.AttentionFactor ?? AttentionScaling(rope, original);
        return new RopeFrequencies(inverse, (float)scaling);
    }

    private static double AttentionScaling(RopeConfig rope, double original)
    {
        var factor = rope.Factor ?? rope.MaxPositionEmbeddings!.Value / original;
        return factor <= 1 ? 1 : Math.Sqrt(1 + Math.Log(factor) / Math.Log(original));
    }
}
