using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SglNative.Models.Generators;
using SglNative.Models.Registry;

namespace SglNative.Cli.Tests.Plugins;

public class GeneratorTests
{
    private const string Usings = "using SglNative.Core.Configuration; using SglNative.Models.Architectures; using SglNative.Models.Modules; using SglNative.Models.Registry;\n";

    private static readonly MetadataReference[] Platform =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(File.Exists).Select(file => MetadataReference.CreateFromFile(file))];

    [Fact]
    public void A_table_has_each_name_of_each_class_in_any_namespace()
    {
        var (compilation, diagnostics) = Run("My.Plugin", OutputKind.DynamicallyLinkedLibrary, Usings + """
            namespace A.B { [ModelArchitecture("One"), ModelArchitecture("Uno", Family = "ones"), Dequantizes("own")] public class First(JsonConfig c, ModuleScope r) : LlamaForCausalLM(c, r); }
            public static class Outer { [ModelArchitecture("Two")] internal sealed class Second(JsonConfig c, ModuleScope r) : A.B.First(c, r); }
            namespace A { [ModelArchitecture("Three"), Dequantizes("b"), Dequantizes("a")] public class Third(JsonConfig c, ModuleScope r) : GptOssForCausalLM(c, r); }
            """);
        Assert.Empty(diagnostics);
        var table = Load(compilation).GetType("SglNative.Generated.My_Plugin.ModelPackageTable")!;
        var models = ((IModelTable)Activator.CreateInstance(table)!).Models;
        Assert.Equal([("One", "First", null), ("Uno", "First", "ones"), ("Three", "Third", null), ("Two", "Second", (string?)null)], models.Select(model => (model.Name, model.ClassName, model.Family)));
        // What a class takes from those it derives from is in the table, as reflection finds it.
        Assert.Equal(["own", "own", "a, b, mxfp4", "own"], models.Select(model => string.Join(", ", model.Quantizations)));
    }

    [Fact]
    public void A_program_registers_what_it_references_and_a_library_does_not()
    {
        var plugin = Run("Plugin", OutputKind.DynamicallyLinkedLibrary, Usings + """[ModelArchitecture("FromPackage")] public class Model(JsonConfig c, ModuleScope r) : LlamaForCausalLM(c, r);""").Compilation;
        Assert.Contains(Run("App", OutputKind.ConsoleApplication, "System.Console.WriteLine();", plugin.ToMetadataReference()).Compilation.SyntaxTrees,
            tree => tree.ToString().Contains("ReferencedModels.Register(new global::SglNative.Generated.Plugin.ModelPackageTable());", StringComparison.Ordinal));
        Assert.Single(Run("Library", OutputKind.DynamicallyLinkedLibrary, "class Nothing { }", plugin.ToMetadataReference()).Compilation.SyntaxTrees);
    }

    [Theory]
    [InlineData("abstract class M(JsonConfig c, ModuleScope r) : LlamaForCausalLM(c, r);", "it is abstract")]
    [InlineData("class M { }", "it does not derive from CausalLM")]
    [InlineData("class M(ModuleScope r, JsonConfig c) : LlamaForCausalLM(c, r);", "it has no public constructor (JsonConfig config, ModuleScope root)")]
    [InlineData("class M<T>(JsonConfig c, ModuleScope r) : LlamaForCausalLM(c, r);", "it is generic")]
    public void A_class_that_cannot_be_made_is_an_error(string declaration, string cause)
    {
        var diagnostic = Assert.Single(Run("P", OutputKind.DynamicallyLinkedLibrary, $"{Usings}[ModelArchitecture(\"X\")] public {declaration}").Diagnostics);
        Assert.Equal(("SGLN001", DiagnosticSeverity.Error), (diagnostic.Id, diagnostic.Severity));
        Assert.Contains(cause, diagnostic.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public void One_name_of_two_classes_is_an_error_naming_both()
    {
        var diagnostic = Assert.Single(Run("P", OutputKind.DynamicallyLinkedLibrary, Usings + """
            [ModelArchitecture("X")] public class A(JsonConfig c, ModuleScope r) : LlamaForCausalLM(c, r);
            [ModelArchitecture("X")] public class B(JsonConfig c, ModuleScope r) : LlamaForCausalLM(c, r);
            """).Diagnostics);
        Assert.Equal("SGLN002", diagnostic.Id);
        Assert.Contains("X is the name of both A and B", diagnostic.GetMessage(null), StringComparison.Ordinal);
    }

    private static (Compilation Compilation, IReadOnlyList<Diagnostic> Diagnostics) Run(string name, OutputKind kind, string source, params MetadataReference[] more)
    {
        var compilation = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(source)], [.. Platform, .. more], new CSharpCompilationOptions(kind));
        CSharpGeneratorDriver.Create(new ModelRegistrationGenerator()).RunGeneratorsAndUpdateCompilation(compilation, out var result, out var diagnostics);
        if (diagnostics.IsEmpty) Assert.Empty(result.GetDiagnostics().Where(one => one.Severity == DiagnosticSeverity.Error));
        return (result, diagnostics);
    }

    private static System.Reflection.Assembly Load(Compilation compilation)
    {
        using var bytes = new MemoryStream();
        Assert.True(compilation.Emit(bytes).Success);
        return System.Reflection.Assembly.Load(bytes.ToArray());
    }
}
