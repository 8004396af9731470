using SglNative.Core.Tensors;
using SglNative.KernelSuites;
using SglNative.Testing;

namespace SglNative.Cuda.Tests;

/// <summary>The harness' checks, a test per kernel file.</summary>
public sealed class KernelSuiteTests(CudaFixture fixture) : IClassFixture<CudaFixture>
{
    public static TheoryData<string> Kernels => [.. Suites.All.Select(suite => suite.Kernel)];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_kernel_agrees_with_its_reference_in_every_shape(string kernel)
    {
        var wrong = new List<string>();
        foreach (var kernelCase in Suites.All.Single(suite => suite.Kernel == kernel).Checks)
            if (KernelCheck.Run(kernelCase, fixture.Backend) is { Passed: false } check) wrong.Add($"{kernelCase.Shape}: {check}");
        Assert.Empty(wrong);
    }

    [Fact]
    public void No_kernel_file_is_without_a_suite()
    {
        var root = Path.Combine(TestFiles.Root, "kernels");
        if (!Directory.Exists(root)) Assert.Skip("the sources are not here");
        var files = Directory.EnumerateFiles(root, "*.cu", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'));
        Assert.Equal(files.Where(file => !file.StartsWith("host/", StringComparison.Ordinal)).Order(), Suites.All.Select(suite => suite.Kernel).Order());
    }

    [Fact]
    public void Shapes_are_named_apart()
    {
        foreach (var suite in Suites.All)
        {
            var shapes = suite.Checks.Select(kernelCase => kernelCase.Shape).ToArray();
            Assert.NotEmpty(shapes);
            Assert.Equal(shapes.Distinct(), shapes);
        }
    }
}
