using SglNative.Cli.Plugins;
using SglNative.Cli.Registry;
using SglNative.Cli.Text;
using SglNative.Core;
using SglNative.Engine.Configuration.Flags;
using SglNative.Models.Registry;

namespace SglNative.Cli.Commands;

/// <summary>The commands there are, and how the first words of a command line choose one.</summary>
internal sealed class CommandSet
{
    private static readonly string[] HelpWords = ["--help", "-h", "-?", "/?"];

    private readonly ICommand[] _commands;

    public CommandSet(params IEnumerable<ICommand> commands) => _commands = [.. commands, new HelpCommand(this)];

    /// <summary>The commands of the program.</summary>
    public static CommandSet Default { get; } = new(
        new ServeCommand(Serve.RunAsync), new BenchOneBatchCommand(BenchOneBatch.RunAsync),
        new TokenizeCommand(TokenizerCodec.Load), new DetokenizeCommand(TokenizerCodec.Load), new ChatTemplateCommand(TemplateFile.Load),
        new ModelsListCommand(), new ModelsShowCommand(), new ModelsCheckCommand(),
        new PluginInstallCommand(), new PluginListCommand(), new PluginShowCommand(), new PluginRemoveCommand(), new PluginUpdateCommand(), new PluginVerifyCommand(),
        new KernelsListCommand(), new KernelsBuildCommand(), new DocsCommand(ModelRegistry.Default), new VersionCommand());

    public IReadOnlyList<ICommand> Commands => _commands;

    /// <summary>Runs the command that <paramref name="words"/> begin with and turns what it throws into messages and exit codes.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> words, CommandContext context)
    {
        try
        {
            return await DispatchAsync(words, context);
        }
        catch (SglException e)
        {
            await context.Error.WriteLineAsync($"error: {OneLine(e.Message)}");
            return ExitCode.UserError;
        }
        catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception e)
        {
            await context.Error.WriteLineAsync($"internal error, please report it: {e}");
            return ExitCode.Defect;
        }
    }

    /// <summary>The command that the first words name and the number of those words; null where they name none.</summary>
    public (ICommand Command, int Words)? Find(IReadOnlyList<string> words)
    {
        foreach (var command in _commands)
            foreach (var name in command.Aliases.Prepend(command.Name))
            {
                var parts = name.Split(' ');
                if (words.Count >= parts.Length && parts.SequenceEqual(words.Take(parts.Length))) return (command, parts.Length);
            }

        return null;
    }

    /// <summary>The error for words that name no command.</summary>
    public SglException Unknown(IReadOnlyList<string> words)
    {
        var names = _commands.SelectMany(command => command.Aliases.Prepend(command.Name)).ToArray();
        var family = names.Where(name => name.StartsWith(words[0] + " ", StringComparison.Ordinal)).ToArray();
        if (family.Length > 0) return new SglException($"'{words[0]}' needs a second word: {string.Join(", ", family)}");
        if (words[0].StartsWith('-')) return new SglException($"flags follow a command, but '{words[0]}' comes first; 'sgl-native help' lists the commands");
        var nearest = NearestName.Of(words[0], names);
        return new SglException(
            $"unknown command '{words[0]}'; {(nearest is null ? "" : $"did you mean {nearest}? ")}the commands are {string.Join(", ", _commands.Select(command => command.Name))}");
    }

    private async Task<int> DispatchAsync(IReadOnlyList<string> words, CommandContext context)
    {
        if (words.Count == 0 || HelpWords.Contains(words[0])) words = [HelpCommand.Word];
        if (words[0] == "--version") words = [VersionCommand.Word];
        if (Find(words) is not var (command, used)) throw Unknown(words);

        var args = words.Skip(used).ToArray();
        if (!args.Any(HelpWords.Contains)) return await command.RunAsync(args, context);
        await context.Out.WriteAsync(command.Help(context.Width));
        return ExitCode.Done;
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ");
}
