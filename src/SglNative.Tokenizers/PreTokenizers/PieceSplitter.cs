using SglNative.Tokenizers.Regexes;
using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.PreTokenizers;

/// <summary>Turns the matches found in one piece into new pieces, according to what becomes of delimiters.</summary>
internal struct PieceSplitter : IRegexSink
{
    private readonly PieceList _pieces;
    private readonly SplitBehavior _behavior;
    private readonly bool _invert;
    private readonly int _offset;
    private readonly int _end;
    private int _last;
    private bool _previousMatched;
    private int _pendingStart;
    private int _pendingEnd;

    public PieceSplitter(PieceList pieces, Piece piece, SplitBehavior behavior, bool invert = false)
    {
        _pieces = pieces;
        _behavior = behavior;
        _invert = invert;
        _offset = piece.Start;
        _end = piece.End - piece.Start;
        _pendingStart = -1;
    }

    /// <summary>A match, relative to the piece; matches come in order and do not overlap.</summary>
    public void Match(int start, int end)
    {
        if (_last != start) Segment(_last, start, _invert);
        Segment(start, end, !_invert);
        _last = end;
    }

    public void Finish()
    {
        if (_last != _end) Segment(_last, _end, _invert);
        if (_pendingStart >= 0) Emit(_pendingStart, _pendingEnd);
    }

    private readonly void Emit(int start, int end) => _pieces.Add(_offset + start, _offset + end);

    private void Segment(int start, int end, bool matched)
    {
        switch (_behavior)
        {
            case SplitBehavior.Isolated:
                Emit(start, end);
                break;
            case SplitBehavior.Removed:
                if (!matched) Emit(start, end);
                break;
            case SplitBehavior.MergedWithNext:
                if (!matched)
                {
                    Emit(_pendingStart >= 0 ? _pendingStart : start, end);
                    _pendingStart = -1;
                    break;
                }
                if (_pendingStart >= 0) Emit(_pendingStart, _pendingEnd);
                (_pendingStart, _pendingEnd) = (start, end);
                break;
            default:
                var joins = _behavior == SplitBehavior.Contiguous ? matched == _previousMatched : matched && !_previousMatched;
                if (!joins || _pendingStart < 0)
                {
                    if (_pendingStart >= 0) Emit(_pendingStart, _pendingEnd);
                    _pendingStart = start;
                }
                _pendingEnd = end;
                _previousMatched = matched;
                break;
        }
    }
}
