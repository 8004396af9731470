using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using SglNative.Core;
using SglNative.Core.Configuration;
using SglNative.Models.Modules;

namespace SglNative.Models.Registry;

/// <summary>The models of an assembly: the table that the source generator made, or what its classes are marked with.</summary>
public static class ModelAssembly
{
    /// <summary>Reads the table.</summary>
    /// <exception cref="SglException">No class is marked, or one has no fitting constructor.</exception>
    [RequiresUnreferencedCode("Looks through the assembly's classes where the source generator has not made a table of them.")]
    public static IModelTable Read(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        if (assembly.GetCustomAttribute<ModelPackageAttribute>() is { } package) return (IModelTable)Activator.CreateInstance(package.Table)!;
        var entries = assembly.GetTypes().SelectMany(Entries).ToArray();
        return entries.Length > 0 ? new Table(entries) : throw new SglException($"{assembly.GetName().Name} has no class marked with [ModelArchitecture(\"…\")]");
    }

    private static IEnumerable<ModelTableEntry> Entries([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type)
    {
        ModelFactory? factory = null;
        foreach (var attribute in type.GetCustomAttributes<ModelArchitectureAttribute>(inherit: false))
        {
            factory ??= Factory(type);
            yield return new ModelTableEntry(attribute.Name, type.Name, attribute.Family, factory) { Quantizations = DequantizesAttribute.MethodsOf(type) };
        }
    }

    private static ModelFactory Factory([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type)
    {
        if (type.IsAbstract || !type.IsAssignableTo(typeof(CausalLM)) || type.GetConstructor([typeof(JsonConfig), typeof(ModuleScope)]) is not { } constructor)
            throw new SglException($"{type.FullName} is marked with [ModelArchitecture], but is no class that derives from CausalLM and has a public constructor (JsonConfig config, ModuleScope root)");
        return (config, root) => (CausalLM)constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, [config, root], null);
    }

    private sealed record Table(IReadOnlyList<ModelTableEntry> Models) : IModelTable;
}
