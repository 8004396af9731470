using System.Text.RegularExpressions;
using SglNative.Core;
using SglNative.Cuda.Catalog;
using SglNative.Interop.Kernels;
using SglNative.Testing;

namespace SglNative.Cuda.Tests;

/// <summary>The catalogue holds whatever is asked for, and no kernel of the sources is missing from it.</summary>
public sealed partial class KernelCatalogTests
{
    public static TheoryData<string> Architectures => [.. ChipProfile.Architectures];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Every_kernel_of_the_sources_is_in_the_catalogue(string architecture)
    {
        var listed = KernelCatalog.Kernels(architecture).Select(kernel => (kernel.File, Template(kernel.Instantiation))).ToHashSet();
        var declared = SourceFiles().SelectMany(file => Kernel().Matches(File.ReadAllText(file.Path)).Select(match => (file.Name, match.Groups["name"].Value))).ToArray();
        Assert.NotEmpty(declared);
        Assert.Empty(declared.Where(kernel => !listed.Contains(kernel)).Select(kernel => $"{kernel.Name}: {kernel.Value} has no line in KernelCatalog"));
    }

    /// <summary>A kernel that read before would see what the launch before it has not written yet.</summary>
    [Fact]
    public void Every_kernel_waits_first_for_the_one_before()
    {
        var bodies = 0;
        foreach (var (name, path) in SourceFiles("*.cu*"))
            foreach (Match body in Body().Matches(File.ReadAllText(path)))
            {
                bodies++;
                Assert.True(body.Groups["first"].Value == "begin_kernel();", $"{name}: a kernel begins with {body.Groups["first"].Value}");
            }
        Assert.True(bodies > 35, $"{bodies} kernels");
    }

    [Fact]
    public void The_committed_list_is_what_the_program_says()
    {
        var folder = Path.Combine(TestFiles.Root, "kernels");
        if (!Directory.Exists(folder)) Assert.Skip("the sources are not here");
        Assert.True(File.ReadAllText(Path.Combine(folder, "catalog.txt")) == KernelCatalog.Listing(), "kernels/catalog.txt is out of date: sgl-native kernels list > kernels/catalog.txt");
    }

    [Fact]
    public void Portable_code_is_there_for_every_size_of_shared_memory()
    {
        var portable = KernelCatalog.Kernels("compute_80").ToHashSet();
        foreach (var architecture in (string[])["sm_80", "sm_86", "sm_89"])
            Assert.Subset(portable, KernelCatalog.Kernels(architecture).ToHashSet());
    }

    [Theory]
    [InlineData("sm_")]
    [InlineData("90a")]
    [InlineData("sm_35")]
    [InlineData("gfx942")]
    public void An_unknown_architecture_is_the_users_to_correct(string name) =>
        Assert.DoesNotContain('\n', Assert.Throws<SglException>(() => KernelCatalog.Sources(name)).Message);

    [Fact]
    public void Every_unit_finds_its_files() =>
        Assert.All(KernelCatalog.Sources("sm_90a"), source => Assert.Equal(source.Name, KernelSourceTree.Collect(source).Name));

    private static string Template(string instantiation)
    {
        var name = instantiation.Split('<')[0];
        return name[(name.LastIndexOf(':') + 1)..];
    }

    private static IEnumerable<(string Name, string Path)> SourceFiles(string pattern = "*.cu")
    {
        var root = Path.Combine(TestFiles.Root, "kernels");
        if (!Directory.Exists(root)) Assert.Skip("the sources are not here");
        return Directory.EnumerateFiles(root, pattern, SearchOption.AllDirectories)
            .Select(path => (Path.GetRelativePath(root, path).Replace('\\', '/'), path))
            .Where(file => !file.Item1.StartsWith("host/", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"__global__\s[^{;]*\{\s*(?<first>[^\n]*)")]
    private static partial Regex Body();

    [GeneratedRegex(@"__global__\s+void\s+(?:__launch_bounds__\s*\((?:[^()]|\([^()]*\))*\)\s*)?(?:__cluster_dims__\s*\([^)]*\)\s*)?(?<name>\w+)\s*\(")]
    private static partial Regex Kernel();
}
