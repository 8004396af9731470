namespace SglNative.Tokenizers.ChatTemplates.Execution;

/// <summary>What <c>cycler()</c> returns: hands out its items in turn.</summary>
internal sealed class Cycler(object?[] items)
{
    public object?[] Items { get; } = items;
    public int Position { get; private set; }
    public object? Current => Items[Position];

    public object? Next()
    {
        var current = Current;
        Position = (Position + 1) % Items.Length;
        return current;
    }

    public void Reset() => Position = 0;
}
