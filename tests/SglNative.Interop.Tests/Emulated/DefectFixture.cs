using System.Runtime.InteropServices;
using SglNative.Core.Tensors;
using SglNative.Interop.Emulated;
using SglNative.Interop.Kernels;
using SglNative.Interop.Tma;

namespace SglNative.Interop.Tests.Emulated;

/// <summary>Runs <see cref="DefectKernels"/>, each on a device of its own: an error leaves a device unusable.</summary>
public sealed class DefectFixture : IDisposable
{
    /// <summary>Elements of both buffers.</summary>
    public const int Count = 64;

    private readonly string _cache = Directory.CreateTempSubdirectory("sgl-defects-").FullName;
    private readonly Dictionary<bool, KernelImage> _images = [];

    [StructLayout(LayoutKind.Sequential, Size = 192)]
    private struct Args
    {
        public TensorMap Map;
        public nint Data, Other;
        public int Count;
    }

    /// <summary>The error of a launch; null when it ran without one.</summary>
    public DeviceException? Run(string kernel, bool checkMemory = true, int threads = Count, int grid = 2, int sharedMemory = 0, int count = Count, Prepare prepare = Prepare.Written, string? before = null)
    {
        using var device = Open(checkMemory, out var module);
        using var stream = device.CreateStream();
        nint data = device.Allocate(Count * 4 * sizeof(int)), other = device.Allocate(Count * 4 * sizeof(int));
        device.CopyToDevice<int>(data, new int[Count * 4]);
        // The allocation ends where its 256 bytes do.
        device.EncodeTensorMap(new TensorMapDescription(data, DType.Int32, [16, 16], [64], [4, 8]), out var map);
        var arguments = new Args { Map = map, Data = data, Other = other, Count = count };
        if (prepare == Prepare.Freed) device.Free(other);
        try
        {
            if (before is not null) device.Launch(module.GetFunction(before), new LaunchConfig(stream, 1, threads), arguments);
            device.Launch(module.GetFunction(kernel), new LaunchConfig(stream, grid, threads, sharedMemory) { ProgrammaticDependentLaunch = before is not null }, arguments);
            stream.Synchronize();
            return null;
        }
        catch (DeviceException e)
        {
            return e;
        }
        finally
        {
            module.Dispose();
        }
    }

    /// <summary>A device with the kernels loaded.</summary>
    public IComputeDevice Open(bool checkMemory, out DeviceModule module)
    {
        var provider = new EmulatedDeviceProvider();
        if (provider.CountDevices(out var reason) == 0) Assert.Skip(reason!);
        var device = provider.Open(0, new DeviceOptions { CacheFolder = _cache, CheckMemory = checkMemory });
        lock (_images)
        {
            if (!_images.TryGetValue(checkMemory, out var image)) image = _images[checkMemory] = device.CompileKernel(DefectKernels.Source);
            module = device.LoadModule(image);
        }
        return device;
    }

    public void Dispose() => Directory.Delete(_cache, recursive: true);
}

/// <summary>What is done to the second buffer before the launch.</summary>
public enum Prepare
{
    /// <summary>Nothing: allocated, never written.</summary>
    Written,
    /// <summary>It is freed.</summary>
    Freed,
}
