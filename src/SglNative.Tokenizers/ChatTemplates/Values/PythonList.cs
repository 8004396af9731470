namespace SglNative.Tokenizers.ChatTemplates.Values;

/// <summary>A list. Templates cannot change one, so it may be shared.</summary>
internal sealed class PythonList(List<object?> items)
{
    public List<object?> Items { get; } = items;
}
