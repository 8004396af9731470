namespace SglNative.Engine.Configuration.Flags;

/// <summary>Finds the name that a mistyped one most likely stands for.</summary>
public static class NearestName
{
    private const int LongestTyped = 200;

    /// <summary>
    /// The candidate with the fewest edits (insert, delete, replace, swap of neighbours) to <paramref name="typed"/>; null when
    /// none is closer than half of what was typed.
    /// </summary>
    public static string? Of(string typed, IEnumerable<string> candidates)
    {
        if (typed.Length > LongestTyped) return null;
        var best = candidates
            .Select(name => (Name: name, Edits: Edits(typed, name)))
            .OrderBy(entry => entry.Edits)
            .ThenBy(entry => entry.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.Name is not null && best.Edits * 2 <= typed.TrimStart('-').Length ? best.Name : null;
    }

    private static int Edits(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }

        return rows[a.Length, b.Length];
    }
}
