namespace SglNative.Engine.Benchmarking;

/// <summary>The compared positions of one prompt's prefill or decode.</summary>
/// <param name="Prompt">The prompt's number in the reference.</param>
/// <param name="Name"><c>prefill</c> or <c>decode</c>.</param>
/// <param name="Tokens">Tokens of the prompt.</param>
/// <param name="Differences">One for each position, ascending.</param>
public sealed record ComparedPart(int Prompt, string Name, int Tokens, IReadOnlyList<LogitsDifference> Differences)
{
    /// <summary>The position furthest from the reference in what <paramref name="tolerance"/> bounds.</summary>
    public LogitsDifference Worst(NumericTolerance tolerance)
    {
        var byLogit = double.IsFinite(tolerance.MaxAbs);
        return Differences.MaxBy(d => Size(byLogit ? d.MaxAbs : d.RelativeRms));
    }

    /// <summary>The largest absolute difference of any position.</summary>
    public double MaxAbs => Differences.Max(d => Size(d.MaxAbs));

    /// <summary>The largest RMS/std of any position.</summary>
    public double WorstRms => Differences.Max(d => Size(d.RelativeRms));

    /// <summary>RMS/std at the median position.</summary>
    public double MedianRms => Median(Differences);

    /// <summary>Positions at which both have the same most probable token.</summary>
    public int SameTop => Differences.Count(d => d.SameTop);

    internal static double Median(IEnumerable<LogitsDifference> differences)
    {
        var sorted = differences.Select(d => Size(d.RelativeRms)).Order().ToArray();
        return sorted.Length == 0 ? 0 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    // What is not a number is as wrong as can be, and must not hide among the sorted.
    private static double Size(double value) => double.IsNaN(value) ? double.PositiveInfinity : value;
}
