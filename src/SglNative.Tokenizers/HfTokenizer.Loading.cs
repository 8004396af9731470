using SglNative.Core;
using SglNative.Tokenizers.Configuration;
using SglNative.Tokenizers.Conversion;
using SglNative.Tokenizers.Json;
using SglNative.Tokenizers.SentencePieces;
using SglNative.Tokenizers.Tiktoken;

namespace SglNative.Tokenizers;

public sealed partial class HfTokenizer
{
    private const string JsonName = "tokenizer.json";
    private const byte SentencePieceTag = 1 << 3 | 2;

    /// <summary>
    /// Loads a tokenizer from a checkpoint's directory (tokenizer.json, else a SentencePiece tokenizer.model, else a tiktoken file, else
    /// vocab.json with merges.txt or vocab.txt) or from one such file; the configuration is read from the files beside it.
    /// </summary>
    /// <param name="directoryOrFile">Where to look.</param>
    /// <param name="addConfiguredTokens">
    /// Whether tokens that only tokenizer_config.json's added_tokens_decoder lists are added to a tokenizer.json, as transformers does
    /// (a few checkpoints keep their chat markers there); without, the ids are those of the tokenizers library on tokenizer.json alone.
    /// </param>
    /// <exception cref="SglException">Nothing to load, or a malformed file; one line that says which and why.</exception>
    public static HfTokenizer Load(string directoryOrFile, bool addConfiguredTokens = false)
    {
        ArgumentNullException.ThrowIfNull(directoryOrFile);
        var file = Locate(directoryOrFile);
        var config = TokenizerConfigReader.Read(Path.GetDirectoryName(Path.GetFullPath(file))!);
        return new HfTokenizer(Read(file, config, addConfiguredTokens), config);
    }

    /// <summary>Loads a tokenizer.json from memory.</summary>
    /// <param name="utf8">The file's content.</param>
    /// <param name="config">What the other files say, or null for nothing.</param>
    /// <exception cref="SglException">The content is malformed; one line that says where and why.</exception>
    public static HfTokenizer FromJson(ReadOnlySpan<byte> utf8, TokenizerConfig? config = null)
    {
        return new HfTokenizer(TokenizerJsonReader.Read(utf8, JsonName, []), config ?? TokenizerConfig.Empty);
    }

    private static TokenizerPipeline Read(string file, TokenizerConfig config, bool addConfiguredTokens)
    {
        var content = PlainVocabularyFiles.Is(file) ? PlainVocabularyFiles.ToTokenizerJson(file, config) : ReadFile(file);
        if (TiktokenReader.LooksLike(content)) return TiktokenReader.Read(content, file, config);
        // JSON begins with a brace (or a byte order mark or white space); a SentencePiece model with the first piece's tag.
        if (content.Length > 0 && content[0] == SentencePieceTag) return SentencePieceReader.Read(content, file, config);
        return TokenizerJsonReader.Read(content, file, addConfiguredTokens ? [.. config.AddedTokens.Select(t => t.Token)] : [], config);
    }

    private static string Locate(string path)
    {
        if (File.Exists(path)) return path;
        if (!Directory.Exists(path)) throw new SglException($"{path}: no such file or directory to load a tokenizer from");
        foreach (var name in (ReadOnlySpan<string>)[JsonName, "tokenizer.model", "spiece.model", "sentencepiece.bpe.model"])
            if (File.Exists(Path.Combine(path, name))) return Path.Combine(path, name);
        return Directory.EnumerateFiles(path, "*.tiktoken").Concat(Directory.EnumerateFiles(path, "tiktoken.model")).Order(StringComparer.Ordinal).FirstOrDefault()
            ?? PlainVocabularyFiles.Find(path)
            ?? throw new SglException($"{path}: holds no tokenizer.json, tokenizer.model, *.tiktoken, vocab.json with merges.txt, or vocab.txt");
    }

    private static byte[] ReadFile(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SglException($"{file}: cannot be read: {e.Message}", e);
        }
    }
}
