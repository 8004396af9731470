using System.Globalization;

namespace SglNative.Tokenizers.Tiktoken;

/// <summary>What a tiktoken file does not say itself: how text is split, and which special tokens follow its ranks.</summary>
/// <param name="Pattern">The regex of pieces.</param>
/// <param name="SpecialTokens">Special tokens and their ids.</param>
internal sealed record TiktokenFamily(string Pattern, IReadOnlyDictionary<string, int> SpecialTokens)
{
    private const string Gpt2 = PreTokenizers.ByteLevelPreTokenizer.Pattern;
    private const string Cl100k = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Qwen = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string O200k =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
        + @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
        + @"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Kimi =
        @"[\p{Han}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
        + @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
        + @"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>The family of a file, by its name, its tokenizer's class and its size.</summary>
    /// <param name="fileName">The file's name without its folder.</param>
    /// <param name="tokenizerClass">tokenizer_class of the configuration, or null.</param>
    /// <param name="ranks">How many tokens the file has, or the first id behind them.</param>
    public static TiktokenFamily Of(string fileName, string? tokenizerClass, int ranks)
    {
        if (fileName.StartsWith("qwen", StringComparison.OrdinalIgnoreCase) || tokenizerClass is "QWenTokenizer")
            return new TiktokenFamily(Qwen, Number(ranks, ["<|endoftext|>", "<|im_start|>", "<|im_end|>", .. Series("<|extra_{0}|>", 0, 205)]));
        if (fileName.StartsWith("o200k", StringComparison.Ordinal))
            return new TiktokenFamily(O200k, new Dictionary<string, int> { ["<|endoftext|>"] = 199999, ["<|endofprompt|>"] = 200018 });
        if (fileName.StartsWith("cl100k", StringComparison.Ordinal))
            return new TiktokenFamily(Cl100k, new Dictionary<string, int>
            {
                ["<|endoftext|>"] = 100257, ["<|fim_prefix|>"] = 100258, ["<|fim_middle|>"] = 100259, ["<|fim_suffix|>"] = 100260, ["<|endofprompt|>"] = 100276,
            });
        if (fileName.StartsWith("p50k", StringComparison.Ordinal) || fileName.StartsWith("r50k", StringComparison.Ordinal) || fileName.StartsWith("gpt2", StringComparison.Ordinal))
            return new TiktokenFamily(Gpt2, new Dictionary<string, int> { ["<|endoftext|>"] = 50256 });
        if (tokenizerClass is "TikTokenTokenizer") return new TiktokenFamily(Kimi, new Dictionary<string, int>());
        // Llama 3 as Meta publishes it.
        if (fileName == "tokenizer.model")
            return new TiktokenFamily(Cl100k, Number(ranks, ["<|begin_of_text|>", "<|end_of_text|>", .. Series("<|reserved_special_token_{0}|>", 0, 4),
                "<|start_header_id|>", "<|end_header_id|>", "<|reserved_special_token_4|>", "<|eot_id|>", .. Series("<|reserved_special_token_{0}|>", 5, 246)]));
        return new TiktokenFamily(Cl100k, new Dictionary<string, int>());
    }

    private static IEnumerable<string> Series(string format, int first, int count) =>
        Enumerable.Range(first, count).Select(n => string.Format(CultureInfo.InvariantCulture, format, n));

    private static Dictionary<string, int> Number(int first, IReadOnlyList<string> tokens) => tokens.Index().ToDictionary(t => t.Item, t => first + t.Index);
}
