using System.Diagnostics;
using System.Globalization;
using SglNative.Core;
using SglNative.Cuda;
using SglNative.KernelSuites;

namespace SglNative.Kernels.Harness;

/// <summary>All checks, a line per kernel and one more for each that fails.</summary>
internal static class Checks
{
    // What is waiting for its reference keeps its results in memory: a few of the largest.
    private static readonly int AtOnce = Math.Clamp(Environment.ProcessorCount, 1, 16);

    /// <summary>Returns the number of cases that failed.</summary>
    public static int Run(IReadOnlyList<KernelSuite> suites, CudaBackend backend, HarnessArguments arguments)
    {
        var failed = 0;
        foreach (var suite in suites)
        {
            var watch = Stopwatch.StartNew();
            var tally = new Tally(suite.Kernel);
            try
            {
                Check(suite, backend, arguments, tally);
            }
            catch (Interop.DeviceException e) when (e.IsFatal)
            {
                Console.WriteLine($"checks: the device is lost, nothing after this was checked: {e.Message}");
                return failed + tally.Wrong + 1;
            }
            failed += tally.Wrong;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{suite.Kernel,-34} {tally}, {watch.Elapsed.TotalSeconds:F1} s"));
        }
        Console.WriteLine($"checks: {failed} failed");
        return failed;
    }

    /// <summary>
    /// Writes a line per case with the hash of what the kernel wrote. Nothing is compared with a reference: two builds are compared by
    /// their files.
    /// </summary>
    public static void WriteHashes(IReadOnlyList<KernelSuite> suites, CudaBackend backend, HarnessArguments arguments)
    {
        using var file = File.CreateText(arguments.Output!);
        int cases = 0, skipped = 0;
        foreach (var suite in suites)
            foreach (var kernelCase in arguments.Checks(suite))
            {
                try
                {
                    file.WriteLine($"{KernelCheck.HashOf(kernelCase, backend)}  {suite.Kernel}  {kernelCase.Shape}");
                    cases++;
                }
                catch (SglException) when (!arguments.Compile)
                {
                    skipped++;
                }
            }
        Console.WriteLine($"{cases} results hashed{(skipped > 0 ? $", {skipped} not in the pack" : "")}");
    }

    // Kernels run one after another; references, which take longer, on all cores behind them.
    private static void Check(KernelSuite suite, CudaBackend backend, HarnessArguments arguments, Tally tally)
    {
        using var room = new SemaphoreSlim(AtOnce);
        var comparisons = new List<Task>();
        foreach (var kernelCase in arguments.Checks(suite))
        {
            try
            {
                var compare = KernelCheck.Launch(kernelCase, backend);
                room.Wait();
                comparisons.Add(Task.Run(() =>
                {
                    try
                    {
                        tally.Add(kernelCase.Shape, compare());
                    }
                    finally
                    {
                        room.Release();
                    }
                }));
            }
            catch (SglException) when (!arguments.Compile)
            {
                tally.Skip();
            }
            catch (Exception e) when (e is not SglException and not Interop.DeviceException { IsFatal: true })
            {
                tally.Fail(kernelCase.Shape, $"{e.GetType().Name}: {e.Message}");
            }
        }
        Task.WaitAll(comparisons);
    }

    private sealed class Tally(string kernel)
    {
        private readonly Lock _gate = new();
        private int _cases, _skipped;
        private double _worst;

        public int Wrong { get; private set; }

        public void Add(string shape, KernelCheck check)
        {
            lock (_gate)
            {
                _cases++;
                // Of the tolerance, so that types can be compared; a case without one is exact or wrong.
                if (check.Tolerance > 0) _worst = Math.Max(_worst, check.Error / check.Tolerance);
                if (check.Passed) return;
                Wrong++;
                Console.WriteLine($"  FAILED {kernel} {shape}: {check}");
            }
        }

        public void Fail(string shape, string why)
        {
            lock (_gate)
            {
                _cases++;
                Wrong++;
                Console.WriteLine($"  FAILED {kernel} {shape}: {why}");
            }
        }

        public void Skip() => _skipped++;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{_cases,4} shapes{(_skipped > 0 ? $", {_skipped} not in the pack" : "")}, {Wrong} wrong, largest error {_worst:P0} of its tolerance");
    }
}
