using SglNative.Tokenizers.Unicode;

namespace SglNative.Tokenizers.Regexes;

/// <summary>The syntax tree of a pattern.</summary>
internal abstract record RegexNode
{
    public sealed record Nothing : RegexNode;

    public sealed record One(CodePointSet Set) : RegexNode;

    public sealed record Concatenation(IReadOnlyList<RegexNode> Items) : RegexNode;

    public sealed record Alternation(IReadOnlyList<RegexNode> Choices) : RegexNode;

    /// <summary>Max is -1 for no limit.</summary>
    public sealed record Repetition(RegexNode Item, int Min, int Max, RepetitionMode Mode) : RegexNode;

    public sealed record Atomic(RegexNode Item) : RegexNode;

    public sealed record Lookaround(RegexNode Item, bool Behind, bool Negative) : RegexNode;

    public sealed record Anchor(AnchorKind Kind) : RegexNode;
}
