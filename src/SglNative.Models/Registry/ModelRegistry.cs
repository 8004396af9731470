using SglNative.Core;
using SglNative.Core.Configuration;
using SglNative.Models.Architectures;
using SglNative.Models.Modules;

namespace SglNative.Models.Registry;

/// <summary>Makes a model from the text part of its <c>config.json</c>, declaring its parameters below the root.</summary>
public delegate CausalLM ModelFactory(JsonConfig config, ModuleScope root);

/// <summary>One architecture the registry knows.</summary>
/// <param name="Name">The name in <c>config.json</c>.</param>
/// <param name="Factory">Makes the model.</param>
/// <param name="ClassName">The class that serves it, for messages.</param>
/// <param name="Package">The assembly it comes from, for messages.</param>
public sealed record RegisteredModel(string Name, ModelFactory Factory, string ClassName, string Package)
{
    /// <summary>Published models that have it; null where nobody said.</summary>
    public string? Models { get; init; }

    /// <summary>Quantised formats that are loaded beside plain weights; null for none.</summary>
    public string? Formats { get; init; }
}

/// <summary>Which class serves which architecture. Not thread-safe for writers; copied and frozen when an engine starts.</summary>
public sealed class ModelRegistry
{
    private readonly SortedDictionary<string, RegisteredModel> _models;

    private ModelRegistry(SortedDictionary<string, RegisteredModel> models) => _models = models;

    /// <summary>The process's registry, holding what this package brings and what an application adds.</summary>
    public static ModelRegistry Default { get; } = CreateBuiltIn();

    /// <summary>All architectures, by name.</summary>
    public IReadOnlyDictionary<string, RegisteredModel> Models => _models;

    /// <summary>Adds an architecture, or replaces the one of that name.</summary>
    public void Register(string name, ModelFactory factory, string? className = null, string? package = null) =>
        _models[name] = new RegisteredModel(name, factory, className ?? name, package ?? "application");

    /// <summary>An independent copy.</summary>
    public ModelRegistry Copy() => new(new SortedDictionary<string, RegisteredModel>(_models, StringComparer.Ordinal));

    /// <summary>The first of <paramref name="architectures"/> that is known.</summary>
    /// <exception cref="SglException">None is: the message names the nearest and all that are.</exception>
    public RegisteredModel Resolve(IReadOnlyList<string> architectures)
    {
        foreach (var name in architectures) if (_models.TryGetValue(name, out var model)) return model;
        throw new SglException(UnsupportedArchitecture.Explain(architectures, _models.Keys));
    }

    private static ModelRegistry CreateBuiltIn()
    {
        var registry = new ModelRegistry(new SortedDictionary<string, RegisteredModel>(StringComparer.Ordinal));
        registry.BuiltIn<LlamaForCausalLM>((config, root) => new LlamaForCausalLM(config, root));
        registry.BuiltIn<MistralForCausalLM>((config, root) => new MistralForCausalLM(config, root));
        registry.BuiltIn<Qwen2ForCausalLM>((config, root) => new Qwen2ForCausalLM(config, root));
        registry.BuiltIn<Qwen3ForCausalLM>((config, root) => new Qwen3ForCausalLM(config, root));
        registry.BuiltIn<MixtralForCausalLM>((config, root) => new MixtralForCausalLM(config, root));
        registry.BuiltIn<Qwen2MoeForCausalLM>((config, root) => new Qwen2MoeForCausalLM(config, root));
        registry.BuiltIn<Qwen3MoeForCausalLM>((config, root) => new Qwen3MoeForCausalLM(config, root));
        registry.BuiltIn<GemmaForCausalLM>((config, root) => new GemmaForCausalLM(config, root));
        registry.BuiltIn<Gemma2ForCausalLM>((config, root) => new Gemma2ForCausalLM(config, root));
        registry.BuiltIn<Phi3ForCausalLM>((config, root) => new Phi3ForCausalLM(config, root));
        registry.BuiltIn<OlmoForCausalLM>((config, root) => new OlmoForCausalLM(config, root));
        registry.BuiltIn<Olmo2ForCausalLM>((config, root) => new Olmo2ForCausalLM(config, root));
        registry.BuiltIn<GptOssForCausalLM>((config, root) => new GptOssForCausalLM(config, root));
        return registry;
    }

    private void BuiltIn<T>(ModelFactory factory) where T : CausalLM
    {
        foreach (var attribute in typeof(T).GetCustomAttributes(typeof(ModelArchitectureAttribute), inherit: false).Cast<ModelArchitectureAttribute>())
            _models[attribute.Name] = new RegisteredModel(attribute.Name, factory, typeof(T).Name, "SglNative.Models") { Models = attribute.Models, Formats = attribute.Formats };
    }
}
