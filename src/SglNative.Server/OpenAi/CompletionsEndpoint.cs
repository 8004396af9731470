using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SglNative.Core;
using SglNative.Engine.Generation;
using SglNative.Server.Http;

namespace SglNative.Server.OpenAi;

/// <summary><c>POST /v1/completions</c>.</summary>
internal sealed class CompletionsEndpoint(ServedModel served)
{
    // OpenAI's own default.
    private const int DefaultMaxTokens = 16;

    /// <summary>The fields that are known and not read.</summary>
    public static FieldPolicy Policy { get; } = OpenAiSampling.Policy.And(new([("suffix", "text after the completion is")], []));

    private readonly LogProbText _logProbs = new(served.Engine.Tokenizer);

    public async Task HandleAsync(HttpContext context)
    {
        CompletionRequest request;
        using (var body = await RequestBody.ReadAsync(context).ConfigureAwait(false)) request = Read(new RequestFields(body.RootElement));
        var answer = new Answer($"cmpl-{Guid.NewGuid():N}", DateTimeOffset.UtcNow.ToUnixTimeSeconds(), request.Model);
        var chunks = served.Engine.StreamAsync(request.Prompts, context.RequestAborted);
        if (request.Stream.Stream) await StreamAsync(context, chunks, request, answer).ConfigureAwait(false);
        else await WholeAsync(context, chunks, request, answer).ConfigureAwait(false);
    }

    /// <summary>The engine's requests, and how to answer.</summary>
    public CompletionRequest Read(in RequestFields fields)
    {
        Policy.Check(fields);
        var sampling = OpenAiSampling.Read(fields, DefaultMaxTokens);
        if (fields.FindInt("best_of") is { } best && best != sampling.N) throw new SglException($"best_of is {best}, and only n = {sampling.N} is supported");
        var echo = fields.FindBool("echo");
        var top = fields.FindInt("logprobs");
        if (top is < 0 or > 20) throw new SglException($"logprobs is {top}, expected in [0, 20]");
        var prompts = ReadPrompts(fields).Select(prompt => prompt with
        {
            Sampling = sampling,
            ReturnLogProbs = top is not null,
            TopLogProbs = top ?? 0,
            LogProbStart = top is not null && echo ? 0 : -1,
        }).ToArray();
        return new CompletionRequest(fields.FindString("model") ?? served.Name, prompts, StreamOptions.Read(fields), echo, sampling.N);
    }

    private static List<GenerateRequest> ReadPrompts(in RequestFields fields)
    {
        if (fields.Find("prompt") is not { } prompt) throw new SglException("prompt is missing: expected a text, token ids, or an array of either");
        if (prompt.ValueKind == JsonValueKind.String) return [new GenerateRequest { Text = fields.FindString("prompt") }];
        if (prompt.ValueKind != JsonValueKind.Array || prompt.GetArrayLength() == 0)
            throw fields.Wrong("prompt", "a text, an array of token ids, or a non-empty array of either", prompt);
        var first = prompt[0].ValueKind;
        if (first == JsonValueKind.Number) return [new GenerateRequest { InputIds = fields.Ints(prompt, "prompt") }];
        if (first == JsonValueKind.String) return [.. fields.FindStrings("prompt").Select(text => new GenerateRequest { Text = text })];
        var requests = new List<GenerateRequest>();
        foreach (var item in prompt.EnumerateArray())
            requests.Add(item.ValueKind == JsonValueKind.Array
                ? new GenerateRequest { InputIds = fields.Ints(item, $"prompt[{requests.Count}]") }
                : throw fields.Wrong($"prompt[{requests.Count}]", "an array of token ids", item));
        return requests;
    }

    private async Task WholeAsync(HttpContext context, IAsyncEnumerable<GenerateChunk> chunks, CompletionRequest request, Answer answer)
    {
        var outputs = new SortedDictionary<int, Output>();
        await foreach (var chunk in chunks.ConfigureAwait(false))
        {
            if (!outputs.TryGetValue(chunk.Index, out var output)) outputs[chunk.Index] = output = new Output(request, chunk.Index, this);
            output.Add(chunk);
        }
        var usage = new UsageCounter(request.N);
        foreach (var output in outputs.Values) usage.Add(output.Last);
        await context.WriteAsync(new Completion(answer.Id, "text_completion", answer.Created, answer.Model, [.. outputs.Values.Select(output => output.Choice())])
        {
            Usage = usage.Usage,
        }, ServerJson.Default.Completion).ConfigureAwait(false);
    }

    private async Task StreamAsync(HttpContext context, IAsyncEnumerable<GenerateChunk> chunks, CompletionRequest request, Answer answer)
    {
        var events = await EventStream.StartAsync(context).ConfigureAwait(false);
        await using var _ = events.ConfigureAwait(false);
        var usage = new UsageCounter(request.N);
        var offsets = new Dictionary<int, int>();
        await foreach (var chunk in StreamPacing.Pace(chunks, served.Args.StreamInterval).ConfigureAwait(false))
        {
            usage.Add(chunk);
            var isFirst = offsets.TryAdd(chunk.Index, 0);
            if (!isFirst && chunk.Text.Length == 0 && chunk.LogProbs.Count == 0 && chunk.Finish is null) continue;
            var offset = offsets[chunk.Index];
            var prompt = request.Prompts[chunk.Index / request.N];
            var text = isFirst && request.Echo ? EchoOf(prompt) + chunk.Text : chunk.Text;
            var logProbs = prompt.ReturnLogProbs ? _logProbs.Completion([.. chunk.PromptLogProbs, .. chunk.LogProbs], ref offset) : null;
            offsets[chunk.Index] = offset;
            await events.SendAsync(new Completion(answer.Id, "text_completion", answer.Created, answer.Model,
                [new CompletionChoice(chunk.Index, text, logProbs, FinishReasons.Name(chunk.Finish), FinishReasons.Matched(chunk.Finish))])
            {
                Usage = request.Stream.ContinuousUsage ? usage.Usage : null,
            }, ServerJson.Default.Completion).ConfigureAwait(false);
        }
        if (request.Stream.IncludeUsage)
            await events.SendAsync(new Completion(answer.Id, "text_completion", answer.Created, answer.Model, []) { Usage = usage.Usage },
                ServerJson.Default.Completion).ConfigureAwait(false);
        await events.EndAsync().ConfigureAwait(false);
    }

    private string EchoOf(GenerateRequest prompt) =>
        prompt.Text ?? served.Engine.Tokenizer?.Decode([.. prompt.InputIds!], skipSpecialTokens: true) ?? "";

    internal sealed record CompletionRequest(string Model, IReadOnlyList<GenerateRequest> Prompts, StreamOptions Stream, bool Echo, int N);

    private sealed class Output(CompletionRequest request, int index, CompletionsEndpoint endpoint)
    {
        private readonly StringBuilder _text = new();
        private readonly List<PositionLogProbs> _positions = [];

        public GenerateChunk Last { get; private set; } = null!;

        private GenerateRequest Prompt => request.Prompts[index / request.N];

        public void Add(GenerateChunk chunk)
        {
            _text.Append(chunk.Text);
            _positions.AddRange(chunk.PromptLogProbs);
            _positions.AddRange(chunk.LogProbs);
            Last = chunk;
        }

        public CompletionChoice Choice()
        {
            var offset = 0;
            var text = request.Echo ? endpoint.EchoOf(Prompt) + _text : _text.ToString();
            return new CompletionChoice(index, text, Prompt.ReturnLogProbs ? endpoint._logProbs.Completion(_positions, ref offset) : null,
                FinishReasons.Name(Last.Finish), FinishReasons.Matched(Last.Finish));
        }
    }
}
