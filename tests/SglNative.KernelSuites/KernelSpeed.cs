using System.Globalization;
using SglNative.Cuda;
using SglNative.Interop;

namespace SglNative.KernelSuites;

/// <summary>How fast a case runs.</summary>
/// <param name="Microseconds">Time of one launch, replayed from a graph, operands taking turns so that none is found in the L2 cache: the median of some rounds.</param>
/// <param name="Spread">From the shortest round to the longest, of the median.</param>
/// <param name="BytesPerSecond">Memory traffic.</param>
/// <param name="FlopsPerSecond">Arithmetic on tensor cores; 0 where it does not count.</param>
/// <param name="Share">Of what the device measured as possible, for the resource of which more is used.</param>
public readonly record struct KernelSpeed(double Microseconds, double Spread, double BytesPerSecond, double FlopsPerSecond, double Share)
{
    private const int LaunchesPerReplay = 24, MostCopies = 12, Rounds = 7;
    private const double ShortestRound = 2000;

    /// <summary>Times one case.</summary>
    public static KernelSpeed Measure(KernelCase kernelCase, CudaBackend backend, Roofline roofline)
    {
        ArgumentNullException.ThrowIfNull(kernelCase);
        ArgumentNullException.ThrowIfNull(backend);
        using var bench = new Workbench(backend);
        backend.Ops.Arena.BeginStep();
        var first = kernelCase.Prepare(bench);
        var copies = (int)Math.Clamp(2L * backend.Device.Capabilities.L2CacheSize / Math.Max(first.Bytes, 1) + 1, 1, MostCopies);
        var runs = new KernelRun[copies];
        runs[0] = first;
        for (var i = 1; i < copies; i++) runs[i] = kernelCase.Prepare(bench);
        // Loads the kernel and makes the arena large enough, which a capture must not see.
        Queue(runs, backend);
        backend.Synchronize();
        backend.Stream.BeginCapture();
        Queue(runs, backend);
        using var graph = backend.Stream.EndCapture();
        using var executable = graph.Instantiate();
        using var start = backend.Device.CreateEvent(timing: true);
        using var end = backend.Device.CreateEvent(timing: true);
        double Time(int replays)
        {
            backend.Stream.Record(start);
            for (var i = 0; i < replays; i++) executable.Launch(backend.Stream);
            backend.Stream.Record(end);
            end.Synchronize();
            return end.ElapsedMilliseconds(start) * 1000.0 / replays;
        }

        var replays = Math.Max(1, (int)(ShortestRound / Math.Max(Time(3), 1)));
        var rounds = new double[Rounds];
        for (var round = 0; round < Rounds; round++) rounds[round] = Time(replays) / LaunchesPerReplay;
        Array.Sort(rounds);
        var microseconds = rounds[Rounds / 2];
        double bytes = first.Bytes / microseconds * 1e6, flops = first.Flops / microseconds * 1e6;
        return new(microseconds, (rounds[^1] - rounds[0]) / microseconds, bytes, flops, Math.Max(bytes / roofline.BytesPerSecond, flops / roofline.FlopsPerSecond));
    }

    /// <summary>The line that is printed: µs and their spread, GB/s or TFLOP/s, share of the roofline.</summary>
    public override string ToString()
    {
        var rate = FlopsPerSecond > 0 && FlopsPerSecond / 1e12 > BytesPerSecond / 1e12 * 100
            ? string.Create(CultureInfo.InvariantCulture, $"{FlopsPerSecond / 1e12,8:F1} TFLOP/s")
            : string.Create(CultureInfo.InvariantCulture, $"{BytesPerSecond / 1e9,8:F0} GB/s   ");
        return string.Create(CultureInfo.InvariantCulture, $"{Microseconds,9:F2} µs ±{Spread / 2,-6:P1} {rate} {Share,5:P0}");
    }

    private static void Queue(KernelRun[] runs, CudaBackend backend)
    {
        backend.Ops.Arena.BeginStep();
        for (var i = 0; i < LaunchesPerReplay; i++) _ = runs[i % runs.Length].Launch();
    }
}
