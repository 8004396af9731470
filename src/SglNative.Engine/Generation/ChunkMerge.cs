using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace SglNative.Engine.Generation;

/// <summary>Reads several outputs at once.</summary>
internal static class ChunkMerge
{
    /// <summary>Chunks of all sources as they come; ending the enumeration ends the sources.</summary>
    public static async IAsyncEnumerable<GenerateChunk> MergeAsync(
        IReadOnlyList<Func<CancellationToken, IAsyncEnumerable<GenerateChunk>>> sources, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var channel = Channel.CreateUnbounded<GenerateChunk>(new() { SingleReader = true });
        var readers = Task.WhenAll(sources.Select(source => PumpAsync(source, channel.Writer, ended.Token)));
        _ = readers.ContinueWith(done => channel.Writer.TryComplete(done.Exception?.GetBaseException()), CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            await foreach (var chunk in channel.Reader.ReadAllAsync(cancellation).ConfigureAwait(false)) yield return chunk;
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
        }
    }

    private static async Task PumpAsync(
        Func<CancellationToken, IAsyncEnumerable<GenerateChunk>> source, ChannelWriter<GenerateChunk> writer, CancellationToken cancellation)
    {
        await foreach (var chunk in source(cancellation).ConfigureAwait(false)) await writer.WriteAsync(chunk, cancellation).ConfigureAwait(false);
    }
}
