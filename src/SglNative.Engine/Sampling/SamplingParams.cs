namespace SglNative.Engine.Sampling;

/// <summary>
/// How tokens are drawn and when a sequence ends, by SGLang's names. A null value takes the default of the model's
/// <c>generation_config.json</c> (or of <c>--sampling-defaults openai</c>), and after that the one given here.
/// </summary>
public sealed record SamplingParams
{
    /// <summary>The most tokens to generate, which with the prompt must fit the context; null for <see cref="DefaultNewTokens"/>.</summary>
    public int? MaxNewTokens { get; init; }

    /// <summary>The most tokens where the request does not say, as far as the context has room; null for up to its end.</summary>
    public int? DefaultNewTokens { get; init; }

    /// <summary>No end by token or string before this many tokens.</summary>
    public int MinNewTokens { get; init; }

    /// <summary>0 takes the most probable token; default 1.</summary>
    public float? Temperature { get; init; }

    /// <summary>Nucleus, in (0, 1]; default 1.</summary>
    public float? TopP { get; init; }

    /// <summary>Keeps the k most probable; -1 or 0 keeps all, the default.</summary>
    public int? TopK { get; init; }

    /// <summary>Drops what is less probable than this fraction of the most probable, in [0, 1]; default 0.</summary>
    public float? MinP { get; init; }

    /// <summary>Subtracted from a logit for each time the token was generated, in [-2, 2].</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Subtracted once from the logit of each token that was generated, in [-2, 2].</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Divides positive and multiplies negative logits of tokens in prompt and output, in (0, 2]; default 1.</summary>
    public float? RepetitionPenalty { get; init; }

    /// <summary>Strings that end the output; they are not part of it unless <see cref="NoStopTrim"/>.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Tokens that end the output, besides the model's own.</summary>
    public IReadOnlyList<int> StopTokenIds { get; init; } = [];

    /// <summary>The model's own end tokens do not end the output.</summary>
    public bool IgnoreEos { get; init; }

    /// <summary>Special tokens are left out of the text; default true.</summary>
    public bool SkipSpecialTokens { get; init; } = true;

    /// <summary>Keeps the stop string or token in the text.</summary>
    public bool NoStopTrim { get; init; }

    /// <summary>Independent outputs of one prompt.</summary>
    public int N { get; init; } = 1;

    /// <summary>Makes draws repeatable; null takes one from the engine's own seed.</summary>
    public long? Seed { get; init; }

    /// <summary>Added to the logits of tokens, by id.</summary>
    public IReadOnlyDictionary<int, float>? LogitBias { get; init; }
}
