using System.Runtime.CompilerServices;

namespace SglNative.Tokenizers.Vocabularies;

/// <summary>A trie of byte strings with a number each. Filled once, then read by any thread.</summary>
internal sealed class ByteTrie(int capacity)
{
    public const int Root = 0;
    private readonly MergeTable _edges = new(capacity);
    private readonly List<int> _values = [-1];

    public bool IsEmpty => _values.Count == 1;

    public void Add(ReadOnlySpan<byte> key, int value)
    {
        var node = Root;
        foreach (var b in key)
        {
            var next = Step(node, b);
            if (next < 0)
            {
                next = _values.Count;
                _edges.Set(node, b, 0, next);
                _values.Add(-1);
            }
            node = next;
        }
        _values[node] = value;
    }

    /// <summary>The node one byte further, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(int node, byte b) => (int)(uint)_edges.Find(node, b);

    /// <summary>The number of the key that ends at a node, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ValueOf(int node) => _values[node];
}
