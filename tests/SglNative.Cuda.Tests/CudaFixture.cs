using SglNative.Interop;

namespace SglNative.Cuda.Tests;

/// <summary>One backend for all tests of a class: opening a device takes a while, and kernels stay loaded.</summary>
public sealed class CudaFixture : IDisposable
{
    private readonly CudaBackend? _backend;
    private readonly string? _reason;

    public CudaFixture()
    {
        if (ComputeDevices.TryFindCuda(out _reason) > 0) _backend = CudaBackend.Open();
    }

    /// <summary>The backend; the calling test is skipped where there is no GPU.</summary>
    public CudaBackend Backend
    {
        get
        {
            if (_backend is null) Assert.Skip($"no CUDA device: {_reason}");
            return _backend;
        }
    }

    public void Dispose() => _backend?.Dispose();
}
