using SglNative.Core.Progress;

namespace SglNative.Core.Tests.Hub;

/// <summary>Adds up what it is told.</summary>
internal sealed class RecordingProgress : IByteProgress
{
    private readonly Lock _lock = new();

    public List<string> Titles { get; } = [];

    public List<string> Notes { get; } = [];

    public long Total { get; private set; }

    public long Done { get; private set; }

    public void Begin(string title, long totalBytes, long doneBytes = 0)
    {
        lock (_lock)
        {
            Titles.Add(title);
            (Total, Done) = (Total + totalBytes, Done + doneBytes);
        }
    }

    public void Advance(long bytes)
    {
        lock (_lock) Done += bytes;
    }

    public void Note(string line)
    {
        lock (_lock) Notes.Add(line);
    }

    public void End() { }
}
