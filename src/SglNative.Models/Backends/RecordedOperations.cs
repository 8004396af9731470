namespace SglNative.Models.Backends;

/// <summary>
/// Operations that <see cref="Backend.Record"/> recorded, to be issued again as one. They read and write the very addresses that they
/// were recorded with, which must stay allocated; what they compute follows what lies there. Dispose before the backend.
/// </summary>
public abstract class RecordedOperations : IDisposable
{
    /// <summary>Launches, copies and products in it.</summary>
    public abstract int Count { get; }

    /// <summary>Issues them, in order with the backend's other operations.</summary>
    public abstract void Replay();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the device holds.</summary>
    protected abstract void Dispose(bool disposing);
}
