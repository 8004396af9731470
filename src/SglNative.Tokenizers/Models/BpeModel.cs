using System.Text;
using SglNative.Core;
using SglNative.Tokenizers.PreTokenizers;
using SglNative.Tokenizers.Text;
using SglNative.Tokenizers.Vocabularies;

namespace SglNative.Tokenizers.Models;

/// <summary>Byte-pair encoding: a word starts as its characters (or bytes), and pairs merge by rank.</summary>
internal sealed class BpeModel : TokenModel
{
    private const byte Unchecked = 0, Whole = 1, Split = 2;
    private const int LongPiece = 32;
    private readonly MergeTable _merges;
    private readonly BpeOptions _options;
    private readonly byte[] _prefix;
    private readonly byte[] _suffix;
    private readonly int _unknown;
    private readonly int[]? _byteTokens;
    private readonly ByteTable? _tokensByBytes;
    private readonly int[] _symbols = new int[4 * 256];
    private readonly byte[]? _states;
    private readonly Lazy<BpeBoundaries>? _boundaries;
    private readonly Spare<Scratch> _spare = new(() => new Scratch());

    public BpeModel(Vocabulary vocabulary, MergeTable merges, BpeOptions options) : base(vocabulary)
    {
        _merges = merges;
        _options = options;
        _prefix = Encoding.UTF8.GetBytes(options.Prefix);
        _suffix = Encoding.UTF8.GetBytes(options.Suffix);
        _unknown = options.UnknownToken is null ? -1 : vocabulary.IdOf(options.UnknownToken);
        _byteTokens = options.ByteFallback ? FindByteTokens() : null;
        if (options.ReadsBytes) _tokensByBytes = IndexByBytes(vocabulary);
        var plain = _prefix.Length == 0 && _suffix.Length == 0;
        if (plain) _states = new byte[vocabulary.IdLimit];
        if (plain && !options.ReadsBytes) _boundaries = new(() => new BpeBoundaries(vocabulary, merges));
        FillSymbols();
    }

    private sealed class Scratch
    {
        public BpeWord Word { get; } = new();

        public BpeCache Cache { get; } = new();

        public TextBuffer Key { get; } = new();
    }

    public override void Encode(ReadOnlySpan<byte> piece, TokenSink sink)
    {
        var scratch = _spare.Take();
        Encode(piece, sink, scratch);
        _spare.Return(scratch);
    }

    public override void Encode(PieceList pieces, TokenSink sink)
    {
        var scratch = _spare.Take();
        var text = pieces.Text;
        for (var i = 0; i < pieces.Count; i++) Encode(text[pieces[i].Start..pieces[i].End], sink, scratch);
        _spare.Return(scratch);
    }

    private void Encode(ReadOnlySpan<byte> piece, TokenSink sink, Scratch scratch)
    {
        if (TryWhole(piece, sink, scratch)) return;
        if (_boundaries is not null && piece.Length > LongPiece && !_options.IgnoreMerges) EncodeLong(piece, sink, scratch);
        else EncodeWord(piece, sink, scratch);
    }

    /// <summary>
    /// A piece that is a token is that token if the settings say so (ignore_merges) or if its merges lead there, which is found out
    /// once per token. Two threads may find out at a time; they find the same.
    /// </summary>
    private bool TryWhole(ReadOnlySpan<byte> piece, TokenSink sink, Scratch scratch)
    {
        if (_states is null && !_options.IgnoreMerges) return false;
        var id = _tokensByBytes is null ? Vocabulary.IdOf(piece) : _tokensByBytes.Find(piece);
        if (id < 0) return false;
        if (!_options.IgnoreMerges)
        {
            if (_states![id] == Unchecked) _states[id] = MergesTo(piece, id, scratch) ? Whole : Split;
            if (_states[id] != Whole) return false;
        }
        sink.Add(id, piece.Length);
        return true;
    }

    private bool MergesTo(ReadOnlySpan<byte> piece, int id, Scratch scratch)
    {
        BuildAndMerge(piece, scratch);
        return scratch.Word.Count == 1 && scratch.Word.Ids[0] == id;
    }

    private void EncodeWord(ReadOnlySpan<byte> word, TokenSink sink, Scratch scratch)
    {
        var cached = word.Length <= BpeCache.MaxLength;
        if (cached && scratch.Cache.TryEmit(word, sink)) return;
        BuildAndMerge(word, scratch);
        sink.Add(scratch.Word.Ids, scratch.Word.Lengths);
        if (cached) scratch.Cache.Add(word, scratch.Word.Ids, scratch.Word.Lengths);
    }

    /// <summary>Cuts a long piece where nothing can merge across; next to unknown characters it is never cut, since those may fuse.</summary>
    private void EncodeLong(ReadOnlySpan<byte> piece, TokenSink sink, Scratch scratch)
    {
        var boundaries = _boundaries!.Value;
        var start = 0;
        var previous = Utf8.Decode(piece, 0, out var at);
        for (int length; at < piece.Length; at += length)
        {
            var c = Utf8.Decode(piece, at, out length);
            if (!boundaries.CanJoin(previous, c) && IsKnown(piece, Utf8.Previous(piece, at), previous) && IsKnown(piece, at, c))
            {
                EncodeCut(piece[start..at], sink, scratch);
                start = at;
            }
            previous = c;
        }
        EncodeCut(piece[start..], sink, scratch);
    }

    private void EncodeCut(ReadOnlySpan<byte> word, TokenSink sink, Scratch scratch)
    {
        if (!TryWhole(word, sink, scratch)) EncodeWord(word, sink, scratch);
    }

    private bool IsKnown(ReadOnlySpan<byte> piece, int at, int c) =>
        (c < 0x80 ? _symbols[c] : Vocabulary.IdOf(piece.Slice(at, Utf8.LengthOf(piece[at])))) >= 0;

    private void BuildAndMerge(ReadOnlySpan<byte> piece, Scratch scratch)
    {
        var word = scratch.Word;
        word.Clear();
        var pending = 0;
        for (int at = 0, length; at < piece.Length; at += length)
        {
            length = _options.ReadsBytes ? 1 : Utf8.LengthOf(piece[at]);
            var character = piece.Slice(at, length);
            var id = SymbolOf(character, at == 0, at + length == piece.Length, scratch.Key);
            if (id >= 0)
            {
                if (pending > 0) word.Add(_unknown, pending);
                pending = 0;
                word.Add(id, length);
                continue;
            }
            // Byte tokens overtake a pending unknown, as in the reference.
            if (_byteTokens is not null && TryAddBytes(character, at == 0, at + length == piece.Length, scratch)) continue;
            if (_options.UnknownToken is null) continue;
            if (_unknown < 0)
                throw new SglException($"BPE: the text has an unknown character and unk_token \"{_options.UnknownToken.ReplaceLineEndings(" ")}\" is not in the vocabulary");
            if (pending > 0 && !_options.FuseUnknown)
            {
                word.Add(_unknown, pending);
                pending = 0;
            }
            pending += length;
        }
        if (pending > 0) word.Add(_unknown, pending);
        word.Merge(_merges);
    }

    private int SymbolOf(ReadOnlySpan<byte> character, bool first, bool last, TextBuffer key)
    {
        if (_options.ReadsBytes || character.Length == 1) return _symbols[(first ? 0 : 512) + (last ? 0 : 256) + character[0]];
        if (_states is not null) return Vocabulary.IdOf(character);
        return Vocabulary.IdOf(Spell(character, first, last, key));
    }

    private ReadOnlySpan<byte> Spell(ReadOnlySpan<byte> character, bool first, bool last, TextBuffer key)
    {
        key.Clear();
        if (!first) key.Append(_prefix);
        if (_options.ReadsBytes) ByteAlphabet.Write(character, key);
        else key.Append(character);
        if (last) key.Append(_suffix);
        return key.Span;
    }

    private bool TryAddBytes(ReadOnlySpan<byte> character, bool first, bool last, Scratch scratch)
    {
        var spelled = Spell(character, first, last, scratch.Key);
        foreach (var b in spelled)
            if (_byteTokens![b] < 0) return false;
        foreach (var b in spelled) scratch.Word.Add(_byteTokens![b], 1);
        return true;
    }

    /// <summary>The symbols of single bytes by place: only, first, last, inner (see <see cref="SymbolOf"/>).</summary>
    private void FillSymbols()
    {
        var key = new TextBuffer();
        Array.Fill(_symbols, -1);
        Span<byte> single = stackalloc byte[1];
        for (var i = 0; i < _symbols.Length; i++)
        {
            single[0] = (byte)i;
            if (!_options.ReadsBytes && single[0] >= 0x80) continue;
            _symbols[i] = Vocabulary.IdOf(Spell(single, i < 512, (i & 256) == 0, key));
        }
    }

    private static ByteTable IndexByBytes(Vocabulary vocabulary)
    {
        var table = new ByteTable(vocabulary.Count);
        var bytes = new TextBuffer();
        for (var id = 0; id < vocabulary.IdLimit; id++)
        {
            bytes.Clear();
            if (vocabulary.Contains(id) && ByteAlphabet.TryRead(vocabulary.TokenOf(id), bytes)) table.Set(bytes.Span, id);
        }
        return table;
    }
}
