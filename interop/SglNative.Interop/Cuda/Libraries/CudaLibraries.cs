using System.Runtime.InteropServices;
using SglNative.Core;
using SglNative.Interop.Libraries;

namespace SglNative.Interop.Cuda.Libraries;

/// <summary>
/// Finds and loads the native libraries, each once per process: a process cannot hold two drivers, and the first folder that was
/// asked for wins.
/// </summary>
internal static class CudaLibraries
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<CudaLibrary, nint> Loaded = [];

    static CudaLibraries()
    {
        foreach (var library in Enum.GetValues<CudaLibrary>()) ImportResolver.Register(CudaLibraryNames.Import(library), () => Handle(library));
    }

    /// <summary>Loads <paramref name="library"/> unless that was done before.</summary>
    /// <exception cref="SglException">It was not found; one line that says what to install.</exception>
    public static void Require(CudaLibrary library, IReadOnlyList<string> hints, int driverMajor)
    {
        if (!TryLoad(library, hints, driverMajor))
            throw new SglException(CudaLibraryNames.MissingMessage(library, driverMajor, OperatingSystem.IsWindows()));
    }

    /// <summary>True when <paramref name="library"/> is loaded now.</summary>
    public static bool TryLoad(CudaLibrary library, IReadOnlyList<string> hints, int driverMajor)
    {
        lock (Gate)
        {
            if (Loaded.ContainsKey(library)) return true;
            var handle = Find(library, hints, driverMajor);
            if (handle != 0) Loaded[library] = handle;
            return handle != 0;
        }
    }

    /// <summary>The handle of <paramref name="library"/>, loaded if need be; 0 when it is not there.</summary>
    public static nint HandleOf(CudaLibrary library, IReadOnlyList<string> hints, int driverMajor)
    {
        lock (Gate) return TryLoad(library, hints, driverMajor) ? Loaded[library] : 0;
    }

    /// <summary>True when the loaded <paramref name="library"/> has <paramref name="symbol"/>; newer entry points are optional.</summary>
    public static bool HasSymbol(CudaLibrary library, string symbol)
    {
        lock (Gate) return Loaded.TryGetValue(library, out var handle) && NativeLibrary.TryGetExport(handle, symbol, out _);
    }

    private static nint Find(CudaLibrary library, IReadOnlyList<string> hints, int driverMajor)
    {
        var names = CudaLibraryNames.Files(library, driverMajor, OperatingSystem.IsWindows());
        // The driver is the system's: a stub or compat library in a toolkit folder must not take its place.
        if (library != CudaLibrary.Driver && InFolders(CudaLibraryFolders.Chosen(hints, Environment.GetEnvironmentVariable), names) is not 0 and var chosen)
            return chosen;
        foreach (var name in names)
            if (NativeLibrary.TryLoad(name, out var handle)) return handle;
        return InFolders(CudaLibraryFolders.Usual(Environment.GetEnvironmentVariable), names);
    }

    private static nint InFolders(IEnumerable<string> folders, IReadOnlyList<string> names)
    {
        foreach (var folder in folders)
            foreach (var name in names)
            {
                var path = Path.Combine(folder, name);
                if (!File.Exists(path)) continue;
                LoadCompanions(folder, name);
                if (NativeLibrary.TryLoad(path, out var handle)) return handle;
            }
        return 0;
    }

    // NVRTC opens its built-ins by bare name, which fails outside the loader's folders unless they are loaded already.
    private static void LoadCompanions(string folder, string name)
    {
        if (!name.Contains("nvrtc", StringComparison.Ordinal)) return;
        foreach (var companion in Directory.EnumerateFiles(folder, OperatingSystem.IsWindows() ? "nvrtc-builtins64_*.dll" : "libnvrtc-builtins.so.*"))
            NativeLibrary.TryLoad(companion, out _);
    }

    private static nint Handle(CudaLibrary library)
    {
        lock (Gate)
            return Loaded.TryGetValue(library, out var handle)
                ? handle
                : throw new InvalidOperationException($"{library} is used before it was asked for");
    }
}
