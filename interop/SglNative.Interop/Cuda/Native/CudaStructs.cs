using System.Runtime.InteropServices;

namespace SglNative.Interop.Cuda.Native;

/// <summary>CUlaunchConfig.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CudaLaunchConfig
{
    public uint GridX, GridY, GridZ, BlockX, BlockY, BlockZ, SharedMemoryBytes;
    public nint Stream;
    public CudaLaunchAttribute* Attributes;
    public uint AttributeCount;
}

/// <summary>CUlaunchAttribute: a number, padding to 8, and a union of 64 bytes of which three members are used here.</summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
internal struct CudaLaunchAttribute
{
    [FieldOffset(0)] public CudaLaunchAttributeId Id;
    /// <summary>Of <see cref="CudaLaunchAttributeId.Cooperative"/> and <see cref="CudaLaunchAttributeId.ProgrammaticStreamSerialization"/>.</summary>
    [FieldOffset(8)] public int Flag;
    /// <summary>Of <see cref="CudaLaunchAttributeId.ClusterDimension"/>.</summary>
    [FieldOffset(8)] public uint ClusterX;
    [FieldOffset(12)] public uint ClusterY;
    [FieldOffset(16)] public uint ClusterZ;
}

/// <summary>CUmemLocation.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CudaMemoryLocation
{
    public const int Device = 1;

    public int Type;
    public int Id;
}

/// <summary>CUmemAllocationProp.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CudaAllocationProperties
{
    public const int Pinned = 1;

    public int Type;
    public int RequestedHandleTypes;
    public CudaMemoryLocation Location;
    public nint Win32HandleMetaData;
    public byte CompressionType;
    public byte GpuDirectRdmaCapable;
    public ushort Usage;
    public uint Reserved;
}

/// <summary>CUmemAccessDesc.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CudaAccessDescriptor
{
    public const int ReadWrite = 3;

    public CudaMemoryLocation Location;
    public int Flags;
}

/// <summary>CUgraphExecUpdateResultInfo.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CudaGraphUpdateResult
{
    public int Result;
    public nint ErrorNode;
    public nint ErrorFromNode;
}
