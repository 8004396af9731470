using SglNative.Core.Configuration;
using SglNative.Models.Modules;

namespace SglNative.Models.Registry;

/// <summary>Makes a model from the text part of its <c>config.json</c>, declaring its parameters below the root.</summary>
public delegate CausalLM ModelFactory(JsonConfig config, ModuleScope root);

/// <summary>One architecture the registry knows.</summary>
/// <param name="Name">The name in <c>config.json</c>.</param>
/// <param name="Factory">Makes the model.</param>
/// <param name="ClassName">The class that serves it, for messages.</param>
/// <param name="Package">The package or assembly it comes from, for messages.</param>
public sealed record RegisteredModel(string Name, ModelFactory Factory, string ClassName, string Package)
{
    /// <summary>Version of the package; null where there is none to tell.</summary>
    public string? Version { get; init; }

    /// <summary>How it came here.</summary>
    public ModelSource Source { get; init; } = ModelSource.Application;

    /// <summary>The family as a file would be called: <c>llama</c>, <c>qwen2_moe</c>.</summary>
    public string Family { get; init; } = ModelFamily.Of(Name);

    /// <summary>What named or holds the package: a folder, an environment variable; null where the source says it all.</summary>
    public string? Origin { get; init; }

    /// <summary>Methods of quantisation whose checkpoints it loads, beside unquantised ones (<see cref="DequantizesAttribute"/>).</summary>
    public IReadOnlyList<string> Quantizations { get; init; } = [];

    /// <summary>As in messages: <c>LlamaWrapper (MyPlugin 1.0.0)</c>.</summary>
    public string Owner => Version is null ? $"{ClassName} ({Package})" : $"{ClassName} ({Package} {Version})";

    /// <summary>As in messages: where it comes from.</summary>
    public string SourceText => Source switch
    {
        ModelSource.BuiltIn => "built in",
        ModelSource.Installed => Origin is null ? "installed" : $"installed in {Origin}",
        ModelSource.ExternalPackage => Origin is null ? "external package" : $"external package, {Origin}",
        _ => Origin is null ? "registered by the application" : $"registered by the application in {Origin}",
    };
}
