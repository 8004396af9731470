using SglNative.Core;
using SglNative.Tokenizers.Models;
using SglNative.Tokenizers.Vocabularies;

namespace SglNative.Tokenizers.Json;

/// <summary>Builds the model of a tokenizer.json from what was read.</summary>
internal static class ModelReader
{
    public static string TypeOf(RawModel raw) => raw.Text("type") ?? Guess(raw);

    public static TokenModel Build(RawModel raw, bool readsBytes)
    {
        var vocabulary = raw.Vocabulary ?? throw new SglException("model: the field \"vocab\" is missing");
        switch (TypeOf(raw))
        {
            case "BPE":
                return new BpeModel(vocabulary, raw.Merges ?? throw new SglException("model: the field \"merges\" is missing"), new BpeOptions
                {
                    UnknownToken = raw.Text("unk_token"),
                    Prefix = raw.Text("continuing_subword_prefix") ?? "",
                    Suffix = raw.Text("end_of_word_suffix") ?? "",
                    FuseUnknown = raw.Flag("fuse_unk"),
                    ByteFallback = raw.Flag("byte_fallback"),
                    IgnoreMerges = raw.Flag("ignore_merges"),
                    ReadsBytes = readsBytes,
                });
            case "Unigram": return Unigram(raw, vocabulary);
            case "WordPiece":
                return new WordPieceModel(vocabulary, raw.Text("unk_token") ?? "[UNK]", raw.Text("continuing_subword_prefix") ?? "##",
                    raw.Number("max_input_chars_per_word", 100));
            case "WordLevel": return new WordLevelModel(vocabulary, raw.Text("unk_token") ?? "<unk>");
            case var type: throw new SglException($"model: the type \"{type}\" is unknown; known are BPE, Unigram, WordPiece, WordLevel");
        }
    }

    private static UnigramModel Unigram(RawModel raw, Vocabulary vocabulary)
    {
        var scores = raw.Scores ?? throw new SglException("model.vocab: Unigram wants a list of [token, score]");
        var unknown = raw.Number("unk_id", -1);
        if (unknown >= scores.Count) throw new SglException($"model.unk_id: {unknown} is beyond the vocabulary of {scores.Count} tokens");
        return new UnigramModel(vocabulary, [.. scores], unknown, raw.Flag("byte_fallback"));
    }

    /// <summary>Files from before models had a type.</summary>
    private static string Guess(RawModel raw)
    {
        if (raw.Merges is not null) return "BPE";
        if (raw.Scores is not null) return "Unigram";
        return raw.Settings.ContainsKey("max_input_chars_per_word") ? "WordPiece" : "WordLevel";
    }
}
