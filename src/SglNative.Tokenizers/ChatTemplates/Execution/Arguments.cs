namespace SglNative.Tokenizers.ChatTemplates.Execution;

/// <summary>The evaluated arguments of one call.</summary>
internal readonly struct Arguments(object?[] positional, IReadOnlyList<KeyValuePair<string, object?>>? keywords = null)
{
    public object?[] Positional { get; } = positional;

    public IReadOnlyList<KeyValuePair<string, object?>> Keywords { get; } = keywords ?? [];

    /// <summary>The same arguments after a first one.</summary>
    public Arguments Prepend(object? first) => new([first, .. Positional], Keywords);
}
