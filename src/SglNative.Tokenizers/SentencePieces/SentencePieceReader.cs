using System.Text;
using SglNative.Core;
using SglNative.Tokenizers.AddedTokens;
using SglNative.Tokenizers.Configuration;
using SglNative.Tokenizers.Models;
using SglNative.Tokenizers.PostProcessors;
using SglNative.Tokenizers.Vocabularies;

namespace SglNative.Tokenizers.SentencePieces;

/// <summary>Builds a tokenizer from a SentencePiece model and what the files beside it say.</summary>
internal static class SentencePieceReader
{
    /// <summary>Classes whose ids are not those of the model file.</summary>
    private static readonly string[] Renumbered = ["XLMRoberta", "Camembert", "MBart", "Nllb", "XGLM", "Barthez", "MarianTokenizer", "BigBirdPegasus"];

    /// <param name="content">The file's content.</param>
    /// <param name="name">The file's name, for errors.</param>
    /// <param name="config">What the other files say.</param>
    /// <exception cref="SglException">The content is no SentencePiece model, in one line.</exception>
    public static TokenizerPipeline Read(ReadOnlySpan<byte> content, string name, TokenizerConfig config)
    {
        try
        {
            if (Renumbered.FirstOrDefault(c => config.TokenizerClass?.StartsWith(c, StringComparison.Ordinal) ?? false) is not null)
                throw new SglException($"a {config.TokenizerClass} numbers its tokens otherwise than its SentencePiece model; its tokenizer.json is needed");
            return Build(SentencePieceFile.Read(content), config);
        }
        catch (SglException e)
        {
            throw new SglException($"{name}: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static TokenizerPipeline Build(SentencePieceFile file, TokenizerConfig config)
    {
        var vocabulary = new Vocabulary(file.Pieces.Count);
        foreach (var (id, piece) in file.Pieces.Index())
        {
            if (vocabulary.IdOf(piece.Text) >= 0) throw new SglException($"piece {id}: \"{Encoding.UTF8.GetString(piece.Text)}\" is there twice");
            vocabulary.Add(piece.Text, id);
        }
        var userDefined = new PieceMatcher(file.Pieces.Where(p => p.Type == PieceType.UserDefined).Select(p => p.Text));
        TokenModel model = file.Kind switch
        {
            SentencePieceKind.Bpe => new SentencePieceBpeModel(vocabulary, file, userDefined),
            SentencePieceKind.Unigram => new UnigramModel(vocabulary, file),
            _ => new SentencePieceWordModel(vocabulary, file, userDefined),
        };
        var prefix = file.AddDummyPrefix && config.AddPrefixSpace != false;
        var tokens = AddedTokensOf(file, config);
        return new TokenizerPipeline
        {
            Model = model,
            // Before it was repaired, text behind a special token was treated like one that begins.
            Normalizer = new SentencePieceNormalizer(file, userDefined, prefix && config.Legacy != false),
            StartNormalizer = new SentencePieceNormalizer(file, userDefined, prefix),
            PostProcessor = Around(vocabulary, file, config),
            Decoders = [new SentencePieceDecoder(prefix || file.RemoveExtraSpaces, file.RemoveExtraSpaces)],
            Added = new AddedVocabulary(tokens, vocabulary, null, config.AddedTokens.ToDictionary(t => t.Token.Content, t => t.Id)),
            Spelling = TokenSpelling.Metaspace,
        };
    }

    /// <summary>Control pieces are found in texts as special tokens, as transformers has it; other tokens come from the configuration.</summary>
    private static List<AddedToken> AddedTokensOf(SentencePieceFile file, TokenizerConfig config)
    {
        var tokens = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        foreach (var (text, _, type) in file.Pieces)
            if (type is PieceType.Control or PieceType.Unknown) Add(new AddedToken(Encoding.UTF8.GetString(text), Normalized: false, Special: true));
        foreach (var (_, token) in config.AddedTokens) Add(token with { Normalized = false });
        foreach (var text in config.SpecialTokens.Values.Concat(config.ExtraSpecialTokens))
            if (!tokens.ContainsKey(text)) Add(new AddedToken(text, Normalized: false, Special: true));
        return [.. tokens.Values];

        void Add(AddedToken token) => tokens[token.Content] = token;
    }

    private static PostProcessor Around(Vocabulary vocabulary, SentencePieceFile file, TokenizerConfig config)
    {
        var ends = config.TokenizerClass is { } name && (name.StartsWith("T5", StringComparison.Ordinal) || name.StartsWith("Pegasus", StringComparison.Ordinal)
            || name.StartsWith("UMT5", StringComparison.Ordinal) || name.StartsWith("MT5", StringComparison.Ordinal));
        var bos = config.AddBosToken ?? !ends ? IdOf("bos_token", file.BosPiece) : -1;
        var eos = config.AddEosToken ?? ends ? IdOf("eos_token", file.EosPiece) : -1;
        return PostProcessor.Around(bos, eos);

        int IdOf(string role, string piece) => vocabulary.IdOf(config.SpecialTokens.GetValueOrDefault(role, piece));
    }
}
