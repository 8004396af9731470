namespace SglNative.Core.Configuration;

/// <summary>The scaling of Llama 3.1: frequencies are kept, blended or divided by their wavelength.</summary>
internal static class Llama3Frequencies
{
    public static float[] Compute(RopeConfig rope, int dim)
    {
        var factor = (float)rope.Factor!.Value;
        float original = rope.OriginalMaxPositionEmbeddings!.Value;
        var (lowFactor, highFactor) = (rope.LowFreqFactor!.Value, rope.HighFreqFactor!.Value);
        var longest = (float)(original / lowFactor);
        var shortest = (float)(original / highFactor);
        return Array.ConvertAll(RopeFrequencies.Reciprocal(RopeFrequencies.Powers(rope.Theta, dim)), frequency =>
        {
            var wavelength = 1 / frequency * (float)(2 * Math.PI);
            if (wavelength < shortest) return frequency;
            if (wavelength > longest) return frequency / factor;
            var smooth = (1 / wavelength * original - (float)lowFactor) / (float)(highFactor - lowFactor);
            return (1 - smooth) * frequency / factor + smooth * frequency;
        });
    }
}
