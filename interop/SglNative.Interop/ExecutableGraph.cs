namespace SglNative.Interop;

/// <summary>Recorded work that can be replayed any number of times, one replay at a time.</summary>
public abstract class ExecutableGraph : DeviceResource
{
    /// <summary>Replays all of it in the order of <paramref name="stream"/>.</summary>
    public abstract void Launch(DeviceStream stream);

    /// <summary>Moves what the first replay would move to the device, so that it is not slower than the others.</summary>
    public abstract void Upload(DeviceStream stream);

    /// <summary>
    /// Takes over launch parameters and addresses of <paramref name="graph"/> when it has the same nodes and edges; false when it
    /// differs and must be instantiated anew (this one is of no use then but to be disposed).
    /// </summary>
    public abstract bool TryUpdate(DeviceGraph graph);
}
