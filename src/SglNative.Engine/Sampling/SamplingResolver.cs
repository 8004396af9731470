using SglNative.Core.Configuration;
using SglNative.Engine.Generation;
using SglNative.Engine.Scheduling;

namespace SglNative.Engine.Sampling;

/// <summary>Turns a request's parameters into a sequence's: checks, defaults, the model's end tokens, a seed.</summary>
/// <param name="defaults">The checkpoint's generation defaults; those of OpenAI when empty.</param>
/// <param name="endTokens">Tokens that end a sequence of this model.</param>
/// <param name="vocabSize">Tokens of the model.</param>
/// <param name="seed">Seed of the engine; the source of seeds for requests without one.</param>
internal sealed class SamplingResolver(GenerationConfig defaults, IReadOnlySet<int> endTokens, int vocabSize, int? seed)
{
    private readonly Random _seeds = seed is { } fixedSeed ? new Random(fixedSeed) : new Random();

    /// <summary>Checks a request's parameters.</summary>
    /// <exception cref="Core.SglException">A value is out of its range.</exception>
    public void Validate(SamplingParams p) => SamplingLimits.Validate(p, vocabSize);

    /// <summary>The options of output <paramref name="index"/> of a request that was checked.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="index">Which of the N outputs; each gets its own draws.</param>
    /// <param name="room">Tokens that the context leaves after the prompt.</param>
    public SequenceOptions Resolve(GenerateRequest request, int index, int room)
    {
        var p = request.Sampling;
        var temperature = p.Temperature ?? (float?)defaults.Temperature ?? 1;
        var topK = p.TopK ?? defaults.TopK ?? 0;
        return new SequenceOptions
        {
            MaxNewTokens = Math.Min(p.MaxNewTokens ?? p.DefaultNewTokens ?? room, room),
            MinNewTokens = p.MinNewTokens,
            // So small a temperature leaves one token, and dividing by it overflows.
            Temperature = temperature < 1e-5f ? 0 : temperature,
            TopP = p.TopP ?? (float?)defaults.TopP ?? 1,
            TopK = topK < 0 || topK >= vocabSize ? 0 : topK,
            MinP = p.MinP ?? (float?)defaults.MinP ?? 0,
            FrequencyPenalty = p.FrequencyPenalty,
            PresencePenalty = p.PresencePenalty,
            RepetitionPenalty = p.RepetitionPenalty ?? (float?)defaults.RepetitionPenalty ?? 1,
            LogitBias = p.LogitBias is { Count: > 0 } ? p.LogitBias : null,
            StopTokens = StopTokens(p),
            Seed = (p.Seed ?? NextSeed()) + index,
            ReturnLogProbs = request.ReturnLogProbs,
            PromptLogProbStart = request.LogProbStart,
            TopLogProbs = request.TopLogProbs,
        };
    }

    private IReadOnlySet<int> StopTokens(SamplingParams p)
    {
        if (p.StopTokenIds.Count == 0) return p.IgnoreEos ? new HashSet<int>() : endTokens;
        var stops = new HashSet<int>(p.StopTokenIds);
        if (!p.IgnoreEos) stops.UnionWith(endTokens);
        return stops;
    }

    private long NextSeed()
    {
        lock (_seeds) return _seeds.NextInt64();
    }
}
