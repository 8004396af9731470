namespace SglNative.Interop.Kernels;

/// <summary>A compiled <see cref="KernelSource"/>.</summary>
/// <param name="Name">Name of the source.</param>
/// <param name="Format">What <paramref name="Code"/> is.</param>
/// <param name="Architecture">What it was compiled for: <c>sm_90a</c>, <c>compute_90</c>, or the host's.</param>
/// <param name="Code">The image.</param>
/// <param name="Symbols">Name in the image of each instantiation.</param>
public sealed record KernelImage(
    string Name, KernelImageFormat Format, string Architecture, ReadOnlyMemory<byte> Code, IReadOnlyDictionary<string, string> Symbols)
{
    /// <summary>Where the image lies on disk; null when it was never there.</summary>
    public string? Path { get; init; }

    /// <summary>What the compiler said (warnings, resource usage).</summary>
    public string Log { get; init; } = "";

    /// <summary>What each instantiation uses; empty for images other than cubins. Read anew at every call.</summary>
    /// <exception cref="InvalidDataException">The image is damaged.</exception>
    public IReadOnlyDictionary<string, KernelResources> ReadResources()
    {
        var resources = new Dictionary<string, KernelResources>(StringComparer.Ordinal);
        if (Format != KernelImageFormat.Cubin) return resources;
        var bySymbol = CubinReader.Read(Code.Span);
        var spills = PtxasLog.ReadSpills(Log);
        foreach (var (instantiation, symbol) in Symbols)
        {
            if (!bySymbol.TryGetValue(symbol, out var found)) continue;
            resources[instantiation] = spills.TryGetValue(symbol, out var spilled)
                ? found with { SpillStores = spilled.Stores, SpillLoads = spilled.Loads }
                : found;
        }
        return resources;
    }
}
