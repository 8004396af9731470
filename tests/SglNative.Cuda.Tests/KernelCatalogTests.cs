using System.Text.RegularExpressions;
using SglNative.Core;
using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Interop.Kernels;
using SglNative.Models.Operations;
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

    [Theory]
    [MemberData(nameof(Architectures))]
    public void What_a_model_plans_is_in_the_catalogue(string architecture)
    {
        var listed = KernelCatalog.Kernels(architecture).ToHashSet();
        foreach (var device in ChipProfile.For(architecture))
            foreach (var dtype in (DType[])[DType.BFloat16, DType.Float16, DType.Float32])
                foreach (var pageSize in (int[])[1, 16, 64])
                    foreach (var odd in (bool[])[false, true])
                    {
                        var plan = new KernelPlan(dtype, [64, 128, 896, 2048, 3584, 4096, 5120, 8192, 16384], [64, 80, 96, 128, 256], pageSize)
                        {
                            Activations = [.. Enum.GetValues<GatedActivation>()], InterleavedRotary = odd, SoftCap = odd,
                        };
                        Assert.Subset(listed, plan.Kernels(device).ToHashSet());
                    }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void What_models_with_experts_latents_or_states_plan_is_in_the_catalogue(string architecture)
    {
        var listed = KernelCatalog.Kernels(architecture).ToHashSet();
        foreach (var device in ChipProfile.For(architecture))
            foreach (var dtype in (DType[])[DType.BFloat16, DType.Float16, DType.Float32])
                foreach (var pageSize in (int[])[1, 16, 64])
                {
                    KernelPlan Of(params int[] widths) => new(dtype, widths, [64, 128, 256], pageSize);
                    KernelPlan[] plans =
                    [
                        // Mixtral, Qwen3-MoE, gpt-oss.
                        Of(4096) with { Experts = 8, ExpertsPerToken = 2 },
                        Of(128, 2048) with { Experts = 128, ExpertsPerToken = 8 },
                        Of(2880) with { Experts = 32, ExpertsPerToken = 4, Activations = [GatedActivation.SwigluOss], MaxTokens = 32768 },
                        // DeepSeek V2 Lite and V3.
                        Of(512, 2048) with { Experts = 64, ExpertsPerToken = 6, Latents = [(512, 64, 16)] },
                        Of(512, 1536, 7168) with { Experts = 256, ExpertsPerToken = 8, Latents = [(512, 64, 128)], InterleavedRotary = true },
                        // Qwen3-Next, LFM2.
                        Of(128, 256, 2048) with { Experts = 512, ExpertsPerToken = 10, Convolutions = [(4, true)], DeltaRules = [(128, 128)] },
                        Of(64, 2048) with { Convolutions = [(3, false)] },
                        // Layer norms, limits and caps.
                        Of(4096) with { LayerNorm = true, ClipQkv = true },
                        Of(6144) with { LayerNorm = true, ClipQkv = true, Experts = 16, ExpertsPerToken = 4 },
                        Of(12288) with { LayerNorm = true },
                        Of(2048, 8192, 16384) with { LayerNorm = true, LogitSoftCap = true, SoftCap = true },
                    ];
                    foreach (var plan in plans) Assert.Subset(listed, plan.Kernels(device).ToHashSet());
                }
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

    private static IEnumerable<(string Name, string Path)> SourceFiles()
    {
        var root = Path.Combine(TestFiles.Root, "kernels");
        if (!Directory.Exists(root)) Assert.Skip("the sources are not here");
        return Directory.EnumerateFiles(root, "*.cu", SearchOption.AllDirectories)
            .Select(path => (Path.GetRelativePath(root, path).Replace('\\', '/'), path))
            .Where(file => !file.Item1.StartsWith("host/", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"__global__\s+void\s+(?:__launch_bounds__\s*\((?:[^()]|\([^()]*\))*\)\s*)?(?:__cluster_dims__\s*\([^)]*\)\s*)?(?<name>\w+)\s*\(")]
    private static partial Regex Kernel();
}
