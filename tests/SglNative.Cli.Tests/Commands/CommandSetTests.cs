using SglNative.Cli.Commands;
using SglNative.Core;
using SglNative.Engine.Configuration;
using SglNative.Models.Registry;

namespace SglNative.Cli.Tests.Commands;

public class CommandSetTests
{
    [Fact]
    public async Task Version_is_a_command_and_a_flag()
    {
        var (code, output, _) = await RunAsync(CommandSet.Default, "--version");
        Assert.Equal(0, code);
        Assert.Matches(@"^sgl-native \d+\.\d+\.\d+", output);
        Assert.Equal(output, (await RunAsync(CommandSet.Default, "version")).Output);
    }

    [Theory]
    [InlineData]
    [InlineData("help")]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task Help_lists_every_command(params string[] words)
    {
        var (code, output, _) = await RunAsync(CommandSet.Default, words);
        Assert.Equal(0, code);
        Assert.All(CommandSet.Default.Commands, command => Assert.Contains($"  {command.Name} ", output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_command_explains_itself_in_both_ways()
    {
        foreach (var command in WithServer((_, _) => Task.FromResult(0)).Commands)
        {
            var set = WithServer((_, _) => throw new InvalidOperationException("help must not run the command"));
            var (code, output, _) = await RunAsync(set, [.. command.Name.Split(' '), "--help"]);
            Assert.Equal(0, code);
            Assert.StartsWith("usage: sgl-native " + command.Name, output, StringComparison.Ordinal);
            Assert.Equal(output, (await RunAsync(set, ["help", .. command.Name.Split(' ')])).Output);
            Assert.All(output.Split('\n').Where(line => line.StartsWith("        ", StringComparison.Ordinal)), line => Assert.True(line.Length <= 130, line));
        }
    }

    [Theory]
    [InlineData("sevre", "error: unknown command 'sevre'; did you mean serve? the commands are ")]
    [InlineData("qqqqqqqqqqqq", "error: unknown command 'qqqqqqqqqqqq'; the commands are ")]
    [InlineData("--port", "error: flags follow a command, but '--port' comes first; ")]
    [InlineData("docs", "error: docs needs the name of a page: flags, models, ops")]
    [InlineData("help nothing", "error: unknown command 'nothing'; ")]
    public async Task A_wrong_command_is_one_line_and_exit_code_1(string words, string message)
    {
        var (code, output, error) = await RunAsync(WithServer((_, _) => Task.FromResult(0)), words.Split(' '));
        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.StartsWith(message, error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(c => c == '\n'));
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("launch-server")]
    [InlineData("launch_server")]
    public async Task Serve_without_flags_serves_the_demo_model(string name)
    {
        ServerArgs? served = null;
        var set = WithServer((line, _) =>
        {
            served = line.Args;
            return Task.FromResult(0);
        });
        Assert.Equal(0, (await RunAsync(set, name)).Code);
        Assert.Equal(new ServerArgs(), served);
    }

    [Fact]
    public async Task A_user_error_is_one_line_and_a_defect_a_stack_trace()
    {
        var (code, _, error) = await RunAsync(WithServer((_, _) => throw new SglException("port 1 is in use\nby others")), "serve");
        Assert.Equal((1, $"error: port 1 is in use by others{Environment.NewLine}"), (code, error));

        (code, _, error) = await RunAsync(WithServer((_, _) => throw new InvalidOperationException("oops")), "serve");
        Assert.Equal(2, code);
        Assert.Contains("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_command_is_silent()
    {
        using var stop = new CancellationTokenSource();
        var set = WithServer(async (_, context) =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.Stop);
            return 0;
        });
        using StringWriter output = new(), error = new();
        Assert.Equal(130, await set.RunAsync(["serve"], new CommandContext(TextReader.Null, output, error, stop.Token)));
        Assert.Empty(output.ToString() + error);
    }

    [Fact]
    public async Task Models_are_listed_with_their_class_and_package()
    {
        var (code, output, _) = await RunAsync(CommandSet.Default, "models", "list");
        Assert.Equal(0, code);
        Assert.Matches(@"(?m)^LlamaForCausalLM +LlamaForCausalLM \(SglNative\.Models [0-9.]+\) +llama, built in; on cpu, cuda, emulated\r?$", output);
        Assert.Matches(@"(?m)^GptOssForCausalLM +GptOssForCausalLM \(SglNative\.Models [0-9.]+\) +gpt_oss, built in; on cpu, cuda, emulated; quantised: mxfp4\r?$", output);
        Assert.StartsWith("error: 'models' needs a second word: models list", (await RunAsync(CommandSet.Default, "models")).Error, StringComparison.Ordinal);
    }

    private static CommandSet WithServer(Func<ServerCommandLine, CommandContext, Task<int>> run) =>
        new(new ServeCommand(run), new BenchOneBatchCommand(run), new DocsCommand(ModelRegistry.Default), new VersionCommand());

    private static async Task<(int Code, string Output, string Error)> RunAsync(CommandSet set, params string[] words)
    {
        using StringWriter output = new(), error = new();
        var code = await set.RunAsync(words, new CommandContext(TextReader.Null, output, error, CancellationToken.None));
        return (code, output.ToString(), error.ToString());
    }
}
