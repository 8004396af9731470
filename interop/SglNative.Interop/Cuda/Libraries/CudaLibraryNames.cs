using System.Globalization;

namespace SglNative.Interop.Cuda.Libraries;

/// <summary>What the libraries are called and who brings them.</summary>
internal static class CudaLibraryNames
{
    /// <summary>The names under which the bindings import; <see cref="CudaLibraries"/> resolves them.</summary>
    public const string Driver = "sgl-cuda-driver", Nvrtc = "sgl-cuda-nvrtc", CublasLt = "sgl-cuda-cublaslt", Nccl = "sgl-cuda-nccl";

    /// <summary>Newest and oldest toolkit this program works with.</summary>
    public const int NewestToolkit = 13, OldestToolkit = 12;

    public static CudaLibrary? FromImport(string name) => name switch
    {
        Driver => CudaLibrary.Driver,
        Nvrtc => CudaLibrary.Nvrtc,
        CublasLt => CudaLibrary.CublasLt,
        Nccl => CudaLibrary.Nccl,
        _ => null,
    };

    public static string Import(CudaLibrary library) => library switch
    {
        CudaLibrary.Driver => Driver,
        CudaLibrary.Nvrtc => Nvrtc,
        CudaLibrary.CublasLt => CublasLt,
        _ => Nccl,
    };

    /// <summary>
    /// File names to try, best first. Libraries of a newer toolkit than the driver's (<paramref name="driverMajor"/>; 0: there is no
    /// driver) are left out: what they make would not load.
    /// </summary>
    public static IReadOnlyList<string> Files(CudaLibrary library, int driverMajor, bool windows)
    {
        if (library == CudaLibrary.Driver) return windows ? ["nvcuda.dll"] : ["libcuda.so.1"];
        if (library == CudaLibrary.Nccl) return windows ? [] : ["libnccl.so.2"];
        var newest = driverMajor == 0 ? NewestToolkit : Math.Clamp(driverMajor, OldestToolkit, NewestToolkit);
        var names = new List<string>();
        for (var major = newest; major >= OldestToolkit; major--)
        {
            var version = major.ToString(CultureInfo.InvariantCulture);
            names.Add((library, windows) switch
            {
                (CudaLibrary.Nvrtc, true) => $"nvrtc64_{version}0_0.dll",
                (CudaLibrary.Nvrtc, false) => $"libnvrtc.so.{version}",
                (CudaLibrary.Cublas, true) => $"cublas64_{version}.dll",
                (CudaLibrary.Cublas, false) => $"libcublas.so.{version}",
                (_, true) => $"cublasLt64_{version}.dll",
                (_, false) => $"libcublasLt.so.{version}",
            });
        }
        return names;
    }

    /// <summary>One line for the user: what is missing and what to install.</summary>
    public static string MissingMessage(CudaLibrary library, int driverMajor, bool windows)
    {
        var names = string.Join(" or ", Files(library, driverMajor, windows));
        var major = driverMajor == 0 ? OldestToolkit : Math.Clamp(driverMajor, OldestToolkit, NewestToolkit);
        // From CUDA 13 on the pip packages carry no suffix.
        var pip = major >= 13 ? "" : $"-cu{major}";
        var where = $"or set CUDA_HOME or {CudaLibraryFolders.Variable} to where it lies";
        return library switch
        {
            CudaLibrary.Driver =>
                $"no NVIDIA driver: {names} was not found; install the driver (Debian and Ubuntu: nvidia-driver; in a container: run it " +
                "with --gpus all and the NVIDIA container toolkit), or use --device cpu",
            CudaLibrary.Nvrtc =>
                $"the CUDA run-time compiler {names} was not found; install NVRTC (apt: cuda-nvrtc-{major}-x from NVIDIA's repository " +
                $"or libnvrtc{major}; conda: cuda-nvrtc; pip: nvidia-cuda-nvrtc{pip}), {where}",
            CudaLibrary.CublasLt or CudaLibrary.Cublas =>
                $"cuBLAS ({names}) was not found; install it (apt: libcublas-{major}-x from NVIDIA's repository or libcublaslt{major}; " +
                $"conda: libcublas; pip: nvidia-cublas{pip}), {where}",
            _ => windows
                ? "NCCL does not exist for Windows: several GPUs need Linux"
                : $"NCCL ({names}) was not found; several GPUs need it: install it (apt: libnccl2; conda: nccl; pip: nvidia-nccl-cu{major}), " +
                  where,
        };
    }
}
