namespace SglNative.Core.Hub;

/// <summary>What the Hub says of a file before it is transferred.</summary>
/// <param name="Path">Its path in the repository.</param>
/// <param name="ETag">SHA-256 of a large file's content, git's SHA-1 of a small one's; the name of its blob in the cache.</param>
/// <param name="Size">Bytes, or null when not said.</param>
internal sealed record HubFile(string Path, string ETag, long? Size);
