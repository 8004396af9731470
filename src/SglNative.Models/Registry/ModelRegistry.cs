using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using SglNative.Core;

namespace SglNative.Models.Registry;

/// <summary>
/// Which class serves which architecture. Names are kept by the way they came in (<see cref="ModelSource"/>), and a later way
/// overrides an earlier one. All members may be called by any thread; an engine takes a frozen copy when it starts.
/// </summary>
public sealed class ModelRegistry
{
    /// <summary>The log category of the registry's steps.</summary>
    public const string LogCategory = "SglNative.Models.Registry";

    private static readonly int Sources = Enum.GetValues<ModelSource>().Length;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, RegisteredModel>[] _bySource;
    private readonly List<PluginFailure> _failures = [];
    private readonly Dictionary<string, string> _absent = new(StringComparer.Ordinal);
    private readonly List<(string Name, string Where)> _disabled = [];
    private readonly ModelRegistry? _origin;
    private SortedDictionary<string, RegisteredModel>? _effective;
    private int _copies;

    private ModelRegistry(Dictionary<string, RegisteredModel>[] bySource, RegistryJournal journal, ModelRegistry? origin, bool frozen)
    {
        (_bySource, Journal, _origin, IsFrozen) = (bySource, journal, origin, frozen);
        Models = new ModelCollection(this);
    }

    /// <summary>The process's registry, holding what this package brings and what an application adds.</summary>
    public static ModelRegistry Default { get; } = CreateBuiltIn();

    /// <summary>All architectures that can be served, by name.</summary>
    public ModelCollection Models { get; }

    /// <summary>Their names, sorted.</summary>
    public IReadOnlyList<string> SupportedArchitectures => [.. Effective().Keys];

    /// <summary>What happened so far.</summary>
    public RegistryJournal Journal { get; }

    /// <summary>True for a running engine's own registry.</summary>
    public bool IsFrozen { get; }

    /// <summary>Plugins that could not be used.</summary>
    public IReadOnlyList<PluginFailure> Failures
    {
        get
        {
            lock (_gate) return [.. _failures];
        }
    }

    /// <summary>A registry with the built-in architectures only.</summary>
    public static ModelRegistry CreateBuiltIn()
    {
        var registry = new ModelRegistry(Empty(), new RegistryJournal(), null, frozen: false);
        registry.Register(new BuiltInModels(), typeof(ModelRegistry).Assembly, ModelSource.BuiltIn, null);
        return registry;
    }

    /// <summary>Adds an architecture for this application.</summary>
    /// <param name="name">The name in <c>config.json</c>.</param>
    /// <param name="factory">Makes the model.</param>
    /// <param name="className">The class, for messages; the name where null.</param>
    /// <param name="package">Who brings it, for messages; the factory's assembly where null.</param>
    /// <exception cref="SglException">The application registered that name already, or the registry is frozen.</exception>
    public void Register(string name, ModelFactory factory, string? className = null, string? package = null) =>
        Add([Entry(name, factory, className, package)], replace: false);

    /// <summary>Adds several architectures for this application: all, or none when one of them is taken.</summary>
    /// <exception cref="SglException">The application registered one of the names already, or the registry is frozen.</exception>
    public void Register(IEnumerable<(string Name, ModelFactory Factory)> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        Add([.. models.Select(model => Entry(model.Name, model.Factory, null, null))], replace: false);
    }

    /// <summary>Adds every class of an assembly that is marked with <see cref="ModelArchitectureAttribute"/>, for this application.</summary>
    /// <exception cref="SglException">There is none, one has no fitting constructor, or a name is taken.</exception>
    [RequiresUnreferencedCode("Looks through the assembly's classes where the source generator has not made a table of them.")]
    public void Register(Assembly assembly) => Register(ModelAssembly.Read(assembly), assembly, ModelSource.Application, null);

    /// <summary>Adds an assembly's table; the generated module initialiser of an application calls this for each package it references.</summary>
    /// <exception cref="SglException">A name is taken within <paramref name="source"/>, or the registry is frozen.</exception>
    public void Register(IModelTable table, Assembly assembly, ModelSource source, string? origin)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(assembly);
        var (package, version) = (assembly.GetName().Name ?? "?", PackageVersion.Of(assembly));
        Register(table.Models, package, version, source, origin);
    }

    /// <summary>Adds the models of one package: all, or none when one of them is taken.</summary>
    /// <exception cref="SglException">A name is taken within <paramref name="source"/>, or the registry is frozen.</exception>
    public void Register(IEnumerable<ModelTableEntry> models, string package, string? version, ModelSource source, string? origin)
    {
        ArgumentNullException.ThrowIfNull(models);
        Add([.. models.Select(model => new RegisteredModel(model.Name, model.Factory, model.ClassName, package)
        {
            Version = version,
            Source = source,
            Origin = origin,
            Family = model.Family ?? ModelFamily.Of(model.Name),
            Quantizations = model.Quantizations,
        })], replace: false);
    }

    /// <summary>What serves <paramref name="architecture"/>.</summary>
    /// <exception cref="SglException">Nothing does: the message names the nearest, all that are, and why.</exception>
    public RegisteredModel Resolve(string architecture) => Resolve([architecture]);

    /// <summary>What serves the first of <paramref name="architectures"/> that is known.</summary>
    /// <exception cref="SglException">None is: the message names the nearest, all that are, and why.</exception>
    public RegisteredModel Resolve(IReadOnlyList<string> architectures)
    {
        ArgumentNullException.ThrowIfNull(architectures);
        var models = Effective();
        foreach (var name in architectures) if (models.TryGetValue(name, out var model)) return model;
        lock (_gate)
            throw new SglException(new UnsupportedArchitecture(architectures, models.Keys, _failures, DisabledBy, Absent).Explain());
    }

    /// <summary>
    /// True where nothing at all is known of <paramref name="architectures"/>: none is registered, disabled, or brought by a plugin that
    /// failed, and their names are those of text generation models.
    /// </summary>
    public bool IsUnknown(IReadOnlyList<string> architectures)
    {
        ArgumentNullException.ThrowIfNull(architectures);
        var models = Effective();
        lock (_gate)
            return !architectures.Any(models.ContainsKey) && new UnsupportedArchitecture(architectures, models.Keys, _failures, DisabledBy, Absent).IsUnknown;
    }

    /// <summary>Leaves out the models that <paramref name="names"/> mean, file-style (<c>llama</c>) or classes; messages say <paramref name="where"/>.</summary>
    public void Disable(IEnumerable<string> names, string where)
    {
        ArgumentNullException.ThrowIfNull(names);
        lock (_gate)
        {
            ThrowIfFrozen();
            foreach (var name in names)
            {
                _disabled.Add((name, where));
                var known = _bySource.SelectMany(models => models.Values).Any(model => ModelFamily.Matches(name, model));
                Journal.Add(known ? RegistrySeverity.Info : RegistrySeverity.Warning, known ? $"{name} is disabled by {where}" : $"{where} names {name}, which no architecture is called");
            }
            _effective = null;
        }
    }

    /// <summary>Remembers a plugin that could not be used, so that a request for its architectures says so.</summary>
    public void Fail(PluginFailure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        lock (_gate) _failures.Add(failure);
        Journal.Add(RegistrySeverity.Warning, $"plugin {failure.Plugin} is not used: {failure.Cause}");
    }

    /// <summary>Remembers what could serve a name that is not there, such as a plugin that was removed.</summary>
    public void Remember(string architecture, string hint)
    {
        lock (_gate) _absent[architecture] = hint;
    }

    /// <summary>An independent copy.</summary>
    public ModelRegistry Copy() => CopyTo(frozen: false);

    /// <summary>The copy that an engine keeps: it knows what is registered now, and never changes.</summary>
    public ModelRegistry Freeze()
    {
        if (IsFrozen) return this;
        var origin = _origin ?? this;
        lock (origin._gate) origin._copies++;
        return CopyTo(frozen: true);
    }

    internal SortedDictionary<string, RegisteredModel> Effective()
    {
        lock (_gate)
        {
            if (_effective is not null) return _effective;
            var result = new SortedDictionary<string, RegisteredModel>(StringComparer.Ordinal);
            foreach (var models in _bySource)
                foreach (var (name, model) in models)
                    if (Disabler(model) is null) result[name] = model;
            return _effective = result;
        }
    }

    internal void Put(string name, ModelFactory factory) => Add([Entry(name, factory, null, null)], replace: true);

    private void Add(IReadOnlyList<RegisteredModel> models, bool replace)
    {
        lock (_gate)
        {
            ThrowIfFrozen();
            foreach (var model in models)
                if (!replace && _bySource[(int)model.Source].TryGetValue(model.Name, out var taken) && !Same(taken, model))
                    throw new SglException($"{model.Name} is registered twice: by {taken.Owner}, {taken.SourceText}, and by {model.Owner}, {model.SourceText}");
            foreach (var model in models)
            {
                var overridden = _bySource.Take((int)model.Source).Select(lower => lower.GetValueOrDefault(model.Name)).LastOrDefault(lower => lower is not null);
                _bySource[(int)model.Source][model.Name] = model;
                Journal.Add(RegistrySeverity.Debug, $"{model.Name} is served by {model.Owner}, {model.SourceText}");
                if (overridden is not null)
                    Journal.Add(RegistrySeverity.Info, $"{model.Name}: {model.Owner}, {model.SourceText}, overrides {overridden.Owner}, {overridden.SourceText}");
                if (_copies > 0)
                    Journal.Add(RegistrySeverity.Info, $"{model.Name} is registered after {(_copies == 1 ? "an engine" : $"{_copies} engines")} started, which will not know it");
            }
            _effective = null;
        }
    }

    private static RegisteredModel Entry(string name, ModelFactory factory, string? className, string? package)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(factory);
        var assembly = factory.Method.Module.Assembly;
        var place = factory.Method.DeclaringType;
        // A lambda lies in a class that the compiler made inside the one it is written in.
        while (place is { DeclaringType: { } outer } && place.Name.Contains('<', StringComparison.Ordinal)) place = outer;
        return new RegisteredModel(name, factory, className ?? name, package ?? assembly.GetName().Name ?? "application")
        {
            Version = PackageVersion.Of(assembly),
            Origin = place?.Name,
        };
    }

    // The same table registered again, as when discovery runs twice, is no conflict.
    private static bool Same(RegisteredModel a, RegisteredModel b) =>
        a.ClassName == b.ClassName && a.Package == b.Package && a.Version == b.Version && a.Factory.Method == b.Factory.Method;

    private ModelRegistry CopyTo(bool frozen)
    {
        lock (_gate)
        {
            var copy = new ModelRegistry(
                [.. _bySource.Select(models => new Dictionary<string, RegisteredModel>(models, StringComparer.Ordinal))], Journal.Copy(), _origin ?? this, frozen);
            copy._failures.AddRange(_failures);
            copy._disabled.AddRange(_disabled);
            foreach (var (name, hint) in _absent) copy._absent[name] = hint;
            return copy;
        }
    }

    private string? Disabler(RegisteredModel model)
    {
        foreach (var (name, where) in _disabled) if (ModelFamily.Matches(name, model)) return $"{where} ({name})";
        return null;
    }

    private string? DisabledBy(string architecture)
    {
        foreach (var models in _bySource)
            if (models.TryGetValue(architecture, out var model) && Disabler(model) is { } where) return where;
        return null;
    }

    private string? Absent(string architecture)
    {
        var known = _bySource.Any(models => models.ContainsKey(architecture));
        if (IsFrozen && !known && _origin?.Models.Find(architecture) is { } late) return $"{late.Owner} was registered after this engine started";
        return _absent.GetValueOrDefault(architecture);
    }

    private void ThrowIfFrozen()
    {
        if (IsFrozen) throw new SglException("the registry of a running engine does not change: register with ModelRegistry.Default before the engine starts");
    }

    private static Dictionary<string, RegisteredModel>[] Empty() =>
        [.. Enumerable.Range(0, Sources).Select(_ => new Dictionary<string, RegisteredModel>(StringComparer.Ordinal))];
}
