namespace SglNative.Core.Configuration;

/// <summary>
/// The defaults that a checkpoint's <c>generation_config.json</c> sets for sampling; null where it says nothing. The end tokens of
/// <c>config.json</c> stand in where the file has none.
/// </summary>
public sealed record GenerationConfig
{
    /// <summary>The file's name.</summary>
    public const string FileName = "generation_config.json";

    /// <summary>False asks for greedy decoding.</summary>
    public bool? DoSample { get; init; }

    /// <summary>Divides the logits; 0 is greedy.</summary>
    public double? Temperature { get; init; }

    /// <summary>Smallest set of tokens whose probability reaches this, (0, 1].</summary>
    public double? TopP { get; init; }

    /// <summary>Number of most probable tokens kept; 0 or less keeps all.</summary>
    public int? TopK { get; init; }

    /// <summary>Least probability relative to the most probable token, [0, 1].</summary>
    public double? MinP { get; init; }

    /// <summary>Divides the logits of tokens seen before; 1 is none.</summary>
    public double? RepetitionPenalty { get; init; }

    /// <summary>Subtracted from the logits by how often a token was generated.</summary>
    public double? FrequencyPenalty { get; init; }

    /// <summary>Subtracted from the logits of tokens that were generated.</summary>
    public double? PresencePenalty { get; init; }

    /// <summary>Most tokens to generate.</summary>
    public int? MaxNewTokens { get; init; }

    /// <summary>Tokens that end a generation; empty when neither file names one.</summary>
    public IReadOnlyList<int> EosTokenIds { get; init; } = [];

    /// <summary>The token that starts a sequence.</summary>
    public int? BosTokenId { get; init; }

    /// <summary>The token that fills up batches.</summary>
    public int? PadTokenId { get; init; }

    /// <summary>Reads the file of a checkpoint folder; without one, only the special tokens of <paramref name="config"/> are known.</summary>
    /// <exception cref="SglException">The file is not JSON, or a field has the wrong type.</exception>
    public static GenerationConfig Load(string directory, CheckpointConfig? config = null)
    {
        var path = Path.Combine(directory, FileName);
        return From(File.Exists(path) ? JsonConfig.Load(path) : JsonConfig.Parse("{}", path), config);
    }

    /// <summary>Reads it from JSON.</summary>
    /// <exception cref="SglException">A field has the wrong type.</exception>
    public static GenerationConfig From(JsonConfig json, CheckpointConfig? config = null)
    {
        var eos = json.FindOneOrMoreInts("eos_token_id");
        if (eos.Length == 0 && config is not null) eos = EosOf(config.Text) is { Length: > 0 } nested ? nested : EosOf(config.Root);
        return new GenerationConfig
        {
            DoSample = json.FindBool("do_sample"),
            Temperature = json.FindFloat("temperature"),
            TopP = json.FindFloat("top_p"),
            TopK = json.FindInt("top_k"),
            MinP = json.FindFloat("min_p"),
            RepetitionPenalty = json.FindFloat("repetition_penalty"),
            FrequencyPenalty = json.FindFloat("frequency_penalty"),
            PresencePenalty = json.FindFloat("presence_penalty"),
            MaxNewTokens = json.FindInt("max_new_tokens"),
            EosTokenIds = eos,
            BosTokenId = json.FindInt("bos_token_id") ?? First(config, "bos_token_id"),
            PadTokenId = json.FindInt("pad_token_id") ?? First(config, "pad_token_id"),
        };
    }

    private static int[] EosOf(JsonConfig config) => config.FindOneOrMoreInts("eos_token_id");

    // Some configurations list several where one is meant; the first is the one that tokenizers use.
    private static int? First(CheckpointConfig? config, string key)
    {
        if (config is null) return null;
        var ids = config.Text.FindOneOrMoreInts(key) is { Length: > 0 } nested ? nested : config.Root.FindOneOrMoreInts(key);
        return ids.Length > 0 ? ids[0] : null;
    }
}
