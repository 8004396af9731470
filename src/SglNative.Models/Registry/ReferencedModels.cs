using SglNative.Core;

namespace SglNative.Models.Registry;

/// <summary>What the module initialiser of an application calls for each package of models that it references.</summary>
public static class ReferencedModels
{
    private const string Origin = "referenced by the application";

    /// <summary>
    /// Registers the package in <see cref="ModelRegistry.Default"/>. It never throws, since an exception here would end the program
    /// before its first line: a package that cannot be registered is a failure in the registry.
    /// </summary>
    public static void Register(IModelTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var assembly = table.GetType().Assembly;
        try
        {
            ModelRegistry.Default.Register(table, assembly, ModelSource.ExternalPackage, Origin);
        }
        catch (SglException e)
        {
            ModelRegistry.Default.Fail(new PluginFailure(assembly.GetName().Name ?? "?", e.Message, [.. table.Models.Select(model => model.Name)]));
        }
    }
}
