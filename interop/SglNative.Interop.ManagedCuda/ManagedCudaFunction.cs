using ManagedCuda;
using ManagedCuda.BasicTypes;
using SglNative.Interop.Cuda.Libraries;
using SglNative.Interop.Kernels;
using static SglNative.Interop.ManagedCuda.ManagedCudaCall;
using CudaLibrary = SglNative.Interop.Cuda.Libraries.CudaLibrary;

namespace SglNative.Interop.ManagedCuda;

internal sealed class ManagedCudaFunction : DeviceFunction
{
    private readonly ManagedCudaDevice _device;
    private readonly ManagedCudaHandle _module;
    private readonly CUfunction _function;

    public ManagedCudaFunction(ManagedCudaDevice device, ManagedCudaHandle module, CUfunction function, string name, KernelImage image)
    {
        (_device, _module, _function, Name) = (device, module, function, name);
        ParameterSizes = CudaLibraries.HasSymbol(CudaLibrary.Driver, "cuFuncGetParamInfo")
            ? AskDriver(function)
            : image.ReadResources().GetValueOrDefault(name)?.ParameterSizes;
    }

    public override string Name { get; }

    public override IReadOnlyList<int>? ParameterSizes { get; }

    /// <summary>The native function; throws when its module was unloaded.</summary>
    public CUfunction Handle => _module.IsClosed ? throw new ObjectDisposedException(Name, "its module was disposed") : _function;

    public override FunctionAttributes Attributes => new(
        Get(CUFunctionAttribute.NumRegs), Get(CUFunctionAttribute.SharedSizeBytes), Get(CUFunctionAttribute.LocalSizeBytes),
        Get(CUFunctionAttribute.ConstSizeBytes), Get(CUFunctionAttribute.MaxThreadsPerBlock), Get(CUFunctionAttribute.MaxDynamicSharedSizeBytes));

    public override void SetMaxDynamicSharedMemory(int bytes)
    {
        var most = _device.Capabilities.SharedMemoryPerBlockOptIn - Get(CUFunctionAttribute.SharedSizeBytes);
        if (bytes < 0 || bytes > most)
            throw new ArgumentOutOfRangeException(nameof(bytes), $"{Name} asks for {bytes} bytes of dynamic shared memory; {most} are the most here");
        Set(CUFunctionAttribute.MaxDynamicSharedSizeBytes, bytes);
    }

    public override void SetSharedMemoryCarveout(int percent) => Set(CUFunctionAttribute.PreferredSharedMemoryCarveout, percent);

    public override void AllowNonPortableClusterSize() => Set(CUFunctionAttribute.NonPortableClusterSizeAllowed, 1);

    public override int MaxActiveBlocks(int threads, int dynamicSharedMemory)
    {
        _device.Context.MakeCurrent();
        var blocks = 0;
        Check(DriverAPINativeMethods.Occupancy.cuOccupancyMaxActiveBlocksPerMultiprocessor(ref blocks, Handle, threads, dynamicSharedMemory),
            "cuOccupancyMaxActiveBlocksPerMultiprocessor");
        return blocks;
    }

    public override int MaxActiveClusters(in LaunchConfig config)
    {
        _device.Context.MakeCurrent();
        // The packages look for this function under a name that the driver does not have: this one call goes through this project's own binding.
        return Cuda.CudaFunction.MaxActiveClusters(Handle.Pointer, config, _device.Capabilities.SupportsProgrammaticLaunch);
    }

    private static List<int> AskDriver(CUfunction function)
    {
        var sizes = new List<int>();
        SizeT offset = 0, size = 0;
        while (DriverAPINativeMethods.FunctionManagement.cuFuncGetParamInfo(function, sizes.Count, ref offset, ref size) == CUResult.Success) sizes.Add(size);
        return sizes;
    }

    private int Get(CUFunctionAttribute attribute)
    {
        _device.Context.MakeCurrent();
        var value = 0;
        Check(DriverAPINativeMethods.FunctionManagement.cuFuncGetAttribute(ref value, attribute, Handle), "cuFuncGetAttribute");
        return value;
    }

    private void Set(CUFunctionAttribute attribute, int value)
    {
        _device.Context.MakeCurrent();
        var result = DriverAPINativeMethods.FunctionManagement.cuFuncSetAttribute(Handle, attribute, value);
        if (result != CUResult.Success) Throw(result, $"cuFuncSetAttribute({Name}, {attribute}, {value})");
    }
}
