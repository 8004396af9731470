namespace SglNative.Interop;

/// <summary>Which stream's blocks are scheduled first when several have work.</summary>
public enum StreamPriority
{
    /// <summary>The default.</summary>
    Normal,
    /// <summary>Before the others.</summary>
    High,
}
