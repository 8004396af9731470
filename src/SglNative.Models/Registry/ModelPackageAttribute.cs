using System.Diagnostics.CodeAnalysis;

namespace SglNative.Models.Registry;

/// <summary>
/// Points from an assembly to the table of its models, so that they are found without reflection over its types. The source generator
/// of this package writes it into every assembly that has a class marked with <see cref="ModelArchitectureAttribute"/>.
/// </summary>
/// <param name="table">A class that implements <see cref="IModelTable"/> and has a public constructor without parameters.</param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class ModelPackageAttribute(
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] Type table) : Attribute
{
    /// <summary>The table's class.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)]
    public Type Table => table;
}

/// <summary>The models that an assembly brings.</summary>
public interface IModelTable
{
    /// <summary>One entry for each name of each class.</summary>
    IReadOnlyList<ModelTableEntry> Models { get; }
}

/// <summary>One name of one class.</summary>
/// <param name="Name">The name in <c>config.json</c>.</param>
/// <param name="ClassName">The class, without its namespace.</param>
/// <param name="Family">The family; null to make it from the name.</param>
/// <param name="Factory">Calls the constructor.</param>
public sealed record ModelTableEntry(string Name, string ClassName, string? Family, ModelFactory Factory)
{
    /// <summary>What its class is marked with: <see cref="DequantizesAttribute"/>.</summary>
    public IReadOnlyList<string> Quantizations { get; init; } = [];
}
