using System.Text;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Text;

/// <summary>Percent-encoding for URLs.</summary>
internal static class UrlText
{
    /// <summary>Encodes a text, or the pairs of a dict or a list as a query.</summary>
    public static string EncodeValue(object? value, RenderBudget budget)
    {
        if (value is string or Markup || Iteration.TryOf(value) is null) return Encode(Representation.Str(value, budget), isQuery: false);
        var pairs = value is PythonDict dict ? new DictView(dict, DictViewKind.Items).Items() : Iteration.Of(value);
        var parts = new List<string>();
        foreach (var pair in pairs)
        {
            budget.Step();
            var items = Iteration.ToList(pair, budget);
            if (items.Count != 2) throw PythonTypes.ValueError($"expected 2 values to unpack, got {items.Count}");
            parts.Add($"{Encode(Representation.Str(items[0], budget), true)}={Encode(Representation.Str(items[1], budget), true)}");
        }
        return string.Join('&', parts);
    }

    private static string Encode(string text, bool isQuery)
    {
        var result = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            var c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '~' || c == '/' && !isQuery) result.Append(c);
            else if (c == ' ' && isQuery) result.Append('+');
            else result.Append('%').Append(Convert.ToHexString([b]));
        }
        return result.ToString();
    }
}
