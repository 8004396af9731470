using System.Collections.Immutable;
using SglNative.Core;

namespace SglNative.Engine.Configuration.Flags;

/// <summary>The flags of one command, in groups, and how a name on the command line finds its row.</summary>
public sealed class FlagTable
{
    private const int MaxCandidatesShown = 8;

    private readonly Dictionary<string, Flag> _byName = new(StringComparer.Ordinal);

    /// <summary>Makes the table; two rows of one name are a defect.</summary>
    public FlagTable(params IEnumerable<FlagGroup> groups)
    {
        Groups = [.. groups];
        foreach (var flag in Flags)
            foreach (var name in flag.Names)
                _byName.Add(name, flag);
    }

    /// <summary>The groups in the order in which help and docs print them.</summary>
    public ImmutableArray<FlagGroup> Groups { get; }

    /// <summary>Every row.</summary>
    public IEnumerable<Flag> Flags => Groups.SelectMany(group => group.Flags);

    /// <summary>The row whose full name or alias is <paramref name="name"/>; null where there is none.</summary>
    public Flag? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>
    /// The row that <paramref name="word"/> means: one of its names, or a beginning that fits no other row's names.
    /// </summary>
    /// <exception cref="SglException">No row fits, or several do.</exception>
    public Flag Resolve(string word)
    {
        if (_byName.TryGetValue(word, out var exact)) return exact;
        var matches = Beginning(word).ToArray();
        if (matches.Length == 0) throw new SglException($"unknown flag {Printable.Quote(word)}; {Suggest(word)}");
        if (matches.All(entry => ReferenceEquals(entry.Value, matches[0].Value))) return matches[0].Value;

        var names = matches.Select(entry => entry.Key).Order(StringComparer.Ordinal).ToArray();
        var more = names.Length > MaxCandidatesShown ? $" and {names.Length - MaxCandidatesShown} more" : "";
        throw new SglException($"ambiguous flag {word}: it could be {string.Join(", ", names.Take(MaxCandidatesShown))}{more}");
    }

    /// <summary>Whether some row has a name that begins with <paramref name="word"/>.</summary>
    internal bool HasBeginning(string word) => Beginning(word).Any();

    private IEnumerable<KeyValuePair<string, Flag>> Beginning(string word) =>
        word.Length > 2 && word.StartsWith("--", StringComparison.Ordinal)
            ? _byName.Where(entry => entry.Key.StartsWith(word, StringComparison.Ordinal))
            : [];

    private string Suggest(string word)
    {
        var wanted = "--" + word.TrimStart('-').Replace('_', '-').ToLowerInvariant();
        return NearestName.Of(wanted, _byName.Keys) is { } nearest
            ? $"did you mean {nearest}?"
            : "--help lists the flags there are";
    }
}
