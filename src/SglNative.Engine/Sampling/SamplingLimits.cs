using SglNative.Core;
using SglNative.Core.Configuration;

namespace SglNative.Engine.Sampling;

/// <summary>The ranges of <see cref="SamplingParams"/>; every violation is one line that names the field.</summary>
public static class SamplingLimits
{
    /// <summary>The most outputs of one prompt.</summary>
    public const int MaxN = 128;

    /// <summary>The most stop strings or stop tokens.</summary>
    public const int MaxStops = 1024;

    /// <summary>Throws unless every value lies in its range.</summary>
    /// <param name="p">What was asked for.</param>
    /// <param name="vocabSize">Tokens of the model: bounds token ids.</param>
    /// <exception cref="SglException">A value is out of its range.</exception>
    public static void Validate(SamplingParams p, int vocabSize)
    {
        Range("temperature", p.Temperature, value => value >= 0 && float.IsFinite(value), "a finite number of at least 0");
        Range("top_p", p.TopP, value => value is > 0 and <= 1, "in (0, 1]");
        Range("min_p", p.MinP, value => value is >= 0 and <= 1, "in [0, 1]");
        Range("repetition_penalty", p.RepetitionPenalty, value => value is > 0 and <= 2, "in (0, 2]");
        Range("frequency_penalty", p.FrequencyPenalty, value => value is >= -2 and <= 2, "in [-2, 2]");
        Range("presence_penalty", p.PresencePenalty, value => value is >= -2 and <= 2, "in [-2, 2]");
        if (p.TopK is { } topK && topK < -1) throw Bad("top_k", topK, "-1 or 0 (all), or at least 1");
        var most = p.MaxNewTokens ?? p.DefaultNewTokens;
        if (most < 0) throw Bad("max_new_tokens", most.Value, "at least 0");
        if (p.MinNewTokens < 0 || p.MinNewTokens > most)
            throw Bad("min_new_tokens", p.MinNewTokens, most is null ? "at least 0" : $"in [0, max_new_tokens = {most}]");
        if (p.N is < 1 or > MaxN) throw Bad("n", p.N, $"in [1, {MaxN}]");
        if (p.Stop.Count > MaxStops || p.StopTokenIds.Count > MaxStops) throw new SglException($"stop has too many entries, at most {MaxStops}");
        foreach (var stop in p.Stop) if (stop.Length == 0) throw new SglException("stop holds an empty string, expected at least one character");
        foreach (var id in p.StopTokenIds) Token("stop_token_ids", id, vocabSize);
        if (p.LogitBias is null) return;
        foreach (var (id, bias) in p.LogitBias)
        {
            Token("logit_bias", id, vocabSize);
            if (float.IsNaN(bias) || float.IsPositiveInfinity(bias)) throw Bad("logit_bias", bias, "a finite number");
        }
    }

    /// <summary>Throws unless a checkpoint's defaults lie in the ranges that hold for requests.</summary>
    /// <param name="defaults">What <paramref name="file"/> says.</param>
    /// <param name="file">Its path, for the message.</param>
    /// <exception cref="SglException">A value is out of its range.</exception>
    public static void ValidateDefaults(GenerationConfig defaults, string file)
    {
        try
        {
            Validate(new SamplingParams
            {
                Temperature = (float?)defaults.Temperature, TopP = (float?)defaults.TopP, TopK = defaults.TopK, MinP = (float?)defaults.MinP,
                RepetitionPenalty = (float?)defaults.RepetitionPenalty,
            }, int.MaxValue);
        }
        catch (SglException e)
        {
            throw new SglException($"{file}: {e.Message}; correct the file, or leave it aside with --sampling-defaults openai", e);
        }
    }

    private static void Token(string field, int id, int vocabSize)
    {
        if ((uint)id >= (uint)vocabSize) throw Bad(field, id, $"a token id in [0, {vocabSize - 1}]");
    }

    private static void Range(string field, float? value, Func<float, bool> valid, string expected)
    {
        if (value is { } v && !valid(v)) throw Bad(field, v, expected);
    }

    private static SglException Bad<T>(string field, T value, string expected) where T : IFormattable =>
        new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{field} is {value}, expected {expected}"));
}
