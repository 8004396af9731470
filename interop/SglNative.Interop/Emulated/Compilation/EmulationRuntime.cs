using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using SglNative.Core;
using SglNative.Interop.Emulated.Native;
using SglNative.Interop.Kernels;
using SglNative.Interop.Libraries;

namespace SglNative.Interop.Emulated.Compilation;

/// <summary>The library that runs kernels on the host, built once per machine from kernels/host/runtime and kept in the kernel cache.</summary>
internal sealed class EmulationRuntime
{
    private static readonly Lock Gate = new();
    private static EmulationRuntime? _loaded;

    private EmulationRuntime(string folder, string library) => (Folder, Library) = (folder, library);

    /// <summary>Holds kernels/host and the library.</summary>
    public string Folder { get; }

    /// <summary>The library's path; kernels are linked with it.</summary>
    public string Library { get; }

    /// <summary>The runtime, built if need be and loaded.</summary>
    /// <exception cref="SglException">It does not compile, or the cache cannot be written.</exception>
    public static EmulationRuntime Load(HostCompiler compiler)
    {
        lock (Gate)
        {
            if (_loaded is not null) return _loaded;
            var flags = HostFlags.Runtime;
            var key = Convert.ToHexStringLower(SHA256.HashData(
                Encoding.UTF8.GetBytes($"{compiler.Identity}|{string.Join(' ', flags)}|{HostSources.Hash}")).AsSpan(0, 8));
            var folder = Path.Combine(KernelCacheFolder.Default, $"host_runtime-{key}");
            // One name in all versions: kernels are linked with the name, and find the library that is loaded.
            const string file = "libsgl-emulation.so";
            var library = Path.Combine(folder, file);
            if (!File.Exists(library)) Build(compiler, flags, folder, file);
            ImportResolver.Register(EmulationApi.Library, NativeLibrary.Load(library));
            return _loaded = new EmulationRuntime(folder, library);
        }
    }

    private static void Build(HostCompiler compiler, IReadOnlyList<string> flags, string folder, string file)
    {
        var temporary = Path.Combine(KernelCacheFolder.Default, ".tmp", Guid.NewGuid().ToString("N"));
        try
        {
            HostSources.WriteTo(temporary);
            string[] sources = [.. HostSources.All.Select(source => source.Key).Where(path => path.EndsWith(".cpp", StringComparison.Ordinal))];
            Parallel.ForEach(sources, source => Run(compiler, temporary, [.. flags, "-c", source, "-o", Path.ChangeExtension(source, ".o")]));
            Run(compiler, temporary,
                ["-shared", "-pthread", $"-Wl,-soname,{file}", .. sources.Select(source => Path.ChangeExtension(source, ".o")), "-ldl", "-o", file]);
            // Who comes second uses the first one's.
            if (!Directory.Exists(folder)) Directory.Move(temporary, folder);
        }
        catch (IOException) when (File.Exists(Path.Combine(folder, file)))
        {
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SglException(
                $"cannot write the kernel cache {KernelCacheFolder.Default}: {e.Message}; set {KernelCacheFolder.Variable} to a folder that can be written", e);
        }
        finally
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
        }
    }

    private static void Run(HostCompiler compiler, string folder, string[] arguments)
    {
        var (succeeded, log) = compiler.Run(folder, arguments);
        if (!succeeded) throw new SglException($"{compiler.Identity} cannot build the emulated device: {log.Trim()}");
    }
}
