using System.Text.RegularExpressions;
using SglNative.Interop.Emulated.Compilation;

namespace SglNative.Interop.Emulated.Native;

/// <summary>Turns <c>{library+0x1234}</c> in messages into the kernel's file and line, where binutils are installed.</summary>
internal static partial class SourcePositions
{
    /// <summary>The message with every position resolved.</summary>
    public static string Resolve(string message) => Position().Replace(message, match =>
    {
        try
        {
            // A return address lies behind the call: one byte before it is the call's own line.
            var address = Convert.ToInt64(match.Groups["offset"].Value, 16) - 1;
            var (succeeded, lines) = HostCompiler.Run("addr2line", ".", ["-i", "-e", match.Groups["library"].Value, $"0x{address:x}"]);
            if (!succeeded) return "";
            var places = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => line.Split(' ')[0]).Select(line => line.StartsWith("./", StringComparison.Ordinal) ? line[2..] : line)
                .Where(line => !line.StartsWith("host/", StringComparison.Ordinal) && !line.StartsWith('?') && !line.Contains("sgl_stub", StringComparison.Ordinal)).ToArray();
            return places.Length == 0 ? "" : $" [{string.Join(", called from ", places)}]";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "";
        }
    });

    [GeneratedRegex(@" \{(?<library>[^{}]+)\+0x(?<offset>[0-9a-f]+)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Position();
}
