namespace SglNative.Interop;

/// <summary>Memory of a device at one moment, in bytes.</summary>
/// <param name="Free">What an allocation could still get, other processes' use taken off.</param>
/// <param name="Total">All there is.</param>
public readonly record struct DeviceMemoryInfo(long Free, long Total)
{
    /// <summary>What is taken, by whichever process.</summary>
    public long Used => Total - Free;
}
