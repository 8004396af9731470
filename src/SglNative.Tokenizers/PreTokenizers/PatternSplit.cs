using System.Text;
using SglNative.Tokenizers.Regexes;
using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.PreTokenizers;

/// <summary>Chooses how to split by a pattern: a scanner written for it where there is one, else the regex engine.</summary>
internal static class PatternSplit
{
    public static PreTokenizer Create(string pattern, SplitBehavior behavior, bool invert) =>
        new RegexSplit(new Regex(pattern), behavior, invert);

    public static PreTokenizer CreateLiteral(string literal, SplitBehavior behavior, bool invert) => literal.Length == 0
        ? new RegexSplit(new Regex(""), behavior, invert)
        : new LiteralSplit(Encoding.UTF8.GetBytes(literal), behavior, invert);
}
