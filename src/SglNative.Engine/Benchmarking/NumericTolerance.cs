using System.Globalization;
using SglNative.Core.Tensors;

namespace SglNative.Engine.Benchmarking;

/// <summary>How far from a float32 reference is right.</summary>
/// <param name="MaxAbs">Bound of the largest absolute difference at every position; infinite where it does not count.</param>
/// <param name="MedianRms">Bound of RMS/std at the median position; infinite where it does not count.</param>
/// <param name="WorstRms">Bound of RMS/std at every position; infinite where it does not count.</param>
public sealed record NumericTolerance(double MaxAbs, double MedianRms, double WorstRms)
{
    private const double Float32MaxAbs = 1e-3;
    private const double RoundedMedian = 0.02;
    private const double RoundedWorst = 0.05;

    /// <summary>
    /// The bounds of a compute type: float32 counts every logit; 16-bit types count the RMS, since single logits are rounded as much as
    /// their size says.
    /// </summary>
    /// <param name="dtype">The type computed in.</param>
    /// <param name="bound">A bound to use at every position in place of the usual ones; null for those.</param>
    public static NumericTolerance For(DType dtype, double? bound = null) => (dtype, bound) switch
    {
        (DType.Float32, _) => new NumericTolerance(bound ?? Float32MaxAbs, double.PositiveInfinity, double.PositiveInfinity),
        (_, { } worst) => new NumericTolerance(double.PositiveInfinity, worst, worst),
        _ => new NumericTolerance(double.PositiveInfinity, RoundedMedian, RoundedWorst),
    };

    /// <summary>Whether one position is right.</summary>
    public bool Allows(in LogitsDifference difference) => difference.MaxAbs <= MaxAbs && difference.RelativeRms <= WorstRms;

    /// <summary>As written in reports.</summary>
    public override string ToString() => double.IsFinite(MaxAbs)
        ? string.Create(CultureInfo.InvariantCulture, $"max |difference| <= {MaxAbs:0.####e-0}")
        : string.Create(CultureInfo.InvariantCulture, $"RMS/std <= {100 * MedianRms:0.###} % at the median position, <= {100 * WorstRms:0.###} % at every position");
}
