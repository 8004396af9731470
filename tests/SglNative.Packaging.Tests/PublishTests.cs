namespace SglNative.Packaging.Tests;

/// <summary>An application that references a plugin's package knows its architectures without a line, in every form it can be published in.</summary>
public sealed class PublishTests
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

    [Fact]
    public async Task Single_file_trimmed_and_ahead_of_time_all_know_it()
    {
        using var workspace = new Workspace();
        await workspace.SucceedAsync("$REPOSITORY/scripts/pack.sh feed && mkdir app");
        await File.WriteAllTextAsync(Path.Combine(workspace.Work, "app/app.csproj"), Project);
        await File.WriteAllTextAsync(Path.Combine(workspace.Work, "app/Program.cs"), Program);
        await workspace.SucceedAsync("dotnet nuget add source \"$PWD/feed\" --name feed", withFeeds: true);
        foreach (var form in new[]
                 {
                     "--no-self-contained",
                     "-r linux-x64 --self-contained -p:PublishSingleFile=true",
                     "-r linux-x64 --self-contained -p:PublishSingleFile=true -p:PublishTrimmed=true",
                     "-r linux-x64 -p:PublishAot=true",
                 })
        {
            var output = await workspace.SucceedAsync($"cd app && rm -rf bin obj && dotnet publish {form} -o out -v quiet && ./out/app");
            Assert.True(output.Contains("LlamaWrapper = LlamaWrapper (LlamaWrapper 0.1.0), external package, referenced by the application", StringComparison.Ordinal), $"{form}: {output}");
            Assert.True(output.Contains("LlamaForCausalLM = LlamaForCausalLM (SglNative.Models 0.1.0), built in", StringComparison.Ordinal), $"{form}: {output}");
        }
    }
}
