using System.Diagnostics;
using System.Globalization;
using SglNative.Core;
using SglNative.Cuda;
using SglNative.KernelSuites;

namespace SglNative.Kernels.Harness;

/// <summary>All checks, a line per kernel and one more for each that fails.</summary>
internal static class Checks
{
    /// <summary>Returns the number of cases that failed.</summary>
    public static int Run(IReadOnlyList<KernelSuite> suites, CudaBackend backend, HarnessArguments arguments)
    {
        var failed = 0;
        var hashes = new List<string>();
        foreach (var suite in suites)
        {
            int cases = 0, wrong = 0, skipped = 0;
            double worst = 0;
            var watch = Stopwatch.StartNew();
            foreach (var kernelCase in suite.Checks.Where(kernelCase => !(arguments.Small && kernelCase.IsLarge)))
            {
                cases++;
                try
                {
                    var check = KernelCheck.Run(kernelCase, backend);
                    hashes.Add($"{check.Hash}  {suite.Kernel}  {kernelCase.Shape}");
                    // Of the tolerance, so that types can be compared; a case without one is exact or wrong.
                    if (check.Tolerance > 0) worst = Math.Max(worst, check.Error / check.Tolerance);
                    if (check.Passed) continue;
                    wrong++;
                    Console.WriteLine($"  FAILED {suite.Kernel} {kernelCase.Shape}: {check}");
                }
                catch (SglException) when (!arguments.Compile)
                {
                    skipped++;
                }
                catch (Exception e) when (e is not SglException)
                {
                    wrong++;
                    Console.WriteLine($"  FAILED {suite.Kernel} {kernelCase.Shape}: {e.GetType().Name}: {e.Message}");
                    if (e is Interop.DeviceException { IsFatal: true }) return failed + wrong;
                }
            }
            failed += wrong;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{suite.Kernel,-34} {cases - skipped,4} shapes{(skipped > 0 ? $", {skipped} not in the pack" : "")}, {wrong} wrong, largest error {worst:P0} of its tolerance, {watch.Elapsed.TotalSeconds:F1} s"));
        }
        if (arguments.Hashes is { } file) File.WriteAllLines(file, hashes);
        Console.WriteLine($"checks: {failed} failed");
        return failed;
    }
}
