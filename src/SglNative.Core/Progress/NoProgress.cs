namespace SglNative.Core.Progress;

/// <summary>Tells nobody.</summary>
public sealed class NoProgress : IByteProgress
{
    /// <summary>The one instance; it has no state.</summary>
    public static NoProgress Instance { get; } = new();

    /// <inheritdoc/>
    public void Begin(string title, long totalBytes, long doneBytes = 0) { }

    /// <inheritdoc/>
    public void Advance(long bytes) { }

    /// <inheritdoc/>
    public void Note(string line) { }

    /// <inheritdoc/>
    public void End() { }
}
