using SglNative.Core;
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
    private readonly MergeTable _edges;
    private readonly List<int> _idOfNode = [-1];
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
        _edges = new MergeTable(scores.Length * 2);
        for (var id = 0; id < scores.Length; id++)
            if (vocabulary.Contains(id)) Insert(vocabulary.TokenOf(id), id);
    }

    private void Insert(ReadOnlySpan<byte> token, int id)
    {
        var node = 0;
        foreach (var b in token)
        {
            var next = _edges.Find(node, b);
            if (next == ulong.MaxValue)
            {
                _edges.Set(node, b, 0, _idOfNode.Count);
                node = _idOfNode.Count;
                _idOfNode.Add(-1);
            }
            else node = (int)(uint)next;
        }
        _idOfNode[node] = id;
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
            var node = 0;
            for (var at = start; at < piece.Length; at++)
            {
                var next = _edges.Find(node, piece[at]);
                if (next == ulong.MaxValue) break;
                node = (int)(uint)next;
                var id = _idOfNode[node];
                if (id < 0) continue;
                single |= at + 1 - start == length;
                Offer(ref nodes[at + 1], start, id, till + _scores[id]);
            }
            if (single) continue;
            if (_unknown < 0) throw new SglException("Unigram: the text has an unknown character and the model has no unk_id");
            Offer(ref nodes[start + length], start, _unknown, till + _unknownScore);
        }
    }

    private static void Offer(ref Lattice.Node node, int start, int id, double score)
    {
        if (node.Start >= 0 && score <= node.Score) return;
        node = new Lattice.Node(start, id, score);
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
            for (var end = piece.Length; end > 0; end = Nodes[end].Start) _path.Add(Nodes[end] with { Score = end });
            for (var i = _path.Count - 1; i >= 0; i--)
            {
                var start = _path[i].Start;
                while (_path[i].Id == model._unknown && i > 0 && _path[i - 1].Id == model._unknown) i--;
                model.EmitToken(piece[start..(int)_path[i].Score], _path[i].Id, sink);
            }
        }
    }
}
