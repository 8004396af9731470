namespace SglNative.Interop;

/// <summary>A point in a stream, recorded by <see cref="DeviceStream.Record"/>.</summary>
public abstract class DeviceEvent : DeviceResource
{
    /// <summary>True when the recorded point was reached, or nothing was recorded yet.</summary>
    public abstract bool IsCompleted { get; }

    /// <summary>Waits for the recorded point.</summary>
    public abstract void Synchronize();

    /// <summary>Milliseconds from <paramref name="start"/> to this one, both made with timing, recorded and completed.</summary>
    public abstract float ElapsedMilliseconds(DeviceEvent start);
}
