namespace SglNative.Engine;

/// <summary>The engine takes no request just now: too many wait (<c>--max-queued-requests</c>), or it is shutting down. An HTTP 503.</summary>
public sealed class EngineUnavailableException : Exception
{
    /// <summary>Creates the error from its one-line message.</summary>
    public EngineUnavailableException(string message) : base(message) { }

    /// <summary>Creates the error from its one-line message and what caused it.</summary>
    public EngineUnavailableException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Creates an error without a message of its own.</summary>
    public EngineUnavailableException() { }
}
