using SglNative.Core.Progress;

namespace SglNative.Engine.Loading;

/// <summary>Ends a transfer at its next piece once it is cancelled, so that an interrupt does not wait for the last of many gigabytes.</summary>
internal sealed class StoppableProgress(IByteProgress? progress, CancellationToken cancellation) : IByteProgress
{
    public void Begin(string title, long totalBytes, long doneBytes = 0)
    {
        cancellation.ThrowIfCancellationRequested();
        progress?.Begin(title, totalBytes, doneBytes);
    }

    public void Begin(string title, long total, string unit)
    {
        cancellation.ThrowIfCancellationRequested();
        progress?.Begin(title, total, unit);
    }

    public void Advance(long bytes)
    {
        cancellation.ThrowIfCancellationRequested();
        progress?.Advance(bytes);
    }

    public void Note(string line) => progress?.Note(line);

    public void End() => progress?.End();
}
