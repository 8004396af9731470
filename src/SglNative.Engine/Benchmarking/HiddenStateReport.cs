using System.Globalization;

namespace SglNative.Engine.Benchmarking;

/// <summary>How far the hidden states between the layers are from the reference's, in the order in which they are computed.</summary>
/// <param name="Stages">The embedding, each layer but the last, the final norm.</param>
/// <param name="WorstRms">RMS/std that is allowed at every token.</param>
public sealed record HiddenStateReport(IReadOnlyList<HiddenStateReport.Stage> Stages, double WorstRms)
{
    /// <summary>The first stage that is not within the tolerance; null where all are.</summary>
    public Stage? FirstWrong => Stages.FirstOrDefault(stage => !(stage.Worst.RelativeRms <= WorstRms));

    /// <summary>The worse of both at every stage; other prompts of the same model.</summary>
    public HiddenStateReport Merge(HiddenStateReport? other) => other is null || other.Stages.Count == 0 ? this
        : Stages.Count == 0 ? other
        : this with { Stages = [.. Stages.Zip(other.Stages, (a, b) => b.Worst.RelativeRms <= a.Worst.RelativeRms ? a : b)] };

    /// <summary>Writes one line.</summary>
    public void Write(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var bound = string.Create(CultureInfo.InvariantCulture, $"RMS/std <= {100 * WorstRms:0.####} % at every token");
        if (FirstWrong is { } wrong)
            writer.WriteLine($"hidden states: the first that goes wrong is {wrong}; allowed is {bound}");
        else if (Stages.Count > 0)
            writer.WriteLine($"hidden states: all {Stages.Count} are right ({bound}), the worst is {Stages.MaxBy(stage => stage.Worst.RelativeRms)}");
        else
            writer.WriteLine("hidden states: none of the model's modules returns them");
    }

    /// <summary>One hidden state.</summary>
    /// <param name="Module">Path of the module that returned it.</param>
    /// <param name="Prompt">The prompt with the worst token.</param>
    /// <param name="Worst">The worst token's difference.</param>
    public sealed record Stage(string Module, int Prompt, LogitsDifference Worst)
    {
        /// <summary>As written in reports.</summary>
        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{Module} (prompt {Prompt}, position {Worst.Position}: max |difference| {Worst.MaxAbs:0.000e+00}, RMS/std {100 * Worst.RelativeRms:0.0000} %)");
    }
}
