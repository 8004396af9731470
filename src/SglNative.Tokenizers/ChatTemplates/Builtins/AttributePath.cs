using System.Globalization;
using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Text;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Builtins;

/// <summary>The attribute that a filter looks at in each item: a name, an index, or several joined by dots.</summary>
internal static class AttributePath
{
    /// <summary>Reads the attribute of an item; the item itself where none is named.</summary>
    public static Func<object?, object?> Getter(RenderState state, object? attribute, bool ignoreCase = false, object? fallback = null)
    {
        var parts = Split(attribute);
        return item =>
        {
            state.Budget.Step();
            foreach (var part in parts)
            {
                item = Attributes.GetItem(item, part, state);
                if (fallback is not null && item is Undefined) item = fallback;
            }
            return ignoreCase ? IgnoreCase(item) : item;
        };
    }

    /// <summary>Reads several attributes, separated by commas, as a list.</summary>
    public static Func<object?, object?> MultiGetter(RenderState state, object? attribute, bool ignoreCase)
    {
        object?[] names = Argument.TextOrNull(attribute) is { } text ? text.Split(',') : [attribute];
        var getters = names.Select(name => Getter(state, name, ignoreCase)).ToArray();
        return item => new PythonList([.. getters.Select(get => get(item))]);
    }

    public static object? IgnoreCase(object? value) => value switch
    {
        string text => CaseMapping.Lower(text),
        Markup markup => new Markup(CaseMapping.Lower(markup.Text)),
        _ => value,
    };

    private static object?[] Split(object? attribute)
    {
        if (attribute is null or Missing) return [];
        if (Argument.TextOrNull(attribute) is not { } path) return [attribute];
        return [.. path.Split('.').Select(object? (part) =>
            part.Length > 0 && part.All(char.IsAsciiDigit) && long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                ? PythonInteger.Box(index)
                : part)];
    }
}
