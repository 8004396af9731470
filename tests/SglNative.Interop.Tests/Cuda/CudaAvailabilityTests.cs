using SglNative.Core;
using SglNative.Interop.Cuda;

namespace SglNative.Interop.Tests.Cuda;

public sealed class CudaAvailabilityTests : IDisposable
{
    private readonly string _bus = Directory.CreateTempSubdirectory("sgl-pci-").FullName;

    public void Dispose() => Directory.Delete(_bus, recursive: true);

    [Fact]
    public void Looking_for_cuda_never_throws_and_says_why_not()
    {
        var count = ComputeDevices.TryFindCuda(out var reason);
        Assert.Equal(count == 0, reason is not null);
        if (reason is null) return;
        Assert.DoesNotContain('\n', reason);
        Assert.Equal(reason, Assert.Throws<SglException>(() => ComputeDevices.Default.Open("cuda")).Message);
    }

    [Fact]
    public void A_device_that_is_not_there_is_the_users_mistake()
    {
        if (ComputeDevices.TryFindCuda(out var reason) == 0) Assert.Skip(reason!);
        Assert.Contains("there is no CUDA device 99", Assert.Throws<SglException>(() => ComputeDevices.Default.Open("cuda", 99)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_provider_lists_the_known_ones() => Assert.Equal(
        "unknown device 'tpu'; known: cuda, emulated", Assert.Throws<SglException>(() => ComputeDevices.Default.Open("tpu")).Message);

    [Fact]
    public void A_provider_replaces_one_of_the_same_name_in_a_copy()
    {
        var other = new CudaDeviceProvider();
        var devices = ComputeDevices.Default.With(other);
        Assert.True(devices.TryGet("CUDA", out var found));
        Assert.Same(other, found);
        Assert.True(ComputeDevices.Default.TryGet("cuda", out found));
        Assert.NotSame(other, found);
    }

    [Fact]
    public void A_gpu_on_the_bus_is_recognised()
    {
        Assert.Null(NvidiaHardware.Describe(_bus));
        AddDevice("0000:00:01.0", "0x8086", "0x030000", "0x1234");
        AddDevice("0000:00:02.0", "0x10de", "0x068000", "0x22a3");
        Assert.Null(NvidiaHardware.Describe(_bus));
        AddDevice("0000:00:03.0", "0x10de", "0x030200", "0x2330");
        Assert.Equal("an NVIDIA GPU (10de:2330) is there", NvidiaHardware.Describe(_bus));
        Assert.Null(NvidiaHardware.Describe(Path.Combine(_bus, "absent")));
    }

    private void AddDevice(string address, string vendor, string kind, string device)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_bus, address)).FullName;
        File.WriteAllText(Path.Combine(folder, "vendor"), vendor + "\n");
        File.WriteAllText(Path.Combine(folder, "class"), kind + "\n");
        File.WriteAllText(Path.Combine(folder, "device"), device + "\n");
    }
}
