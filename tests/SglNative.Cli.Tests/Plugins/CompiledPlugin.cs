using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NuGet.Frameworks;
using NuGet.Packaging;
using NuGet.Packaging.Core;
using NuGet.Versioning;

namespace SglNative.Cli.Tests.Plugins;

/// <summary>Assemblies and packages made for a test.</summary>
internal static class CompiledPlugin
{
    private const string Usings = "using SglNative.Core.Configuration; using SglNative.Models.Architectures; using SglNative.Models.Modules; using SglNative.Models.Registry; using SglNative.Core.Tensors;";

    private static readonly MetadataReference[] Platform =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(File.Exists).Select(file => MetadataReference.CreateFromFile(file))];

    /// <summary>A class that serves Llama checkpoints under another name.</summary>
    public static string Llama(string architecture, string className = "Model", string body = "") => $$"""
        {{Usings}}
        namespace Made
        {
            [ModelArchitecture("{{architecture}}")]
            public class {{className}} : LlamaForCausalLM
            {
                public {{className}}(JsonConfig config, ModuleScope root) : base(config, root) { {{body}} }
            }
        }
        """;

    /// <summary>Compiles a source to <c>folder/name.dll</c>.</summary>
    public static string Compile(string folder, string name, string source, string version = "1.0.0", params IReadOnlyList<string> references) =>
        Compile(folder, name, source, version, [.. Platform, .. references.Select(file => MetadataReference.CreateFromFile(file))]);

    /// <summary>A plugin compiled against an SglNative.Models of another version, of which only what the plugin names exists.</summary>
    public static string CompileAgainstSdk(string folder, string name, string sdkVersion)
    {
        var framework = Platform.Where(reference => !Path.GetFileName(reference.Display!).StartsWith("SglNative", StringComparison.Ordinal)).ToArray();
        var sdk = Compile(Directory.CreateDirectory(Path.Combine(folder, $"sdk-{sdkVersion}")).FullName, "SglNative.Models", """
            namespace SglNative.Models.Registry { public sealed class ModelArchitectureAttribute : System.Attribute { public ModelArchitectureAttribute(string name) { } } }
            """, sdkVersion, framework);
        return Compile(folder, name, """[SglNative.Models.Registry.ModelArchitecture("OldForCausalLM")] public class Old { }""", "1.0.0", [.. framework, MetadataReference.CreateFromFile(sdk)]);
    }

    /// <summary>Makes a package of assemblies in a folder; returns its path.</summary>
    public static string Pack(string folder, string id, string version, IEnumerable<string> assemblies, params IReadOnlyList<(string Id, string Range)> dependencies)
    {
        var builder = new PackageBuilder { Id = id, Version = NuGetVersion.Parse(version), Description = "A test.", Authors = { "test" } };
        foreach (var assembly in assemblies) builder.Files.Add(new PhysicalPackageFile { SourcePath = assembly, TargetPath = $"lib/net10.0/{Path.GetFileName(assembly)}" });
        builder.DependencyGroups.Add(new PackageDependencyGroup(NuGetFramework.Parse("net10.0"), dependencies.Select(one => new PackageDependency(one.Id, VersionRange.Parse(one.Range)))));
        var path = Path.Combine(folder, $"{id}.{version}.nupkg");
        using var stream = File.Create(path);
        builder.Save(stream);
        return path;
    }

    /// <summary>Compiles and packs a plugin of one class in one step.</summary>
    public static string Make(TemporaryStore store, string id, string version, string source) =>
        Pack(store.Feed, id, version, [Compile(Directory.CreateDirectory(Path.Combine(store.Root, $"{id}-{version}")).FullName, id, source, version)], ("SglNative.Models", "0.1.0"));

    private static string Compile(string folder, string name, string source, string version, IEnumerable<MetadataReference> references)
    {
        var header = string.Create(CultureInfo.InvariantCulture, $"""[assembly: System.Reflection.AssemblyVersion("{version}")] [assembly: System.Reflection.AssemblyInformationalVersion("{version}")]""");
        var compilation = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(source), CSharpSyntaxTree.ParseText(header)], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var path = Path.Combine(folder, $"{name}.dll");
        var result = compilation.Emit(path);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        return path;
    }
}
