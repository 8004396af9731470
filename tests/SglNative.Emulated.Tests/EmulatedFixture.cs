using SglNative.Cuda;
using SglNative.Interop;
using SglNative.Interop.Emulated;

namespace SglNative.Emulated.Tests;

/// <summary>A CUDA backend on an emulated device; tests are skipped where no C++ compiler is.</summary>
public abstract class EmulatedFixture : IDisposable
{
    private readonly CudaBackend? _backend;
    private readonly string? _reason;

    protected EmulatedFixture(bool checkMemory)
    {
        var provider = new EmulatedDeviceProvider();
        if (provider.CountDevices(out _reason) > 0) _backend = new CudaBackend(provider.Open(0, new DeviceOptions { CheckMemory = checkMemory }));
    }

    public CudaBackend Backend
    {
        get
        {
            if (_backend is null) Assert.Skip(_reason!);
            return _backend;
        }
    }

    public void Dispose()
    {
        _backend?.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>As programs use it by default: guard zones and launches are checked.</summary>
public sealed class FastFixture() : EmulatedFixture(checkMemory: false);

/// <summary>With every access of every kernel checked.</summary>
public sealed class CheckedFixture() : EmulatedFixture(checkMemory: true);
