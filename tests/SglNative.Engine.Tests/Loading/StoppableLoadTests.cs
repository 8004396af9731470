using SglNative.Core.Progress;
using SglNative.Engine.Configuration;

namespace SglNative.Engine.Tests.Loading;

public sealed class StoppableLoadTests
{
    [Fact]
    public async Task Loading_ends_when_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var progress = new StopAtFirst(stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Engine.StartAsync(new ServerArgs { Device = DeviceChoice.Cpu }, progress: progress, cancellation: stop.Token));
        Assert.Equal(1, progress.Pieces);
    }

    private sealed class StopAtFirst(CancellationTokenSource stop) : IByteProgress
    {
        public int Pieces { get; private set; }

        public void Begin(string title, long totalBytes, long doneBytes = 0) { }

        public void Advance(long bytes)
        {
            Pieces++;
            stop.Cancel();
        }

        public void Note(string line) { }

        public void End() { }
    }
}
