using System.Diagnostics.CodeAnalysis;
using SglNative.Core.Tensors;
using SglNative.Interop.Cuda.Native;
using SglNative.Interop.Tma;

namespace SglNative.Interop.Cuda;

internal sealed unsafe partial class CudaDevice
{
    /// <summary>Largest number of attributes that <see cref="ToNative"/> writes.</summary>
    public const int MaxLaunchAttributes = 3;

    public void Launch(DeviceFunction function, in LaunchConfig config, ReadOnlySpan<nint> arguments)
    {
        if (function is not CudaFunction cuda) throw new ArgumentException("the function is not of this provider", nameof(function));
        if (cuda.ParameterSizes is { } sizes && sizes.Count != arguments.Length)
            throw new ArgumentException($"{function.Name} takes {sizes.Count} arguments, not {arguments.Length}", nameof(arguments));
        Context.MakeCurrent();
        var attributes = stackalloc CudaLaunchAttribute[MaxLaunchAttributes];
        var native = ToNative(config, attributes, Capabilities.SupportsProgrammaticLaunch);
        int result;
        fixed (nint* parameters = arguments) result = CudaDriver.LaunchKernelEx(&native, cuda.Handle, parameters, null);
        if (result != CudaResult.Success) ThrowLaunchError(result, function.Name, config);
    }

    public static CudaLaunchConfig ToNative(in LaunchConfig config, CudaLaunchAttribute* attributes, bool programmatic)
    {
        uint count = 0;
        if (config.Cluster != default)
            attributes[count++] = new CudaLaunchAttribute
            {
                Id = CudaLaunchAttributeId.ClusterDimension,
                ClusterX = (uint)config.Cluster.X,
                ClusterY = (uint)config.Cluster.Y,
                ClusterZ = (uint)config.Cluster.Z,
            };
        if (config.Cooperative) attributes[count++] = new CudaLaunchAttribute { Id = CudaLaunchAttributeId.Cooperative, Flag = 1 };
        if (config.ProgrammaticDependentLaunch && programmatic)
            attributes[count++] = new CudaLaunchAttribute { Id = CudaLaunchAttributeId.ProgrammaticStreamSerialization, Flag = 1 };
        return new CudaLaunchConfig
        {
            GridX = (uint)config.Grid.X,
            GridY = (uint)config.Grid.Y,
            GridZ = (uint)config.Grid.Z,
            BlockX = (uint)config.Block.X,
            BlockY = (uint)config.Block.Y,
            BlockZ = (uint)config.Block.Z,
            SharedMemoryBytes = (uint)config.DynamicSharedMemory,
            Stream = config.Stream.Handle,
            Attributes = attributes,
            AttributeCount = count,
        };
    }

    public void EncodeTensorMap(in TensorMapDescription description, out TensorMap map) => Encode(description, out map);

    public static void Encode(in TensorMapDescription description, out TensorMap map)
    {
        var rank = description.Sizes.Length;
        if (rank is < 1 or > 5 || description.Strides.Length != rank - 1 || description.Box.Length != rank ||
            (description.ElementStrides.Length != rank && !description.ElementStrides.IsEmpty))
            throw new ArgumentException(
                $"a tensor map of {rank} dimensions needs {rank - 1} strides and {rank} box sizes, not {description.Strides.Length} and " +
                $"{description.Box.Length}", nameof(description));
        // The call wants the map at a multiple of 64 bytes, which neither the stack nor a field promises.
        var buffer = stackalloc byte[TensorMap.Size + TensorMap.Alignment];
        var aligned = (byte*)(((nint)buffer + TensorMap.Alignment - 1) & ~(nint)(TensorMap.Alignment - 1));
        var ones = stackalloc uint[] { 1, 1, 1, 1, 1 };
        int result;
        fixed (ulong* sizes = description.Sizes, strides = description.Strides)
        fixed (uint* box = description.Box, given = description.ElementStrides)
            result = CudaDriver.TensorMapEncodeTiled(
                aligned, TensorMapType(description.Type), (uint)rank, description.Address, sizes, strides, box, given == null ? ones : given,
                0, (int)description.Swizzle, (int)description.Promotion, description.FillWithNaN ? 1 : 0);
        CudaResult.Check(result, "cuTensorMapEncodeTiled");
        map = *(TensorMap*)aligned;
    }

    // Numbers of CUtensorMapDataType; what it does not know moves as bytes or words of the same size.
    private static int TensorMapType(DType type) => type switch
    {
        DType.Int16 => 1,
        DType.Int32 => 3,
        DType.Int64 => 5,
        DType.Float16 => 6,
        DType.Float32 => 7,
        DType.Float64 => 8,
        DType.BFloat16 => 9,
        _ => 0,
    };

    [DoesNotReturn]
    private static void ThrowLaunchError(int result, string name, in LaunchConfig config) =>
        CudaResult.Throw(result,
            $"cuLaunchKernelEx({name}, grid {config.Grid}, block {config.Block}, {config.DynamicSharedMemory} bytes shared" +
            $"{(config.Cluster == default ? "" : $", cluster {config.Cluster}")}{(config.Cooperative ? ", cooperative" : "")})");
}
