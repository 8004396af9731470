namespace SglNative.Engine.Configuration.Flags;

/// <summary>When a <see cref="FlagRule"/> applies.</summary>
/// <param name="Text">The condition in words, as docs/flags.md shows it; empty for "always".</param>
/// <param name="Holds">Whether it holds for a use of the flag.</param>
public sealed record FlagCondition(string Text, Func<FlagUse, bool> Holds)
{
    /// <summary>Holds always.</summary>
    public static FlagCondition Always { get; } = new("", _ => true);

    /// <summary>Holds when both do.</summary>
    public static FlagCondition operator &(FlagCondition left, FlagCondition right) => left.And(right);

    /// <summary>Holds when this one and <paramref name="other"/> do.</summary>
    public FlagCondition And(FlagCondition other) =>
        new($"{Text} {other.Text}".Trim(), use => Holds(use) && other.Holds(use));

    /// <inheritdoc cref="And"/>
    public static FlagCondition BitwiseAnd(FlagCondition left, FlagCondition right) => left.And(right);
}
