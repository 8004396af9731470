using SglNative.Tokenizers.Text;
using SglNative.Tokenizers.Vocabularies;

namespace SglNative.Tokenizers.Models;

/// <summary>
/// Where no merge can ever reach across: between two characters such that no merge joins a token ending in the first with one
/// beginning with the second. Cutting there changes nothing, since merges elsewhere do not see each other, and makes words
/// (which a cache can know) of a text that has no pre-tokenizer.
/// </summary>
internal sealed class BpeBoundaries
{
    private const int Mark = 0x2581;
    private const int Dense = 129;
    private readonly bool[] _dense = new bool[Dense * Dense];
    private readonly HashSet<ulong> _sparse = [];

    public BpeBoundaries(Vocabulary vocabulary, MergeTable merges)
    {
        foreach (var (left, right, _) in merges.All())
        {
            var a = vocabulary.TokenOf(left);
            var b = vocabulary.TokenOf(right);
            if (a.IsEmpty || b.IsEmpty) continue;
            var last = Utf8.Decode(a, Utf8.Previous(a, a.Length), out _);
            var first = Utf8.Decode(b, 0, out _);
            var (i, j) = (Index(last), Index(first));
            if (i >= 0 && j >= 0) _dense[i * Dense + j] = true;
            else _sparse.Add((ulong)last << 32 | (uint)first);
        }
    }

    public bool CanJoin(int left, int right)
    {
        var (i, j) = (Index(left), Index(right));
        return i >= 0 && j >= 0 ? _dense[i * Dense + j] : _sparse.Contains((ulong)left << 32 | (uint)right);
    }

    private static int Index(int c) => c < 128 ? c : c == Mark ? 128 : -1;
}
