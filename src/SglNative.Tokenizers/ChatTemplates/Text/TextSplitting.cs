namespace SglNative.Tokenizers.ChatTemplates.Text;

/// <summary>Python's <c>split</c> and <c>rsplit</c>; without a separator, at runs of blanks.</summary>
internal static class TextSplitting
{
    public static List<string> Split(string text, string? separator, int limit, RenderBudget budget)
    {
        if (separator is null) return SplitAtBlanks(text, limit, budget);
        if (separator.Length == 0) throw Values.PythonTypes.ValueError("empty separator");
        var pieces = new List<string>();
        var start = 0;
        for (int at; limit != 0 && (at = text.IndexOf(separator, start, StringComparison.Ordinal)) >= 0; limit--)
        {
            budget.Step();
            pieces.Add(text[start..at]);
            start = at + separator.Length;
        }
        pieces.Add(text[start..]);
        return pieces;
    }

    public static List<string> SplitFromEnd(string text, string? separator, int limit, RenderBudget budget)
    {
        if (separator is null) return SplitAtBlanksFromEnd(text, limit, budget);
        if (separator.Length == 0) throw Values.PythonTypes.ValueError("empty separator");
        var pieces = new List<string>();
        var end = text.Length;
        for (int at; limit != 0 && (at = text.AsSpan(0, end).LastIndexOf(separator)) >= 0; limit--)
        {
            budget.Step();
            pieces.Add(text[(at + separator.Length)..end]);
            end = at;
        }
        pieces.Add(text[..end]);
        pieces.Reverse();
        return pieces;
    }

    private static List<string> SplitAtBlanks(string text, int limit, RenderBudget budget)
    {
        var pieces = new List<string>();
        var i = 0;
        while (true)
        {
            while (i < text.Length && PythonText.IsSpace(text[i])) i++;
            if (i == text.Length) return pieces;
            var start = i;
            if (limit-- == 0)
            {
                pieces.Add(text.AsSpan(start).TrimEnd(PythonText.Spaces).ToString());
                return pieces;
            }
            while (i < text.Length && !PythonText.IsSpace(text[i])) i++;
            budget.Step();
            pieces.Add(text[start..i]);
        }
    }

    private static List<string> SplitAtBlanksFromEnd(string text, int limit, RenderBudget budget)
    {
        var pieces = new List<string>();
        var i = text.Length;
        while (true)
        {
            while (i > 0 && PythonText.IsSpace(text[i - 1])) i--;
            if (i == 0) break;
            var end = i;
            if (limit-- == 0)
            {
                pieces.Add(text.AsSpan(0, end).TrimStart(PythonText.Spaces).ToString());
                break;
            }
            while (i > 0 && !PythonText.IsSpace(text[i - 1])) i--;
            budget.Step();
            pieces.Add(text[i..end]);
        }
        pieces.Reverse();
        return pieces;
    }
}
