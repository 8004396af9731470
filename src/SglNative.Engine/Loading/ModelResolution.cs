using SglNative.Core;
using SglNative.Core.Configuration;
using SglNative.Models.Registry;

namespace SglNative.Engine.Loading;

/// <summary>From what a checkpoint says of itself to the class that serves it.</summary>
internal static class ModelResolution
{
    /// <summary>The first architecture of <c>config.json</c> that is known. Code that the checkpoint brings is never run, only spoken of.</summary>
    /// <exception cref="SglException">None is.</exception>
    public static RegisteredModel Resolve(CheckpointConfig config, ModelRegistry registry)
    {
        var remote = RemoteClass(config);
        try
        {
            var entry = registry.Resolve(config.Architectures);
            registry.Journal.Add(RegistrySeverity.Debug, $"config.json names [{string.Join(", ", config.Architectures)}]: {entry.Name} is served by {entry.Owner}, {entry.SourceText}");
            if (remote is not null)
                registry.Journal.Add(RegistrySeverity.Info, $"config.json's auto_map asks for {remote}, code of the checkpoint that is not run: {entry.Owner}, {entry.SourceText}, serves it");
            return entry;
        }
        catch (SglException e) when (remote is not null)
        {
            throw new SglException($"{e.Message}; config.json's auto_map asks for {remote}, code of the checkpoint that is never run: a plugin that brings "
                + $"{(config.Architectures.Count > 0 ? config.Architectures[0] : remote.Split('.')[^1])} would serve it", e);
        }
    }

    /// <summary>The class that <c>auto_map</c> asks for; null for none.</summary>
    public static string? RemoteClass(CheckpointConfig config)
    {
        if (!config.Root.IsObject("auto_map")) return null;
        var map = config.Root.GetObject("auto_map");
        return map.FirstOf("AutoModelForCausalLM", "AutoModel") is { } key && map.IsString(key) ? map.GetString(key) : null;
    }
}
