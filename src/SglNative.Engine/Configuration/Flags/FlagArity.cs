namespace SglNative.Engine.Configuration.Flags;

/// <summary>How many words follow a flag.</summary>
public enum FlagArity
{
    /// <summary>None: the flag is a switch.</summary>
    None,

    /// <summary>Exactly one.</summary>
    One,

    /// <summary>One or none.</summary>
    OneOrNone,

    /// <summary>One or more, up to the next flag.</summary>
    Many,
}
