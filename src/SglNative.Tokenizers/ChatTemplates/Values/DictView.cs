namespace SglNative.Tokenizers.ChatTemplates.Values;

/// <summary>What <c>keys()</c>, <c>values()</c> and <c>items()</c> of a dict return.</summary>
internal sealed class DictView(PythonDict dict, DictViewKind kind)
{
    public PythonDict Dict { get; } = dict;
    public DictViewKind Kind { get; } = kind;

    public IEnumerable<object?> Items() => Kind switch
    {
        DictViewKind.Keys => Dict.Entries.Select(entry => entry.Key),
        DictViewKind.Values => Dict.Entries.Select(entry => entry.Value),
        _ => Dict.Entries.Select(object? (entry) => new PythonTuple([entry.Key, entry.Value])),
    };
}

internal enum DictViewKind
{
    Keys,
    Values,
    Items,
}
