using System.Runtime.InteropServices;

namespace SglNative.Interop.Emulated.Native;

/// <summary>What the runtime's calls return.</summary>
internal static class EmulationStatus
{
    private const int Fatal = 2, OutOfMemory = 3, BadArgument = 4;

    /// <summary>Throws what <paramref name="status"/> stands for, unless it is success.</summary>
    public static void Check(int status)
    {
        if (status != 0) Throw(status);
    }

    /// <summary>As <see cref="Check(int)"/>, for a call that asked for memory.</summary>
    public static void Check(int status, string call, long bytes, DeviceMemoryInfo memory)
    {
        if (status == OutOfMemory) throw new DeviceOutOfMemoryException(call, bytes, memory);
        Check(status);
    }

    private static void Throw(int status)
    {
        var message = SourcePositions.Resolve(Marshal.PtrToStringUTF8(EmulationApi.Message()) ?? "");
        throw status switch
        {
            BadArgument => new ArgumentException(message),
            OutOfMemory => new DeviceOutOfMemoryException(message),
            _ => new DeviceException(message) { IsFatal = status == Fatal },
        };
    }
}
