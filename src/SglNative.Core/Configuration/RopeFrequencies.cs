namespace SglNative.Core.Configuration;

/// <summary>
/// The inverse frequencies of a rotary embedding and the factor on its cos and sin. Angle of pair i at position p: p × frequency i.
/// </summary>
/// <remarks>
/// Rounded to float32 after each step, in the order of the reference implementation: an angle at position 100,000 shows a
/// difference in the last bit of a frequency.
/// </remarks>
/// <param name="Inverse">One per pair of rotated dimensions: rotary dimension / 2 of them.</param>
/// <param name="AttentionScaling">Multiplies cos and sin; 1 for most types.</param>
public sealed record RopeFrequencies(float[] Inverse, float AttentionScaling)
{
    /// <summary>Computes them.</summary>
    /// <param name="rope">The parameters.</param>
    /// <param name="rotaryDim">Rotated dimensions of a head, <see cref="RopeConfig.RotaryDim"/>; even.</param>
    /// <param name="sequenceLength">
    /// Tokens of the longest sequence they are for. It matters to <see cref="RopeType.Dynamic"/> beyond the model's length and to
    /// <see cref="RopeType.LongRope"/>, which has other frequencies above its original length.
    /// </param>
    /// <exception cref="SglException">The parameters do not fit the dimension.</exception>
    public static RopeFrequencies Compute(RopeConfig rope, int rotaryDim, int sequenceLength)
    {
        if (rotaryDim < 2 || rotaryDim % 2 != 0) throw new SglException($"the rotary dimension is {rotaryDim}, it must be even and positive");
        return rope.Type switch
        {
            RopeType.Linear => new(Divide(Powers(rope.Theta, rotaryDim), rope.Factor!.Value), 1),
            RopeType.Dynamic => new(Reciprocal(Powers(DynamicBase(rope, rotaryDim, sequenceLength), rotaryDim)), 1),
            RopeType.Yarn => YarnFrequencies.Compute(rope, rotaryDim),
            RopeType.Llama3 => new(Llama3Frequencies.Compute(rope, rotaryDim), 1),
            RopeType.LongRope => LongRopeFrequencies.Compute(rope, rotaryDim, sequenceLength),
            RopeType.Proportional => new(Proportional(rope, rotaryDim), 1),
            _ => new(Reciprocal(Powers(rope.Theta, rotaryDim)), 1),
        };
    }

    /// <summary>theta^(2i/dim) for i in [0, dim/2).</summary>
    internal static float[] Powers(double theta, int dim)
    {
        var powers = new float[dim / 2];
        for (var i = 0; i < powers.Length; i++) powers[i] = (float)Math.Pow((float)theta, 2f * i / dim);
        return powers;
    }

    internal static float[] Reciprocal(float[] values) => Array.ConvertAll(values, v => 1 / v);

    private static float[] Divide(float[] powers, double factor) => Array.ConvertAll(powers, p => 1 / p / (float)factor);

    private static double DynamicBase(RopeConfig rope, int dim, int sequenceLength)
    {
        var exponent = dim / (dim - 2.0);
        if (rope.Alpha is { } alpha and not 0) return rope.Theta * Math.Pow(alpha, exponent);
        double trained = rope.MaxPositionEmbeddings!.Value;
        var factor = rope.Factor!.Value;
        return rope.Theta * Math.Pow(factor * Math.Max(sequenceLength, trained) / trained - (factor - 1), exponent);
    }

    private static float[] Proportional(RopeConfig rope, int headDim)
    {
        var rotated = (int)Math.Floor(rope.PartialRotaryFactor * headDim / 2);
        var inverse = Divide(Powers(rope.Theta, headDim), rope.Factor ?? 1);
        Array.Clear(inverse, rotated, inverse.Length - rotated);
        return inverse;
    }
}
