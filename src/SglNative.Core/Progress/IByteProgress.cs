namespace SglNative.Core.Progress;

/// <summary>
/// Is told how a long transfer goes, a download, or weights on their way to a device, and other work that is counted in pieces.
/// Implementations are thread-safe.
/// </summary>
public interface IByteProgress
{
    /// <summary>A transfer of <paramref name="totalBytes"/> starts, of which <paramref name="doneBytes"/> were there before.</summary>
    void Begin(string title, long totalBytes, long doneBytes = 0);

    /// <summary>Work of <paramref name="total"/> pieces starts, which <paramref name="unit"/> names: <c>kernels</c>.</summary>
    void Begin(string title, long total, string unit) => Begin(title, total);

    /// <summary>That many more bytes (or pieces) are done; negative when some have to be done again.</summary>
    void Advance(long bytes);

    /// <summary>Something worth a line of its own.</summary>
    void Note(string line);

    /// <summary>The transfer is over, complete or not.</summary>
    void End();
}
