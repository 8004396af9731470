namespace SglNative.Models.Weights;

/// <summary>Tensor names with wildcards.</summary>
internal static class NamePattern
{
    /// <summary>The texts that the pattern's <c>*</c> stand for, or null. Each takes as little as lets the rest match.</summary>
    public static string[]? Match(string pattern, string name)
    {
        var parts = pattern.Split('*');
        if (parts.Length == 1) return pattern == name ? [] : null;
        if (!name.StartsWith(parts[0], StringComparison.Ordinal) || !name.EndsWith(parts[^1], StringComparison.Ordinal)) return null;
        var texts = new string[parts.Length - 1];
        var (at, end) = (parts[0].Length, name.Length - parts[^1].Length);
        if (at > end) return null;
        for (var i = 1; i < parts.Length - 1; i++)
        {
            var next = name.IndexOf(parts[i], at, end - at, StringComparison.Ordinal);
            if (next < 0) return null;
            texts[i - 1] = name[at..next];
            at = next + parts[i].Length;
        }
        texts[^1] = name[at..end];
        return texts;
    }

    /// <summary>The replacement with its <c>*</c> filled in order.</summary>
    public static string Fill(string replacement, string[] texts)
    {
        var parts = replacement.Split('*');
        var result = parts[0];
        for (var i = 1; i < parts.Length; i++) result += (i <= texts.Length ? texts[i - 1] : "") + parts[i];
        return result;
    }
}
