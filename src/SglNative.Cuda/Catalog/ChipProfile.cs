using System.Globalization;
using SglNative.Core;
using SglNative.Interop;

namespace SglNative.Cuda.Catalog;

/// <summary>
/// What launch decisions rest on, for chips that are not there: kernels are chosen for them ahead of time, on machines without a GPU.
/// </summary>
public static class ChipProfile
{
    private const int Kilobyte = 1 << 10, SystemSharedMemory = Kilobyte;

    /// <summary>Architectures of the ahead-of-time builds: machine code, and portable code for chips that are newer than all of them.</summary>
    public static IReadOnlyList<string> Architectures { get; } = ["sm_80", "sm_86", "sm_89", "sm_90a", "compute_80", "compute_90"];

    /// <summary>These and the newer ones, for which CUDA 12.8 or later is needed.</summary>
    public static IReadOnlyList<string> Known { get; } = [.. Architectures, "sm_100a", "sm_103a", "sm_120a"];

    /// <summary>
    /// The chips that run code compiled for <paramref name="architecture"/>: one for machine code; for portable code one of each
    /// size of shared memory that occurs, since the chip is not known yet.
    /// </summary>
    /// <exception cref="SglException">The name is not <c>sm_…</c> or <c>compute_…</c>, or no such chip is known.</exception>
    public static IReadOnlyList<DeviceCapabilities> For(string architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        var portable = architecture.StartsWith("compute_", StringComparison.Ordinal);
        var prefix = portable ? "compute_" : "sm_";
        if (!architecture.StartsWith(prefix, StringComparison.Ordinal)
            || !int.TryParse(architecture[prefix.Length..].TrimEnd('a', 'f'), NumberStyles.None, CultureInfo.InvariantCulture, out var capability))
            throw new SglException($"'{architecture}' is no architecture; known: {string.Join(", ", Known)}");
        if (portable)
            return [Chip(architecture, capability, 100), Chip(architecture, capability, 164), Chip(architecture, capability, 228)];
        return [Chip(architecture, capability, SharedMemory(capability))];
    }

    // Kilobytes of a multiprocessor; a block gets all but what the system takes.
    private static int SharedMemory(int capability) => capability switch
    {
        80 or 87 => 164,
        86 or 89 or 120 or 121 => 100,
        90 or 100 or 103 or 110 => 228,
        _ => throw new SglException($"the shared memory of compute capability {capability / 10}.{capability % 10} is not known here"),
    };

    private static DeviceCapabilities Chip(string architecture, int capability, int sharedMemory) => new()
    {
        Name = architecture,
        ComputeMajor = capability / 10,
        ComputeMinor = capability % 10,
        Architecture = architecture,
        // Decisions that depend on these choose a grid, never a kernel.
        MultiprocessorCount = 100,
        TotalMemory = 1L << 34,
        L2CacheSize = 1 << 25,
        SharedMemoryPerBlock = 48 * Kilobyte,
        SharedMemoryPerBlockOptIn = sharedMemory * Kilobyte - SystemSharedMemory,
        SharedMemoryPerMultiprocessor = sharedMemory * Kilobyte,
        SupportsClusters = capability >= 90,
        SupportsProgrammaticLaunch = capability >= 90,
        SupportsTma = capability >= 90,
        DriverVersion = new(12, 4),
    };
}
