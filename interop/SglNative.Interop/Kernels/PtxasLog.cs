using System.Globalization;
using System.Text.RegularExpressions;

namespace SglNative.Interop.Kernels;

/// <summary>Reads what <c>ptxas -v</c> says about register spills.</summary>
public static partial class PtxasLog
{
    /// <summary>Bytes of spill stores and loads by symbol; empty when the log holds no such lines.</summary>
    public static IReadOnlyDictionary<string, (int Stores, int Loads)> ReadSpills(string log)
    {
        var spills = new Dictionary<string, (int, int)>(StringComparer.Ordinal);
        foreach (Match match in Properties().Matches(log))
            spills[match.Groups["symbol"].Value] = (Number(match, "stores"), Number(match, "loads"));
        return spills;
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"Function properties for (?<symbol>\S+)\s+[^\n]*?\d+ bytes stack frame, (?<stores>\d+) bytes spill stores, (?<loads>\d+) bytes spill loads",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Properties();
}
