namespace SglNative.Engine.Configuration.Flags;

/// <summary>What a command line (and the configuration file it names) said, by flag, in the order of first mention.</summary>
public sealed class FlagValues
{
    private readonly Dictionary<Flag, GivenFlag> _byFlag = new(ReferenceEqualityComparer.Instance);
    private readonly List<Flag> _order = [];

    /// <summary>Every flag that was given, each once.</summary>
    public IEnumerable<GivenFlag> Given => _order.Select(flag => _byFlag[flag]);

    /// <summary>Whether <paramref name="flag"/> was given.</summary>
    public bool Has(Flag flag) => _byFlag.ContainsKey(flag);

    /// <summary>The value of <paramref name="flag"/>, its default where it was not given.</summary>
    public T Get<T>(Flag<T> flag) => _byFlag.TryGetValue(flag, out var given) ? (T)given.Value! : flag.Default;

    /// <summary>The words given for the flag named <paramref name="name"/>; null where it was not given.</summary>
    public string? TextOf(string name) => Given.FirstOrDefault(given => given.Flag.Names.Contains(name, StringComparer.Ordinal))?.Text;

    internal void Set(GivenFlag given)
    {
        if (!_byFlag.ContainsKey(given.Flag)) _order.Add(given.Flag);
        _byFlag[given.Flag] = given;
    }

    internal void SetIfAbsent(GivenFlag given)
    {
        if (!_byFlag.ContainsKey(given.Flag)) Set(given);
    }
}
