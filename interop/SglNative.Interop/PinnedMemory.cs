using System.Runtime.InteropServices;

namespace SglNative.Interop;

/// <summary>Page-locked host memory. Owned by whoever allocated it; freed by <see cref="SafeHandle.Dispose()"/> or finalisation.</summary>
public abstract class PinnedMemory : SafeHandle
{
    /// <summary>Takes ownership of <paramref name="address"/>.</summary>
    protected PinnedMemory(nint address, long length) : base(0, ownsHandle: true)
    {
        Length = length;
        SetHandle(address);
    }

    /// <summary>Size in bytes.</summary>
    public long Length { get; }

    /// <summary>Host address, aligned to 64 bytes or more.</summary>
    public nint Address => IsClosed ? throw new ObjectDisposedException(nameof(PinnedMemory)) : handle;

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The whole memory as elements of <typeparamref name="T"/>; it must not be used after disposal.</summary>
    public unsafe Span<T> AsSpan<T>() where T : unmanaged => new((void*)Address, checked((int)(Length / sizeof(T))));

    /// <summary><paramref name="count"/> elements from byte <paramref name="offset"/> on.</summary>
    public unsafe Span<T> AsSpan<T>(long offset, int count) where T : unmanaged
    {
        if (offset < 0 || count < 0 || offset + (long)count * sizeof(T) > Length)
            throw new ArgumentOutOfRangeException(nameof(offset), $"{count} elements of {sizeof(T)} bytes at {offset} of {Length} bytes");
        return new Span<T>((void*)(Address + (nint)offset), count);
    }
}
