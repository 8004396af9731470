using System.Globalization;
using System.Text;

namespace SglNative.Engine.Benchmarking;

/// <summary>
/// Writes a float32 matrix as PyTorch prints a tensor with its default options: four decimals, lines of 80 characters, three rows and
/// columns at each edge where it has more than a thousand elements.
/// </summary>
public static class TorchTensorText
{
    private const int LineWidth = 80;
    private const int EdgeItems = 3;
    private const int Threshold = 1000;
    private const string Prefix = "tensor(";

    /// <summary>As <c>print(tensor)</c> writes it.</summary>
    /// <param name="rows">The rows, all of one length.</param>
    /// <param name="device">Such as <c>cuda:0</c>; null on the CPU, which is not named.</param>
    public static string Write(IReadOnlyList<float[]> rows, string? device = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var columns = rows.Count == 0 ? 0 : rows[0].Length;
        var summarize = (long)rows.Count * columns > Threshold;
        var shownRows = Shown(rows.Count, summarize).ToArray();
        var shownColumns = Shown(columns, summarize).ToArray();
        var format = TorchNumberFormat.For([.. from row in shownRows where row >= 0 from column in shownColumns where column >= 0 select rows[row][column]]);

        var text = new StringBuilder(Prefix).Append('[');
        for (var i = 0; i < shownRows.Length; i++)
        {
            if (i > 0) text.Append(",\n").Append(' ', Prefix.Length + 1);
            if (shownRows[i] < 0) text.Append("...");
            else AppendRow(text, rows[shownRows[i]], shownColumns, format);
        }
        text.Append(']');
        if (device is not null) AppendSuffix(text, $"device='{device}'");
        return text.Append(')').ToString();
    }

    // Indices in order; -1 stands for those that are left out.
    private static IEnumerable<int> Shown(int count, bool summarize) => summarize && count > 2 * EdgeItems
        ? [.. Enumerable.Range(0, EdgeItems), -1, .. Enumerable.Range(count - EdgeItems, EdgeItems)]
        : Enumerable.Range(0, count);

    private static void AppendRow(StringBuilder text, float[] row, int[] columns, TorchNumberFormat format)
    {
        var indent = Prefix.Length + 1;
        var perLine = Math.Max(1, (LineWidth - indent) / (format.Width + 2));
        text.Append('[');
        for (var i = 0; i < columns.Length; i++)
        {
            if (i > 0) text.Append(i % perLine == 0 ? ",\n" : ", ");
            if (i > 0 && i % perLine == 0) text.Append(' ', indent + 1);
            text.Append(columns[i] < 0 ? " ..." : format.Write(row[columns[i]]));
        }
        text.Append(']');
    }

    private static void AppendSuffix(StringBuilder text, string suffix)
    {
        var whole = text.ToString();
        var lastLine = whole.Length - whole.LastIndexOf('\n') + 1;
        if (lastLine + suffix.Length + 2 > LineWidth) text.Append(",\n").Append(' ', Prefix.Length).Append(suffix);
        else text.Append(", ").Append(suffix);
    }
}
