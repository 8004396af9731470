using SglNative.Interop.Cuda.Libraries;
using SglNative.Interop.Cuda.Native;
using SglNative.Interop.Kernels;

namespace SglNative.Interop.Cuda;

internal sealed unsafe class CudaFunction : DeviceFunction
{
    private readonly CudaDevice _device;
    private readonly CudaHandle _module;
    private readonly nint _function;

    public CudaFunction(CudaDevice device, CudaHandle module, nint function, string name, KernelImage image)
    {
        (_device, _module, _function, Name) = (device, module, function, name);
        ParameterSizes = CudaLibraries.HasSymbol(CudaLibrary.Driver, "cuFuncGetParamInfo")
            ? AskDriver(function)
            : image.ReadResources().GetValueOrDefault(name)?.ParameterSizes;
    }

    public override string Name { get; }

    public override IReadOnlyList<int>? ParameterSizes { get; }

    /// <summary>The native function; throws when its module was unloaded.</summary>
    public nint Handle => _module.IsClosed ? throw new ObjectDisposedException(Name, "its module was disposed") : _function;

    public override FunctionAttributes Attributes => new(
        Get(CudaFunctionAttribute.NumRegs), Get(CudaFunctionAttribute.SharedSizeBytes), Get(CudaFunctionAttribute.LocalSizeBytes),
        Get(CudaFunctionAttribute.ConstSizeBytes), Get(CudaFunctionAttribute.MaxThreadsPerBlock),
        Get(CudaFunctionAttribute.MaxDynamicSharedSizeBytes));

    public override void SetMaxDynamicSharedMemory(int bytes)
    {
        var most = _device.Capabilities.SharedMemoryPerBlockOptIn - Get(CudaFunctionAttribute.SharedSizeBytes);
        if (bytes < 0 || bytes > most)
            throw new ArgumentOutOfRangeException(nameof(bytes), $"{Name} asks for {bytes} bytes of dynamic shared memory; {most} are the most here");
        Set(CudaFunctionAttribute.MaxDynamicSharedSizeBytes, bytes);
    }

    public override void SetSharedMemoryCarveout(int percent) => Set(CudaFunctionAttribute.PreferredSharedMemoryCarveout, percent);

    public override void AllowNonPortableClusterSize() => Set(CudaFunctionAttribute.NonPortableClusterSizeAllowed, 1);

    public override int MaxActiveBlocks(int threads, int dynamicSharedMemory)
    {
        _device.Context.MakeCurrent();
        CudaResult.Check(
            CudaDriver.OccupancyMaxActiveBlocks(out var blocks, Handle, threads, (nuint)dynamicSharedMemory),
            "cuOccupancyMaxActiveBlocksPerMultiprocessor");
        return blocks;
    }

    public override int MaxActiveClusters(in LaunchConfig config)
    {
        _device.Context.MakeCurrent();
        return MaxActiveClusters(Handle, config, _device.Capabilities.SupportsProgrammaticLaunch);
    }

    /// <summary>As <see cref="MaxActiveClusters(in LaunchConfig)"/>, for a function of the current context.</summary>
    public static int MaxActiveClusters(nint function, in LaunchConfig config, bool programmatic)
    {
        var attributes = stackalloc CudaLaunchAttribute[CudaDevice.MaxLaunchAttributes];
        var native = CudaDevice.ToNative(config, attributes, programmatic);
        CudaResult.Check(CudaDriver.OccupancyMaxActiveClusters(out var clusters, function, &native), "cuOccupancyMaxActiveClusters");
        return clusters;
    }

    private static List<int> AskDriver(nint function)
    {
        var sizes = new List<int>();
        while (CudaDriver.FuncGetParamInfo(function, (nuint)sizes.Count, out _, out var size) == CudaResult.Success) sizes.Add((int)size);
        return sizes;
    }

    private int Get(CudaFunctionAttribute attribute)
    {
        _device.Context.MakeCurrent();
        CudaResult.Check(CudaDriver.FuncGetAttribute(out var value, attribute, Handle), "cuFuncGetAttribute");
        return value;
    }

    private void Set(CudaFunctionAttribute attribute, int value)
    {
        _device.Context.MakeCurrent();
        var result = CudaDriver.FuncSetAttribute(Handle, attribute, value);
        if (result != CudaResult.Success) CudaResult.Throw(result, $"cuFuncSetAttribute({Name}, {attribute}, {value})");
    }
}
