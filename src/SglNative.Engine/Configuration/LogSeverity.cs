namespace SglNative.Engine.Configuration;

/// <summary>What <c>--log-level</c> asks for: the least severe message that is written.</summary>
public enum LogSeverity
{
    /// <summary>Everything.</summary>
    Debug,

    /// <summary>The course of events.</summary>
    Info,

    /// <summary>What may need attention.</summary>
    Warning,

    /// <summary>What failed.</summary>
    Error,

    /// <summary>What ends the server.</summary>
    Critical,
}
