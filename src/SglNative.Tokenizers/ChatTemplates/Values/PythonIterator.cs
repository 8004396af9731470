namespace SglNative.Tokenizers.ChatTemplates.Values;

/// <summary>Something that can be iterated once, such as the result of the filters <c>map</c> and <c>select</c>.</summary>
internal sealed class PythonIterator(IEnumerable<object?> items, string typeName = "generator")
{
    /// <summary>The one enumerator; whoever advances it takes the items from all others.</summary>
    public IEnumerator<object?> Enumerator { get; } = items.GetEnumerator();

    public string TypeName { get; } = typeName;
}
