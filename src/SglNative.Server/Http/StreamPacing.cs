using SglNative.Engine.Generation;

namespace SglNative.Server.Http;

/// <summary><c>--stream-interval</c>: joins chunks so that an event holds several tokens; the first and the last are never held up.</summary>
internal static class StreamPacing
{
    public static IAsyncEnumerable<GenerateChunk> Pace(IAsyncEnumerable<GenerateChunk> chunks, int interval) =>
        interval <= 1 ? chunks : JoinAsync(chunks, interval);

    private static async IAsyncEnumerable<GenerateChunk> JoinAsync(IAsyncEnumerable<GenerateChunk> chunks, int interval)
    {
        var held = new Dictionary<int, GenerateChunk>();
        await foreach (var chunk in chunks.ConfigureAwait(false))
        {
            var joined = held.Remove(chunk.Index, out var earlier) ? Join(earlier, chunk) : chunk;
            if (chunk.Finish is not null || chunk.CompletionTokens == 1 || chunk.CompletionTokens % interval == 0) yield return joined;
            else held[chunk.Index] = joined;
        }
    }

    private static GenerateChunk Join(GenerateChunk a, GenerateChunk b) => b with
    {
        Text = a.Text + b.Text,
        TokenIds = [.. a.TokenIds, .. b.TokenIds],
        LogProbs = [.. a.LogProbs, .. b.LogProbs],
        PromptLogProbs = [.. a.PromptLogProbs, .. b.PromptLogProbs],
    };
}
