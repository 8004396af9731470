using System.IO.Compression;
using System.Xml.Linq;

namespace SglNative.Packaging.Tests;

/// <summary>What is in the packages that plugins and applications reference.</summary>
public sealed class PackageTests(Workspace workspace)
{
    [Theory]
    [InlineData("LlamaWrapper")]
    [InlineData("SoftcapLlama")]
    [InlineData("ReluSquared")]
    public async Task A_sample_depends_on_the_SDK_alone(string sample)
    {
        await using var package = await OpenAsync($"SglNative.Samples.{sample}");
        var nuspec = await XDocument.LoadAsync(await package.GetEntry($"SglNative.Samples.{sample}.nuspec")!.OpenAsync(), LoadOptions.None, TestContext.Current.CancellationToken);
        Assert.Equal("SglNative.Models", Assert.Single(nuspec.Descendants(), element => element.Name.LocalName == "dependency").Attribute("id")!.Value);
        Assert.NotNull(package.GetEntry($"lib/net10.0/{sample}.dll"));
    }

    [Fact]
    public async Task The_SDK_brings_its_generator_to_whoever_references_a_plugin()
    {
        await using var package = await OpenAsync("SglNative.Models");
        Assert.NotNull(package.GetEntry("buildTransitive/SglNative.Models.targets"));
        Assert.NotNull(package.GetEntry("buildTransitive/SglNative.Models.Generators.dll"));
    }

    private Task<ZipArchive> OpenAsync(string id)
    {
        var path = Path.Combine(workspace.Work, "feed", $"{id}.0.1.0.nupkg");
        if (!Directory.Exists(workspace.Work)) Assert.Skip("packs with bash on Linux");
        return ZipFile.OpenReadAsync(path, TestContext.Current.CancellationToken);
    }
}
