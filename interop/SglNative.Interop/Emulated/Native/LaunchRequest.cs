using System.Runtime.InteropServices;

namespace SglNative.Interop.Emulated.Native;

/// <summary><c>LaunchRequest</c> of kernels/host/runtime.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LaunchRequest
{
    public const uint Cooperative = 1, Dependent = 2;

    public nint Function, Stream;
    public Dim3 Grid, Block, Cluster;
    public uint DynamicSharedMemory, Flags;
    public nint* Arguments;
    public int ArgumentCount;
}
