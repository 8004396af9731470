using System.Text;

namespace SglNative.Tokenizers.ChatTemplates.Text;

/// <summary>Replacing one text by another.</summary>
internal static class TextReplacement
{
    /// <summary>Replaces the first <paramref name="count"/> occurrences, or all where it is negative. An empty one stands between all characters.</summary>
    public static string Replace(string text, string old, string @new, int count, RenderBudget budget)
    {
        budget.Text(text.Length);
        if (count == 0) return text;
        if (old.Length == 0) return Interleave(text, @new, count, budget);
        var result = new StringBuilder();
        var start = 0;
        for (var at = text.IndexOf(old, StringComparison.Ordinal); at >= 0 && count != 0; count--)
        {
            result.Append(text, start, at - start).Append(@new);
            budget.CheckLength(result.Length);
            start = at + old.Length;
            at = text.IndexOf(old, start, StringComparison.Ordinal);
        }
        if (start == 0) return text;
        result.Append(text, start, text.Length - start);
        budget.Text(result.Length);
        return result.ToString();
    }

    private static string Interleave(string text, string @new, int count, RenderBudget budget)
    {
        var result = new StringBuilder();
        foreach (var character in PythonText.Characters(text))
        {
            if (count-- != 0) result.Append(@new);
            else count = 0;
            result.Append(character);
            budget.CheckLength(result.Length);
        }
        if (count != 0) result.Append(@new);
        budget.Text(result.Length);
        return result.ToString();
    }
}
