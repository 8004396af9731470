namespace SglNative.Interop;

/// <summary>A way to devices: CUDA, emulation ….</summary>
public interface IComputeDeviceProvider
{
    /// <summary>Short lower-case name, as in <c>--device</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Number of usable devices; 0 with one line in <paramref name="reason"/> when there is none. Fast, and never throws.
    /// </summary>
    int CountDevices(out string? reason);

    /// <summary>Opens a device.</summary>
    /// <exception cref="Core.SglException">There is no such device or it cannot be used; the message says why and what would help.</exception>
    IComputeDevice Open(int ordinal, DeviceOptions options);
}
