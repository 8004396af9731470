namespace SglNative.Interop.Emulated.Compilation;

/// <summary>The compiler's flags, of kernels/host/flags.txt, which CMakeLists.txt reads too.</summary>
internal static class HostFlags
{
    private const string File = "flags.txt";

    /// <summary>Those of the runtime.</summary>
    public static IReadOnlyList<string> Runtime { get; } = For("all", HostCompiler.Architecture, "runtime");

    /// <summary>Those of kernels.</summary>
    /// <param name="checkMemory">Whether accesses are reported to the runtime.</param>
    public static IReadOnlyList<string> Kernels(bool checkMemory) => For("all", HostCompiler.Architecture, "kernel", checkMemory ? "checked" : "unchecked");

    // A line is a purpose and flags for it.
    private static string[] For(params ReadOnlySpan<string> purposes)
    {
        var flags = new List<string>();
        foreach (var line in HostSources.All.Single(source => source.Key == File).Value.Split('\n'))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words.Length > 0 && purposes.Contains(words[0])) flags.AddRange(words[1..]);
        }
        return [.. flags];
    }
}
