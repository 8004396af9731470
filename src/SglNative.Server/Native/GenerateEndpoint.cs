using Microsoft.AspNetCore.Http;
using SglNative.Engine.Generation;
using SglNative.Server.Http;
using SglNative.Server.OpenAi;

namespace SglNative.Server.Native;

/// <summary><c>POST /generate</c>, SGLang's own endpoint.</summary>
internal sealed class GenerateEndpoint(ServedModel served)
{
    private readonly LogProbText _texts = new(served.Engine.Tokenizer);

    public async Task HandleAsync(HttpContext context)
    {
        GenerateBody body;
        using (var document = await RequestBody.ReadAsync(context).ConfigureAwait(false)) body = GenerateBody.Read(new RequestFields(document.RootElement));
        // This checks n, before anything is made for each of the outputs.
        var chunks = served.Engine.StreamAsync(body.Prompts, context.RequestAborted);
        var n = body.Prompts[0].Sampling.N;
        var outputs = Enumerable.Range(0, body.Prompts.Count * n).Select(i => new GenerateOutputState(served, body, body.Prompts[i / n], _texts)).ToArray();
        var isList = body.IsBatch || n > 1;
        if (body.Stream) await StreamAsync(context, StreamPacing.Pace(chunks, body.StreamInterval ?? served.Args.StreamInterval), outputs, isList).ConfigureAwait(false);
        else await WholeAsync(context, chunks, outputs, isList).ConfigureAwait(false);
    }

    private static async Task WholeAsync(HttpContext context, IAsyncEnumerable<GenerateChunk> chunks, GenerateOutputState[] outputs, bool isList)
    {
        await foreach (var chunk in chunks.ConfigureAwait(false)) outputs[chunk.Index].Add(chunk);
        if (isList) await context.WriteAsync([.. outputs.Select(output => output.Answer(null))], ServerJson.Default.IReadOnlyListGenerateAnswer).ConfigureAwait(false);
        else await context.WriteAsync(outputs[0].Answer(null), ServerJson.Default.GenerateAnswer).ConfigureAwait(false);
    }

    private async Task StreamAsync(HttpContext context, IAsyncEnumerable<GenerateChunk> chunks, GenerateOutputState[] outputs, bool isList)
    {
        var events = await EventStream.StartAsync(context).ConfigureAwait(false);
        await using var _ = events.ConfigureAwait(false);
        await foreach (var chunk in chunks.ConfigureAwait(false))
        {
            outputs[chunk.Index].Add(chunk);
            await events.SendAsync(outputs[chunk.Index].Answer(isList ? chunk.Index : null, served.Args.IncrementalStreamingOutput ? chunk : null),
                ServerJson.Default.GenerateAnswer).ConfigureAwait(false);
        }
        await events.EndAsync().ConfigureAwait(false);
    }
}
