using SglNative.Cuda;
using SglNative.KernelSuites;

namespace SglNative.Kernels.Harness;

/// <summary>The speed lines, after the roofline they are measured against.</summary>
internal static class Speeds
{
    public static void Run(IReadOnlyList<KernelSuite> suites, CudaBackend backend)
    {
        var roofline = Roofline.Measure(backend.Device);
        Console.WriteLine($"roofline: {roofline}");
        foreach (var suite in suites)
            foreach (var kernelCase in suite.Speeds)
                Console.WriteLine($"{suite.Kernel,-34} {kernelCase.Shape,-54} {KernelSpeed.Measure(kernelCase, backend, roofline)}");
    }
}
