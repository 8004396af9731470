using SglNative.Tokenizers.Regexes;
using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.Normalizers;

/// <summary>Replaces each match of a pattern by a fixed text.</summary>
internal sealed class RegexReplaceNormalizer(Regex regex, byte[] content) : Normalizer
{
    private readonly Spare<Matches> _spare = new(() => new Matches());

    public override void Normalize(ReadOnlySpan<byte> text, TextBuffer to)
    {
        var matches = _spare.Take();
        matches.Spans.Clear();
        regex.FindAll(text, matches);
        var last = 0;
        foreach (var (start, end) in matches.Spans)
        {
            to.Append(text[last..start]);
            to.Append(content);
            last = end;
        }
        to.Append(text[last..]);
        _spare.Return(matches);
    }

    private sealed class Matches : IRegexSink
    {
        public List<(int Start, int End)> Spans { get; } = [];

        public void Match(int start, int end) => Spans.Add((start, end));
    }
}
