using SglNative.Interop.Cuda.Libraries;

namespace SglNative.Interop.Tests.Cuda;

public sealed class CudaLibraryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sgl-libraries-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("Nvrtc", 0, "libnvrtc.so.13 libnvrtc.so.12")]
    [InlineData("Nvrtc", 12, "libnvrtc.so.12")]
    [InlineData("Nvrtc", 13, "libnvrtc.so.13 libnvrtc.so.12")]
    [InlineData("CublasLt", 14, "libcublasLt.so.13 libcublasLt.so.12")]
    [InlineData("Driver", 0, "libcuda.so.1")]
    [InlineData("Nccl", 12, "libnccl.so.2")]
    public void Libraries_newer_than_the_driver_are_not_tried(string library, int driver, string expected) =>
        Assert.Equal(expected, string.Join(' ', CudaLibraryNames.Files(Enum.Parse<CudaLibrary>(library), driver, windows: false)));

    [Theory]
    [InlineData("Nvrtc", "nvrtc64_130_0.dll nvrtc64_120_0.dll")]
    [InlineData("CublasLt", "cublasLt64_13.dll cublasLt64_12.dll")]
    [InlineData("Driver", "nvcuda.dll")]
    public void Windows_has_names_of_its_own(string library, string expected) =>
        Assert.Equal(expected, string.Join(' ', CudaLibraryNames.Files(Enum.Parse<CudaLibrary>(library), 13, windows: true)));

    [Theory]
    [InlineData("Nvrtc", 12, "nvidia-cuda-nvrtc-cu12")]
    [InlineData("Nvrtc", 13, "pip: nvidia-cuda-nvrtc)")]
    [InlineData("CublasLt", 13, "pip: nvidia-cublas)")]
    [InlineData("Nccl", 13, "nvidia-nccl-cu13")]
    [InlineData("Driver", 0, "--device cpu")]
    public void A_missing_library_is_one_line_that_names_the_package(string library, int driver, string expected)
    {
        var message = CudaLibraryNames.MissingMessage(Enum.Parse<CudaLibrary>(library), driver, windows: false);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Hints_come_first_then_the_variable_then_the_toolkit()
    {
        string hint = Make("hint"), listed = Make("listed"), home = Make("cuda");
        Make("hint/nvidia/cuda_nvrtc/lib");
        Make("cuda/targets/x86_64-linux/lib");
        var environment = new Dictionary<string, string> { [CudaLibraryFolders.Variable] = listed, ["CUDA_HOME"] = home };
        var folders = CudaLibraryFolders.Chosen([hint], environment.GetValueOrDefault).ToList();
        Assert.Equal(hint, folders[0]);
        int At(params string[] parts) => folders.IndexOf(Path.Combine([_root, .. parts]));
        Assert.InRange(At("hint", "nvidia", "cuda_nvrtc", "lib"), 1, At("listed") - 1);
        Assert.InRange(At("listed"), 1, At("cuda", "lib64") - 1);
        Assert.True(At("cuda", "targets", "x86_64-linux", "lib") > 0);
    }

    [Fact]
    public void A_python_environments_packages_are_found()
    {
        var lib = Make("venv/lib/python3.12/site-packages/nvidia/cu13/lib");
        var environment = new Dictionary<string, string> { ["VIRTUAL_ENV"] = Path.Combine(_root, "venv") };
        Assert.Contains(lib, CudaLibraryFolders.Usual(environment.GetValueOrDefault));
    }

    private string Make(string path) => Directory.CreateDirectory(Path.Combine([_root, .. path.Split('/')])).FullName;
}
