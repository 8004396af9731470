using SglNative.Core;
using SglNative.Interop.Emulated.Compilation;

namespace SglNative.Interop.Emulated;

/// <summary>
/// Devices that run the kernels' sources on the host, for tests on machines without a GPU. They look like an H200 to the program, so
/// that its decisions are those of the shipping path. A C++20 compiler (g++ 11 or later) is needed.
/// </summary>
public sealed class EmulatedDeviceProvider : IComputeDeviceProvider
{
    /// <summary>As in <c>--device</c>.</summary>
    public const string ProviderName = "emulated";

    /// <summary>Devices that can be opened side by side.</summary>
    public const int DeviceCount = 8;

    /// <summary>
    /// Environment variable: <c>1</c> checks every memory access of every kernel (bounds, initialisation, data races), as
    /// <see cref="DeviceOptions.CheckMemory"/> does.
    /// </summary>
    public const string CheckVariable = "SGL_NATIVE_EMULATED_CHECKS";

    private const int Multiprocessors = 132;
    private const long MostMemory = 16L << 30;

    /// <inheritdoc/>
    public string Name => ProviderName;

    /// <inheritdoc/>
    public int CountDevices(out string? reason) => HostCompiler.TryFind(out _, out reason) ? DeviceCount : 0;

    /// <inheritdoc/>
    public IComputeDevice Open(int ordinal, DeviceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!HostCompiler.TryFind(out var compiler, out var reason)) throw new SglException(reason);
        if (ordinal is < 0 or >= DeviceCount) throw new SglException($"there is no emulated device {ordinal}: there are {DeviceCount} (0 to {DeviceCount - 1})");
        var runtime = EmulationRuntime.Load(compiler);
        var check = options.CheckMemory || Environment.GetEnvironmentVariable(CheckVariable) is { Length: > 0 } and not "0";
        var toolchain = new HostToolchain(compiler, runtime, check, options.CompilerFlags);
        return new EmulatedDevice(ordinal, Capabilities(compiler), options, toolchain);
    }

    /// <summary>Instantiations of the kernels that were launched on an emulated device since it was opened.</summary>
    public static IReadOnlyList<string> LaunchedKernels(IComputeDevice device) =>
        device is EmulatedDevice emulated ? [.. emulated.LaunchedKernels] : throw new ArgumentException("the device is not an emulated one", nameof(device));

    private static DeviceCapabilities Capabilities(HostCompiler compiler) => new()
    {
        Name = "emulated H200",
        ComputeMajor = 9,
        ComputeMinor = 0,
        Architecture = "sm_90a",
        MultiprocessorCount = Multiprocessors,
        // Half of what the machine (or the container) has: the other half is the program's.
        TotalMemory = Math.Min(MostMemory, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2),
        L2CacheSize = 50 << 20,
        SharedMemoryPerBlock = 48 << 10,
        SharedMemoryPerBlockOptIn = 227 << 10,
        SharedMemoryPerMultiprocessor = 228 << 10,
        SupportsClusters = true,
        SupportsProgrammaticLaunch = true,
        SupportsTma = true,
        SupportsCooperativeLaunch = true,
        SupportsVirtualMemory = true,
        SupportsCollectives = true,
        SmallestAllocation = 4096,
        DriverVersion = new Version(12, 4),
        Compiler = compiler.Identity,
        Blas = "emulated",
    };
}
