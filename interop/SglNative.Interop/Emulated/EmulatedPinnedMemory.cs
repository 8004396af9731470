using System.Runtime.InteropServices;
using SglNative.Interop.Emulated.Native;

namespace SglNative.Interop.Emulated;

/// <summary>Host memory that the runtime knows of: kernels may touch it, other host memory not.</summary>
internal sealed unsafe class EmulatedPinnedMemory : PinnedMemory
{
    private const nuint Alignment = 4096;

    private EmulatedPinnedMemory(nint address, long bytes) : base(address, bytes) => EmulationApi.PinnedAdd(address, (ulong)bytes);

    public static EmulatedPinnedMemory Allocate(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        return new((nint)NativeMemory.AlignedAlloc((nuint)bytes, Alignment), bytes);
    }

    protected override bool ReleaseHandle()
    {
        EmulationApi.PinnedRemove(handle);
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
