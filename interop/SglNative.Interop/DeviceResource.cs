namespace SglNative.Interop;

/// <summary>Something a device made and that must be given back.</summary>
public abstract class DeviceResource : IDisposable
{
    /// <summary>Gives it back; further calls do nothing.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the provider holds.</summary>
    protected abstract void Dispose(bool disposing);
}
