using System.Text;

namespace SglNative.Engine.Configuration.Flags;

/// <summary>Writes the flag table as Markdown: docs/flags.md is its output, and a test holds the two equal.</summary>
public static class FlagReference
{
    private const string Head = """
        # Flags

        <!-- Written by `sgl-native docs flags`; edit the flag table, not this file. -->

        Every flag that SGLang's server knows is known here, under the same names and aliases; a beginning that fits one flag only is
        enough, and `--config FILE.yaml` gives flags that the command line overrides. What happens to each:

        - **works**: it does what it does in SGLang;
        - **accepted without effect**: the server starts, and one line says why the flag changes nothing here;
        - **not yet**: the program stops with exit code 1 and says what is missing and which is the nearest that works.

        A flag that is given its default value always works.

        """;

    /// <summary>The whole document.</summary>
    /// <param name="sections">A title and the groups below it, such as the flags of a command.</param>
    public static string Write(params IEnumerable<(string Title, IEnumerable<FlagGroup> Groups)> sections)
    {
        var text = new StringBuilder(Head.ReplaceLineEndings("\n"));
        foreach (var (title, groups) in sections)
        {
            text.Append('\n').Append("## ").Append(title).Append('\n');
            foreach (var group in groups) WriteGroup(text, group);
        }

        return text.ToString();
    }

    private static void WriteGroup(StringBuilder text, FlagGroup group)
    {
        text.Append("\n### ").Append(group.Title).Append("\n\n| flag | value | default | here | what it is for |\n|---|---|---|---|---|\n");
        foreach (var flag in group.Flags)
        {
            var names = string.Join("<br>", flag.Names.Select(name => $"`{name}`"));
            text.Append("| ").Append(names).Append(flag.IsOwn ? " (not in SGLang)" : "")
                .Append(" | ").Append(Cell(Value(flag)))
                .Append(" | ").Append(flag.Arity == FlagArity.None ? "off" : $"`{flag.DefaultText}`")
                .Append(" | ").Append(string.Join("<br>", Status(flag).Select(Cell)))
                .Append(" | ").Append(Cell(flag.Help)).Append(" |\n");
        }
    }

    private static string Value(Flag flag) => flag.Arity switch
    {
        FlagArity.None => "switch",
        FlagArity.Many => $"{flag.Placeholder} …",
        FlagArity.OneOrNone => $"[{flag.Placeholder}]",
        _ when flag.Choices.Length > 0 => string.Join(" ", flag.Choices.Select(choice => $"`{choice}`")),
        _ => flag.Placeholder,
    };

    private static IEnumerable<string> Status(Flag flag)
    {
        foreach (var rule in flag.Rules) yield return rule.Text;
        if (flag.IsRead && flag.Rules.All(rule => rule.When.Text.Length > 0)) yield return flag.Rules.Length == 0 ? "works" : "otherwise works";
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
