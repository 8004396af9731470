namespace SglNative.Core.Hub;

/// <summary>What kind of failure a <see cref="HubException"/> is, where the caller can do something about it.</summary>
internal enum HubFailure
{
    /// <summary>The answer will not change by itself.</summary>
    Refused,
    /// <summary>There is no such repository, or none that this user may see.</summary>
    NoSuchRepository,
    /// <summary>No answer, or one that says to come back later; worth another attempt, or the cache.</summary>
    Unavailable,
}
