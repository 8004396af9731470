namespace SglNative.Interop.Emulated.Compilation;

/// <summary>
/// Puts gaps between arrays in static shared memory. They are "thread" variables to the compiler, each in a section of its own in
/// the assembly, which is where 64 more bytes behind each can be had without changing the variable.
/// </summary>
internal static class SharedGuards
{
    private const int Gap = 64;

    /// <summary>Changes the assembly in place.</summary>
    public static void Insert(string assembly)
    {
        var inside = false;
        var changed = new List<string>();
        foreach (var line in File.ReadLines(assembly))
        {
            changed.Add(line);
            var text = line.AsSpan().Trim();
            if (text.StartsWith(".section", StringComparison.Ordinal)) inside = text.Contains(".tbss", StringComparison.Ordinal);
            else if (text.StartsWith(".text", StringComparison.Ordinal) || text.StartsWith(".data", StringComparison.Ordinal) || text.StartsWith(".bss", StringComparison.Ordinal)) inside = false;
            else if (inside && text.StartsWith(".zero", StringComparison.Ordinal)) changed.Add($"\t.zero\t{Gap}");
        }
        File.WriteAllLines(assembly, changed);
    }
}
