using System.Globalization;
using SglNative.Core;
using SglNative.Interop.Kernels;

namespace SglNative.Interop.Cuda.Compilation;

/// <summary>What NVRTC is told to compile for.</summary>
/// <param name="Architecture">Value of <c>--gpu-architecture</c>.</param>
/// <param name="Format">Machine code or PTX.</param>
internal readonly record struct NvrtcTarget(string Architecture, KernelImageFormat Format)
{
    /// <summary>
    /// The best that <paramref name="supported"/> (compute capabilities, 90 for 9.0) allows for a device: its own machine code, else
    /// PTX of the newest older architecture. From 9.0 on machine code is compiled with the architecture's own instructions (90a);
    /// PTX never is, since that does not run on later chips.
    /// </summary>
    /// <exception cref="SglException">The compiler supports nothing that runs on the device.</exception>
    public static NvrtcTarget Choose(int capability, IReadOnlyCollection<int> supported, string compiler)
    {
        if (supported.Contains(capability))
            return new(string.Create(CultureInfo.InvariantCulture, $"sm_{capability}{(capability >= 90 ? "a" : "")}"), KernelImageFormat.Cubin);
        var older = supported.Where(s => s < capability).DefaultIfEmpty(0).Max();
        if (older == 0)
            throw new SglException(
                $"{compiler} cannot compile for compute capability {capability / 10}.{capability % 10} (it starts at " +
                $"{supported.Min() / 10}.{supported.Min() % 10}); install an older NVRTC (CUDA 12), or use --device cpu");
        return new(string.Create(CultureInfo.InvariantCulture, $"compute_{older}"), KernelImageFormat.Ptx);
    }

    /// <summary>The target named by <c>sm_…</c> or <c>compute_…</c>.</summary>
    /// <exception cref="SglException">The compiler does not know it.</exception>
    public static NvrtcTarget Parse(string architecture, IReadOnlyCollection<int> supported, string compiler)
    {
        var portable = architecture.StartsWith("compute_", StringComparison.Ordinal);
        if (!int.TryParse(architecture.AsSpan(portable ? "compute_".Length : Math.Min("sm_".Length, architecture.Length)).TrimEnd("af"), NumberStyles.None, CultureInfo.InvariantCulture, out var capability)
            || !supported.Contains(capability))
            throw new SglException(
                $"{compiler} does not know {architecture}, only {string.Join(", ", supported.Order().Select(known => $"sm_{known}"))}; "
                + "install a newer NVRTC (sm_100 and sm_120 need CUDA 12.8 or later)");
        return new(architecture, portable ? KernelImageFormat.Ptx : KernelImageFormat.Cubin);
    }
}
