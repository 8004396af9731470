using System.Runtime.InteropServices;

namespace SglNative.Cpu.Memory;

/// <summary>Memory that all threads of an operation see; it grows to the largest request and is kept from call to call.</summary>
internal unsafe struct SharedBuffer
{
    private byte* _data;
    private nuint _size;

    /// <summary>At least <paramref name="bytes"/> bytes, with undefined contents; what an earlier call returned may be gone.</summary>
    public byte* Reserve(long bytes)
    {
        if ((nuint)bytes <= _size) return _data;
        Free();
        var size = (nuint)bytes + (nuint)bytes / 4;
        _data = (byte*)NativeMemory.AlignedAlloc(size, 64);
        _size = size;
        return _data;
    }

    public void Free()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
        _size = 0;
    }
}
