using System.Text;

namespace SglNative.Interop.Kernels;

/// <summary>Finds a kernel in an image by the C++ expression that instantiated it, where no compiler's answer was kept.</summary>
public static class KernelSymbol
{
    /// <summary>
    /// The one of <paramref name="symbols"/> that <paramref name="instantiation"/> became: its own name (<c>extern "C"</c>) or the
    /// mangled one. A unit holds one instantiation of a template, so its qualified name tells it from the others; null when none fits.
    /// </summary>
    public static string? Find(string instantiation, IEnumerable<string> symbols)
    {
        ArgumentNullException.ThrowIfNull(instantiation);
        ArgumentNullException.ThrowIfNull(symbols);
        var bracket = instantiation.IndexOf('<', StringComparison.Ordinal);
        var parts = (bracket < 0 ? instantiation : instantiation[..bracket]).Trim().Split("::", StringSplitOptions.RemoveEmptyEntries);
        var prefix = Mangle(parts, template: bracket >= 0);
        string? found = null;
        foreach (var symbol in symbols)
        {
            if (symbol == parts[^1] && bracket < 0) return symbol;
            if (!symbol.StartsWith(prefix, StringComparison.Ordinal)) continue;
            // Two instantiations in one unit cannot be told apart by this rule.
            if (found is not null) return null;
            found = symbol;
        }
        return found;
    }

    // The Itanium rule for names: a length before each part, N … E around nested ones, I before the arguments of a template.
    private static string Mangle(string[] parts, bool template)
    {
        var text = new StringBuilder(parts.Length > 1 ? "_ZN" : "_Z");
        foreach (var part in parts) text.Append(part.Length).Append(part);
        return text.Append(template ? "I" : parts.Length > 1 ? "E" : "").ToString();
    }
}
