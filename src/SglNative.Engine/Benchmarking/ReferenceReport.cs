using System.Globalization;

namespace SglNative.Engine.Benchmarking;

/// <summary>What a comparison with a reference found.</summary>
/// <param name="Source">The reference's path.</param>
/// <param name="Tolerance">What was allowed.</param>
/// <param name="Parts">The compared positions, prompt by prompt; at least one.</param>
/// <param name="HiddenStates">What the layers' outputs say; null where the reference has none.</param>
public sealed record ReferenceReport(string Source, NumericTolerance Tolerance, IReadOnlyList<ComparedPart> Parts, HiddenStateReport? HiddenStates)
{
    /// <summary>RMS/std at the median of all positions.</summary>
    public double MedianRms => ComparedPart.Median(Parts.SelectMany(part => part.Differences));

    /// <summary>The positions out of bounds of a mixture of experts in 16 bits, of which the tolerance lets some pass; empty for all others.</summary>
    public IReadOnlyList<Excess> Excesses { get; init; } = [];

    /// <summary>Whether all is within the tolerance.</summary>
    public bool Passed => Failure() is null;

    /// <summary>Writes the table and the verdict.</summary>
    public void Write(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteLine($"Comparison with {Source}, tolerance {Tolerance}");
        writer.WriteLine("prompt  tokens  part     positions  worst at  max |diff|  RMS/std median  RMS/std worst  top-1");
        foreach (var part in Parts)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{part.Prompt,6}  {part.Tokens,6}  {part.Name,-7}  {part.Differences.Count,9}  {part.Worst(Tolerance).Position,8}  {part.MaxAbs,10:0.000e+00}  "
                + $"{100 * part.MedianRms,12:0.00000} %  {100 * part.WorstRms,11:0.00000} %  {part.SameTop}/{part.Differences.Count}"));
        var count = Parts.Sum(part => part.Differences.Count);
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"   all          {"",-7}  {count,9}  {"",8}  {Parts.Max(part => part.MaxAbs),10:0.000e+00}  "
            + $"{100 * MedianRms,12:0.00000} %  {100 * Parts.Max(part => part.WorstRms),11:0.00000} %  {Parts.Sum(part => part.SameTop)}/{count}"));
        HiddenStates?.Write(writer);
        foreach (var excess in Excesses) writer.WriteLine(excess);
        writer.WriteLine(Failure() is { } failure ? $"FAIL: {failure}" : "PASS");
    }

    private string? Failure()
    {
        if (!(MedianRms <= Tolerance.MedianRms))
            return string.Create(CultureInfo.InvariantCulture, $"RMS/std at the median position is {100 * MedianRms:0.###} %");
        if (Excesses.Count > 0)
        {
            var positions = Parts.Sum(part => part.Differences.Count);
            if (Excesses.FirstOrDefault(excess => excess.Tie is null || !double.IsFinite(excess.Difference.RelativeRms)) is { } unexplained) return unexplained.ToString();
            return Excesses.Count <= Tolerance.Excesses * positions ? null
                : string.Create(CultureInfo.InvariantCulture, $"{Excesses.Count} of {positions} positions exceed {100 * Tolerance.WorstRms:0.###} %");
        }
        foreach (var part in Parts)
            foreach (var difference in part.Differences)
                if (!Tolerance.Allows(difference))
                    return string.Create(CultureInfo.InvariantCulture,
                        $"prompt {part.Prompt}, {part.Name}, position {difference.Position}: max |difference| {difference.MaxAbs:0.000e+00}, RMS/std {100 * difference.RelativeRms:0.###} %");
        return null;
    }
}
