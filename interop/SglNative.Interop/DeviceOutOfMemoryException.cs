namespace SglNative.Interop;

/// <summary>The device has not the memory that was asked for. The device remains usable.</summary>
public sealed class DeviceOutOfMemoryException : DeviceException
{
    /// <summary>The failed request and what was free, in bytes.</summary>
    public DeviceOutOfMemoryException(string call, long requested, DeviceMemoryInfo memory)
        : base($"{call} failed: {requested:N0} bytes were asked for, {memory.Free:N0} of {memory.Total:N0} are free")
    {
        Requested = requested;
        Memory = memory;
    }

    /// <summary>An out-of-memory error with a message of its own.</summary>
    public DeviceOutOfMemoryException(string message) : base(message) { }

    /// <summary>An out-of-memory error and what caused it.</summary>
    public DeviceOutOfMemoryException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>An out-of-memory error without details.</summary>
    public DeviceOutOfMemoryException() { }

    /// <summary>Bytes asked for.</summary>
    public long Requested { get; }

    /// <summary>The device's memory right after the failure.</summary>
    public DeviceMemoryInfo Memory { get; }
}
