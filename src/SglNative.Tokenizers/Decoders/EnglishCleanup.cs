using System.Text;
using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.Decoders;

/// <summary>Undoes the spaces that BERT-style tokenization leaves before punctuation and in contractions.</summary>
internal sealed class EnglishCleanup
{
    private static readonly LiteralReplacement[] Replacements =
    [
        Make(" .", "."), Make(" ?", "?"), Make(" !", "!"), Make(" ,", ","), Make(" ' ", "'"), Make(" n't", "n't"), Make(" 'm", "'m"),
        Make(" do not", " don't"), Make(" 's", "'s"), Make(" 've", "'ve"), Make(" 're", "'re"),
    ];

    private TextBuffer _current = new();
    private TextBuffer _other = new();

    private static LiteralReplacement Make(string from, string to) => new(Encoding.UTF8.GetBytes(from), Encoding.UTF8.GetBytes(to));

    /// <summary>The cleaned text, valid until the next call.</summary>
    public ReadOnlySpan<byte> Clean(ReadOnlySpan<byte> text)
    {
        _current.Clear();
        _current.Append(text);
        foreach (var replacement in Replacements)
        {
            if (_current.Span.IndexOf(replacement.Pattern) < 0) continue;
            _other.Clear();
            replacement.Apply(_current.Span, _other);
            (_current, _other) = (_other, _current);
        }
        return _current.Span;
    }
}
