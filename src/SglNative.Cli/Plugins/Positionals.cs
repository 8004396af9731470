using SglNative.Core;
using SglNative.Engine.Configuration.Flags;

namespace SglNative.Cli.Plugins;

/// <summary>Words of a command line that are neither flags nor their values, wherever they stand.</summary>
internal static class Positionals
{
    /// <summary>Splits the words into those and the rest.</summary>
    public static (IReadOnlyList<string> Words, IReadOnlyList<string> Flags) Split(IReadOnlyList<string> args, FlagTable table)
    {
        var (words, flags) = (new List<string>(), new List<string>());
        for (var i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith('-'))
            {
                words.Add(args[i]);
                continue;
            }
            flags.Add(args[i]);
            if (!args[i].Contains('=', StringComparison.Ordinal) && table.Resolve(args[i]).Arity != FlagArity.None && i + 1 < args.Count) flags.Add(args[++i]);
        }
        return (words, flags);
    }

    /// <summary>The one word that a command takes.</summary>
    /// <exception cref="SglException">There is none, or there are several.</exception>
    public static string One(IReadOnlyList<string> words, string command, string placeholder) => words.Count == 1 ? words[0]
        : throw new SglException(words.Count == 0 ? $"{command} needs {placeholder}" : $"{command} takes one {placeholder}, but was given {string.Join(' ', words)}");
}
