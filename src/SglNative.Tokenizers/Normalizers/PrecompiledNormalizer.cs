using SglNative.Core;
using SglNative.Tokenizers.Text;
using SglNative.Tokenizers.Unicode;

namespace SglNative.Tokenizers.Normalizers;

/// <summary>SentencePiece's character map as the reference library applies it: to clusters of characters, by the shortest key.</summary>
/// <exception cref="SglException">The map is cut off.</exception>
internal sealed class PrecompiledNormalizer(ReadOnlySpan<byte> map) : Normalizer
{
    /// <summary>Clusters from this length on are mapped character by character.</summary>
    private const int LongCluster = 6;
    private readonly CharacterMap _map = new(map);

    public override void Normalize(ReadOnlySpan<byte> text, TextBuffer to)
    {
        while (!text.IsEmpty)
        {
            var length = GraphemeClusters.FirstLength(text);
            var cluster = text[..length];
            text = text[length..];
            if (length < LongCluster && _map.TryMapShortest(cluster, out var mapped))
            {
                to.Append(mapped);
                continue;
            }
            for (int at = 0; at < cluster.Length; at += length)
            {
                length = Utf8.LengthOf(cluster[at]);
                var character = cluster.Slice(at, length);
                to.Append(_map.TryMapShortest(character, out mapped) ? mapped : character);
            }
        }
    }
}
