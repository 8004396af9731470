using System.Collections;

namespace SglNative.Models.Registry;

/// <summary>The architectures of a registry by name. Enumerates what would serve each; setting a name registers it for the application.</summary>
public sealed class ModelCollection : IReadOnlyCollection<RegisteredModel>
{
    private readonly ModelRegistry _registry;

    internal ModelCollection(ModelRegistry registry) => _registry = registry;

    /// <summary>The number of architectures.</summary>
    public int Count => _registry.Effective().Count;

    /// <summary>What makes a model of that name. Setting it replaces an earlier registration by the application.</summary>
    /// <exception cref="KeyNotFoundException">No such architecture.</exception>
    /// <exception cref="Core.SglException">The registry is an engine's own, which does not change.</exception>
    public ModelFactory this[string name]
    {
        get => Find(name)?.Factory ?? throw new KeyNotFoundException($"no architecture {name} is registered");
        set => _registry.Put(name, value);
    }

    /// <summary>The names, sorted.</summary>
    public IReadOnlyCollection<string> Keys => _registry.Effective().Keys;

    /// <summary>True when something serves that name.</summary>
    public bool ContainsKey(string name) => _registry.Effective().ContainsKey(name);

    /// <summary>What serves that name; null where nothing does.</summary>
    public RegisteredModel? Find(string name) => _registry.Effective().GetValueOrDefault(name);

    /// <inheritdoc/>
    public IEnumerator<RegisteredModel> GetEnumerator() => _registry.Effective().Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
