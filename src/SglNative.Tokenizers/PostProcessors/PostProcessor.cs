namespace SglNative.Tokenizers.PostProcessors;

/// <summary>
/// Which ids surround the text: a list of ids in which <see cref="First"/> and <see cref="Second"/> stand for the texts' own.
/// </summary>
internal sealed record PostProcessor(IReadOnlyList<int> Single, IReadOnlyList<int> Pair)
{
    public const int First = -1;
    public const int Second = -2;

    /// <summary>Adds nothing.</summary>
    public static PostProcessor None { get; } = new([First], [First, Second]);

    public static PostProcessor Bert(int cls, int sep) => new([cls, First, sep], [cls, First, sep, Second, sep]);

    public static PostProcessor Roberta(int cls, int sep) => new([cls, First, sep], [cls, First, sep, sep, Second, sep]);

    /// <summary>Puts a token in front of each text and one behind it; -1 for none.</summary>
    public static PostProcessor Around(int bos, int eos)
    {
        if (bos < 0 && eos < 0) return None;
        return new PostProcessor([.. Side(First)], [.. Side(First), .. Side(Second)]);

        IEnumerable<int> Side(int text) => ((int[])[bos, text, eos]).Where((id, i) => i == 1 || id >= 0);
    }

    /// <summary>This one's result goes into another's first text, as a Sequence does.</summary>
    public PostProcessor Then(PostProcessor outer)
    {
        if (ReferenceEquals(outer, None)) return this;
        if (ReferenceEquals(this, None)) return outer;
        return new PostProcessor([.. outer.Single.SelectMany(id => id == First ? Single : [id])], outer.Pair);
    }
}
