namespace SglNative.Interop;

/// <summary>Copies and fills on typed spans.</summary>
public static class DeviceCopies
{
    /// <summary>Copies <paramref name="source"/> to the device and waits.</summary>
    public static unsafe void CopyToDevice<T>(this IComputeDevice device, nint destination, ReadOnlySpan<T> source) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(device);
        fixed (T* pointer = source) device.CopyToDevice(destination, (nint)pointer, (long)source.Length * sizeof(T));
    }

    /// <summary>Fills <paramref name="destination"/> from the device and waits.</summary>
    public static unsafe void CopyToHost<T>(this IComputeDevice device, Span<T> destination, nint source) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(device);
        fixed (T* pointer = destination) device.CopyToHost((nint)pointer, source, (long)destination.Length * sizeof(T));
    }
}
