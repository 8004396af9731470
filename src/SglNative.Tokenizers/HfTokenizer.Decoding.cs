using System.Text;
using SglNative.Tokenizers.Decoders;
using SglNative.Tokenizers.Detokenization;
using SglNative.Tokenizers.Text;
using Decoder = SglNative.Tokenizers.Decoders.Decoder;

namespace SglNative.Tokenizers;

public sealed partial class HfTokenizer
{
    /// <summary>The text of some ids; ids without a token are passed over.</summary>
    /// <param name="ids">The ids, in order.</param>
    /// <param name="skipSpecialTokens">Whether to leave special tokens out.</param>
    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids is int[] array) return Decode(array.AsSpan(), skipSpecialTokens);
        if (ids is List<int> list) return Decode(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(list), skipSpecialTokens);
        return Decode([.. ids], skipSpecialTokens);
    }

    /// <inheritdoc cref="Decode(IEnumerable{int}, bool)"/>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens)
    {
        var output = new OutputStage();
        var stage = OpenDecoder(output);
        foreach (var id in ids)
            if (!(skipSpecialTokens && IsSkippable(id)) && HasToken(id)) stage.Push(SpellingOf(id));
        stage.Finish();
        return Encoding.UTF8.GetString(output.Text.Span);
    }

    /// <summary>A detokenizer for one sequence.</summary>
    /// <param name="skipSpecialTokens">Whether to leave special tokens out.</param>
    /// <param name="promptTail">
    /// Ids before the first one to be written out, where the text should continue theirs (a leading space is then kept that a text
    /// of its own would not have). Their own text is not written out.
    /// </param>
    public IncrementalDetokenizer CreateDetokenizer(bool skipSpecialTokens, IEnumerable<int>? promptTail = null) =>
        new(this, skipSpecialTokens, promptTail ?? []);

    /// <summary>
    /// The bytes a token stands for, as logprobs report them: byte-level and byte tokens as their bytes (which need not be UTF-8 by
    /// themselves), ▁ as a space. Empty for an id that has no token.
    /// </summary>
    public byte[] TokenBytes(int id)
    {
        if (!HasToken(id)) return [];
        if (_pipeline.Added.Tokens.TryGetValue(id, out var added) && (added.Special || !_pipeline.Model.Vocabulary.Contains(id)))
            return Encoding.UTF8.GetBytes(added.Content);
        var token = _pipeline.Model.Vocabulary.TokenOf(id);
        var bytes = new TextBuffer();
        switch (_pipeline.Spelling)
        {
            case TokenSpelling.ByteLevel when ByteAlphabet.TryRead(token, bytes):
                return bytes.Span.ToArray();
            case TokenSpelling.Metaspace when ByteFallbackDecoder.ValueOf(token) is >= 0 and var value:
                return [(byte)value];
            case TokenSpelling.Metaspace:
                new LiteralReplacement("▁"u8.ToArray(), " "u8.ToArray()).Apply(token, bytes);
                return bytes.Span.ToArray();
            default:
                return token.ToArray();
        }
    }

    internal DecodeStage OpenDecoder(OutputStage output) => Decoder.Link(_pipeline.Decoders, output);

    internal bool HasToken(int id) => _pipeline.Model.Vocabulary.Contains(id) || _pipeline.Added.Tokens.ContainsKey(id);

    internal bool IsSkippable(int id) => IsSpecial(id);

    /// <summary>A token as the decoders get it: an added token in the form that was looked for in the text.</summary>
    internal ReadOnlySpan<byte> SpellingOf(int id) => _pipeline.Added.SpellingOf(id, out var spelling) ? spelling : _pipeline.Model.Vocabulary.TokenOf(id);
}
