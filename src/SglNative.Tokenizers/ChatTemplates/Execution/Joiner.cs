namespace SglNative.Tokenizers.ChatTemplates.Execution;

/// <summary>What <c>joiner()</c> returns: nothing on the first call, the separator afterwards.</summary>
internal sealed class Joiner(object? separator)
{
    public object? Separator { get; } = separator;
    public bool Used { get; private set; }

    public object? Call()
    {
        if (Used) return Separator;
        Used = true;
        return "";
    }
}
