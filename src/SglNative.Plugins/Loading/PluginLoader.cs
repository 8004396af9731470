using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using SglNative.Core;
using SglNative.Models;
using SglNative.Models.Registry;

namespace SglNative.Plugins.Loading;

/// <summary>The models of a loaded plugin.</summary>
/// <param name="Models">One entry for each name.</param>
/// <param name="Version">The plugin's version.</param>
public sealed record LoadedPlugin(IReadOnlyList<ModelTableEntry> Models, string? Version);

/// <summary>Loads plugins, each once in a process, into a context of its own.</summary>
public static class PluginLoader
{
    private static readonly ConcurrentDictionary<string, Lazy<LoadedPlugin>> Loaded = new(StringComparer.Ordinal);

    /// <summary>Loads the plugin, or returns it when it is loaded already.</summary>
    /// <exception cref="SglException">It cannot be loaded; the message is the cause, without the plugin's name.</exception>
    [RequiresUnreferencedCode("Loads assemblies that the program was not built with.")]
    public static LoadedPlugin Load(PluginFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        // The time of writing is part of the key: a project that was built again is another plugin.
        var key = string.Join('|', files.Assemblies.Select(file => $"{file}@{(File.Exists(file) ? File.GetLastWriteTimeUtc(file).Ticks : 0)}"));
        return Loaded.GetOrAdd(key, _ => new Lazy<LoadedPlugin>(() => LoadNow(files))).Value;
    }

    [RequiresUnreferencedCode("Loads assemblies that the program was not built with.")]
    private static LoadedPlugin LoadNow(PluginFiles files)
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
            throw new SglException("this program is compiled ahead of time and loads no plugins: reference the plugin's package from the application, or use a build of sgl-native that is not");
        foreach (var assembly in files.Assemblies) PluginChecks.Check(assembly, files.Folder);
        var context = new PluginLoadContext(files.Name, files.Folder);
        var models = new List<ModelTableEntry>();
        string? version = null;
        foreach (var path in files.Assemblies)
        {
            try
            {
                var assembly = context.LoadFromAssemblyPath(Path.GetFullPath(path));
                version ??= assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
                models.AddRange(ModelAssembly.Read(assembly).Models.Select(model => model with { Factory = Guarded(files.Name, model) }));
            }
            catch (Exception e) when (e is IOException or BadImageFormatException or TypeLoadException or ReflectionTypeLoadException or MissingMethodException or TypeInitializationException)
            {
                var cause = e is ReflectionTypeLoadException { LoaderExceptions: [{ } first, ..] } ? first : e.GetBaseException();
                throw new SglException($"{Path.GetFileName(path)} cannot be loaded: {MessageText.Line(cause.Message)}", e);
            }
        }
        return new LoadedPlugin(models, files.Version ?? version);
    }

    // What a plugin's constructor throws is the plugin's failure, not a defect of this program.
    private static ModelFactory Guarded(string plugin, ModelTableEntry model) => (config, root) =>
    {
        try
        {
            return model.Factory(config, root);
        }
        catch (Exception e) when (e is not SglException)
        {
            throw new SglException($"plugin {plugin}: {model.ClassName} cannot be made: {ModelFault.Describe(e)}", e);
        }
    };
}
