namespace SglNative.Core.Hub;

/// <summary>A failure of the Hub, as a line for the user and a kind for the caller.</summary>
internal sealed class HubException(HubFailure failure, string message, Exception? inner = null) : SglException(message, inner!)
{
    public HubFailure Failure { get; } = failure;

    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
