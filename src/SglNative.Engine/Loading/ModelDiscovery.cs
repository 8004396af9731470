using Microsoft.Extensions.Logging;
using SglNative.Core;
using SglNative.Engine.Configuration;
using SglNative.Models.Registry;
using SglNative.Plugins.Discovery;

namespace SglNative.Engine.Loading;

/// <summary>The architectures that an engine knows: those of its registry, and the plugins of its run.</summary>
public static class ModelDiscovery
{
    /// <summary>A frozen copy of <paramref name="registry"/> with the plugins in it; a frozen one is returned as it is.</summary>
    /// <param name="args">Which plugins the run uses.</param>
    /// <param name="registry"><see cref="ModelRegistry.Default"/> where null.</param>
    /// <param name="log">Told each step; category <see cref="ModelRegistry.LogCategory"/>.</param>
    /// <exception cref="SglException">With <see cref="ServerArgs.StrictPlugins"/>, a plugin cannot be used.</exception>
    public static ModelRegistry Discover(ServerArgs args, ModelRegistry? registry = null, ILogger? log = null)
    {
        var found = PluginDiscovery.Discover(registry ?? ModelRegistry.Default, Options(args));
        if (found.IsFrozen) return found;
        found = found.Freeze();
        if (log is not null) found.Journal.Listen(step => log.Log(Level(step.Severity), "{Step}", step.Message));
        return found;
    }

    /// <summary>The part of the arguments that concerns plugins.</summary>
    public static PluginOptions Options(ServerArgs args) => new()
    {
        ExternalPackages = args.ExternalModelPackage is { } packages ? [packages] : [],
        PluginDirectory = args.PluginDir,
        Project = args.PluginProject,
        Strict = args.StrictPlugins,
    };

    private static LogLevel Level(RegistrySeverity severity) => severity switch
    {
        RegistrySeverity.Warning => LogLevel.Warning,
        RegistrySeverity.Info => LogLevel.Information,
        _ => LogLevel.Debug,
    };
}
