namespace SglNative.Interop;

/// <summary>A queue of work of one device.</summary>
public abstract class DeviceStream : DeviceResource
{
    /// <summary>The provider's native handle (a <c>CUstream</c>); for libraries that take one.</summary>
    public abstract nint Handle { get; }

    /// <summary>True when all work given so far has run.</summary>
    public abstract bool IsIdle { get; }

    /// <summary>True between <see cref="BeginCapture"/> and <see cref="EndCapture"/>.</summary>
    public abstract bool IsCapturing { get; }

    /// <summary>Waits until all work given so far has run; throws what went wrong in it.</summary>
    public abstract void Synchronize();

    /// <summary>Marks this point of the stream.</summary>
    public abstract void Record(DeviceEvent mark);

    /// <summary>Lets later work of this stream wait for the point last recorded in <paramref name="mark"/>; the host does not wait.</summary>
    public abstract void WaitFor(DeviceEvent mark);

    /// <summary>
    /// From now on work is recorded instead of run; other streams join by waiting for an event of this one and must be joined
    /// back before the end. Nothing that synchronises may be called by this thread meanwhile.
    /// </summary>
    public abstract void BeginCapture();

    /// <summary>Ends the recording.</summary>
    public abstract DeviceGraph EndCapture();
}
