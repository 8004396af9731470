using System.Text.RegularExpressions;

namespace SglNative.Packaging.Tests;

/// <summary>An application that references a plugin's package knows its architectures without a line, in every form it can be published in.</summary>
public sealed partial class PublishTests(Workspace workspace)
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <InvariantGlobalization>true</InvariantGlobalization>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="SglNative.Samples.LlamaWrapper" Version="0.1.*" />
          </ItemGroup>
        </Project>
        """;

    private const string Program = """
        foreach (var model in SglNative.Models.Registry.ModelRegistry.Default.Models) Console.WriteLine($"{model.Name} = {model.Owner}, {model.SourceText}");
        """;

    [Theory]
    [InlineData("jit", "--no-self-contained")]
    [InlineData("single", "-r linux-x64 --self-contained -p:PublishSingleFile=true")]
    [InlineData("trimmed", "-r linux-x64 --self-contained -p:PublishSingleFile=true -p:PublishTrimmed=true")]
    [InlineData("aot", "-r linux-x64 -p:PublishAot=true")]
    public async Task It_knows_the_architecture(string name, string form)
    {
        var folder = Directory.CreateDirectory(Path.Combine(workspace.Work, $"app-{name}")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "app.csproj"), Project);
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), Program);
        await workspace.UseFeedsAsync(folder);
        var (code, output) = await workspace.RunAsync($"cd app-{name} && dotnet publish {form} -o out -v quiet && ./out/app");
        if (code != 0 && MissingPack().Match(output) is { Success: true } missing) Assert.Skip($"this machine and its feeds have not what publishing so needs: {missing.Value}");
        Assert.True(code == 0, output);
        Assert.Contains("LlamaWrapper = LlamaWrapper (LlamaWrapper 0.1.0), external package, referenced by the application", output, StringComparison.Ordinal);
        Assert.Contains("LlamaForCausalLM = LlamaForCausalLM (SglNative.Models 0.1.0), built in", output, StringComparison.Ordinal);
    }

    // Packages of the runtime, the trimmer and the compiler, or a linker; a package of this repository that cannot be found is a failure.
    [GeneratedRegex(@"NU1\d+: .*(Microsoft\.NETCore\.App|Microsoft\.NET\.ILLink|ILCompiler|Failed to retrieve|Unable to load the service index).*|Platform linker.*not found")]
    private static partial Regex MissingPack();
}
