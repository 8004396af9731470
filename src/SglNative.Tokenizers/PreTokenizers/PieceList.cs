using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.PreTokenizers;

/// <summary>
/// The pieces a stretch of text is cut into on its way to the model, and the text itself, which some steps rewrite. A step reads
/// <see cref="Count"/> pieces, adds new ones and commits; empty pieces are dropped. Reused from text to text.
/// </summary>
internal sealed class PieceList
{
    private Piece[] _pieces = new Piece[64];
    private Piece[] _added = new Piece[64];
    private int _addedCount;
    private TextBuffer _text = new();

    public int Count { get; private set; }

    /// <summary>Whether the first piece begins where the whole input begins.</summary>
    public bool AtStart { get; private set; }

    public ReadOnlySpan<byte> Text => _text.Span;

    /// <summary>Where a step that rewrites the text puts the new one; <see cref="CommitText"/> makes it current.</summary>
    public TextBuffer Rewritten { get; private set; } = new();

    public Piece this[int i] => _pieces[i];

    public ReadOnlySpan<byte> TextOf(int i) => Text[_pieces[i].Start.._pieces[i].End];

    public void Reset(ReadOnlySpan<byte> text, bool atStart)
    {
        _text.Clear();
        _text.Append(text);
        _addedCount = 0;
        AtStart = atStart;
        Add(0, text.Length);
        Commit();
    }

    public void Add(int start, int end)
    {
        if (start >= end) return;
        if (_addedCount == _added.Length) Array.Resize(ref _added, _added.Length * 2);
        _added[_addedCount++] = new Piece(start, end);
    }

    public void Commit()
    {
        (_pieces, _added) = (_added, _pieces);
        Count = _addedCount;
        _addedCount = 0;
    }

    public void CommitText()
    {
        (_text, Rewritten) = (Rewritten, _text);
        Rewritten.Clear();
        Commit();
    }
}
