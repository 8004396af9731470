using System.Text;

namespace SglNative.Cli.Commands;

/// <summary><c>sgl-native help [COMMAND]</c>.</summary>
internal sealed class HelpCommand(CommandSet commands) : ICommand
{
    public const string Word = "help";

    public string Name => Word;

    public string Summary => "Lists the commands, or says how to use one.";

    public string Help(int width) => $"""
        usage: sgl-native help [COMMAND]

        {Summary}

        """;

    public async Task<int> RunAsync(IReadOnlyList<string> args, CommandContext context)
    {
        var text = args.Count == 0 ? Overview()
            : commands.Find(args) is var (command, _) ? command.Help(context.Width)
            : throw commands.Unknown(args);
        await context.Out.WriteAsync(text);
        return ExitCode.Done;
    }

    private string Overview()
    {
        var text = new StringBuilder("sgl-native serves large language models over OpenAI's and SGLang's HTTP interfaces.\n\n")
            .Append("usage: sgl-native COMMAND [FLAGS]\n\ncommands:\n");
        foreach (var command in commands.Commands)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"  {command.Name,-18} {command.Summary}\n");
        return text.Append("\n'sgl-native COMMAND --help' says how to use a command.\n").ToString();
    }
}
