using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ManagedCuda;
using ManagedCuda.BasicTypes;
using SglNative.Interop.Tma;

namespace SglNative.Interop.ManagedCuda;

internal sealed unsafe partial class ManagedCudaDevice
{
    private const int LargestCached = 8;

    // The packages take arrays; one of each length and thread serves all launches, which then allocate nothing.
    [ThreadStatic] private static nint[]?[]? _arguments;
    [ThreadStatic] private static CUlaunchAttribute[]?[]? _attributes;

    public void Launch(DeviceFunction function, in LaunchConfig config, ReadOnlySpan<nint> arguments)
    {
        if (function is not ManagedCudaFunction managed) throw new ArgumentException("the function is not of this provider", nameof(function));
        if (managed.ParameterSizes is { } sizes && sizes.Count != arguments.Length)
            throw new ArgumentException($"{function.Name} takes {sizes.Count} arguments, not {arguments.Length}", nameof(arguments));
        Context.MakeCurrent();
        var native = ToNative(config);
        var parameters = Cached(ref _arguments, arguments.Length);
        arguments.CopyTo(parameters);
        var result = DriverAPINativeMethods.Launch.cuLaunchKernelEx(ref native, managed.Handle, parameters, null);
        if (result != CUResult.Success) ThrowLaunchError(result, function.Name, config);
    }

    public CUlaunchConfig ToNative(in LaunchConfig config)
    {
        var programmatic = config.ProgrammaticDependentLaunch && Capabilities.SupportsProgrammaticLaunch;
        var count = (config.Cluster != default ? 1 : 0) + (config.Cooperative ? 1 : 0) + (programmatic ? 1 : 0);
        var attributes = Cached(ref _attributes, count);
        var next = 0;
        if (config.Cluster != default)
            attributes[next++] = Attribute(CUlaunchAttributeID.ClusterDimension, config.Cluster.X, config.Cluster.Y, config.Cluster.Z);
        if (config.Cooperative) attributes[next++] = Attribute(CUlaunchAttributeID.Cooperative, 1);
        if (programmatic) attributes[next++] = Attribute(CUlaunchAttributeID.ProgrammaticStreamSerialization, 1);
        return new CUlaunchConfig
        {
            gridDimX = (uint)config.Grid.X,
            gridDimY = (uint)config.Grid.Y,
            gridDimZ = (uint)config.Grid.Z,
            blockDimX = (uint)config.Block.X,
            blockDimY = (uint)config.Block.Y,
            blockDimZ = (uint)config.Block.Z,
            sharedMemBytes = (uint)config.DynamicSharedMemory,
            hStream = new CUstream { Pointer = config.Stream.Handle },
            attrs = attributes,
        };
    }

    public void EncodeTensorMap(in TensorMapDescription description, out TensorMap map)
    {
        // The packages marshal the map through memory of no certain alignment, and the driver wants a multiple of 64 bytes: this one call
        // goes through this project's own binding.
        Cuda.CudaDevice.Encode(description, out map);
    }

    // The packages declare the fields of the value but do not open them.
    private static CUlaunchAttribute Attribute(CUlaunchAttributeID id, int x, int y = 0, int z = 0)
    {
        var attribute = new CUlaunchAttribute { id = id };
        var value = (int*)Unsafe.AsPointer(ref attribute.value);
        (value[0], value[1], value[2]) = (x, y, z);
        return attribute;
    }

    private static T[] Cached<T>(ref T[]?[]? cache, int length)
    {
        if (length > LargestCached) return new T[length];
        cache ??= new T[]?[LargestCached + 1];
        return cache[length] ??= new T[length];
    }

    [DoesNotReturn]
    private static void ThrowLaunchError(CUResult result, string name, in LaunchConfig config) =>
        ManagedCudaCall.Throw(result,
            $"cuLaunchKernelEx({name}, grid {config.Grid}, block {config.Block}, {config.DynamicSharedMemory} bytes shared" +
            $"{(config.Cluster == default ? "" : $", cluster {config.Cluster}")}{(config.Cooperative ? ", cooperative" : "")})");
}
