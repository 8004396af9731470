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
    private const double RoutedExcesses = 0.05;

    // A projection of a stream that was rounded layer by layer is off by a few roundings; beyond these no difference of two logits was.
    private const double NearTieRoundings = 12.8;
    private const double BFloat16Rounding = 1.0 / 256;
    private const double Float16Rounding = 1.0 / 2048;

    /// <summary>
    /// The share of the positions that may exceed <see cref="WorstRms"/>, each of them explained by a near-tie of a router: rounding may
    /// send a token to other experts there, and what it and those after it compute is another matter then. 0 for none.
    /// </summary>
    public double Excesses { get; init; }

    /// <summary>The largest gap that is a near-tie; see <see cref="RouterTie.Gap"/>.</summary>
    public double NearTie { get; init; }

    /// <summary>
    /// The bounds of a compute type: float32 counts every logit; 16-bit types count the RMS, since single logits are rounded as much as
    /// their size says.
    /// </summary>
    /// <param name="dtype">The type computed in.</param>
    /// <param name="bound">A bound to use at every position in place of the usual ones; null for those.</param>
    /// <param name="routed">Whether routers send tokens to experts.</param>
    public static NumericTolerance For(DType dtype, double? bound = null, bool routed = false) => (dtype, bound) switch
    {
        (DType.Float32, _) => new NumericTolerance(bound ?? Float32MaxAbs, double.PositiveInfinity, double.PositiveInfinity),
        (_, { } worst) => new NumericTolerance(double.PositiveInfinity, worst, worst),
        _ => new NumericTolerance(double.PositiveInfinity, RoundedMedian, RoundedWorst)
        {
            Excesses = routed ? RoutedExcesses : 0,
            NearTie = NearTieRoundings * (dtype == DType.Float16 ? Float16Rounding : BFloat16Rounding),
        },
    };

    /// <summary>Whether one position is right in itself.</summary>
    public bool Allows(in LogitsDifference difference) => difference.MaxAbs <= MaxAbs && difference.RelativeRms <= WorstRms;

    /// <summary>As written in reports.</summary>
    public override string ToString() => double.IsFinite(MaxAbs)
        ? string.Create(CultureInfo.InvariantCulture, $"max |difference| <= {MaxAbs:0.####e-0}")
        : string.Create(CultureInfo.InvariantCulture, $"RMS/std <= {100 * MedianRms:0.###} % at the median position, <= {100 * WorstRms:0.###} % at every position")
        + (Excesses > 0 ? string.Create(CultureInfo.InvariantCulture, $" but {100 * Excesses:0.###} % that near-ties of routers (<= {100 * NearTie:0.###} % of their logits' std) explain") : "");
}
