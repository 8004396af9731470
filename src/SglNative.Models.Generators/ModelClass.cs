using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace SglNative.Models.Generators;

/// <summary>A class marked with [ModelArchitecture], as text, so that the compiler can tell when nothing changed.</summary>
internal sealed class ModelClass : IEquatable<ModelClass>
{
    public const string AttributeName = "SglNative.Models.Registry.ModelArchitectureAttribute";

    private const string DequantizesName = "SglNative.Models.Registry.DequantizesAttribute";

    private ModelClass(string typeName, string className, IReadOnlyList<(string Name, string? Family)> names, IReadOnlyList<string> quantizations, string? problem, Location? location) =>
        (TypeName, ClassName, Names, Quantizations, Problem, Location) = (typeName, className, names, quantizations, problem, location);

    /// <summary>With its namespace, as C# writes it.</summary>
    public string TypeName { get; }

    public string ClassName { get; }

    public IReadOnlyList<(string Name, string? Family)> Names { get; }

    /// <summary>What it or a class it derives from is marked with: [Dequantizes].</summary>
    public IReadOnlyList<string> Quantizations { get; }

    /// <summary>Why it cannot be made; null when it can.</summary>
    public string? Problem { get; }

    public Location? Location { get; }

    public static ModelClass Read(GeneratorAttributeSyntaxContext context)
    {
        var type = (INamedTypeSymbol)context.TargetSymbol;
        var names = context.Attributes
            .Where(attribute => attribute.ConstructorArguments.Length == 1 && attribute.ConstructorArguments[0].Value is string)
            .Select(attribute => ((string)attribute.ConstructorArguments[0].Value!,
                attribute.NamedArguments.FirstOrDefault(argument => argument.Key == "Family").Value.Value as string))
            .ToArray();
        return new ModelClass(type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), type.Name, names, Methods(type), Check(type, names), type.Locations.FirstOrDefault());
    }

    public bool Equals(ModelClass? other) =>
        other is not null && TypeName == other.TypeName && Problem == other.Problem && Names.SequenceEqual(other.Names) && Quantizations.SequenceEqual(other.Quantizations);

    public override bool Equals(object? obj) => Equals(obj as ModelClass);

    public override int GetHashCode() => TypeName.GetHashCode();

    private static string[] Methods(INamedTypeSymbol type) => [.. Ancestors(type).Prepend(type).SelectMany(one => one.GetAttributes())
        .Where(attribute => attribute.AttributeClass?.ToDisplayString() == DequantizesName && attribute.ConstructorArguments.Length == 1)
        .Select(attribute => attribute.ConstructorArguments[0].Value).OfType<string>().Distinct().OrderBy(method => method, StringComparer.Ordinal)];

    private static string? Check(INamedTypeSymbol type, IReadOnlyList<(string Name, string? Family)> names)
    {
        if (names.Any(name => name.Name.Trim().Length == 0)) return "the name is empty; give the string that config.json:architectures holds";
        if (type.IsAbstract) return "it is abstract";
        if (type.IsGenericType) return "it is generic";
        if (!Ancestors(type).Any(ancestor => ancestor.ToDisplayString() == "SglNative.Models.CausalLM")) return "it does not derive from CausalLM";
        if (Ancestors(type, containing: true).Any(one => one.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Internal)))
            return "it is nested in private or protected places; make it public or internal";
        return type.InstanceConstructors.Any(IsFactoryConstructor) ? null : "it has no public constructor (JsonConfig config, ModuleScope root)";
    }

    private static bool IsFactoryConstructor(IMethodSymbol constructor) =>
        constructor.DeclaredAccessibility is Accessibility.Public && constructor.Parameters.Length == 2
        && constructor.Parameters[0].Type.ToDisplayString() == "SglNative.Core.Configuration.JsonConfig"
        && constructor.Parameters[1].Type.ToDisplayString() == "SglNative.Models.Modules.ModuleScope";

    private static IEnumerable<INamedTypeSymbol> Ancestors(INamedTypeSymbol type, bool containing = false)
    {
        for (var one = containing ? type : type.BaseType; one is not null; one = containing ? one.ContainingType : one.BaseType) yield return one;
    }
}
