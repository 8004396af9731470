using SglNative.Core;
using SglNative.Tokenizers.SentencePieces;
using SglNative.Tokenizers.Text;
using SglNative.Tokenizers.Vocabularies;

namespace SglNative.Tokenizers.Models;

/// <summary>
/// The segmentation with the highest sum of scores, found by Viterbi's algorithm over a trie of the tokens; of equals the one
/// found first. Neighbouring unknown characters make one unknown token.
/// </summary>
internal sealed class UnigramModel : TokenModel
{
    private const double UnknownPenalty = 10;
    private readonly double[] _scores;
    private readonly int _unknown;
    private readonly double _unknownScore;
    private readonly int[]? _byteTokens;
    private readonly ByteTrie _trie;
    private readonly UnknownPieces? _unknownPieces;
    private readonly Spare<Lattice> _spare = new(() => new Lattice());

    /// <param name="vocabulary">Tokens, whose ids index the scores.</param>
    /// <param name="scores">A log probability per id.</param>
    /// <param name="unknown">The id of the unknown token, or -1.</param>
    /// <param name="byteFallback">Whether an unknown token becomes its bytes' tokens where all of them exist.</param>
    public UnigramModel(Vocabulary vocabulary, double[] scores, int unknown, bool byteFallback) : base(vocabulary)
    {
        _scores = scores;
        _unknown = unknown;
        _unknownScore = (scores.Length == 0 ? 0 : scores.Min()) - UnknownPenalty;
        _byteTokens = byteFallback ? FindByteTokens() : null;
        _trie = new ByteTrie(scores.Length * 2);
        for (var id = 0; id < scores.Length; id++)
            if (vocabulary.Contains(id)) _trie.Add(vocabulary.TokenOf(id), id);
    }

    /// <summary>
    /// The same as the sentencepiece library has it: sums are rounded to single precision, user-defined pieces win over all others, and
    /// pieces of other kinds are not found in texts.
    /// </summary>
    public UnigramModel(Vocabulary vocabulary, SentencePieceFile file) : base(vocabulary)
    {
        const float Smallest = 1.17549435e-38f;
        var normal = file.Pieces.Where(p => p.Type == PieceType.Normal).Select(p => p.Score).ToArray();
        var highest = normal.Append(Smallest).Max();
        _scores = [.. file.Pieces.Select(p => p.Type == PieceType.UserDefined ? p.Text.Length * highest - 0.1 : p.Score)];
        _unknown = file.UnknownId;
        _unknownScore = (normal.Length == 0 ? 0 : normal.Min()) - (float)UnknownPenalty;
        _unknownPieces = new UnknownPieces(vocabulary, file);
        _trie = new ByteTrie(_scores.Length * 2);
        foreach (var (id, piece) in file.Pieces.Index())
            if (piece.Type is PieceType.Normal or PieceType.UserDefined && vocabulary.IdOf(piece.Text) == id) _trie.Add(piece.Text, id);
    }

    public override void Encode(ReadOnlySpan<byte> piece, TokenSink sink)
    {
        var lattice = _spare.Take();
        lattice.Reset(piece.Length);
        FindBestPath(piece, lattice);
        lattice.Emit(piece, sink, this);
        _spare.Return(lattice);
    }

    private void FindBestPath(ReadOnlySpan<byte> piece, Lattice lattice)
    {
        var nodes = lattice.Nodes;
        for (int start = 0, length; start < piece.Length; start += length)
        {
            length = Utf8.LengthOf(piece[start]);
            var till = nodes[start].Score;
            var single = false;
            var node = ByteTrie.Root;
            for (var at = start; at < piece.Length; at++)
            {
                node = _trie.Step(node, piece[at]);
                if (node < 0) break;
                var id = _trie.ValueOf(node);
                if (id < 0) continue;
                single |= at + 1 - start == length;
                Offer(ref nodes[at + 1], start, id, till + _scores[id]);
            }
            if (single) continue;
            if (_unknown < 0) throw new SglException("Unigram: the text has an unknown character and the model has no unk_id");
            Offer(ref nodes[start + length], start, _unknown, till + _unknownScore);
        }
    }

    private void Offer(ref Lattice.Node node, int start, int id, double score)
    {
        if (node.Start >= 0 && score <= node.Score) return;
        node = new Lattice.Node(start, id, _unknownPieces is null ? score : (float)score);
    }

    private void EmitToken(ReadOnlySpan<byte> text, int id, TokenSink sink)
    {
        if (id == _unknown)
        {
            var known = Vocabulary.IdOf(text);
            if (known >= 0) id = known;
            else if (_byteTokens is not null && HasAllBytes(text))
            {
                foreach (var b in text) sink.Add(_byteTokens[b], 1);
                return;
            }
        }
        sink.Add(id, text.Length);
    }

    private bool HasAllBytes(ReadOnlySpan<byte> text)
    {
        foreach (var b in text)
            if (_byteTokens![b] < 0) return false;
        return true;
    }

    private sealed class Lattice
    {
        private readonly List<Node> _path = [];

        /// <summary>The best token that ends at a position: where it starts (-1: none does), its id, the score up to here.</summary>
        internal record struct Node(int Start, int Id, double Score);

        public Node[] Nodes { get; private set; } = [];

        public void Reset(int length)
        {
            if (Nodes.Length <= length) Nodes = new Node[Math.Max(length + 1, Nodes.Length * 2)];
            Nodes.AsSpan(0, length + 1).Fill(new Node(-1, 0, 0));
        }

        public void Emit(ReadOnlySpan<byte> piece, TokenSink sink, UnigramModel model)
        {
            _path.Clear();
            var afterUnknown = false;
            for (var end = piece.Length; end > 0; end = Nodes[end].Start) _path.Add(Nodes[end] with { Score = end });
            for (var i = _path.Count - 1; i >= 0; i--)
            {
                var start = _path[i].Start;
                while (_path[i].Id == model._unknown && i > 0 && _path[i - 1].Id == model._unknown) i--;
                var text = piece[start..(int)_path[i].Score];
                if (model._unknownPieces is { } rules) rules.Emit(text, _path[i].Id, sink, ref afterUnknown);
                else model.EmitToken(text, _path[i].Id, sink);
            }
        }
    }
}
