using SglNative.Interop.Cuda.Libraries;
using SglNative.Interop.Cuda.Native;

namespace SglNative.Interop.Cuda;

/// <summary>Whether CUDA can be used at all, and if not, why: one line that says what would help.</summary>
internal static class CudaAvailability
{
    /// <summary>Oldest driver, as the CUDA version it supports, and oldest chip (8.0: bfloat16 and asynchronous copies).</summary>
    public const int OldestDriver = 12000, OldestCapability = 80;

    /// <summary>Loads and initialises the driver; the number of its devices, or 0 and why.</summary>
    public static int CountDevices(out string? reason)
    {
        reason = WhyNoDriver();
        if (reason is not null) return 0;
        var result = CudaDriver.DeviceGetCount(out var count);
        if (result == CudaResult.Success && count > 0) return count;
        reason = Explain(result == CudaResult.Success ? CudaResult.NoDevice : result);
        return 0;
    }

    /// <summary>The CUDA version the driver supports: 12040 for 12.4. The driver must be loaded.</summary>
    public static int DriverVersion()
    {
        CudaResult.Check(CudaDriver.DriverGetVersion(out var version), "cuDriverGetVersion");
        return version;
    }

    /// <summary>What an error of the driver's start means to the user.</summary>
    public static string Explain(int result) => result switch
    {
        CudaResult.NoDevice when Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES") is { } visible =>
            $"the NVIDIA driver shows no GPU: CUDA_VISIBLE_DEVICES='{visible}' hides them, or there is none",
        CudaResult.NoDevice => NvidiaHardware.Describe() is { } hardware
            ? $"{hardware}, but the driver does not show it: this process may not open /dev/nvidia* (in a container: run it with --gpus all)"
            : "the NVIDIA driver is installed, but this machine has no NVIDIA GPU",
        CudaResult.StubLibrary => "the CUDA library found is the toolkit's stub, not the driver's: remove .../stubs from LD_LIBRARY_PATH",
        CudaResult.SystemDriverMismatch =>
            "the NVIDIA kernel module and the driver library are of different versions: reboot, or load the module of the installed driver",
        CudaResult.CompatNotSupported =>
            "the CUDA compatibility library does not support this GPU: remove the compat folder from LD_LIBRARY_PATH or update the driver",
        CudaResult.SystemNotReady => "the NVIDIA system is not ready: nvidia-fabricmanager must run on this machine (see its service's log)",
        _ => $"the NVIDIA driver does not start: {CudaResult.Name(result)} ({result}): {CudaResult.Description(result)}; see nvidia-smi",
    };

    /// <summary>Major CUDA version of the installed driver, whether or not there is a GPU; 0 when there is no driver.</summary>
    public static int InstalledDriverMajor() =>
        CudaLibraries.TryLoad(CudaLibrary.Driver, [], driverMajor: 0) && CudaDriver.DriverGetVersion(out var version) == CudaResult.Success
            ? version / 1000
            : 0;

    private static string? WhyNoDriver()
    {
        if (!CudaLibraries.TryLoad(CudaLibrary.Driver, [], driverMajor: 0))
        {
            var missing = CudaLibraryNames.MissingMessage(CudaLibrary.Driver, 0, OperatingSystem.IsWindows());
            return NvidiaHardware.Describe() is { } hardware ? $"{hardware}, but there is {missing}" : missing;
        }
        // The version is asked for first: an old driver may lack what follows.
        if (CudaDriver.DriverGetVersion(out var version) == CudaResult.Success && version < OldestDriver)
            return $"the NVIDIA driver supports CUDA {version / 1000}.{version % 1000 / 10}; 12.0 or newer is needed: update the driver to 525 or later";
        var result = CudaDriver.Init(0);
        return result == CudaResult.Success ? null : Explain(result);
    }
}
