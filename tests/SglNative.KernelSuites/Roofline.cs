using System.Globalization;
using SglNative.Core.Tensors;
using SglNative.Interop;
using SglNative.Interop.Gemm;

namespace SglNative.KernelSuites;

/// <summary>What a device can do at most, measured: a copy of a gigabyte, and a large bfloat16 product.</summary>
/// <param name="BytesPerSecond">Memory traffic, reads and writes together.</param>
/// <param name="FlopsPerSecond">Arithmetic on tensor cores; infinite where there is no GEMM library.</param>
public readonly record struct Roofline(double BytesPerSecond, double FlopsPerSecond)
{
    private const long CopyBytes = 1L << 30;
    private const int ProductSize = 8192, Rounds = 5, CallsPerRound = 10;

    /// <summary>Measures <paramref name="device"/>, which needs some gigabytes of free memory.</summary>
    public static Roofline Measure(IComputeDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        using var stream = device.CreateStream();
        var bytes = 2.0 * CopyBytes / Time(device, stream, CopyBytes, (a, b, _) => device.CopyOnDeviceAsync(b, a, CopyBytes, stream));
        if (device.Capabilities.Blas is null) return new(bytes, double.PositiveInfinity);
        var product = GemmDescription.Linear(ProductSize, ProductSize, ProductSize, DType.BFloat16);
        device.TuneGemm(product, stream);
        var seconds = Time(device, stream, 2L * ProductSize * ProductSize, (a, b, c) => device.Gemm(product, new GemmOperands(a, b, c), stream));
        return new(bytes, 2.0 * ProductSize * ProductSize * ProductSize / seconds);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{BytesPerSecond / 1e9:F0} GB/s, {FlopsPerSecond / 1e12:F0} TFLOP/s (bfloat16)");

    // Seconds of one call, the best of some rounds, on operands that hold small numbers: zeros would draw less power.
    private static double Time(IComputeDevice device, DeviceStream stream, long size, Action<nint, nint, nint> call)
    {
        nint[] memory = [device.Allocate(size), device.Allocate(size), device.Allocate(size)];
        using var start = device.CreateEvent(timing: true);
        using var end = device.CreateEvent(timing: true);
        foreach (var address in memory) device.FillAsync(address, 0x3c233c23u, size / sizeof(uint), stream);
        var best = double.MaxValue;
        for (var round = 0; round <= Rounds; round++)
        {
            stream.Record(start);
            for (var i = 0; i < CallsPerRound; i++) call(memory[0], memory[1], memory[2]);
            stream.Record(end);
            end.Synchronize();
            if (round > 0) best = Math.Min(best, end.ElapsedMilliseconds(start) / 1000.0 / CallsPerRound);
        }
        foreach (var address in memory) device.Free(address);
        return best;
    }
}
