namespace SglNative.Tokenizers.ChatTemplates;

/// <summary>What one render may use. The defaults fit every published template with room to spare.</summary>
public sealed record ChatTemplateLimits
{
    /// <summary>The limits used where none are given.</summary>
    public static ChatTemplateLimits Default { get; } = new();

    /// <summary>Evaluation steps, to which <see cref="StepsPerInputCharacter"/> adds for long conversations.</summary>
    public long Steps { get; init; } = 4_000_000;

    /// <summary>Further steps for each character of the messages, tools and variables.</summary>
    public int StepsPerInputCharacter { get; init; } = 40;

    /// <summary>
    /// Wall time, to which 50 ns for each input character are added. It is looked at only after 100,000 steps, so that a busy
    /// machine or a cold start never stops a render that does little.
    /// </summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMilliseconds(80);

    /// <summary>The longest text in UTF-16 units that may be written or built; four times the input is allowed in any case.</summary>
    public int TextLength { get; init; } = 1024 * 1024;

    /// <summary>How deep calls (macros, callers, recursive loops) may nest.</summary>
    public int CallDepth { get; init; } = 200;
}
