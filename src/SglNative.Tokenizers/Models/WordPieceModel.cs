using System.Text;
using SglNative.Core;
using SglNative.Tokenizers.Text;
using SglNative.Tokenizers.Vocabularies;

namespace SglNative.Tokenizers.Models;

/// <summary>The longest token first, then the longest continuing token, and so on; a word that does not work out is unknown.</summary>
internal sealed class WordPieceModel(Vocabulary vocabulary, string unknown, string prefix, int maxCharacters) : TokenModel(vocabulary)
{
    private readonly int _unknown = vocabulary.IdOf(unknown);
    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(prefix);
    private readonly Spare<TextBuffer> _spare = new(() => new TextBuffer());

    public override void Encode(ReadOnlySpan<byte> piece, TokenSink sink)
    {
        var characters = 0;
        foreach (var b in piece) characters += (b & 0xc0) == 0x80 ? 0 : 1;
        var before = sink.Count;
        if (characters <= maxCharacters && TryEncode(piece, sink)) return;
        if (_unknown < 0)
            throw new SglException($"WordPiece: the text has an unknown word and unk_token \"{unknown.ReplaceLineEndings(" ")}\" is not in the vocabulary");
        sink.Truncate(before);
        sink.Add(_unknown, piece.Length);
    }

    private bool TryEncode(ReadOnlySpan<byte> piece, TokenSink sink)
    {
        var key = _spare.Take();
        var complete = true;
        for (var start = 0; start < piece.Length && complete;)
        {
            key.Clear();
            if (start > 0) key.Append(_prefix);
            var head = key.Length;
            key.Append(piece[start..]);
            var end = piece.Length;
            int id;
            while ((id = Vocabulary.IdOf(key.Span)) < 0)
            {
                end = Utf8.Previous(piece, end);
                if (end <= start) break;
                key.Truncate(head + end - start);
            }
            complete = id >= 0;
            if (complete) sink.Add(id, end - start);
            start = end;
        }
        _spare.Return(key);
        return complete;
    }
}
