using System.Globalization;
using System.Text.RegularExpressions;

namespace SglNative.Interop.Emulated.Compilation;

/// <summary>
/// The <c>__launch_bounds__</c> of kernels, which mean nothing to a C++ compiler: found in the text and declared again as constants
/// under the kernel's own template parameters, so that a launch with too many threads can be refused.
/// </summary>
internal sealed partial class LaunchBounds
{
    private readonly Dictionary<string, (string Template, string Bounds)> _kernels = new(StringComparer.Ordinal);

    /// <summary>Those of all kernels in the texts.</summary>
    public static LaunchBounds Find(IEnumerable<string> texts)
    {
        var found = new LaunchBounds();
        foreach (var text in texts)
            foreach (Match match in Kernel().Matches(text))
            {
                var bounds = text[(match.Index + match.Length)..];
                var end = ClosingParenthesis(bounds);
                if (end < 0) continue;
                var name = Name().Match(bounds, end + 1);
                if (name.Success) found._kernels[name.Groups["name"].Value] = (match.Groups["template"].Value, bounds[..end]);
            }
        return found;
    }

    /// <summary>C++ that defines <c>sgl_max_threads_{number}</c> for an instantiation; null where the kernel has no bounds.</summary>
    public string? Declare(string instantiation, int number)
    {
        var arguments = instantiation.IndexOf('<', StringComparison.Ordinal);
        var path = arguments < 0 ? instantiation : instantiation[..arguments];
        var separator = path.LastIndexOf("::", StringComparison.Ordinal);
        var (scope, name) = separator < 0 ? ("", path) : (path[..separator], path[(separator + 2)..]);
        if (!_kernels.TryGetValue(name.Trim(), out var kernel) || (arguments >= 0 && kernel.Template.Length == 0)) return null;
        var type = string.Create(CultureInfo.InvariantCulture, $"sgl_bounds_{number}");
        var (open, close, prefix) = scope.Length == 0 ? ("", "", "") : ($"namespace {scope} {{ ", " }", scope + "::");
        return $"{open}{kernel.Template} struct {type} {{ static constexpr int value = sgl_host::first({kernel.Bounds}); }};{close}\n"
            + string.Create(CultureInfo.InvariantCulture,
                $"SGL_EXPORT int sgl_max_threads_{number}() {{ return {prefix}{type}{(arguments < 0 ? "" : instantiation[arguments..])}::value; }}\n");
    }

    // The end of the text before it is after the opening parenthesis.
    private static int ClosingParenthesis(string text)
    {
        var depth = 1;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '(') depth++;
            else if (text[i] == ')' && --depth == 0) return i;
        }
        return -1;
    }

    [GeneratedRegex(@"(?<template>template\s*<[^;{}()]*>)?\s*(extern\s+""C""\s+)?(static\s+)?__global__\s+void\s+__launch_bounds__\s*\(", RegexOptions.ExplicitCapture)]
    private static partial Regex Kernel();

    [GeneratedRegex(@"\G\s*(__cluster_dims__\s*\([^)]*\)\s*)?(?<name>\w+)\s*\(", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
