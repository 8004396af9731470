using System.Diagnostics.CodeAnalysis;
using SglNative.Core;
using SglNative.Core.Configuration;
using SglNative.Engine.Configuration;
using SglNative.Engine.Loading;
using SglNative.Models.Registry;
using SglNative.Plugins.Loading;

namespace SglNative.Cli.Plugins;

/// <summary>The four causes for which a plugin does not serve a checkpoint, each told from the others, and what follows them.</summary>
internal static class PluginCauses
{
    /// <summary>Cause 1, no attribute; or cause 4, registration by the plugin's own code, which comes after the start.</summary>
    public static string RequireAttribute(PluginFiles files)
    {
        var read = files.Assemblies.Select(file => AssemblyInspector.TryRead(file) ?? throw new SglException($"load failed: {file} is no .NET assembly")).ToArray();
        var names = read.SelectMany(one => one.Architectures).ToArray();
        if (names.Length > 0) return string.Join(", ", names.Select(one => $"{one.Name} → {one.ClassName}"));
        throw new SglException(files.Assemblies.Any(AssemblyInspector.CallsRegister)
            ? $"registered after start: {files.Name} calls ModelRegistry.Register in its own code, which runs after an engine has taken its copy of the registry; mark the class with [ModelArchitecture(\"…\")]"
            : $"no attribute: no class of {files.Name} is marked with [ModelArchitecture(\"…\")]");
    }

    /// <summary>Cause 2, load failed.</summary>
    [RequiresUnreferencedCode("Loads assemblies that the program was not built with.")]
    public static string Load(PluginFiles files)
    {
        try
        {
            var plugin = PluginLoader.Load(files);
            return $"{plugin.Models.Count} name{(plugin.Models.Count == 1 ? "" : "s")} in a context of its own, for SglNative.Models {PluginChecks.Sdk.ToString(3)}";
        }
        catch (SglException e)
        {
            throw new SglException($"load failed: {e.Message}", e);
        }
    }

    /// <summary>Cause 3, name not in config.json; or the name is served by something else.</summary>
    public static string RequireName(string directory, IReadOnlyList<string> names, PluginFiles files, ModelRegistry registry)
    {
        var config = CheckpointConfig.Load(directory);
        if (!config.Architectures.Any(names.Contains))
            throw new SglException($"name not in config.json: {Path.Combine(directory, CheckpointConfig.FileName)} names [{string.Join(", ", config.Architectures)}], and {files.Name} brings [{string.Join(", ", names)}]; "
                + $"change either, or serve with --json-model-override-args '{{\"architectures\":[\"{names[0]}\"]}}'");
        var model = registry.Resolve(config.Architectures);
        return model.Package == files.Package ? $"config.json names {model.Name}, served by {model.Owner}"
            : throw new SglException($"{model.Name} is served by {model.Owner}, {model.SourceText}, not by {files.Name}");
    }

    /// <summary>Every tensor has its place.</summary>
    public static (string Line, ModelCheck Check) RequireTensors(ServerArgs args, string directory, ModelRegistry registry)
    {
        var check = ModelCheck.Run(args, directory, registry);
        return check.Problems.Count == 0 ? ($"{check.Mapped} have their place, none is missing or left over", check) : throw new SglException(string.Join("; ", check.Problems));
    }
}
