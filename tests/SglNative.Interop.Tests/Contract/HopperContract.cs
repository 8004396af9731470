using System.Runtime.InteropServices;
using SglNative.Core.Tensors;
using SglNative.Interop.Cuda.Compilation;
using SglNative.Interop.Kernels;
using SglNative.Interop.Tma;

namespace SglNative.Interop.Tests.Contract;

/// <summary>Clusters, cooperative and dependent launches, tensor maps, on devices of 9.0 and later.</summary>
public abstract class HopperContract(DeviceFixture fixture)
{
    [StructLayout(LayoutKind.Sequential, Size = 192)]
    private struct TileArguments
    {
        public TensorMap Map;
        public nint Out;
        public int X;
        public int Y;
    }

    private IComputeDevice Device
    {
        get
        {
            if (fixture.Device.Capabilities.ComputeCapability < 90) Assert.Skip("the device is older than 9.0");
            return fixture.Device;
        }
    }

    [Fact]
    public void The_kernels_of_these_tests_compile()
    {
        if (!NvrtcToolchain.IsAvailable(out _, out var reason)) Assert.Skip(reason);
        var image = NvrtcToolchain.ForArchitecture("sm_90a").Compile(HopperKernels.Source, KernelSourceTree.Collect(HopperKernels.Source), "");
        Assert.Equal([192], image.ReadResources()["tile"].ParameterSizes);
    }

    [Fact]
    public unsafe void Blocks_know_their_cluster()
    {
        using var stream = Device.CreateStream();
        using var module = fixture.Load(HopperKernels.Source);
        var function = module.GetFunction("cluster_ranks");
        var address = Device.Allocate(16 * 4);
        var config = new LaunchConfig(stream, 16, 32) { Cluster = 4 };
        Assert.True(function.MaxActiveClusters(config) >= 1);
        Device.Launch(function, config, [(nint)(&address)]);
        stream.Synchronize();
        var ranks = new int[16];
        Device.CopyToHost<int>(ranks, address);
        Assert.Equal(Enumerable.Range(0, 16).Select(i => 400 + i % 4), ranks);
        Device.Free(address);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Dependent_launches_see_what_came_before(bool captured)
    {
        const int count = 100_000, launches = 50;
        using var stream = Device.CreateStream();
        using var module = fixture.Load(HopperKernels.Source);
        var function = module.GetFunction("dependent");
        nint a = Device.Allocate(count * 4), b = Device.Allocate(count * 4);
        Device.CopyToDevice<int>(a, Enumerable.Range(0, count).ToArray());
        if (captured) stream.BeginCapture();
        for (var i = 0; i < launches; i++)
        {
            var (from, to) = i % 2 == 0 ? (a, b) : (b, a);
            Step(function, new LaunchConfig(stream, (count + 255) / 256, 256) { ProgrammaticDependentLaunch = i > 0 }, from, to, count);
        }
        if (captured)
        {
            using var graph = stream.EndCapture();
            using var executable = graph.Instantiate();
            executable.Launch(stream);
            stream.Synchronize();
        }
        stream.Synchronize();
        var result = new int[count];
        Device.CopyToHost<int>(result, a);
        // An even number of reversals leaves the order as it was.
        Assert.Equal(Enumerable.Range(0, count).Select(i => i + launches), result);
        Device.Free(a);
        Device.Free(b);
    }

    [Fact]
    public void Cooperative_grids_are_resident_as_a_whole_or_refused()
    {
        using var stream = Device.CreateStream();
        using var module = fixture.Load(HopperKernels.Source);
        var function = module.GetFunction("meet");
        var most = function.MaxActiveBlocks(1024, 0) * Device.Capabilities.MultiprocessorCount;
        var address = Device.Allocate(8);
        Device.FillAsync(address, 0u, 2, stream);
        Meet(function, new LaunchConfig(stream, most, 1024) { Cooperative = true }, address);
        stream.Synchronize();
        var counters = new int[2];
        Device.CopyToHost<int>(counters, address);
        Assert.Equal([most, most], counters);
        Assert.Contains("cooperative", Assert.Throws<DeviceException>(
            () => Meet(function, new LaunchConfig(stream, most + 1, 1024) { Cooperative = true }, address)).Message, StringComparison.Ordinal);
        Device.Free(address);
    }

    [Theory]
    [InlineData(0, 0, TensorMapSwizzle.None)]
    [InlineData(64, 5, TensorMapSwizzle.None)]
    [InlineData(8, 3, TensorMapSwizzle.Bytes128)]
    [InlineData(160, 44, TensorMapSwizzle.None)]
    [InlineData(-8, -2, TensorMapSwizzle.Bytes128)]
    public void A_tensor_map_moves_the_box_it_describes(int x, int y, TensorMapSwizzle swizzle)
    {
        // 50 rows of 200 elements, stored 256 apart; boxes of 8 rows of 64. What lies outside reads as zero.
        const int rows = 50, columns = 200, stride = 256;
        using var stream = Device.CreateStream();
        using var module = fixture.Load(HopperKernels.Source);
        var values = Enumerable.Range(0, rows * stride).Select(i => (ushort)(i + 1)).ToArray();
        nint tensor = Device.Allocate(values.Length * 2), output = Device.Allocate(8 * 64 * 2);
        Device.CopyToDevice<ushort>(tensor, values);
        Device.EncodeTensorMap(
            new TensorMapDescription(tensor, DType.Int16, [columns, rows], [stride * 2], [64, 8]) { Swizzle = swizzle }, out var map);
        Device.Launch(module.GetFunction("tile"), new LaunchConfig(stream, 1, 128), new TileArguments { Map = map, Out = output, X = x, Y = y });
        stream.Synchronize();
        var tile = new ushort[8 * 64];
        Device.CopyToHost<ushort>(tile, output);
        for (var r = 0; r < 8; r++)
            for (var c = 0; c < 64; c++)
            {
                // 128-byte rows: the 16-byte piece p of row r lies where piece p xor r mod 8 would.
                var at = swizzle == TensorMapSwizzle.Bytes128 ? r * 64 + ((c / 8 ^ r) * 8 + c % 8) : r * 64 + c;
                var inside = x + c >= 0 && x + c < columns && y + r >= 0 && y + r < rows;
                Assert.Equal(inside ? values[(y + r) * stride + x + c] : 0, tile[at]);
            }
        Device.Free(tensor);
        Device.Free(output);
    }

    [Fact]
    public void A_tensor_map_of_wrong_rank_or_alignment_is_refused()
    {
        var device = Device;
        Assert.Throws<ArgumentException>(() => device.EncodeTensorMap(new TensorMapDescription(0, DType.Int16, [64, 8], [], [64, 8]), out _));
        var address = device.Allocate(4096);
        Assert.Throws<DeviceException>(
            () => device.EncodeTensorMap(new TensorMapDescription(address + 2, DType.Int16, [64, 8], [128], [64, 8]), out _));
        device.Free(address);
    }

    private unsafe void Step(DeviceFunction function, in LaunchConfig config, nint from, nint to, int count) =>
        Device.Launch(function, config, [(nint)(&from), (nint)(&to), (nint)(&count)]);

    private unsafe void Meet(DeviceFunction function, in LaunchConfig config, nint counters)
    {
        var seen = counters + 4;
        Device.Launch(function, config, [(nint)(&counters), (nint)(&seen)]);
    }
}
