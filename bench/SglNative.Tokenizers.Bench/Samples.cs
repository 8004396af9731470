using System.Globalization;

namespace SglNative.Tokenizers.Bench;

/// <summary>Times of both sides, in milliseconds.</summary>
internal sealed class Samples
{
    private readonly List<double> _ours = [];
    private readonly List<double> _reference = [];

    public void Add(double ours, double reference)
    {
        _ours.Add(ours);
        _reference.Add(reference);
    }

    public void Print(string name, string what)
    {
        var ratio = Quantile([.. _ours.Zip(_reference, (a, b) => b / a)], 0.5);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-12} {what,-14} {Spread(_ours),-24} {Spread(_reference),-24} {ratio:0.00}"));
    }

    private static string Spread(List<double> times) => string.Create(
        CultureInfo.InvariantCulture, $"{Quantile(times, 0.5):0.0} [{Quantile(times, 0.25):0.0}, {Quantile(times, 0.75):0.0}]");

    private static double Quantile(List<double> values, double at)
    {
        var sorted = values.Order().ToArray();
        var place = at * (sorted.Length - 1);
        var low = (int)place;
        return sorted[low] + (place - low) * (sorted[Math.Min(low + 1, sorted.Length - 1)] - sorted[low]);
    }

    /// <summary>The processor time this process spends on something, on all its threads.</summary>
    public static double Time(Action action)
    {
        var start = Environment.CpuUsage.TotalTime;
        action();
        return (Environment.CpuUsage.TotalTime - start).TotalMilliseconds;
    }
}
