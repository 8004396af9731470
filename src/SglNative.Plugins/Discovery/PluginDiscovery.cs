using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using SglNative.Core;
using SglNative.Models.Registry;
using SglNative.Plugins.Loading;
using SglNative.Plugins.Store;

namespace SglNative.Plugins.Discovery;

/// <summary>Adds the plugins of a run to what an application registered: the installed ones, those named for this run, and what disables models.</summary>
public static class PluginDiscovery
{
    /// <summary>Environment variables that name packages, SGLang's name first.</summary>
    public static readonly IReadOnlyList<string> ExternalPackageVariables = ["SGLANG_EXTERNAL_MODEL_PACKAGE", "SGL_NATIVE_EXTERNAL_MODEL_PACKAGE"];

    /// <summary>The environment variable that names models to leave out.</summary>
    public const string DisabledVariable = "SGLANG_DISABLED_MODEL_ARCHS";

    private static readonly string[] MultimodalVariables = ["SGLANG_EXTERNAL_MM_MODEL_ARCH", "SGLANG_EXTERNAL_MM_PROCESSOR_PACKAGE"];

    /// <summary>
    /// A copy of <paramref name="registry"/> with the plugins in it; a frozen registry is returned as it is. A plugin that cannot be
    /// used is in <see cref="ModelRegistry.Failures"/>.
    /// </summary>
    /// <exception cref="SglException">With <see cref="PluginOptions.Strict"/>, some plugin cannot be used; without, a project cannot be built.</exception>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "A trimmed program says of each plugin that it cannot be loaded.")]
    public static ModelRegistry Discover(ModelRegistry registry, PluginOptions options)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(options);
        if (registry.IsFrozen) return registry;
        if (options.PluginDirectory is { } directory && !Directory.Exists(directory))
            throw new SglException($"--plugin-dir: there is no folder {directory}; sgl-native plugin install PACKAGE --plugin-dir {directory} makes it");
        var found = registry.Copy();
        var stores = Stores(options).ToArray();
        var named = Named(options).DistinctBy(one => one.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(one => one.Name, one => one.Where, StringComparer.OrdinalIgnoreCase);
        var installed = new InstalledPlugins(found, stores, named);
        installed.AddAll();
        foreach (var (name, where) in named) if (!installed.Contains(name)) AddNamed(found, name, where);
        if (options.Project is { } project) Add(found, PluginProject.Build(project), ModelSource.ExternalPackage, $"--plugin-project {project}");
        if (Words(options.Environment(DisabledVariable)) is { Length: > 0 } disabled) found.Disable(disabled, DisabledVariable);
        if (MultimodalVariables.Where(variable => !string.IsNullOrEmpty(options.Environment(variable))).ToArray() is { Length: > 0 } vision)
            found.Journal.Add(RegistrySeverity.Warning, $"{string.Join(" and ", vision)} {(vision.Length > 1 ? "have" : "has")} no effect: models that take images are not supported yet");
        if (options.Strict && found.Failures is { Count: > 0 } failures)
            throw new SglException(string.Join("; ", failures.Select(failure => $"plugin {failure.Plugin}: {failure.Cause}")) + " (--strict-plugins)");
        return found;
    }

    /// <summary>The stores of a run, the one named for it first.</summary>
    public static IEnumerable<PluginStore> Stores(PluginOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.PluginDirectory is { } chosen) yield return new PluginStore(chosen);
        yield return new PluginStore(PluginStore.UserDirectory(options.Environment));
    }

    [RequiresUnreferencedCode("Loads assemblies that the program was not built with.")]
    internal static void Add(ModelRegistry registry, PluginFiles files, ModelSource source, string? origin)
    {
        try
        {
            registry.Journal.Add(RegistrySeverity.Debug, $"loading plugin {files.Name} from {files.Folder}");
            var plugin = PluginLoader.Load(files);
            registry.Register(plugin.Models, files.Package, plugin.Version, source, origin);
        }
        catch (SglException e)
        {
            registry.Fail(new PluginFailure(files.Name, e.Message, files.ReadArchitectures()));
        }
    }

    [RequiresUnreferencedCode("Loads assemblies that the program was not built with.")]
    private static void AddNamed(ModelRegistry registry, string name, string where)
    {
        registry.Journal.Add(RegistrySeverity.Debug, $"{where} names {name}");
        if (File.Exists(name)) Add(registry, PluginFiles.OfAssembly(name), ModelSource.ExternalPackage, where);
        else if (Directory.Exists(name)) AddFolder(registry, name, where);
        else if (Referenced(name) is { } assembly) Register(registry, assembly, where);
        else
            registry.Fail(new PluginFailure(name, $"{where} names it, but no plugin of that id is installed and there is no such assembly or folder; "
                + $"sgl-native plugin install {name}, or give the path of its assembly", []));
    }

    [RequiresUnreferencedCode("Loads assemblies that the program was not built with.")]
    private static void AddFolder(ModelRegistry registry, string folder, string where)
    {
        try
        {
            Add(registry, PluginFiles.OfFolder(folder), ModelSource.ExternalPackage, where);
        }
        catch (SglException e)
        {
            registry.Fail(new PluginFailure(folder, e.Message, []));
        }
    }

    [RequiresUnreferencedCode("Looks through the assembly's classes where the source generator has not made a table of them.")]
    private static void Register(ModelRegistry registry, Assembly assembly, string where)
    {
        try
        {
            registry.Register(ModelAssembly.Read(assembly), assembly, ModelSource.ExternalPackage, where);
        }
        catch (SglException e)
        {
            registry.Fail(new PluginFailure(assembly.GetName().Name!, e.Message, []));
        }
    }

    // An application's own reference, which needs no context of its own.
    private static Assembly? Referenced(string name)
    {
        try
        {
            return name.IndexOfAny(['/', '\\']) >= 0 ? null : Assembly.Load(new AssemblyName(name));
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or ArgumentException)
        {
            return null;
        }
    }

    private static IEnumerable<(string Name, string Where)> Named(PluginOptions options)
    {
        foreach (var variable in ExternalPackageVariables)
            foreach (var name in Words(options.Environment(variable))) yield return (name, variable);
        foreach (var name in options.ExternalPackages.SelectMany(Words)) yield return (name, "--external-model-package");
    }

    private static string[] Words(string? list) => list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
