namespace SglNative.Tokenizers.ChatTemplates.Values;

/// <summary>A tuple; one with <see cref="IsGroup"/> is a group of the filter <c>groupby</c> and has the attributes grouper and list.</summary>
internal sealed class PythonTuple(object?[] items, bool isGroup = false)
{
    public object?[] Items { get; } = items;

    public bool IsGroup { get; } = isGroup;
}
