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

    /// <summary>Whether all is within the tolerance.</summary>
    public bool Passed => MedianRms <= Tolerance.MedianRms && Parts.All(part => part.Differences.All(d => Tolerance.Allows(d)));

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
        writer.WriteLine(Passed ? "PASS" : $"FAIL: {Failure()}");
    }

    private string Failure()
    {
        foreach (var part in Parts)
            foreach (var difference in part.Differences)
                if (!Tolerance.Allows(difference))
                    return string.Create(CultureInfo.InvariantCulture,
                        $"prompt {part.Prompt}, {part.Name}, position {difference.Position}: max |difference| {difference.MaxAbs:0.000e+00}, RMS/std {100 * difference.RelativeRms:0.###} %");
        return string.Create(CultureInfo.InvariantCulture, $"RMS/std at the median position is {100 * MedianRms:0.###} %");
    }
}
