using System.Globalization;
using System.Text;
using SglNative.Core;
using SglNative.Interop.Cuda.Compilation;
using SglNative.Interop.Cuda.Gemm;
using SglNative.Interop.Cuda.Libraries;
using SglNative.Interop.Cuda.Native;
using SglNative.Interop.Kernels;

namespace SglNative.Interop.Cuda;

/// <summary>NVIDIA GPUs through the CUDA driver. A GPU counts as usable from compute capability 8.0 on.</summary>
public sealed class CudaDeviceProvider : IComputeDeviceProvider
{
    /// <inheritdoc/>
    public string Name => "cuda";

    /// <inheritdoc/>
    public int CountDevices(out string? reason)
    {
        try
        {
            var count = CudaAvailability.CountDevices(out reason);
            if (count == 0) return 0;
            CudaResult.Check(CudaDriver.DeviceGet(out var first, 0), "cuDeviceGet");
            reason = WhyUnusable(first, 0);
            return reason is null ? count : 0;
        }
        catch (Exception e) when (e is DeviceException or EntryPointNotFoundException)
        {
            reason = $"the NVIDIA driver does not work: {e.Message}";
            return 0;
        }
    }

    /// <inheritdoc/>
    public IComputeDevice Open(int ordinal, DeviceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var count = RequireDevice(ordinal, out var device);
        var pack = KernelPack.Find(options);
        CudaDevice? opened = null;
        try
        {
            return opened = new CudaDevice(ordinal, device, ReadCapabilities(device, count, options, pack), options, pack);
        }
        catch (DeviceException e) when (e.Code is CudaResult.DeviceUnavailable || e is DeviceOutOfMemoryException)
        {
            throw new SglException($"CUDA device {ordinal} cannot be opened, another process holds it or its memory (see nvidia-smi): {e.Message}", e);
        }
        finally
        {
            if (opened is null) pack?.Dispose();
        }
    }

    /// <summary>The driver's number of device <paramref name="ordinal"/>, which can be used; returns how many there are.</summary>
    /// <exception cref="SglException">It cannot be used, or there is no such device.</exception>
    internal static int RequireDevice(int ordinal, out int device)
    {
        var count = CudaAvailability.CountDevices(out var reason);
        if (count == 0) throw new SglException(reason!);
        if (ordinal < 0 || ordinal >= count)
            throw new SglException($"there is no CUDA device {ordinal}: this machine shows {count} (0{(count > 1 ? $" to {count - 1}" : "")})");
        CudaResult.Check(CudaDriver.DeviceGet(out device, ordinal), "cuDeviceGet");
        if (WhyUnusable(device, ordinal) is { } unusable) throw new SglException(unusable);
        return count;
    }

    private static string? WhyUnusable(int device, int ordinal)
    {
        var capability = Attribute(device, CudaDeviceAttribute.ComputeCapabilityMajor) * 10 + Attribute(device, CudaDeviceAttribute.ComputeCapabilityMinor);
        if (capability < CudaAvailability.OldestCapability)
            return $"CUDA device {ordinal} ({ReadName(device)}) has compute capability {capability / 10}.{capability % 10}; 8.0 (Ampere) or newer is needed";
        const int prohibited = 2;
        return Attribute(device, CudaDeviceAttribute.ComputeMode) == prohibited
            ? $"CUDA device {ordinal} ({ReadName(device)}) is in compute mode 'prohibited': allow computing with nvidia-smi -c 0"
            : null;
    }

    /// <summary>What the device is, asked of the driver and the libraries.</summary>
    internal static DeviceCapabilities ReadCapabilities(int device, int count, DeviceOptions options, KernelPack? pack)
    {
        var version = CudaAvailability.DriverVersion();
        var driver = new Version(version / 1000, version % 1000 / 10);
        int major = Attribute(device, CudaDeviceAttribute.ComputeCapabilityMajor), minor = Attribute(device, CudaDeviceAttribute.ComputeCapabilityMinor);
        var clusters = Attribute(device, CudaDeviceAttribute.ClusterLaunch) != 0;
        // Without a compiler the device still runs what was compiled elsewhere, for its own architecture.
        var compiler = CudaLibraries.TryLoad(CudaLibrary.Nvrtc, options.LibraryFolders, driver.Major)
            ? NvrtcToolchain.ForDevice(major * 10 + minor, driver.Major, options)
            : null;
        var packed = pack?.ArchitectureFor(major * 10 + minor);
        var architecture = Architecture(major * 10 + minor, packed, compiler?.Architecture);
        CudaResult.Check(CudaDriver.DeviceTotalMem(out var memory, device), "cuDeviceTotalMem");
        return new DeviceCapabilities
        {
            Name = ReadName(device),
            ComputeMajor = major,
            ComputeMinor = minor,
            Architecture = architecture,
            MultiprocessorCount = Attribute(device, CudaDeviceAttribute.MultiprocessorCount),
            TotalMemory = (long)memory,
            // Kilohertz, two transfers a clock, bits. Chips whose driver no longer tells report 0.
            MemoryBandwidth = Attribute(device, CudaDeviceAttribute.MemoryClockRate) * 2000L * Attribute(device, CudaDeviceAttribute.GlobalMemoryBusWidth) / 8,
            L2CacheSize = Attribute(device, CudaDeviceAttribute.L2CacheSize),
            SharedMemoryPerBlock = Attribute(device, CudaDeviceAttribute.MaxSharedMemoryPerBlock),
            SharedMemoryPerBlockOptIn = Attribute(device, CudaDeviceAttribute.MaxSharedMemoryPerBlockOptIn),
            SharedMemoryPerMultiprocessor = Attribute(device, CudaDeviceAttribute.MaxSharedMemoryPerMultiprocessor),
            RegistersPerMultiprocessor = Attribute(device, CudaDeviceAttribute.MaxRegistersPerMultiprocessor),
            MaxThreadsPerBlock = Attribute(device, CudaDeviceAttribute.MaxThreadsPerBlock),
            MaxThreadsPerMultiprocessor = Attribute(device, CudaDeviceAttribute.MaxThreadsPerMultiprocessor),
            WarpSize = Attribute(device, CudaDeviceAttribute.WarpSize),
            SupportsClusters = clusters,
            SupportsProgrammaticLaunch = major >= 9,
            SupportsTma = Attribute(device, CudaDeviceAttribute.TensorMapAccessSupported) != 0,
            SupportsCooperativeLaunch = Attribute(device, CudaDeviceAttribute.CooperativeLaunch) != 0,
            SupportsVirtualMemory = Attribute(device, CudaDeviceAttribute.VirtualMemoryManagementSupported) != 0,
            // The library is large; a machine with one GPU has no use for it.
            SupportsCollectives = count > 1 && CudaLibraries.TryLoad(CudaLibrary.Nccl, options.LibraryFolders, driver.Major),
            IsIntegrated = Attribute(device, CudaDeviceAttribute.Integrated) != 0,
            DriverVersion = driver,
            Compiler = compiler?.Identity,
            KernelPack = packed is not null && packed == architecture ? $"{pack!.Compiler} for {packed}" : null,
            Blas = CudaLibraries.TryLoad(CudaLibrary.CublasLt, options.LibraryFolders, driver.Major) ? CublasLtGemm.LibraryIdentity() : null,
        };
    }

    /// <summary>
    /// What kernels are taken or compiled for: machine code of the pack, else of the compiler, else the newer portable code of the two.
    /// </summary>
    internal static string Architecture(int capability, string? packed, string? compiled)
    {
        if (packed is null) return compiled ?? string.Create(CultureInfo.InvariantCulture, $"sm_{capability}{(capability >= 90 ? "a" : "")}");
        if (compiled is null || packed.StartsWith("sm_", StringComparison.Ordinal)) return packed;
        if (compiled.StartsWith("sm_", StringComparison.Ordinal)) return compiled;
        return string.CompareOrdinal(packed.PadLeft(compiled.Length), compiled.PadLeft(packed.Length)) >= 0 ? packed : compiled;
    }

    private static int Attribute(int device, CudaDeviceAttribute attribute) =>
        CudaDriver.DeviceGetAttribute(out var value, attribute, device) == CudaResult.Success ? value : 0;

    private static unsafe string ReadName(int device)
    {
        const int length = 256;
        var name = stackalloc byte[length];
        CudaResult.Check(CudaDriver.DeviceGetName(name, length, device), "cuDeviceGetName");
        var text = new ReadOnlySpan<byte>(name, length);
        return Encoding.UTF8.GetString(text[..text.IndexOf((byte)0)]);
    }
}
