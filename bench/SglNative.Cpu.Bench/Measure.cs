using System.Diagnostics;

namespace SglNative.Cpu.Bench;

/// <summary>Times of repeated runs, in seconds.</summary>
internal static class Measure
{
    /// <summary>The shortest: what the code does when nothing else disturbs it.</summary>
    public static double Best(int runs, Action run) => Times(runs, run)[0];

    /// <summary>Shortest first, after one run that is not counted.</summary>
    public static double[] Times(int runs, Action run)
    {
        run();
        var times = new double[runs];
        for (var i = 0; i < runs; i++)
        {
            var start = Stopwatch.GetTimestamp();
            run();
            times[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        Array.Sort(times);
        return times;
    }
}
