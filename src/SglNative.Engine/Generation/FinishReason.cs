namespace SglNative.Engine.Generation;

/// <summary>Why a sequence ended.</summary>
public abstract record FinishReason
{
    private FinishReason() { }

    /// <summary>An end token or a stop string.</summary>
    /// <param name="MatchedToken">The token, or null.</param>
    /// <param name="MatchedText">The stop string, or null.</param>
    public sealed record Stop(int? MatchedToken, string? MatchedText) : FinishReason;

    /// <summary>As many tokens as were asked for, or as the context holds.</summary>
    /// <param name="Tokens">How many were generated.</param>
    public sealed record Length(int Tokens) : FinishReason;

    /// <summary>The caller went away or asked for it, or the engine failed.</summary>
    /// <param name="Message">One line.</param>
    /// <param name="IsError">True when the engine failed: an HTTP 500.</param>
    public sealed record Abort(string Message, bool IsError) : FinishReason
    {
        /// <summary>What was thrown where the engine failed; callers get it as the inner exception, clients never.</summary>
        internal Exception? Cause { get; init; }
    }
}
