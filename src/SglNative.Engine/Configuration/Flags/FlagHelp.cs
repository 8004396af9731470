using System.Text;

namespace SglNative.Engine.Configuration.Flags;

/// <summary>Writes groups of flags as the text that <c>--help</c> prints.</summary>
public static class FlagHelp
{
    private const int Indent = 8;

    /// <summary>The groups, each flag with its value, help, default and standing, in lines of at most <paramref name="width"/> characters.</summary>
    public static string Write(IEnumerable<FlagGroup> groups, int width)
    {
        var text = new StringBuilder();
        foreach (var group in groups)
        {
            text.Append('\n').Append(group.Title).Append(":\n");
            foreach (var flag in group.Flags) WriteFlag(text, flag, Math.Max(width, 40));
        }

        return text.ToString();
    }

    private static void WriteFlag(StringBuilder text, Flag flag, int width)
    {
        text.Append("  ").AppendJoin(", ", flag.Names).Append(Value(flag)).Append('\n');
        var line = new StringBuilder();
        foreach (var word in Description(flag).Split(' '))
        {
            if (line.Length > 0 && Indent + line.Length + 1 + word.Length > width) Flush(text, line);
            line.Append(line.Length == 0 ? "" : " ").Append(word);
        }

        Flush(text, line);
    }

    private static void Flush(StringBuilder text, StringBuilder line)
    {
        text.Append(' ', Indent).Append(line).Append('\n');
        line.Clear();
    }

    private static string Value(Flag flag) => flag.Arity switch
    {
        FlagArity.None => "",
        FlagArity.Many => $" {flag.Placeholder} [{flag.Placeholder} ...]",
        FlagArity.OneOrNone => $" [{flag.Placeholder}]",
        _ => flag.Choices.Length > 0 ? $" {{{string.Join(',', flag.Choices)}}}" : $" {flag.Placeholder}",
    };

    private static string Description(Flag flag)
    {
        var standing = flag.Rules.Length == 0 ? "" : $" [{string.Join("; ", flag.Rules.Select(rule => Standing(rule)))}]";
        return flag.Help + (flag.Arity == FlagArity.None || flag.DefaultText == "None" ? "" : $" Default: {flag.DefaultText}.") + standing;
    }

    private static string Standing(FlagRule rule)
    {
        var verdict = rule.Support switch
        {
            FlagSupport.Works => "works",
            FlagSupport.NoEffect => "no effect here",
            _ => "not yet",
        };
        return rule.When.Text.Length == 0 ? verdict : $"{verdict} {rule.When.Text.Replace("`", "", StringComparison.Ordinal)}";
    }
}
