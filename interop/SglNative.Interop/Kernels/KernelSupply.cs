using SglNative.Core;

namespace SglNative.Interop.Kernels;

/// <summary>Where a device's kernels come from: the pack if it holds them, else the cache, else the compiler.</summary>
/// <param name="pack">Kernels compiled ahead of time, taken over; null for none.</param>
/// <param name="architecture">What the device runs.</param>
/// <param name="hasCompiler">Whether a compiler is installed.</param>
/// <param name="options">Of the device.</param>
/// <param name="toolchain">Makes the compiler, when one is needed first.</param>
internal sealed class KernelSupply(KernelPack? pack, string architecture, bool hasCompiler, DeviceOptions options, Func<IKernelToolchain> toolchain) : IDisposable
{
    private readonly KernelCache _cache = new(options.CacheFolder);
    private readonly Lazy<IKernelToolchain> _toolchain = new(toolchain);

    /// <summary>Where the cache lies.</summary>
    public string CacheFolder => _cache.Folder;

    /// <summary>The image of <paramref name="source"/>.</summary>
    /// <exception cref="SglException">It is in no pack, and compiling is not wanted or there is no compiler.</exception>
    public KernelImage Find(KernelSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var reason = "there is no kernel pack";
        // Flags that somebody asked for (line information, say) apply to every kernel.
        if (pack is not null && options.CompilerFlags.Count == 0 && pack.Find(source, architecture, out reason) is { } image) return image;
        if (!options.CompileKernels) throw new SglException($"{source.Name} is not compiled now: {reason}");
        try
        {
            return _cache.GetOrCompile(source, _toolchain.Value);
        }
        catch (SglException e) when (pack is not null && !hasCompiler)
        {
            throw new SglException($"{reason}; {e.Message}", e);
        }
    }

    /// <summary>Closes the pack.</summary>
    public void Dispose() => pack?.Dispose();
}
