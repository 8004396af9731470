namespace SglNative.Tokenizers.ChatTemplates.Compilation;

/// <summary>How a variable gets its value when its scope is entered.</summary>
internal enum LoadKind
{
    Parameter,
    Resolve,
    Alias,
    Undefined,
}

internal readonly record struct Load(LoadKind Kind, Variable? Source = null);

/// <summary>
/// The names of one scope. Which variable a name means is settled before the template runs, from the order in which the scope
/// first reads or sets it: a name that is set first shadows the outer one, starting from its value.
/// </summary>
internal sealed class Symbols
{
    private readonly Symbols? _parent;
    private readonly FunctionLayout _function;
    private readonly int _level;
    private readonly Dictionary<string, Variable> _references;
    private readonly Dictionary<Variable, Load> _loads;
    private readonly HashSet<string> _stores;

    public Symbols(FunctionLayout function, Symbols? parent, int? level = null)
    {
        _function = function;
        _parent = parent;
        _level = level ?? (parent is null ? 0 : parent._level + 1);
        _references = [];
        _loads = [];
        _stores = [];
    }

    private Symbols(Symbols other)
    {
        _function = other._function;
        _parent = other._parent;
        _level = other._level;
        _references = new Dictionary<string, Variable>(other._references);
        _loads = new Dictionary<Variable, Load>(other._loads);
        _stores = [.. other._stores];
    }

    public IReadOnlyDictionary<Variable, Load> Loads => _loads;

    public Symbols Copy() => new(this);

    public Variable? Find(string name) => _references.TryGetValue(name, out var variable) ? variable : _parent?.Find(name);

    public void Store(string name)
    {
        _stores.Add(name);
        if (_references.ContainsKey(name)) return;
        var outer = _parent?.Find(name);
        Define(name, outer is null ? new Load(LoadKind.Undefined) : new Load(LoadKind.Alias, outer));
    }

    public Variable DeclareParameter(string name)
    {
        _stores.Add(name);
        return Define(name, new Load(LoadKind.Parameter));
    }

    public void Read(string name)
    {
        if (Find(name) is null) Define(name, new Load(LoadKind.Resolve));
    }

    /// <summary>Joins the branches of a condition: a name that only some of them set starts from its outer value.</summary>
    public void Join(params ReadOnlySpan<Symbols> branches)
    {
        var stores = new HashSet<string>();
        foreach (var branch in branches) stores.UnionWith(branch._stores);
        stores.ExceptWith(_stores);
        foreach (var branch in branches)
        {
            foreach (var (name, variable) in branch._references) _references[name] = variable;
            foreach (var (variable, load) in branch._loads) _loads[variable] = load;
            _stores.UnionWith(branch._stores);
        }
        foreach (var name in stores)
        {
            var outer = _parent?.Find(name);
            _loads[Find(name)!] = outer is null ? new Load(LoadKind.Resolve) : new Load(LoadKind.Alias, outer);
        }
    }

    /// <summary>Every name that this scope or one around it sets, with its variable here.</summary>
    public Dictionary<string, Variable> AllStores()
    {
        var stores = new Dictionary<string, Variable>();
        for (var symbols = this; symbols is not null; symbols = symbols._parent)
            foreach (var name in symbols._stores)
                stores.TryAdd(name, Find(name)!);
        return stores;
    }

    private Variable Define(string name, Load load)
    {
        var variable = _function.Declare(_level, name);
        _references[name] = variable;
        _loads[variable] = load;
        return variable;
    }
}
