using System.Text;
using System.Text.RegularExpressions;
using SglNative.Interop.Cuda.Compilation;
using SglNative.Interop.Kernels;
using SglNative.Interop.Tests.Kernels;

namespace SglNative.Interop.Tests.Cuda;

/// <summary>The real compiler; skipped where NVRTC is not installed. No GPU is needed.</summary>
public sealed partial class NvrtcToolchainTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sgl-nvrtc-").FullName;

    public NvrtcToolchainTests()
    {
        if (!NvrtcToolchain.IsAvailable(out _, out var reason)) Assert.Skip(reason);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("sm_80")]
    [InlineData("sm_86")]
    [InlineData("sm_89")]
    [InlineData("sm_90a")]
    public void Compiles_a_cubin_with_several_instantiations(string architecture)
    {
        var image = Compile(TestKernels.Scale, architecture);
        Assert.Equal(KernelImageFormat.Cubin, image.Format);
        Assert.Equal("\u007fELF", Encoding.ASCII.GetString(image.Code.Span[..4]));
        Assert.Equal(TestKernels.Scale.Instantiations.Order(), image.Symbols.Keys.Order());
        Assert.Equal(2, image.Symbols.Values.Distinct().Count());
        var resources = image.ReadResources();
        Assert.Equal(128, resources["sgl::scale<float, 3>"].StaticSharedMemory);
        Assert.Equal([8, 4], resources["sgl::scale<int, 5>"].ParameterSizes);
    }

    [Fact]
    public void A_kernel_with_c_linkage_keeps_its_name()
    {
        var image = Compile(TestKernels.VectorAdd, "sm_80");
        Assert.Equal("vector_add", image.Symbols["vector_add"]);
        Assert.Equal([32], image.ReadResources()["vector_add"].ParameterSizes);
    }

    [Fact]
    public void Compiles_portable_code()
    {
        var image = Compile(TestKernels.Scale, "compute_80");
        Assert.Equal(KernelImageFormat.Ptx, image.Format);
        var text = Encoding.UTF8.GetString(image.Code.Span);
        Assert.Contains(".target sm_80", text, StringComparison.Ordinal);
        Assert.EndsWith("\0", text, StringComparison.Ordinal);
        Assert.All(image.Symbols.Values, symbol => Assert.Contains($".entry {symbol}(", text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("sm_80")]
    [InlineData("sm_90a")]
    public void What_the_image_says_agrees_with_what_ptxas_says(string architecture)
    {
        // A kernel that spills (few registers allowed), one with a stack frame of its own, one with a wide argument record.
        const string text = """
            struct Wide { long long values[100]; int tail; };
            __global__ void __launch_bounds__(1024, 2) spills(float* p)
            {
                float v[64];
                #pragma unroll
                for (int i = 0; i < 64; i++) v[i] = p[i * 1024 + threadIdx.x];
                __syncthreads();
                #pragma unroll
                for (int i = 0; i < 64; i++) p[((i * 7) % 64) * 1024 + threadIdx.x] = v[i] * v[(i + 1) % 64];
            }
            __global__ void frame(int* p, int n)
            {
                int v[40];
                for (int i = 0; i < 40; i++) v[i] = p[i];
                for (int i = 0; i < n; i++) v[p[i + 50] % 40]++;
                p[0] = v[n % 40];
            }
            template <int N> __global__ void wide(const __grid_constant__ Wide w, int* p)
            {
                __shared__ double s[N];
                s[threadIdx.x] = w.values[threadIdx.x];
                __syncthreads();
                p[threadIdx.x] = (int)s[N - 1 - threadIdx.x] + w.tail;
            }
            """;
        var image = Compile(TestKernels.Of(text, "spills", "frame", "wide<96>"), architecture);
        var resources = image.ReadResources();
        Assert.Equal(3, resources.Count);
        foreach (var (instantiation, symbol) in image.Symbols)
        {
            var said = Usage().Matches(image.Log).Single(m => m.Groups["symbol"].Value == symbol);
            Assert.Equal(int.Parse(said.Groups["registers"].Value), resources[instantiation].Registers);
            Assert.Equal(int.Parse(said.Groups["stack"].Value), resources[instantiation].StackFrame);
            Assert.Equal(int.Parse(said.Groups["stores"].Value), resources[instantiation].SpillStores);
        }
        Assert.True(resources["spills"].SpillStores > 0 && resources["spills"].SpillLoads > 0);
        Assert.Equal(160, resources["frame"].StackFrame);
        Assert.Equal(0, resources["frame"].SpillStores);
        Assert.Equal(768, resources["wide<96>"].StaticSharedMemory);
        Assert.Equal([808, 8], resources["wide<96>"].ParameterSizes);
    }

    [Fact]
    public void An_error_names_file_and_line()
    {
        var error = Assert.Throws<KernelCompilationException>(() => Compile(TestKernels.Of("__global__ void k() {\n  nonsense;\n}", "k"), "sm_80"));
        Assert.Contains("test.cu(2)", error.Message, StringComparison.Ordinal);
        Assert.Contains("nonsense", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_in_a_header_names_the_header()
    {
        var texts = TestKernels.Texts;
        texts["math/base.cuh"] += "int broken(;\n";
        var error = Assert.Throws<KernelCompilationException>(
            () => Compile(TestKernels.Scale with { Library = KernelLibrary.FromTexts(texts) }, "sm_80"));
        Assert.Contains("math/base.cuh(3)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_instantiation_is_a_compile_error()
    {
        var error = Assert.Throws<KernelCompilationException>(() => Compile(TestKernels.Of("__global__ void k() {}", "no_such_kernel"), "sm_80"));
        Assert.Contains("no_such_kernel", error.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void Defines_and_flags_reach_the_compiler()
    {
        var source = TestKernels.Of("#if WIDTH != 7\n#error width\n#endif\n__global__ void k() {}", "k");
        Assert.Throws<KernelCompilationException>(() => Compile(source, "sm_80"));
        Compile(source with { Defines = new Dictionary<string, string> { ["WIDTH"] = "7" } }, "sm_80");
        Assert.Throws<KernelCompilationException>(
            () => Compile(source with { Defines = new Dictionary<string, string> { ["WIDTH"] = "7" }, Flags = ["--no-such-flag"] }, "sm_80"));
    }

    [Fact]
    public void Sources_compile_in_parallel_through_the_cache_and_come_back_from_disk()
    {
        var toolchain = NvrtcToolchain.ForArchitecture("sm_90a");
        var cache = new KernelCache(_folder);
        KernelSource[] sources = [TestKernels.Scale, TestKernels.VectorAdd];
        var made = KernelBuilder.CompileKernels(sources, s => cache.GetOrCompile(s, toolchain), null, 2);
        var second = new KernelCache(_folder);
        var found = KernelBuilder.CompileKernels(sources, s => second.GetOrCompile(s, toolchain), null, 2);
        Assert.Equal((2, 0), (cache.CompiledCount, second.CompiledCount));
        Assert.Equal(made.Select(i => Convert.ToHexString(i.Code.Span)), found.Select(i => Convert.ToHexString(i.Code.Span)));
        Assert.Equal([32], found[1].ReadResources()["vector_add"].ParameterSizes);
    }

    private static KernelImage Compile(KernelSource source, string architecture) =>
        NvrtcToolchain.ForArchitecture(architecture).Compile(source, KernelSourceTree.Collect(source), "");

    [GeneratedRegex(
        @"Function properties for (?<symbol>\S+)\s+[^\n]*?(?<stack>\d+) bytes stack frame, (?<stores>\d+) bytes spill stores[^\n]*\n[^\n]*Used (?<registers>\d+) registers")]
    private static partial Regex Usage();
}
