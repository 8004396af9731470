using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace SglNative.Models.Generators;

/// <summary>
/// Makes two things. In every assembly that has classes marked with [ModelArchitecture]: a table of them, to which an assembly
/// attribute points. In every application that references such assemblies: one module initialiser that registers their tables. The
/// initialiser is also what keeps those references, which the compiler drops when nothing is used of them.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ModelRegistrationGenerator : IIncrementalGenerator
{
    private const string PackageAttribute = "SglNative.Models.Registry.ModelPackageAttribute";

    private static readonly DiagnosticDescriptor BadClass = new(
        "SGLN001", "A class marked with [ModelArchitecture] cannot be made", "{0} is marked with [ModelArchitecture], but {1}", "SglNative", DiagnosticSeverity.Error, true);

    private static readonly DiagnosticDescriptor TwiceNamed = new(
        "SGLN002", "Two classes are marked with one architecture", "{0} is the name of both {1} and {2}; one assembly gives a name to one class", "SglNative", DiagnosticSeverity.Error, true);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var classes = context.SyntaxProvider.ForAttributeWithMetadataName(ModelClass.AttributeName, static (_, _) => true, static (found, _) => ModelClass.Read(found)).Collect();
        var assembly = context.CompilationProvider.Select(static (compilation, _) => compilation.AssemblyName ?? "Models");
        context.RegisterSourceOutput(classes.Combine(assembly), static (output, found) => WriteTable(output, found.Left, found.Right));

        var application = context.CompilationProvider.Combine(context.AnalyzerConfigOptionsProvider).Select(static (found, _) =>
            IsApplication(found.Left, found.Right.GlobalOptions.TryGetValue("build_property.SglNativeRegisterModels", out var wanted) ? wanted : "") ? ReferencedTables(found.Left) : "");
        context.RegisterSourceOutput(application, static (output, tables) =>
        {
            if (tables.Length > 0) output.AddSource("SglNative.ReferencedModels.g.cs", RegistrationSource.Initialiser(tables.Split('\n')));
        });
    }

    // A library that is itself a plugin leaves the registration to the application at the end of the chain.
    private static bool IsApplication(Compilation compilation, string wanted) =>
        string.Equals(wanted, "true", System.StringComparison.OrdinalIgnoreCase)
        || (wanted.Length == 0 && compilation.Options.OutputKind is OutputKind.ConsoleApplication or OutputKind.WindowsApplication);

    private static string ReferencedTables(Compilation compilation) => string.Join("\n", compilation.SourceModule.ReferencedAssemblySymbols
        .SelectMany(assembly => assembly.GetAttributes())
        .Where(attribute => attribute.AttributeClass?.ToDisplayString() == PackageAttribute && attribute.ConstructorArguments.Length == 1)
        .Select(attribute => attribute.ConstructorArguments[0].Value)
        .OfType<INamedTypeSymbol>()
        .Select(table => table.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat))
        .OrderBy(name => name, System.StringComparer.Ordinal));

    private static void WriteTable(SourceProductionContext output, ImmutableArray<ModelClass> classes, string assembly)
    {
        var distinct = classes.Distinct().OrderBy(one => one.TypeName, System.StringComparer.Ordinal).ToArray();
        foreach (var one in distinct.Where(one => one.Problem is not null)) output.ReportDiagnostic(Diagnostic.Create(BadClass, one.Location, one.ClassName, one.Problem));
        foreach (var twice in distinct.SelectMany(one => one.Names.Select(name => (name.Name, Class: one))).GroupBy(entry => entry.Name).Where(group => group.Count() > 1))
            output.ReportDiagnostic(Diagnostic.Create(TwiceNamed, twice.Last().Class.Location, twice.Key, twice.First().Class.ClassName, twice.Last().Class.ClassName));
        var usable = distinct.Where(one => one.Problem is null).ToArray();
        if (usable.Length > 0) output.AddSource("SglNative.Models.g.cs", RegistrationSource.Table(usable, assembly));
    }
}
