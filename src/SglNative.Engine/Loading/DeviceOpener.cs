using SglNative.Core;
using SglNative.Cpu;
using SglNative.Cuda;
using SglNative.Engine.Configuration;
using SglNative.Engine.Parallelism;
using SglNative.Interop;
using SglNative.Interop.Emulated;
using SglNative.Models.Backends;

namespace SglNative.Engine.Loading;

/// <summary>Opens the device that <c>--device</c> asks for.</summary>
public static class DeviceOpener
{
    /// <summary>The kind of device that will be opened: for <c>auto</c>, CUDA where a GPU can be used.</summary>
    /// <param name="args">What was asked for.</param>
    /// <param name="reason">Why <c>auto</c> takes the CPU; null otherwise.</param>
    public static DeviceKind Decide(ServerArgs args, out string? reason)
    {
        reason = null;
        switch (args.Device)
        {
            case DeviceChoice.Cpu: return DeviceKind.Cpu;
            case DeviceChoice.Cuda or DeviceChoice.Emulated: return DeviceKind.Cuda;
        }
        // The demo answers at once on any machine; compiling kernels for it would take longer than it runs.
        if (args.ModelPath is null) return DeviceKind.Cpu;
        return ComputeDevices.TryFindCuda(out reason) > 0 ? DeviceKind.Cuda : DeviceKind.Cpu;
    }

    /// <summary>Opens it.</summary>
    /// <exception cref="SglException">It cannot be used; the message says why.</exception>
    public static Backend Open(ServerArgs args)
    {
        if (Decide(args, out _) == DeviceKind.Cpu) return new CpuBackend();
        var options = Options(args);
        return args.Device == DeviceChoice.Emulated
            ? new CudaBackend(ComputeDevices.Default.Open(EmulatedDeviceProvider.ProviderName, args.BaseGpuId, options.Device), options)
            : CudaBackend.Open(args.BaseGpuId, options);
    }

    /// <summary>The devices that share the model's weights: as many as <see cref="ServerArgs.TensorParallelSize"/> says, one on the CPU.</summary>
    public static RankDevices Ranks(ServerArgs args)
    {
        if (args.TensorParallelSize == 1 || Decide(args, out _) == DeviceKind.Cpu) return new RankDevices(1, _ => Open(args));
        var ordinals = Enumerable.Range(0, args.TensorParallelSize).Select(rank => args.BaseGpuId + rank * args.GpuIdStep).ToArray();
        // Opened by whoever comes first: a device that cannot be used is told before anybody waits for it.
        var group = new Lazy<DeviceGroup>(() => DeviceGroup.Open(args.Device == DeviceChoice.Emulated ? EmulatedDeviceProvider.ProviderName : "cuda", ordinals, Options(args)));
        return new RankDevices(ordinals.Length, rank => group.Value.Join(rank));
    }

    private static CudaOptions Options(ServerArgs args) => CudaOptions.Default with { Deterministic = args.EnableDeterministicInference };
}
