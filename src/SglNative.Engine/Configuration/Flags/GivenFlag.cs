namespace SglNative.Engine.Configuration.Flags;

/// <summary>One flag that was given.</summary>
/// <param name="Flag">Its row in the table.</param>
/// <param name="Spelling">The name it was given by (an alias, say), with abbreviations spelt out as the user wrote them.</param>
/// <param name="Words">The words of its value; none for a switch.</param>
/// <param name="Value">The value those words stand for.</param>
/// <param name="Source">Where it was given, such as <c>run.yaml line 3</c>; null for the command line.</param>
public sealed record GivenFlag(Flag Flag, string Spelling, IReadOnlyList<string> Words, object? Value, string? Source)
{
    /// <summary>The value as one text.</summary>
    public string Text => string.Join(' ', Words);

    /// <summary>Flag and value as one would type them.</summary>
    public override string ToString() => Words.Count == 0 ? Spelling : $"{Spelling} {Text}";
}
