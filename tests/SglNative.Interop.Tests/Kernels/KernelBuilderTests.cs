using SglNative.Interop.Kernels;

namespace SglNative.Interop.Tests.Kernels;

public class KernelBuilderTests
{
    private static readonly KernelSource[] Sources = [.. Enumerable.Range(0, 9).Select(i => new KernelSource($"k{i}.cu", TestKernels.Library, ["k"]))];

    [Fact]
    public void Images_come_in_the_order_of_the_sources_and_each_is_reported()
    {
        var reports = new List<KernelBuildProgress>();
        var images = KernelBuilder.CompileKernels(Sources, Compile, report => { lock (reports) reports.Add(report); }, parallelism: 3);
        Assert.Equal(Sources.Select(s => s.Name), images.Select(i => i.Name));
        Assert.Equal(Enumerable.Range(1, 9), reports.Select(r => r.Completed).Order());
        Assert.Equal(Sources.Select(s => s.Name), reports.Select(r => r.Kernel).Order(StringComparer.Ordinal));
        Assert.All(reports, r => Assert.Equal(9, r.Total));
    }

    [Fact]
    public void The_first_error_arrives_as_it_was_thrown()
    {
        var error = Assert.Throws<KernelCompilationException>(() => KernelBuilder.CompileKernels(
            Sources, s => s.Name == "k4.cu" ? throw new KernelCompilationException(s.Name, "bad") : Compile(s), null, 2));
        Assert.Equal("k4.cu", error.Kernel);
    }

    [Fact]
    public void Nothing_to_do_is_fine() => Assert.Empty(KernelBuilder.CompileKernels([], Compile, null, 0));

    private static KernelImage Compile(KernelSource source) =>
        new(source.Name, KernelImageFormat.Cubin, "sm_80", Array.Empty<byte>(), new Dictionary<string, string>());
}
