using System.Runtime.InteropServices;
using SglNative.Interop.Kernels;
using SglNative.Interop.Tests.Kernels;

namespace SglNative.Interop.Tests.Contract;

/// <summary>Modules, functions and launches, as every provider must do them.</summary>
public abstract class LaunchContract(DeviceFixture fixture)
{
    private const string SharedText = """
        #include "include/sgl/types.cuh"
        extern "C" __global__ void reverse(int* data, int count)
        {
            SGL_DYNAMIC_SHARED(memory);
            int* staged = reinterpret_cast<int*>(memory);
            for (int i = threadIdx.x; i < count; i += blockDim.x) staged[i] = data[i];
            __syncthreads();
            for (int i = threadIdx.x; i < count; i += blockDim.x) data[i] = staged[count - 1 - i];
        }
        extern "C" __global__ void coordinates(int* out)
        {
            int block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
            int thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
            out[block * blockDim.x * blockDim.y * blockDim.z + thread] = block * 1000 + thread;
        }
        struct Mixed { unsigned char flag; short half; int word; long long wide; float f; double d; int* out; };
        extern "C" __global__ void mixed(const __grid_constant__ Mixed m)
        {
            m.out[0] = m.flag; m.out[1] = m.half; m.out[2] = m.word; m.out[3] = (int)(m.wide >> 32); m.out[4] = (int)m.f; m.out[5] = (int)m.d;
        }
        """;

    private IComputeDevice Device => fixture.Device;

    internal readonly record struct AddArguments(nint A, nint B, nint C, int Count);

    [StructLayout(LayoutKind.Sequential)]
    private struct Mixed
    {
        public byte Flag;
        public short Half;
        public int Word;
        public long Wide;
        public float F;
        public double D;
        public nint Out;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(257)]
    [InlineData(100_000)]
    public void Adds_two_vectors(int count)
    {
        using var module = fixture.Load(TestKernels.VectorAdd);
        using var stream = Device.CreateStream();
        var function = module.GetFunction("vector_add");
        Assert.Same(function, module.GetFunction("vector_add"));
        var a = Enumerable.Range(0, count).Select(i => (float)i).ToArray();
        var b = Enumerable.Range(0, count).Select(i => 0.5f * i).ToArray();
        nint pa = Device.Allocate(count * 4), pb = Device.Allocate(count * 4), pc = Device.Allocate(count * 4);
        Device.CopyToDevice<float>(pa, a);
        Device.CopyToDevice<float>(pb, b);
        Device.Launch(function, new LaunchConfig(stream, (count + 255) / 256, 256), new AddArguments(pa, pb, pc, count));
        stream.Synchronize();
        var c = new float[count];
        Device.CopyToHost<float>(c, pc);
        Assert.Equal(a.Zip(b, (x, y) => x + y), c);
        foreach (var p in (nint[])[pa, pb, pc]) Device.Free(p);
    }

    [Fact]
    public unsafe void Several_arguments_and_template_instantiations()
    {
        using var module = fixture.Load(TestKernels.Scale);
        using var stream = Device.CreateStream();
        var address = Device.Allocate(128);
        var count = 32;
        Device.CopyToDevice<int>(address, Enumerable.Range(0, 32).ToArray());
        Device.Launch(module.GetFunction("sgl::scale<int, 5>"), new LaunchConfig(stream, 1, 32), [(nint)(&address), (nint)(&count)]);
        stream.Synchronize();
        var result = new int[32];
        Device.CopyToHost<int>(result, address);
        Assert.Equal(Enumerable.Range(0, 32).Select(i => i * 10), result);
        Device.CopyToDevice<float>(address, Enumerable.Range(0, 32).Select(i => (float)i).ToArray());
        Device.Launch(module.GetFunction("sgl::scale<float, 3>"), new LaunchConfig(stream, 1, 32), [(nint)(&address), (nint)(&count)]);
        stream.Synchronize();
        var floats = new float[32];
        Device.CopyToHost<float>(floats, address);
        Assert.Equal(Enumerable.Range(0, 32).Select(i => i * 6f), floats);
        Device.Free(address);
    }

    [Fact]
    public void A_record_of_mixed_fields_arrives_whole()
    {
        using var module = fixture.Load(Source("mixed"));
        using var stream = Device.CreateStream();
        var address = Device.Allocate(24);
        Device.Launch(module.GetFunction("mixed"), new LaunchConfig(stream, 1, 1),
            new Mixed { Flag = 200, Half = -3, Word = 123456789, Wide = 77L << 32, F = 8.5f, D = -9.25, Out = address });
        stream.Synchronize();
        var result = new int[6];
        Device.CopyToHost<int>(result, address);
        Assert.Equal([200, -3, 123456789, 77, 8, -9], result);
        Device.Free(address);
    }

    [Fact]
    public unsafe void Grid_and_block_have_three_dimensions()
    {
        using var module = fixture.Load(Source("coordinates"));
        using var stream = Device.CreateStream();
        Dim3 grid = (2, 3, 4), block = (8, 2, 2);
        var total = (int)(grid.Count * block.Count);
        var address = Device.Allocate(total * 4);
        Device.Launch(module.GetFunction("coordinates"), new LaunchConfig(stream, grid, block), [(nint)(&address)]);
        stream.Synchronize();
        var result = new int[total];
        Device.CopyToHost<int>(result, address);
        Assert.Equal(Enumerable.Range(0, total).Select(i => i / 32 * 1000 + i % 32), result);
        Device.Free(address);
    }

    [Fact]
    public void Dynamic_shared_memory_beyond_48_KB_must_be_asked_for()
    {
        using var module = fixture.Load(Source("reverse"));
        using var stream = Device.CreateStream();
        var function = module.GetFunction("reverse");
        var bytes = Device.Capabilities.SharedMemoryPerBlockOptIn;
        Assert.True(bytes > 48 << 10);
        var count = bytes / 4;
        var address = Device.Allocate(bytes);
        Device.CopyToDevice<int>(address, Enumerable.Range(0, count).ToArray());
        var config = new LaunchConfig(stream, 1, 256, bytes);
        var error = Assert.Throws<DeviceException>(() => Reverse(function, config, address, count));
        Assert.Contains("reverse", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => function.SetMaxDynamicSharedMemory(bytes + 1));
        function.SetMaxDynamicSharedMemory(bytes);
        Assert.Equal(bytes, function.Attributes.MaxDynamicSharedMemory);
        Reverse(function, config, address, count);
        stream.Synchronize();
        var result = new int[count];
        Device.CopyToHost<int>(result, address);
        Assert.Equal(Enumerable.Range(0, count).Reverse(), result);
        Assert.Equal(1, function.MaxActiveBlocks(256, bytes));
        Device.Free(address);
    }

    [Fact]
    public void Attributes_and_occupancy_are_plausible()
    {
        using var module = fixture.Load(TestKernels.Scale);
        var function = module.GetFunction("sgl::scale<float, 3>");
        var attributes = function.Attributes;
        Assert.InRange(attributes.Registers, 1, 255);
        Assert.Equal(128, attributes.StaticSharedMemory);
        Assert.InRange(attributes.MaxThreadsPerBlock, 32, 1024);
        Assert.InRange(function.MaxActiveBlocks(256, 0), 1, Device.Capabilities.MaxThreadsPerMultiprocessor / 256);
        if (function.ParameterSizes is { } sizes) Assert.Equal([8, 4], sizes);
        function.SetSharedMemoryCarveout(50);
    }

    [Fact]
    public void Wrong_arguments_are_refused_before_the_launch()
    {
        using var module = fixture.Load(TestKernels.VectorAdd);
        using var stream = Device.CreateStream();
        var function = module.GetFunction("vector_add");
        if (function.ParameterSizes is null) Assert.Skip("the provider does not know its parameters");
        var config = new LaunchConfig(stream, 1, 32);
        Assert.Contains("32 bytes, not one Int32 of 4 bytes",
            Assert.Throws<ArgumentException>(() => Device.Launch(function, config, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Device.Launch(function, config, ReadOnlySpan<nint>.Empty));
    }

    [Theory]
    [InlineData(0, 32, "grid (0, 1, 1)")]
    [InlineData(1, 2048, "block (2048, 1, 1)")]
    public void Impossible_launches_name_the_kernel_and_the_numbers(int grid, int block, string expected)
    {
        using var module = fixture.Load(TestKernels.VectorAdd);
        using var stream = Device.CreateStream();
        var error = Assert.Throws<DeviceException>(
            () => Device.Launch(module.GetFunction("vector_add"), new LaunchConfig(stream, grid, block), new AddArguments()));
        Assert.Contains("vector_add", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.False(error.IsFatal);
        Device.Synchronize();
    }

    [Fact]
    public void An_unknown_kernel_lists_what_there_is()
    {
        using var module = fixture.Load(TestKernels.Scale);
        Assert.Contains("it has: sgl::scale<float, 3>, sgl::scale<int, 5>",
            Assert.Throws<ArgumentException>(() => module.GetFunction("sgl::scale<float, 4>")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_image_is_refused()
    {
        _ = Device;
        var image = new KernelImage("broken.cu", KernelImageFormat.Cubin, "sm_80", new byte[256], new Dictionary<string, string>());
        Assert.Contains("broken.cu", Assert.Throws<DeviceException>(() => Device.LoadModule(image)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_of_a_disposed_module_is_refused()
    {
        var module = fixture.Load(TestKernels.VectorAdd);
        using var stream = Device.CreateStream();
        var function = module.GetFunction("vector_add");
        module.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Device.Launch(function, new LaunchConfig(stream, 1, 1), new AddArguments()));
    }

    [Fact]
    public void Many_kernels_compile_at_once()
    {
        if (Device.Capabilities.Compiler is null) Assert.Skip("no kernel compiler was found");
        var reported = 0;
        var images = Device.CompileKernels([TestKernels.Scale, TestKernels.VectorAdd, Source("mixed")], _ => Interlocked.Increment(ref reported));
        Assert.Equal(3, reported);
        Assert.All(images, image => Device.LoadModule(image).Dispose());
    }

    private unsafe void Reverse(DeviceFunction function, in LaunchConfig config, nint address, int count) =>
        Device.Launch(function, config, [(nint)(&address), (nint)(&count)]);

    private static KernelSource Source(string kernel) => TestKernels.Of(SharedText, kernel);
}
