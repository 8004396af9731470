using SglNative.Tokenizers.Models;
using SglNative.Tokenizers.Text;
using SglNative.Tokenizers.Vocabularies;

namespace SglNative.Tokenizers.SentencePieces;

/// <summary>
/// SentencePiece's BPE: neighbours whose text together is a piece merge, the piece of the highest score first, of equals the leftmost.
/// User-defined pieces are found first and never merge; unused ones only lead to others and are taken apart again in the end.
/// </summary>
/// <param name="vocabulary">All pieces.</param>
/// <param name="file">What the pieces are.</param>
/// <param name="userDefined">Finds user-defined pieces.</param>
internal sealed class SentencePieceBpeModel(Vocabulary vocabulary, SentencePieceFile file, PieceMatcher userDefined) : TokenModel(vocabulary)
{
    private readonly UnknownPieces _unknown = new(vocabulary, file);
    private readonly Spare<Symbols> _spare = new(() => new Symbols());

    public override void Encode(ReadOnlySpan<byte> piece, TokenSink sink)
    {
        var symbols = _spare.Take();
        symbols.Split(piece, userDefined);
        for (var i = 0; i + 1 < symbols.Count; i++) Offer(piece, symbols, i, i + 1);
        while (symbols.TryPop(out var left))
        {
            symbols.Merge(left);
            if (symbols.Previous(left) is >= 0 and var previous) Offer(piece, symbols, previous, left);
            if (symbols.Next(left) is >= 0 and var next) Offer(piece, symbols, left, next);
        }
        var afterUnknown = false;
        for (var i = 0; i >= 0; i = symbols.Next(i))
        {
            var (start, length) = symbols[i];
            Emit(piece.Slice(start, length), symbols, sink, ref afterUnknown);
        }
        symbols.Clear();
        _spare.Return(symbols);
    }

    private void Offer(ReadOnlySpan<byte> text, Symbols symbols, int left, int right)
    {
        if (symbols.IsFrozen(left) || symbols.IsFrozen(right)) return;
        var (start, leftLength) = symbols[left];
        var length = leftLength + symbols[right].Length;
        var id = Vocabulary.IdOf(text.Slice(start, length));
        if (id < 0) return;
        var (_, score, type) = file.Pieces[id];
        if (type is not (PieceType.Normal or PieceType.UserDefined or PieceType.Unused)) return;
        symbols.Push(left, right, score);
        if (type == PieceType.Unused) symbols.Parts[id] = leftLength;
    }

    private void Emit(ReadOnlySpan<byte> text, Symbols symbols, TokenSink sink, ref bool afterUnknown)
    {
        var id = Vocabulary.IdOf(text);
        if (id >= 0 && file.Pieces[id].Type == PieceType.Unused && symbols.Parts.TryGetValue(id, out var first))
        {
            Emit(text[..first], symbols, sink, ref afterUnknown);
            Emit(text[first..], symbols, sink, ref afterUnknown);
        }
        else _unknown.Emit(text, id, sink, ref afterUnknown);
    }

    /// <summary>The symbols of one text while they merge, and the pairs that wait. Reused from text to text.</summary>
    private sealed class Symbols
    {
        private readonly PriorityQueue<(int Left, int Right, int Length), (float Score, int Left)> _pairs = new(Comparer<(float Score, int Left)>.Create(
            (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Left.CompareTo(b.Left)));

        private Symbol[] _symbols = new Symbol[64];

        private record struct Symbol(int Start, int Length, int Previous, int Next, bool Frozen);

        public int Count { get; private set; }

        /// <summary>Where the pieces that are unused were last put together: the length of the first part by id.</summary>
        public Dictionary<int, int> Parts { get; } = [];

        public (int Start, int Length) this[int i] => (_symbols[i].Start, _symbols[i].Length);

        public bool IsFrozen(int i) => _symbols[i].Frozen;

        public int Previous(int i) => _symbols[i].Previous;

        public int Next(int i) => _symbols[i].Next;

        public void Clear()
        {
            Count = 0;
            _pairs.Clear();
            Parts.Clear();
        }

        public void Split(ReadOnlySpan<byte> text, PieceMatcher userDefined)
        {
            Clear();
            for (int at = 0, length; at < text.Length; at += length)
            {
                length = userDefined.LongestAt(text[at..]);
                var frozen = length > 0;
                if (!frozen) length = Utf8.LengthOf(text[at]);
                if (Count == _symbols.Length) Array.Resize(ref _symbols, Count * 2);
                var last = at + length == text.Length;
                _symbols[Count] = new Symbol(at, length, Count - 1, last ? -1 : Count + 1, frozen);
                Count++;
            }
        }

        public void Push(int left, int right, float score) => _pairs.Enqueue((left, right, _symbols[left].Length + _symbols[right].Length), (score, left));

        /// <summary>The next pair of which neither side has changed since; its left symbol.</summary>
        public bool TryPop(out int left)
        {
            while (_pairs.TryDequeue(out var pair, out _))
            {
                left = pair.Left;
                if (_symbols[left].Length > 0 && _symbols[left].Next == pair.Right && _symbols[left].Length + _symbols[pair.Right].Length == pair.Length) return true;
            }
            left = -1;
            return false;
        }

        public void Merge(int left)
        {
            ref var first = ref _symbols[left];
            ref var second = ref _symbols[first.Next];
            first.Length += second.Length;
            first.Next = second.Next;
            if (second.Next >= 0) _symbols[second.Next].Previous = left;
            second.Length = 0;
        }
    }
}
