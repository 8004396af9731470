using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SglNative.Interop.Collectives;
using SglNative.Interop.Cuda.Native;
using SglNative.Interop.Tma;

namespace SglNative.Interop.Tests.Cuda;

/// <summary>Sizes and offsets as a C compiler gives them for CUDA 12.4's cuda.h, cublasLt.h and nccl.h.</summary>
public class NativeLayoutTests
{
    [Fact]
    public void Sizes_are_those_of_the_headers()
    {
        Assert.Equal(56, Unsafe.SizeOf<CudaLaunchConfig>());
        Assert.Equal(72, Unsafe.SizeOf<CudaLaunchAttribute>());
        Assert.Equal(32, Unsafe.SizeOf<CudaAllocationProperties>());
        Assert.Equal(8, Unsafe.SizeOf<CudaMemoryLocation>());
        Assert.Equal(12, Unsafe.SizeOf<CudaAccessDescriptor>());
        Assert.Equal(24, Unsafe.SizeOf<CudaGraphUpdateResult>());
        Assert.Equal(128, Unsafe.SizeOf<TensorMap>());
        Assert.Equal(64, Unsafe.SizeOf<CublasLtAlgorithm>());
        Assert.Equal(96, Unsafe.SizeOf<CublasLtHeuristicResult>());
        Assert.Equal(128, Unsafe.SizeOf<CommunicatorId>());
    }

    [Theory]
    [InlineData(typeof(CudaLaunchConfig), "GridX=0 BlockX=12 SharedMemoryBytes=24 Stream=32 Attributes=40 AttributeCount=48")]
    [InlineData(typeof(CudaLaunchAttribute), "Id=0 Flag=8 ClusterX=8 ClusterY=12 ClusterZ=16")]
    [InlineData(typeof(CudaAllocationProperties), "Type=0 RequestedHandleTypes=4 Location=8 Win32HandleMetaData=16 CompressionType=24 Usage=26")]
    [InlineData(typeof(CudaAccessDescriptor), "Location=0 Flags=8")]
    [InlineData(typeof(CudaGraphUpdateResult), "Result=0 ErrorNode=8 ErrorFromNode=16")]
    [InlineData(typeof(CublasLtHeuristicResult), "Algorithm=0 WorkspaceSize=64 State=72 WavesCount=76 Reserved=80")]
    public void Offsets_are_those_of_the_headers(Type type, string expected) => Assert.Equal(
        expected, string.Join(' ', expected.Split(' ').Select(f => f.Split('=')[0]).Select(f => $"{f}={Marshal.OffsetOf(type, f)}")));

    [Fact]
    public void Enumerations_have_the_numbers_of_the_headers()
    {
        Assert.Equal(3, (int)TensorMapSwizzle.Bytes128);
        Assert.Equal(3, (int)TensorMapPromotion.Bytes256);
        Assert.Equal([0, 1, 2, 3, 4], Enum.GetValues<ReduceOperation>().Select(operation => (int)operation));
        Assert.Equal(6, (int)CudaLaunchAttributeId.ProgrammaticStreamSerialization);
    }
}
