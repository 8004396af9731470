using System.Runtime.Loader;
using SglNative.Interop.Cuda.Libraries;

namespace SglNative.Interop.ManagedCuda;

/// <summary>
/// Lets the packages find CUDA where this project finds it. They look for libcuda.so, libnvrtc.so and libcublas.so by those names, which
/// only a development installation has.
/// </summary>
internal static class ManagedCudaLibraries
{
    private static readonly Lock Gate = new();
    private static IReadOnlyList<string> _hints = [];
    private static bool _installed;

    /// <summary>From now on a library that the packages do not find themselves is looked for here.</summary>
    public static void Install(IReadOnlyList<string> hints)
    {
        lock (Gate)
        {
            if (hints.Count > 0) _hints = hints;
            if (_installed) return;
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => Find(name);
            _installed = true;
        }
    }

    /// <summary>True when the library is there.</summary>
    public static bool TryLoad(CudaLibrary library, IReadOnlyList<string> hints, int driverMajor)
    {
        Install(hints);
        return CudaLibraries.TryLoad(library, hints, driverMajor);
    }

    // The packages import by the names that the libraries have on Windows.
    private static nint Find(string name)
    {
        CudaLibrary? library = name switch
        {
            "nvcuda" => CudaLibrary.Driver,
            _ when name.StartsWith("nvrtc64", StringComparison.Ordinal) => CudaLibrary.Nvrtc,
            _ when name.StartsWith("cublas64", StringComparison.Ordinal) => CudaLibrary.Cublas,
            _ => null,
        };
        return library is { } found ? CudaLibraries.HandleOf(found, _hints, Cuda.CudaAvailability.InstalledDriverMajor()) : 0;
    }
}
