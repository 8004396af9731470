namespace SglNative.Core.Configuration;

/// <summary>How rotary frequencies are stretched to contexts longer than those of the training.</summary>
public enum RopeType
{
    /// <summary>Not at all: theta^(-2i/d).</summary>
    Default,
    /// <summary>All divided by a factor.</summary>
    Linear,
    /// <summary>NTK-aware: the base grows with the length of the sequence.</summary>
    Dynamic,
    /// <summary>YaRN: low frequencies are interpolated, high ones kept, with a ramp between.</summary>
    Yarn,
    /// <summary>Llama 3.1: as YaRN, with the ramp given in wavelengths.</summary>
    Llama3,
    /// <summary>A factor of its own for each frequency, one set for short and one for long sequences.</summary>
    LongRope,
    /// <summary>The frequencies of the full head, only the first part of them used, zeros after.</summary>
    Proportional,
}
