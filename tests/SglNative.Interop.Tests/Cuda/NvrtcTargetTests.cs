using SglNative.Core;
using SglNative.Interop.Cuda.Compilation;
using SglNative.Interop.Kernels;

namespace SglNative.Interop.Tests.Cuda;

public class NvrtcTargetTests
{
    private static readonly int[] Cuda124 = [50, 52, 53, 60, 61, 62, 70, 72, 75, 80, 86, 87, 89, 90];
    private static readonly int[] Cuda13 = [75, 80, 86, 87, 88, 89, 90, 100, 103, 110, 120, 121];

    [Theory]
    [InlineData(80, "sm_80")]
    [InlineData(86, "sm_86")]
    [InlineData(89, "sm_89")]
    [InlineData(90, "sm_90a")]
    public void A_known_chip_gets_machine_code(int capability, string expected)
    {
        Assert.Equal(new NvrtcTarget(expected, KernelImageFormat.Cubin), NvrtcTarget.Choose(capability, Cuda124, "NVRTC 12.4"));
        Assert.Equal(new NvrtcTarget(expected, KernelImageFormat.Cubin), NvrtcTarget.Choose(capability, Cuda13, "NVRTC 13.0"));
    }

    [Theory]
    [InlineData(100, "compute_90")]
    [InlineData(120, "compute_90")]
    [InlineData(88, "compute_87")]
    public void A_newer_chip_gets_portable_code_of_the_newest_older_one(int capability, string expected) =>
        Assert.Equal(new NvrtcTarget(expected, KernelImageFormat.Ptx), NvrtcTarget.Choose(capability, Cuda124, "NVRTC 12.4"));

    [Theory]
    [InlineData(100, "sm_100a")]
    [InlineData(120, "sm_120a")]
    public void A_newer_compiler_knows_newer_chips(int capability, string expected) =>
        Assert.Equal(new NvrtcTarget(expected, KernelImageFormat.Cubin), NvrtcTarget.Choose(capability, Cuda13, "NVRTC 13.0"));

    [Fact]
    public void A_chip_older_than_the_compiler_is_refused_in_one_line()
    {
        var error = Assert.Throws<SglException>(() => NvrtcTarget.Choose(70, Cuda13, "NVRTC 13.0"));
        Assert.Equal(
            "NVRTC 13.0 cannot compile for compute capability 7.0 (it starts at 7.5); install an older NVRTC (CUDA 12), or use --device cpu",
            error.Message);
    }

    [Theory]
    [InlineData("sm_90a", KernelImageFormat.Cubin)]
    [InlineData("compute_80", KernelImageFormat.Ptx)]
    public void A_named_architecture_is_taken_as_it_is(string name, KernelImageFormat format) =>
        Assert.Equal(new NvrtcTarget(name, format), NvrtcTarget.Parse(name, [80, 90], "NVRTC 12.4"));

    [Theory]
    [InlineData("sm_100a")]
    [InlineData("compute_120")]
    [InlineData("sm_")]
    [InlineData("x")]
    public void One_that_the_compiler_does_not_know_is_told_in_one_line(string name)
    {
        var message = Assert.Throws<SglException>(() => NvrtcTarget.Parse(name, [90, 80], "NVRTC 12.4")).Message;
        Assert.StartsWith($"NVRTC 12.4 does not know {name}, only sm_80, sm_90; ", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }
}
