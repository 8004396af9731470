namespace SglNative.Engine;

/// <summary>Too many requests wait (<c>--max-queued-requests</c>): an HTTP 503.</summary>
public sealed class EngineBusyException : Exception
{
    /// <summary>Creates the error from its one-line message.</summary>
    public EngineBusyException(string message) : base(message) { }

    /// <summary>Creates the error from its one-line message and what caused it.</summary>
    public EngineBusyException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Creates an error without a message of its own.</summary>
    public EngineBusyException() { }
}
