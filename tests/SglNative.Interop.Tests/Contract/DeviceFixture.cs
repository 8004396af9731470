using SglNative.Interop.Kernels;

namespace SglNative.Interop.Tests.Contract;

/// <summary>The first device of a provider, opened once for all tests of the contract; they are skipped where there is none.</summary>
public abstract class DeviceFixture : IDisposable
{
    private readonly string _cache = Directory.CreateTempSubdirectory("sgl-device-").FullName;
    private readonly IComputeDevice? _device;
    private readonly string? _reason;

    private readonly bool _checkMemory;

    protected DeviceFixture(IComputeDeviceProvider provider, bool checkMemory = false)
    {
        Provider = provider;
        _checkMemory = checkMemory;
        Count = provider.CountDevices(out _reason);
        if (Count > 0) _device = provider.Open(0, Options);
    }

    public IComputeDeviceProvider Provider { get; }

    public int Count { get; }

    public DeviceOptions Options => new() { CacheFolder = _cache, CheckMemory = _checkMemory };

    public IComputeDevice Device
    {
        get
        {
            if (_device is null) Assert.Skip(_reason!);
            return _device;
        }
    }

    public DeviceModule Load(KernelSource source)
    {
        if (Device.Capabilities.Compiler is null) Assert.Skip("no kernel compiler was found");
        return Device.LoadModule(Device.CompileKernel(source));
    }

    public void Dispose()
    {
        _device?.Dispose();
        Directory.Delete(_cache, recursive: true);
        GC.SuppressFinalize(this);
    }
}
