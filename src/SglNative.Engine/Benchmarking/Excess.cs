using System.Globalization;

namespace SglNative.Engine.Benchmarking;

/// <summary>A position of a mixture of experts that is further from the reference than rounding alone takes it.</summary>
/// <param name="Prompt">The prompt's number in the reference.</param>
/// <param name="Part"><c>prefill</c> or <c>decode</c>.</param>
/// <param name="Difference">How far it is.</param>
/// <param name="Tie">The near-tie of a router that explains it; null where there is none.</param>
public sealed record Excess(int Prompt, string Part, LogitsDifference Difference, RouterTie? Tie)
{
    /// <summary>As written in reports.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"prompt {Prompt}, {Part}, position {Difference.Position}: max |difference| {Difference.MaxAbs:0.000e+00}, RMS/std {100 * Difference.RelativeRms:0.###} %: ")
        + (Tie is { } tie ? $"near-tie, {tie}" : "no router was near a tie");
}
