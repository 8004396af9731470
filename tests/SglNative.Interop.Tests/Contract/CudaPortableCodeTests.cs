using SglNative.Interop.Cuda.Compilation;
using SglNative.Interop.Kernels;
using SglNative.Interop.Tests.Kernels;

namespace SglNative.Interop.Tests.Contract;

/// <summary>PTX, which the driver translates: the way to chips that are newer than the compiler.</summary>
[Collection("cuda")]
public sealed class CudaPortableCodeTests(CudaFixture fixture)
{
    [Theory]
    [InlineData("compute_80")]
    [InlineData("compute_90")]
    public void Portable_code_runs(string architecture)
    {
        var device = fixture.Device;
        if (device.Capabilities.Compiler is null) Assert.Skip("no kernel compiler was found");
        if (architecture == "compute_90" && device.Capabilities.ComputeCapability < 90) Assert.Skip("the device is older than 9.0");
        var image = NvrtcToolchain.ForArchitecture(architecture).Compile(TestKernels.VectorAdd, KernelSourceTree.Collect(TestKernels.VectorAdd), "");
        using var module = device.LoadModule(image);
        using var stream = device.CreateStream();
        var memory = device.Allocate(4 * 3);
        device.CopyToDevice<float>(memory, [1.5f, 2.25f, 0]);
        device.Launch(module.GetFunction("vector_add"), new LaunchConfig(stream, 1, 32),
            new LaunchContract.AddArguments(memory, memory + 4, memory + 8, 1));
        stream.Synchronize();
        var sum = new float[1];
        device.CopyToHost<float>(sum, memory + 8);
        device.Free(memory);
        Assert.Equal(3.75f, sum[0]);
    }

    [Fact]
    public void Damaged_portable_code_is_explained()
    {
        var image = new KernelImage("broken.cu", KernelImageFormat.Ptx, "compute_80",
            ".version 7.0\n.target sm_80\n.address_size 64\n.visible .entry k() { nonsense; }\n\0"u8.ToArray(), new Dictionary<string, string>());
        var error = Assert.Throws<DeviceException>(() => fixture.Device.LoadModule(image));
        Assert.Contains("nonsense", error.Message, StringComparison.Ordinal);
    }
}
