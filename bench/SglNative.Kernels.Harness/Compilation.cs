using System.Diagnostics;
using System.Globalization;
using SglNative.Cuda.Catalog;
using SglNative.Interop;
using SglNative.Interop.Cuda.Compilation;
using SglNative.Interop.Kernels;

namespace SglNative.Kernels.Harness;

/// <summary>The whole catalogue through the compiler, into the cache. No GPU is needed for architectures that are named.</summary>
internal static class Compilation
{
    /// <summary>Compiles what <paramref name="device"/> may be asked for.</summary>
    public static void Run(IComputeDevice device)
    {
        var watch = Stopwatch.StartNew();
        Report(device.Capabilities.Architecture, device.Capabilities.Compiler ?? "no compiler", device.CompileKernels(KernelCatalog.Sources(device.Capabilities.Architecture)), watch);
    }

    /// <summary>Compiles for the architecture of that name.</summary>
    public static void Run(string architecture)
    {
        var (watch, toolchain) = (Stopwatch.StartNew(), NvrtcToolchain.ForArchitecture(architecture));
        Report(architecture, toolchain.Identity, KernelBuilder.CompileKernels(KernelCatalog.Sources(architecture), toolchain, new KernelCache()), watch);
    }

    // A line in all, and one for each kernel that needs local memory.
    private static void Report(string architecture, string compiler, IReadOnlyList<KernelImage> images, Stopwatch watch)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{architecture}: {images.Count} kernels by {compiler}, {watch.Elapsed.TotalSeconds:F1} s on {Environment.ProcessorCount} cores"));
        foreach (var image in images.Where(image => image.Format == KernelImageFormat.Cubin))
            foreach (var (kernel, resources) in image.ReadResources())
                if (resources.StackFrame > 0 || resources.SpillStores > 0)
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {Math.Max(resources.StackFrame, resources.SpillStores ?? 0)} bytes of local memory: {kernel}"));
    }
}
