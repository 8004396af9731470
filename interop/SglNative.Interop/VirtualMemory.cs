namespace SglNative.Interop;

/// <summary>
/// A range of device addresses to which memory is mapped piece by piece, so that a pool can grow and shrink in place. Disposing
/// unmaps everything and gives the addresses back.
/// </summary>
public abstract class VirtualMemory : IDisposable
{
    /// <summary>First address of the range.</summary>
    public abstract nint Address { get; }

    /// <summary>Reserved bytes, a multiple of <see cref="Granularity"/>.</summary>
    public abstract long Length { get; }

    /// <summary>Offsets and sizes of mappings are multiples of this.</summary>
    public abstract long Granularity { get; }

    /// <summary>Bytes that have memory behind them.</summary>
    public abstract long MappedBytes { get; }

    /// <summary>Puts memory behind [<paramref name="offset"/>, offset+<paramref name="bytes"/>), which has none yet.</summary>
    public abstract void Map(long offset, long bytes);

    /// <summary>
    /// Takes the memory behind [<paramref name="offset"/>, offset+<paramref name="bytes"/>) away; the range consists of whole
    /// ranges given to <see cref="Map"/>. No work may still use it.
    /// </summary>
    public abstract void Unmap(long offset, long bytes);

    /// <summary>Unmaps everything and releases the addresses.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the provider holds.</summary>
    protected abstract void Dispose(bool disposing);
}
