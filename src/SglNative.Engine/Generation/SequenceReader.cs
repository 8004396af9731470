using System.Runtime.CompilerServices;
using SglNative.Engine.Scheduling;
using SglNative.Tokenizers;

namespace SglNative.Engine.Generation;

/// <summary>Turns a sequence's tokens into chunks on the reader's own thread, and tells the scheduler when nobody reads any more.</summary>
internal static class SequenceReader
{
    /// <summary>The chunks of one output, the last with a finish reason. Ending the enumeration early aborts the sequence.</summary>
    public static async IAsyncEnumerable<GenerateChunk> ReadAsync(
        Sequence sequence, HfTokenizer? tokenizer, GenerateRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var text = new OutputText(tokenizer, request.Sampling);
        var completion = 0;
        try
        {
            await foreach (var e in sequence.Outputs.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                var finish = e.Finish;
                var delta = "";
                if (e.Token >= 0)
                {
                    completion++;
                    // An end token is a token of the output, and no part of its text.
                    var hidden = finish is FinishReason.Stop && !request.Sampling.NoStopTrim;
                    if (!hidden) delta = text.Append(e.Token);
                }
                if (text.MatchedStop is { } stop) finish = new FinishReason.Stop(null, stop);
                else if (finish is not null) delta += text.Flush();
                if (text.MatchedStop is { } late && finish is FinishReason.Length) finish = new FinishReason.Stop(null, late);
                yield return new GenerateChunk
                {
                    Index = sequence.Index,
                    Text = delta,
                    TokenIds = e.Token >= 0 ? [e.Token] : [],
                    LogProbs = e.LogProbs is { } logProbs ? [logProbs] : [],
                    PromptLogProbs = e.PromptLogProbs ?? [],
                    Finish = finish,
                    PromptTokens = sequence.PromptLength,
                    CompletionTokens = completion,
                    Retractions = e.Retractions,
                };
                if (finish is not null) yield break;
            }
        }
        finally
        {
            sequence.Abort();
        }
    }
}
