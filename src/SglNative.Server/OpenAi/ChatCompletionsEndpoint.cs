using System.Text;
using Microsoft.AspNetCore.Http;
using SglNative.Core;
using SglNative.Engine.Generation;
using SglNative.Server.Http;

namespace SglNative.Server.OpenAi;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal sealed class ChatCompletionsEndpoint(ServedModel served)
{
    /// <summary>The fields that are known and not read.</summary>
    public static FieldPolicy Policy { get; } = OpenAiSampling.Policy.And(new(
    [
        ("tools", "tool calls are"), ("functions", "function calls are"), ("function_call", "function calls are"),
        ("audio", "audio in the answer is"), ("web_search_options", "web search is"),
    ],
    // These say how tools are called, reasoning is set apart, or output is predicted: without those there is nothing to say.
    ["tool_choice", "parallel_tool_calls", "separate_reasoning", "stream_reasoning", "prediction", "verbosity"]));

    private readonly LogProbText _logProbs = new(served.Engine.Tokenizer);

    public async Task HandleAsync(HttpContext context)
    {
        GenerateRequest request;
        StreamOptions stream;
        string model;
        using (var body = await RequestBody.ReadAsync(context).ConfigureAwait(false))
        {
            var fields = new RequestFields(body.RootElement);
            model = fields.FindString("model") ?? served.Name;
            stream = StreamOptions.Read(fields);
            request = Read(fields);
        }
        var answer = new Answer($"chatcmpl-{Guid.NewGuid():N}", DateTimeOffset.UtcNow.ToUnixTimeSeconds(), model);
        // The request is checked here, while an error can still be a status.
        var chunks = served.Engine.StreamAsync(request, context.RequestAborted);
        if (stream.Stream) await StreamAsync(context, chunks, request, answer, stream).ConfigureAwait(false);
        else await WholeAsync(context, chunks, request, answer).ConfigureAwait(false);
    }

    /// <summary>The engine's request.</summary>
    public GenerateRequest Read(in RequestFields fields)
    {
        Policy.Check(fields);
        if (fields.FindStrings("modalities").Any(modality => modality != "text")) throw new SglException("modalities: only text is supported yet; leave the field out");
        var logProbs = fields.FindBool("logprobs");
        var top = fields.FindInt("top_logprobs") ?? 0;
        if (top is < 0 or > 20) throw new SglException($"top_logprobs is {top}, expected in [0, 20]");
        if (top > 0 && !logProbs) throw new SglException("top_logprobs is given, but logprobs is not true");
        return new GenerateRequest
        {
            Text = served.RenderChat(fields),
            AddSpecialTokens = false,
            Sampling = OpenAiSampling.Read(fields, null),
            ReturnLogProbs = logProbs,
            TopLogProbs = top,
            RequestId = fields.FindString("rid"),
        };
    }

    private async Task WholeAsync(HttpContext context, IAsyncEnumerable<GenerateChunk> chunks, GenerateRequest request, Answer answer)
    {
        var outputs = new SortedDictionary<int, (StringBuilder Text, List<PositionLogProbs> LogProbs, GenerateChunk Last)>();
        await foreach (var chunk in chunks.ConfigureAwait(false))
        {
            var (text, logProbs) = outputs.TryGetValue(chunk.Index, out var known) ? (known.Text, known.LogProbs) : (new StringBuilder(), []);
            text.Append(chunk.Text);
            logProbs.AddRange(chunk.LogProbs);
            outputs[chunk.Index] = (text, logProbs, chunk);
        }
        var choices = outputs.Select(o => new ChatChoice(o.Key, new ChatMessage("assistant", o.Value.Text.ToString()),
            request.ReturnLogProbs ? _logProbs.Chat(o.Value.LogProbs) : null,
            FinishReasons.Name(o.Value.Last.Finish), FinishReasons.Matched(o.Value.Last.Finish))).ToArray();
        var usage = Usage.Of(outputs.Values.First().Last.PromptTokens, outputs.Values.Sum(o => o.Last.CompletionTokens));
        await context.WriteAsync(new ChatCompletion(answer.Id, "chat.completion", answer.Created, answer.Model, choices, usage),
            ServerJson.Default.ChatCompletion).ConfigureAwait(false);
    }

    private async Task StreamAsync(HttpContext context, IAsyncEnumerable<GenerateChunk> chunks, GenerateRequest request, Answer answer, StreamOptions options)
    {
        var events = await EventStream.StartAsync(context).ConfigureAwait(false);
        await using var _ = events.ConfigureAwait(false);
        var counts = new UsageCounter();
        for (var i = 0; i < request.Sampling.N; i++)
            await SendAsync(new ChatChunkChoice(i, new ChatDelta { Role = "assistant", Content = "" }, null, null, null)).ConfigureAwait(false);
        await foreach (var chunk in StreamPacing.Pace(chunks, served.Args.StreamInterval).ConfigureAwait(false))
        {
            counts.Add(chunk);
            if (chunk.Text.Length > 0 || chunk.LogProbs.Count > 0)
                await SendAsync(new ChatChunkChoice(chunk.Index, new ChatDelta { Content = chunk.Text },
                    request.ReturnLogProbs ? _logProbs.Chat(chunk.LogProbs) : null, null, null)).ConfigureAwait(false);
            if (chunk.Finish is not null)
                await SendAsync(new ChatChunkChoice(chunk.Index, new ChatDelta(), null, FinishReasons.Name(chunk.Finish), FinishReasons.Matched(chunk.Finish))).ConfigureAwait(false);
        }
        if (options.IncludeUsage) await events.SendAsync(Chunk([], counts.Usage), ServerJson.Default.ChatCompletionChunk).ConfigureAwait(false);
        await events.EndAsync().ConfigureAwait(false);

        Task SendAsync(ChatChunkChoice choice) =>
            events.SendAsync(Chunk([choice], options.ContinuousUsage ? counts.Usage : null), ServerJson.Default.ChatCompletionChunk);

        ChatCompletionChunk Chunk(IReadOnlyList<ChatChunkChoice> choices, Usage? usage) =>
            new(answer.Id, "chat.completion.chunk", answer.Created, answer.Model, choices) { Usage = usage };
    }
}
