using System.Globalization;
using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Elementwise;
using SglNative.Cuda.Kernels;
using SglNative.Interop.Cuda.Compilation;
using SglNative.Interop.Kernels;
using SglNative.Models.Operations.Expressions;
using SglNative.OpsContract;

namespace SglNative.Cuda.Tests;

/// <summary>
/// Every kernel of the catalogue compiles for every chip, without local memory beyond the committed list. NVRTC is needed
/// (scripts/fetch-nvrtc.sh), a GPU is not. What was compiled stays in the kernel cache, so that a second run is quick.
/// </summary>
public sealed class KernelCompilationTests
{
    private const string ListedWith = "NVRTC 12.4";

    [Theory]
    [InlineData("sm_80")]
    [InlineData("sm_86")]
    [InlineData("sm_89")]
    [InlineData("sm_90a")]
    public void The_catalogue_compiles_without_new_spills(string architecture)
    {
        if (!NvrtcToolchain.IsAvailable(out var identity, out var reason)) Assert.Skip(reason);
        var toolchain = NvrtcToolchain.ForArchitecture(architecture);
        var cache = new KernelCache();
        var spills = new Dictionary<string, int>(StringComparer.Ordinal);
        var wrong = new List<string>();
        var sources = KernelCatalog.Sources(architecture);
        // The longest first, so that no core waits for a last one.
        Parallel.ForEach(sources.Reverse(), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, source =>
        {
            var image = cache.GetOrCompile(source, toolchain);
            var kernel = source.Instantiations[0];
            var resources = image.ReadResources()[kernel];
            lock (wrong)
            {
                if (resources.Registers == 0) wrong.Add($"{kernel}: no registers were read from its image");
                if (KernelSymbol.Find(kernel, CubinReader.Read(image.Code.Span).Keys) != image.Symbols[kernel])
                    wrong.Add($"{kernel}: the symbol {image.Symbols[kernel]} is not found by its name");
                if (resources.StackFrame > 0 || resources.SpillStores > 0) spills[kernel] = Math.Max(resources.StackFrame, resources.SpillStores ?? 0);
            }
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{architecture}: {sources.Count} kernels, {cache.CompiledCount} compiled, the others found in {cache.Folder}");
        var listed = Listed(architecture);
        foreach (var (kernel, bytes) in spills)
            if (bytes > listed.GetValueOrDefault(kernel)) wrong.Add($"{kernel}: {bytes} bytes of local memory, {listed.GetValueOrDefault(kernel)} listed");
        // Another compiler spills elsewhere; with the listed one the list must be tight.
        if (identity == ListedWith)
            foreach (var (kernel, bytes) in listed)
                if (spills.GetValueOrDefault(kernel) < bytes) wrong.Add($"{kernel}: {bytes} bytes listed, {spills.GetValueOrDefault(kernel)} used: correct KernelSpills.txt");
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("sm_80")]
    [InlineData("sm_90a")]
    public void Expressions_and_kernels_of_plugins_compile_without_spills(string architecture)
    {
        if (!NvrtcToolchain.IsAvailable(out _, out var reason)) Assert.Skip(reason);
        var toolchain = NvrtcToolchain.ForArchitecture(architecture);
        var (all, four) = (MapExpression.Parse("pow(fabs(x), 2) + rsqrt(1 + exp(x)) - log(2 + sin(x) * cos(x)) / sigmoid(tanh(erf(x))) + (floor(x) < ceil(x) && !x || rint(x) != log2(x) ? fmin(x, 1) : fmax(x, inf))"), MapExpression.Parse("x * y + z * w"));
        var kernels = new List<(KernelName, string)>
        {
            MapKernel.Source(MapExpression.Parse("x > 0 ? sqrtf(x) : x"), DType.Float32, [DType.Float32]),
            MapKernel.Source(all, DType.BFloat16, [DType.BFloat16]),
            MapKernel.Source(four, DType.Float16, [DType.Float16, DType.Float32, DType.BFloat16, DType.Float32]),
            (new KernelName("custom/scale.cu", "contract::scale_rows<sgl::bf16>"), CustomScale.Op.ReadSource()),
        };
        foreach (var (kernel, text) in kernels)
        {
            var source = KernelLoader.Source(kernel, text, MapKernel.Flags);
            var image = toolchain.Compile(source, KernelSourceTree.Collect(source), "");
            Assert.All(image.ReadResources().Values, resources => Assert.Equal(0, resources.SpillStores ?? 0));
        }
    }

    // Lines: architecture, bytes, kernel.
    private static Dictionary<string, int> Listed(string architecture)
    {
        var listed = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "KernelSpills.txt")))
            if (line.Split(' ', 3) is [var name, var bytes, var kernel] && name == architecture)
                listed[kernel] = int.Parse(bytes, CultureInfo.InvariantCulture);
        return listed;
    }
}
