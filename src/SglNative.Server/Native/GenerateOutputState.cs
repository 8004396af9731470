using System.Diagnostics;
using System.Text;
using System.Text.Json;
using SglNative.Engine.Generation;
using SglNative.Server.OpenAi;

namespace SglNative.Server.Native;

/// <summary>One output of <c>/generate</c> as it grows.</summary>
internal sealed class GenerateOutputState(ServedModel served, GenerateBody body, GenerateRequest request, LogProbText texts)
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly string _id = request.RequestId ?? Guid.NewGuid().ToString("N");
    private readonly StringBuilder _text = new();
    private readonly List<int> _ids = [];
    private readonly List<PositionLogProbs> _input = [];
    private readonly List<PositionLogProbs> _output = [];
    private GenerateChunk? _last;

    public void Add(GenerateChunk chunk)
    {
        _text.Append(chunk.Text);
        _ids.AddRange(chunk.TokenIds);
        _input.AddRange(chunk.PromptLogProbs);
        _output.AddRange(chunk.LogProbs);
        _last = chunk;
    }

    /// <summary>The answer so far; only what is new of text and ids when <paramref name="only"/> is given.</summary>
    public GenerateAnswer Answer(int? index, GenerateChunk? only = null) => new(only?.Text ?? _text.ToString(), only?.TokenIds ?? [.. _ids], new MetaInfo
    {
        Id = _id,
        FinishReason = Finish(_last?.Finish),
        PromptTokens = _last?.PromptTokens ?? 0,
        WeightVersion = served.Args.WeightVersion,
        NumRetractions = _last?.Retractions ?? 0,
        InputTokenLogprobs = request.ReturnLogProbs ? [.. _input.Select(p => Entry(p.Token))] : null,
        OutputTokenLogprobs = request.ReturnLogProbs ? [.. _output.Select(p => Entry(p.Token))] : null,
        InputTopLogprobs = request is { ReturnLogProbs: true, TopLogProbs: > 0 } ? [.. _input.Select(Top)] : null,
        OutputTopLogprobs = request is { ReturnLogProbs: true, TopLogProbs: > 0 } ? [.. _output.Select(Top)] : null,
        CompletionTokens = _last?.CompletionTokens ?? 0,
        CachedTokens = _last?.CachedTokens ?? 0,
        E2eLatency = Stopwatch.GetElapsedTime(_started).TotalSeconds,
    })
    {
        Index = index,
    };

    private static NativeFinishReason? Finish(FinishReason? finish) => finish switch
    {
        null => null,
        FinishReason.Stop => new NativeFinishReason("stop") { Matched = FinishReasons.Matched(finish) },
        FinishReason.Length length => new NativeFinishReason("length") { Length = length.Tokens },
        FinishReason.Abort abort => new NativeFinishReason("abort") { Message = abort.Message },
        _ => throw new UnreachableException(),
    };

    private IReadOnlyList<JsonElement>? Top(PositionLogProbs position) => position.Token.LogProb is null ? null : [.. position.Top.Select(Entry)];

    // [log probability, token id, text or null]
    private JsonElement Entry(TokenLogProb token)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            if (token.LogProb is { } value && float.IsFinite(value)) writer.WriteNumberValue(value);
            else writer.WriteNullValue();
            writer.WriteNumberValue(token.TokenId);
            if (body.TextInLogProbs) writer.WriteStringValue(texts.Token(token.TokenId));
            else writer.WriteNullValue();
            writer.WriteEndArray();
        }
        using var document = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
        return document.RootElement.Clone();
    }
}
