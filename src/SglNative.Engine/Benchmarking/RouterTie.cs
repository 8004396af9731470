using System.Globalization;

namespace SglNative.Engine.Benchmarking;

/// <summary>A token for which a router was near to another choice.</summary>
/// <param name="Router">Path of the router's module.</param>
/// <param name="Prompt">The prompt's number in the reference.</param>
/// <param name="Position">The token's position.</param>
/// <param name="Taken">The expert that was taken.</param>
/// <param name="Left">The one that would have come in its place.</param>
/// <param name="Gap">
/// How far their logits would have to move against each other for that, over the standard deviation of the router's logits: that of all its
/// tokens, since of one token with two experts it is half of their difference, whatever that is.
/// </param>
public readonly record struct RouterTie(string Router, int Prompt, int Position, int Taken, int Left, double Gap)
{
    /// <summary>As written in reports.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Router} at position {Position} took expert {Taken} before {Left} by {100 * Gap:0.###} % of its logits' std");
}
