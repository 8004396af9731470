using SglNative.Tokenizers.Models;
using SglNative.Tokenizers.Vocabularies;

namespace SglNative.Tokenizers.SentencePieces;

/// <summary>Writes pieces out: those the model does not know as their bytes, or neighbours of them as one unknown piece.</summary>
internal sealed class UnknownPieces
{
    private readonly int _unknown;
    private readonly int[]? _bytes;

    public UnknownPieces(Vocabulary vocabulary, SentencePieceFile file)
    {
        _unknown = file.UnknownId;
        if (!file.ByteFallback) return;
        _bytes = new int[256];
        for (var b = 0; b < 256; b++) _bytes[b] = vocabulary.IdOf($"<0x{b:X2}>");
    }

    /// <summary>Appends a piece by its id, or what stands for it where that is unknown or -1.</summary>
    /// <param name="text">The piece.</param>
    /// <param name="id">Its id.</param>
    /// <param name="sink">Where the ids go.</param>
    /// <param name="afterUnknown">Whether an unknown piece came just before; false where a text starts.</param>
    public void Emit(ReadOnlySpan<byte> text, int id, TokenSink sink, ref bool afterUnknown)
    {
        if (id >= 0 && id != _unknown)
        {
            sink.Add(id, text.Length);
            afterUnknown = false;
        }
        else if (_bytes is not null)
        {
            foreach (var b in text) sink.Add(_bytes[b] >= 0 ? _bytes[b] : _unknown, 1);
            afterUnknown = false;
        }
        else
        {
            if (afterUnknown) sink.Extend(text.Length);
            else sink.Add(_unknown, text.Length);
            afterUnknown = true;
        }
    }
}
