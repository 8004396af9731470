using System.Text.RegularExpressions;
using SglNative.Cli.Commands;
using SglNative.Core;
using SglNative.Engine.Configuration;
using SglNative.Engine.Configuration.Flags;
using SglNative.Engine.Configuration.Surface;
using SglNative.Testing;

namespace SglNative.Cli.Tests.Flags;

public partial class FlagTableTests
{
    public static TheoryData<string> Names => [.. BenchOneBatchFlags.Table.Flags.Select(flag => flag.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_row_has_a_name_a_help_and_a_status(string name)
    {
        var flag = BenchOneBatchFlags.Table.Find(name)!;
        Assert.All(flag.Names, each => Assert.Matches("^--[a-z0-9]+(-[a-z0-9]+)*$", each));
        Assert.Matches(@"^[A-Z].{5,}\.$", flag.Help);
        Assert.DoesNotContain('\n', flag.Help);
        Assert.True(flag.IsRead || flag.Rules.Length > 0, "it neither goes anywhere nor says why");
        foreach (var rule in flag.Rules)
        {
            Assert.Equal(rule.Support == FlagSupport.Works, rule.Reason.Length == 0);
            Assert.Equal(rule.Support == FlagSupport.NotYet, rule.Nearest.Length > 0);
            Assert.DoesNotContain(rule.Reason + rule.Nearest, char.IsControl);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_row_that_is_not_read_judges_every_value_but_its_default(string name)
    {
        var flag = BenchOneBatchFlags.Table.Find(name)!;
        if (flag.IsRead) return;
        foreach (var device in Enum.GetValues<DeviceKind>())
            foreach (var words in Samples(flag))
            {
                var values = ServerCommandLine.Parse([flag.Name, .. words], BenchOneBatchFlags.Table).Values;
                var given = values.Given.Single();
                if (given.Text == flag.DefaultText) continue;
                Assert.NotNull(flag.Judge(new FlagUse(given, values, device)));
            }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_default_given_by_hand_changes_nothing(string name)
    {
        var flag = BenchOneBatchFlags.Table.Find(name)!;
        if (flag.Arity == FlagArity.None || flag.DefaultText == "None") return;
        var text = flag.DefaultText == "\"\"" ? "" : flag.DefaultText;
        var command = ServerCommandLine.Parse([flag.Name, text], BenchOneBatchFlags.Table);
        Assert.Equal(new ServerArgs(), command.Args);
        foreach (var device in Enum.GetValues<DeviceKind>()) Assert.Empty(command.Resolve(device));
    }

    [Fact]
    public void Each_row_that_works_changes_the_configuration()
    {
        foreach (var flag in ServerFlags.Table.Flags.Where(flag => flag.IsRead && flag.Name != "--config"))
            Assert.True(
                Samples(flag).Any(words => ServerCommandLine.Parse([flag.Name, .. words]).Args != new ServerArgs() || flag.Choices.Length > 0 && words[0] == flag.DefaultText),
                flag.Name);
    }

    [Fact]
    public void Every_flag_that_SGLang_lists_is_known()
    {
        var page = TestFiles.Shared is { } shared ? Path.Combine(shared, "reference", "sglang-surface.md") : null;
        if (!File.Exists(page)) Assert.Skip("the list of SGLang's flags is not on this machine");
        var text = File.ReadAllText(page);
        var section = text[text.IndexOf("**Model & tokenizer**", StringComparison.Ordinal)..text.IndexOf("Environment variables are", StringComparison.Ordinal)];
        var known = ServerFlags.Table.Flags.SelectMany(flag => flag.Names).ToHashSet();

        var listed = 0;
        foreach (Match quoted in Backticked().Matches(section))
            foreach (var (pattern, isSuffix) in Patterns(quoted.Groups[1].Value))
            {
                listed++;
                var regex = new Regex(isSuffix ? $"{pattern}$" : $"^{pattern}$");
                Assert.True(known.Any(name => regex.IsMatch(name)), $"{quoted.Value}: no flag matches {pattern}");
            }

        Assert.True(listed > 330, $"only {listed} flags were found on the page");
        foreach (var name in new[] { "ssl_keyfile", "ssl_certfile", "ssl_ca_certs", "ssl_keyfile_password", "enable_ssl_refresh", "enable_http2" })
        {
            Assert.Contains(name, section, StringComparison.Ordinal);
            Assert.Contains("--" + name.Replace('_', '-'), known);
        }
    }

    /// <summary>The full names in a quoted piece of the page, and the endings it abbreviates (<c>-acc</c>), braces and stars expanded.</summary>
    private static IEnumerable<(string Pattern, bool IsSuffix)> Patterns(string quoted)
    {
        foreach (Match match in Mention().Matches(quoted))
        {
            var name = Regex.Replace(match.Value, @"\{([a-z0-9,]+)\}", braces => $"({braces.Groups[1].Value.Replace(',', '|')})");
            name = name.TrimStart('/').Replace("-*", "-.+", StringComparison.Ordinal);
            if (name.StartsWith("--", StringComparison.Ordinal)) yield return (name, false);
            else if (name is not "-1") yield return (name, true);
        }
    }

    private static IEnumerable<string[]> Samples(Flag flag) => flag switch
    {
        { Arity: FlagArity.None } => [[]],
        { Choices.Length: > 0 } => flag.Choices.Select(choice => new[] { choice }),
        Flag<int> or Flag<int?> => [["3"]],
        Flag<double> or Flag<double?> => [["0.75"]],
        { Placeholder: "JSON" } => [[Accepts(flag, "{}") ? """{"a":1}""" : "[1]"]],
        _ => [["7"]],
    };

    private static bool Accepts(Flag flag, string word)
    {
        try
        {
            ServerCommandLine.Parse([flag.Name, word]);
            return true;
        }
        catch (SglException)
        {
            return false;
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Backticked();

    [GeneratedRegex(@"(?<![a-zA-Z0-9_-])/?--?[a-z0-9][a-z0-9{},*-]*(?<!-)")]
    private static partial Regex Mention();
}
