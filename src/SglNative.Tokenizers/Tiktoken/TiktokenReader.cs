using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using SglNative.Core;
using SglNative.Tokenizers.AddedTokens;
using SglNative.Tokenizers.Configuration;
using SglNative.Tokenizers.Decoders;
using SglNative.Tokenizers.Models;
using SglNative.Tokenizers.PostProcessors;
using SglNative.Tokenizers.PreTokenizers;
using SglNative.Tokenizers.Text;
using SglNative.Tokenizers.Vocabularies;

namespace SglNative.Tokenizers.Tiktoken;

/// <summary>
/// Reads a tiktoken file: lines of a token's bytes in base64 and its rank, which is its id. Two neighbours merge if their bytes together
/// are a token, the lowest rank first. (The tokenizer of Microsoft.ML.Tokenizers is not used: its regexes see UTF-16 units, so that
/// letters beyond the basic plane are split otherwise than by the reference.)
/// </summary>
internal static class TiktokenReader
{
    /// <summary>Whether a file's content looks like a tiktoken file's: a first line of base64 and a number.</summary>
    public static bool LooksLike(ReadOnlySpan<byte> content)
    {
        var line = content[..Math.Max(content.IndexOf((byte)'\n'), 0)].TrimEnd((byte)'\r');
        var space = line.IndexOf((byte)' ');
        return space > 0 && Base64.IsValid(line[..space]) && Utf8Parser.TryParse(line[(space + 1)..], out int _, out var used) && used == line.Length - space - 1;
    }

    /// <param name="content">The file's content.</param>
    /// <param name="path">Where the file is: its name says what it does not.</param>
    /// <param name="config">What the other files say.</param>
    /// <exception cref="SglException">The content is malformed, in one line.</exception>
    public static TokenizerPipeline Read(ReadOnlySpan<byte> content, string path, TokenizerConfig config)
    {
        var vocabulary = new Vocabulary(1024);
        var bytes = new ByteTable(1024);
        ReadRanks(content, path, vocabulary, bytes);
        var family = TiktokenFamily.Of(Path.GetFileName(path), config.TokenizerClass, vocabulary.IdLimit);
        var special = config.AddedTokens.Count > 0
            ? [.. config.AddedTokens.Select(t => (t.Token, t.Id))]
            : family.SpecialTokens.Select(t => (new AddedToken(t.Key, Normalized: false, Special: true), t.Value)).OrderBy(t => t.Value).ToList();
        var added = new AddedVocabulary(special.Select(t => t.Item1), vocabulary, null, special.ToDictionary(t => t.Item1.Content, t => t.Item2));
        return new TokenizerPipeline
        {
            Model = new BpeModel(vocabulary, Merges(bytes), new BpeOptions { IgnoreMerges = true, ReadsBytes = true }),
            PreTokenizer = PatternSplit.Create(family.Pattern, SplitBehavior.Isolated, invert: false),
            PostProcessor = PostProcessor.Around(Added(config.AddBosToken, "bos_token"), Added(config.AddEosToken, "eos_token")),
            Decoders = [new ByteLevelDecoder()],
            Added = added,
            Spelling = TokenSpelling.ByteLevel,
        };

        int Added(bool? wanted, string role) =>
            wanted == true && config.SpecialTokens.TryGetValue(role, out var text) ? added.Ids.GetValueOrDefault(text, -1) : -1;
    }

    private static void ReadRanks(ReadOnlySpan<byte> content, string path, Vocabulary vocabulary, ByteTable bytes)
    {
        var spelled = new TextBuffer();
        var token = new byte[256];
        for (var line = 1; !content.IsEmpty; line++)
        {
            var end = content.IndexOf((byte)'\n');
            var text = (end < 0 ? content : content[..end]).TrimEnd((byte)'\r');
            content = end < 0 ? default : content[(end + 1)..];
            if (text.IsEmpty) continue;
            var space = text.IndexOf((byte)' ');
            if (space > token.Length) token = new byte[space];
            if (space <= 0 || Base64.DecodeFromUtf8(text[..space], token, out _, out var length) != OperationStatus.Done || length == 0
                || !int.TryParse(text[(space + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var rank))
                throw new SglException($"{path}: line {line} should be a token in base64 and its rank");
            if (bytes.Find(token.AsSpan(0, length)) >= 0) throw new SglException($"{path}: line {line} has a token that was there before");
            if (vocabulary.Contains(rank)) throw new SglException($"{path}: line {line} has the rank {rank}, which was there before");
            spelled.Clear();
            ByteAlphabet.Write(token.AsSpan(0, length), spelled);
            try
            {
                vocabulary.Add(spelled.Span, rank);
            }
            catch (SglException e)
            {
                throw new SglException($"{path}: line {line}: {e.Message}", e);
            }
            bytes.Set(token.AsSpan(0, length), rank);
        }
        if (vocabulary.Count == 0) throw new SglException($"{path}: holds no tokens");
    }

    /// <summary>Every way to put a token together from two others, under the token's own rank.</summary>
    private static MergeTable Merges(ByteTable bytes)
    {
        var merges = new MergeTable(bytes.Count * 2);
        for (var i = 0; i < bytes.Count; i++)
        {
            var token = bytes.KeyAt(i);
            for (var cut = 1; cut < token.Length; cut++)
            {
                var left = bytes.Find(token[..cut]);
                if (left < 0) continue;
                var right = bytes.Find(token[cut..]);
                if (right >= 0) merges.Set(left, right, bytes.ValueAt(i), bytes.ValueAt(i));
            }
        }
        return merges;
    }
}
