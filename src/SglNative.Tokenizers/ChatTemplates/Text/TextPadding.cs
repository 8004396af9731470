namespace SglNative.Tokenizers.ChatTemplates.Text;

/// <summary>Padding text to a width in code points.</summary>
internal static class TextPadding
{
    public static string Left(string text, int width, string fill, RenderBudget budget) => Pad(text, 0, Missing(text, width), fill, budget);

    public static string Right(string text, int width, string fill, RenderBudget budget) => Pad(text, Missing(text, width), 0, fill, budget);

    /// <summary>Centres text; an odd blank goes to the left when the width is odd, as in Python.</summary>
    public static string Center(string text, int width, string fill, RenderBudget budget)
    {
        var missing = Missing(text, width);
        var left = missing / 2 + (missing & width & 1);
        return Pad(text, left, missing - left, fill, budget);
    }

    private static int Missing(string text, int width) => Math.Max(0, width - PythonText.Length(text));

    private static string Repeat(string fill, int count) => fill.Length == 1 ? new string(fill[0], count) : string.Concat(Enumerable.Repeat(fill, count));

    private static string Pad(string text, int left, int right, string fill, RenderBudget budget)
    {
        if (left + right == 0) return text;
        budget.Text(text.Length + ((long)left + right) * fill.Length);
        return string.Concat(Repeat(fill, left), text, Repeat(fill, right));
    }
}
