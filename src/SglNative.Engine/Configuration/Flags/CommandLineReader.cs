using System.Text.RegularExpressions;
using SglNative.Core;

namespace SglNative.Engine.Configuration.Flags;

/// <summary>
/// Reads the words of a command line against a flag table by the rules of Python's argparse, which pasted SGLang commands rely on:
/// unambiguous beginnings, <c>--flag=value</c>, negative numbers as values, several values up to the next flag, the last mention wins.
/// </summary>
public sealed partial class CommandLineReader
{
    private readonly FlagTable _table;
    private readonly FlagValues _values = new();

    private CommandLineReader(FlagTable table) => _table = table;

    /// <summary>Reads <paramref name="words"/>, and below them the file that a flag named <c>--config</c> gives.</summary>
    /// <exception cref="SglException">A word is no flag, or a value is missing or of the wrong kind.</exception>
    public static FlagValues Read(FlagTable table, IReadOnlyList<string> words)
    {
        var reader = new CommandLineReader(table);
        for (var at = 0; at < words.Count;) at = reader.ReadFlag(words, at);
        if (reader._values.TextOf(YamlConfig.FlagName) is { } path && table.Find(YamlConfig.FlagName) is { } config && reader._values.Has(config))
            foreach (var given in YamlConfig.Read(table, path))
                reader._values.SetIfAbsent(given);
        return reader._values;
    }

    internal static object? ReadValue(Flag flag, string spelling, IReadOnlyList<string> words, string? source)
    {
        try
        {
            return flag.Read(words);
        }
        catch (FormatException e)
        {
            var where = source is null ? "" : source + ": ";
            throw new SglException($"{where}{spelling} takes {e.Message}, not {Printable.Quote(string.Join(' ', words))}", e);
        }
    }

    private int ReadFlag(IReadOnlyList<string> words, int at)
    {
        var word = words[at++];
        if (!IsFlag(word)) throw new SglException(Unexpected(word));
        var equals = word.StartsWith("--", StringComparison.Ordinal) ? word.IndexOf('=', StringComparison.Ordinal) : -1;
        var typed = equals < 0 ? word : word[..equals];
        var flag = _table.Resolve(typed);
        List<string> value = [];
        if (equals >= 0)
        {
            value.Add(word[(equals + 1)..]);
            if (flag.Arity == FlagArity.None) throw new SglException($"{typed} is a switch and takes no value, but was given {Printable.Quote(value[0])}");
        }
        else
        {
            while (at < words.Count && value.Count < MostWords(flag) && !IsFlag(words[at])) value.Add(words[at++]);
            if (value.Count == 0 && flag.Arity is FlagArity.One or FlagArity.Many)
                throw new SglException($"{typed} needs a value{(at < words.Count ? $"; one that begins with '-' is written {typed}={Printable.OneLine(words[at])}" : "")}");
        }

        _values.Set(new GivenFlag(flag, typed, value, ReadValue(flag, typed, value, null), null));
        return at;
    }

    private static int MostWords(Flag flag) => flag.Arity switch
    {
        FlagArity.None => 0,
        FlagArity.Many => int.MaxValue,
        _ => 1,
    };

    /// <summary>
    /// As in argparse: a dash begins a flag, unless it is alone or begins a negative number, or numbers with commas between them; a word that holds a space is a flag only
    /// as <c>--name=value</c> of a name there is.
    /// </summary>
    private bool IsFlag(string word)
    {
        if (word.Length < 2 || word[0] != '-' || NegativeNumber().IsMatch(word)) return false;
        if (!word.Contains(' ', StringComparison.Ordinal)) return true;
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && _table.HasBeginning(word[..equals]);
    }

    private static string Unexpected(string word) =>
        $"unexpected {Printable.Quote(word)}: values follow the flag they belong to"
        + (word.Contains('/', StringComparison.Ordinal) ? $" (a model is given as --model-path {Printable.OneLine(word)})" : "");

    [GeneratedRegex(@"^-(\d+|\d*\.\d+)([eE][-+]?\d+)?(,-?\d+)*$", RegexOptions.CultureInvariant)]
    private static partial Regex NegativeNumber();
}
