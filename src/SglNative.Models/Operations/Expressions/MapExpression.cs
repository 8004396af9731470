using System.Collections.Concurrent;
using SglNative.Core;

namespace SglNative.Models.Operations.Expressions;

/// <summary>
/// A function of up to four float32 values, written as in C: <c>x &gt; 0 ? sqrtf(x) : x</c>. Inputs are x, y, z and w in order. Both
/// backends compute it operation by operation in float32, without contracting products and sums; a comparison is 1 or 0.
/// </summary>
public sealed class MapExpression
{
    /// <summary>Names of the inputs.</summary>
    public static readonly IReadOnlyList<string> InputNames = ["x", "y", "z", "w"];

    private static readonly ConcurrentDictionary<string, MapExpression> Parsed = new(StringComparer.Ordinal);

    private MapExpression(string text, MapNode root)
    {
        (Text, Root) = (text, root);
        InputCount = root.InputCount;
        Program = MapProgram.Of(root);
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Inputs it reads: one more than the last.</summary>
    public int InputCount { get; }

    /// <summary>The expression in C++, in float, every operation in parentheses.</summary>
    public string Cpp => Root.Cpp;

    /// <summary>The expression as steps on a stack, for the host.</summary>
    public MapProgram Program { get; }

    internal MapNode Root { get; }

    /// <summary>Reads an expression; the same text gives the same object.</summary>
    /// <exception cref="SglException">It is not one; the message points to the place.</exception>
    public static MapExpression Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parsed.TryGetValue(text, out var known) ? known : Parsed.GetOrAdd(text, new MapExpression(text, new MapParser(text).Parse()));
    }
}
