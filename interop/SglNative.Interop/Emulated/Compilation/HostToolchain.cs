using System.Globalization;
using System.Text;
using SglNative.Interop.Kernels;

namespace SglNative.Interop.Emulated.Compilation;

/// <summary>Compiles kernels to libraries of the host: the same text that NVRTC gets, with kernels/host/prelude.h before it.</summary>
internal sealed class HostToolchain(HostCompiler compiler, EmulationRuntime runtime, bool checkMemory, IReadOnlyList<string> extraFlags) : IKernelToolchain
{
    private const string Stub = "sgl_stub.cpp", Assembly = "sgl_stub.s", Library = "sgl_stub.so";

    private readonly string[] _flags = [.. HostFlags.Kernels(checkMemory), .. extraFlags];

    /// <inheritdoc/>
    public string Identity { get; } = $"{compiler.Identity}, kernels/host {HostSources.KernelHash}";

    /// <inheritdoc/>
    public string Architecture => HostCompiler.Architecture;

    /// <inheritdoc/>
    public KernelImageFormat Format => KernelImageFormat.HostLibrary;

    /// <summary>Kernels report every access to the runtime.</summary>
    public bool ChecksMemory => checkMemory;

    /// <inheritdoc/>
    public IReadOnlyList<string> FlagsFor(KernelSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        // Of the device compiler's flags, those that change results; of two settings the later counts.
        string[] contraction = source.Flags.Contains("--fmad=false") ? ["-ffp-contract=off"] : [];
        return [.. _flags, .. contraction, .. source.Flags.Where(flag => flag.StartsWith("-D", StringComparison.Ordinal))];
    }

    /// <inheritdoc/>
    public KernelImage Compile(KernelSource source, KernelSourceTree tree, string folder)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(tree);
        // The host's versions of what is different there take the places of the device's; the entry shows what was compiled.
        foreach (var (path, text) in HostSources.All)
            if (tree.Headers.Any(header => header.Key == path)) File.WriteAllText(Path.Combine(folder, path), text);
        File.WriteAllText(Path.Combine(folder, Stub), WriteStub(source, tree));
        var log = Run(source.Name, folder,
        [
            .. FlagsFor(source), .. source.Defines.Select(define => $"-D{define.Key}={define.Value}"), $"-fdebug-prefix-map={folder}=.", $"-fdebug-prefix-map={runtime.Folder}=host",
            "-iquote", ".", "-include", Path.Combine(runtime.Folder, "prelude.h"), "-S", Stub, "-o", Assembly,
        ]);
        if (checkMemory) SharedGuards.Insert(Path.Combine(folder, Assembly));
        log += Run(source.Name, folder, ["-shared", "-g1", Assembly, runtime.Library, "-o", Library]);
        var code = File.ReadAllBytes(Path.Combine(folder, Library));
        foreach (var file in (string[])[Assembly, Library]) File.Delete(Path.Combine(folder, file));
        var symbols = source.Instantiations.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => HostSymbol.Of(pair.i), StringComparer.Ordinal);
        return new KernelImage(source.Name, Format, Architecture, code, symbols) { Log = log };
    }

    private string Run(string kernel, string folder, IReadOnlyList<string> arguments)
    {
        var (succeeded, log) = compiler.Run(folder, arguments);
        return succeeded ? log : throw new KernelCompilationException(kernel, log.Replace(folder + "/", "", StringComparison.Ordinal));
    }

    private static string WriteStub(KernelSource source, KernelSourceTree tree)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"#include \"{source.Name}\"\nSGL_REDIRECT_LIBRARY\n");
        var bounds = LaunchBounds.Find([tree.Text, .. tree.Headers.Select(header => header.Value)]);
        for (var i = 0; i < source.Instantiations.Count; i++)
        {
            var instantiation = source.Instantiations[i];
            text.Append(CultureInfo.InvariantCulture, $"SGL_EXPORT_KERNEL({i}, {instantiation})\n");
            if (source.Instantiations.Count > 1) text.Append(CultureInfo.InvariantCulture, $"SGL_EXPORT_ADDRESS({i}, {instantiation})\n");
            if (bounds.Declare(instantiation, i) is { } declaration) text.Append(declaration);
        }
        return text.ToString();
    }
}
