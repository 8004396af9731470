using SglNative.Interop.Kernels;

namespace SglNative.Interop.Tests.Kernels;

public class KernelSourceTreeTests
{
    [Fact]
    public void Collects_headers_of_headers_once_each()
    {
        var tree = KernelSourceTree.Collect(TestKernels.Scale);
        Assert.Equal(["math/base.cuh", "math/twice.cuh"], tree.Headers.Select(h => h.Key));
        Assert.Equal(TestKernels.ScaleText, tree.Text);
    }

    [Fact]
    public void A_header_reached_on_two_ways_is_no_circle()
    {
        var tree = Collect(("k.cu", "#include \"a\"\n#include \"b\"\n#include \"a\""), ("a", "#include \"c\""), ("b", "#include \"c\""), ("c", ""));
        Assert.Equal(["c", "a", "b"], tree.Headers.Select(h => h.Key));
    }

    [Fact]
    public void A_circle_is_named() =>
        Assert.Contains("b:2: circular include: k.cu -> a -> b -> a",
            Failure(("k.cu", "#include \"a\""), ("a", "#include \"b\""), ("b", "\n#include \"a\"")), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_includes_itself_is_a_circle() =>
        Assert.Contains("circular include: k.cu -> k.cu", Failure(("k.cu", "#include \"k.cu\"")), StringComparison.Ordinal);

    [Theory]
    [InlineData("#include <cuda_fp16.h>", "\"cuda_fp16.h\" is not in the kernel library")]
    [InlineData("#include \"../up.cuh\"", "must be a path from the root")]
    [InlineData("#include \"/etc/passwd\"", "must be a path from the root")]
    [InlineData("#include MACRO", "must be followed by a file name")]
    public void Nothing_but_the_library_can_be_included(string text, string message) =>
        Assert.Contains(message, Failure(("k.cu", text)), StringComparison.Ordinal);

    [Fact]
    public void A_missing_kernel_file_is_named() => Assert.Contains("k.cu does not compile: there is no such file", Failure(), StringComparison.Ordinal);

    [Fact]
    public void A_source_without_instantiations_is_refused()
    {
        var source = new KernelSource("vector_add.cu", TestKernels.Library, []);
        Assert.Contains("no instantiation", Assert.Throws<KernelCompilationException>(() => KernelSourceTree.Collect(source)).Message, StringComparison.Ordinal);
    }

    private static KernelSourceTree Collect(params (string Path, string Text)[] files) =>
        KernelSourceTree.Collect(new KernelSource("k.cu", KernelLibrary.FromTexts(files.ToDictionary(f => f.Path, f => f.Text)), ["k"]));

    private static string Failure(params (string Path, string Text)[] files) =>
        Assert.Throws<KernelCompilationException>(() => Collect(files)).Message;
}
