using System.Runtime.CompilerServices;

namespace SglNative.Tokenizers.Models;

/// <summary>Collects ids, and how many bytes of the text each stands for. Reused from call to call.</summary>
internal sealed class TokenSink
{
    private int[] _ids = new int[64];
    private int[] _lengths = new int[64];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    public ReadOnlySpan<int> Lengths => _lengths.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Truncate(int count) => Count = count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int id, int length)
    {
        if (Count == _ids.Length) Grow(1);
        _ids[Count] = id;
        _lengths[Count++] = length;
    }

    public void Add(ReadOnlySpan<int> ids, ReadOnlySpan<int> lengths)
    {
        if (_ids.Length - Count < ids.Length) Grow(ids.Length);
        ids.CopyTo(_ids.AsSpan(Count));
        lengths.CopyTo(_lengths.AsSpan(Count));
        Count += ids.Length;
    }

    /// <summary>Lets the last id stand for more bytes.</summary>
    public void Extend(int length) => _lengths[Count - 1] += length;

    private void Grow(int count)
    {
        var size = Math.Max(_ids.Length * 2, Count + count);
        Array.Resize(ref _ids, size);
        Array.Resize(ref _lengths, size);
    }
}
