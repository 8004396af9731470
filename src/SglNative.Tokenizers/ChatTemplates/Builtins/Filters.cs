using System.Collections.Frozen;
using SglNative.Tokenizers.ChatTemplates.Execution;

namespace SglNative.Tokenizers.ChatTemplates.Builtins;

/// <summary>All filters by name.</summary>
internal static class Filters
{
    private static readonly FrozenDictionary<string, NativeFunction> Functions =
        TextFilters.All.Concat(MarkupFilters.All).Concat(NumberFilters.All).Concat(SequenceFilters.All).Concat(SelectionFilters.All)
            .ToFrozenDictionary(filter => filter.Name);

    public static NativeFunction? Find(string name) => Functions.GetValueOrDefault(name);
}
