namespace SglNative.Engine.Configuration.Flags;

/// <summary>What this engine makes of a flag, for a given value and device.</summary>
public enum FlagSupport
{
    /// <summary>It does what it does in SGLang.</summary>
    Works,

    /// <summary>It is accepted, one line says why it changes nothing here.</summary>
    NoEffect,

    /// <summary>What it asks for is missing: the program says so and stops.</summary>
    NotYet,
}
