namespace SglNative.Interop;

/// <summary>Recorded work, not yet fit to run.</summary>
public abstract class DeviceGraph : DeviceResource
{
    /// <summary>Number of nodes (launches, copies, fills …).</summary>
    public abstract int NodeCount { get; }

    /// <summary>Makes it runnable. Memory, modules and streams that the recorded work refers to must outlive the result.</summary>
    public abstract ExecutableGraph Instantiate();
}
