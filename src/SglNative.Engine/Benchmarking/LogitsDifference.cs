namespace SglNative.Engine.Benchmarking;

/// <summary>How far the logits of one position are from the reference's.</summary>
/// <param name="Position">Position in the sequence.</param>
/// <param name="MaxAbs">The largest absolute difference; NaN where a logit is not a number.</param>
/// <param name="RelativeRms">RMS of the difference over the standard deviation of the reference.</param>
/// <param name="SameTop">Whether both have the same most probable token.</param>
public readonly record struct LogitsDifference(int Position, double MaxAbs, double RelativeRms, bool SameTop)
{
    /// <summary>Compares two rows of the same length.</summary>
    public static LogitsDifference Of(int position, ReadOnlySpan<float> actual, ReadOnlySpan<float> reference)
    {
        double worst = 0, squares = 0, sum = 0, sumOfSquares = 0;
        int actualTop = 0, referenceTop = 0;
        for (var i = 0; i < reference.Length; i++)
        {
            var difference = Math.Abs((double)actual[i] - reference[i]);
            // Not Math.Max: once NaN, always NaN, and a comparison with a tolerance then fails.
            if (!(difference <= worst)) worst = double.IsNaN(worst) ? worst : difference;
            squares += difference * difference;
            sum += reference[i];
            sumOfSquares += (double)reference[i] * reference[i];
            if (actual[i] > actual[actualTop]) actualTop = i;
            if (reference[i] > reference[referenceTop]) referenceTop = i;
        }
        var mean = sum / reference.Length;
        var deviation = Math.Sqrt(Math.Max(0, sumOfSquares / reference.Length - mean * mean));
        var rms = Math.Sqrt(squares / reference.Length);
        return new LogitsDifference(position, worst, rms == 0 ? 0 : rms / deviation, actualTop == referenceTop);
    }
}
