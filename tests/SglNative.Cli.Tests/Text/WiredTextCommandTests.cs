using System.Text.Json.Nodes;
using SglNative.Cli.Commands;
using SglNative.Testing;

namespace SglNative.Cli.Tests.Text;

/// <summary>The text commands as the program has them, on the tokenizer and the template of the demo model.</summary>
public class WiredTextCommandTests
{
    private static string Demo => Path.Combine(TestFiles.Root, "models", "demo");

    [Fact]
    public async Task Tokenize_and_detokenize_undo_each_other()
    {
        var (code, ids, error) = await RunAsync("tokenize --no-special-tokens --tokenizer-path " + Demo, "\"Hello, world! \\u00e9\"\n\"\"\n");
        Assert.True(code == 0, error);
        var lines = ids.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!["ids"]!.ToJsonString()).ToArray();
        Assert.Equal(2, lines.Length);
        Assert.Equal("[]", lines[1]);
        (code, var text, error) = await RunAsync("detokenize --tokenizer-path " + Path.Combine(Demo, "tokenizer.json"), string.Join('\n', lines) + "\n[99999999]\n");
        Assert.True(code == 0, error);
        var answers = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["\"Hello, world! é\"", "\"\""], answers[..2]);
        Assert.StartsWith("{\"error\":\"the tokenizer has no token 99999999", answers[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_template_renders_a_models_own_template_and_files()
    {
        var (code, output, error) = await RunAsync("chat-template --template " + Demo, """{"messages": [{"role": "user", "content": "Hi there"}], "add_generation_prompt": true}""");
        Assert.True(code == 0, error);
        Assert.Contains("Hi there", JsonNode.Parse(output)!["text"]!.GetValue<string>(), StringComparison.Ordinal);
        var file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "template.jinja");
        await File.WriteAllTextAsync(file, "{{ bos_token }}{{ strftime_now('%Y') }}{% if not messages %}{{ raise_exception('nobody spoke') }}{% endif %}");
        (code, output, _) = await RunAsync($"chat-template --now 2024-07-26T12:00:00 --template {file}", "{\"messages\": [{}], \"bos_token\": \"<s>\"}\n{\"messages\": []}\n{}\n");
        Assert.Equal(0, code);
        Assert.Equal("{\"text\":\"<s>2024\"}\n{\"error\":\"nobody spoke\"}", string.Join('\n', output.Split('\n')[..2]));
        Assert.StartsWith("{\"error\":\"the chat template's input has no field messages", output.Split('\n')[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tokenize --tokenizer-path /nowhere", "error: /nowhere: no such file or directory to load a tokenizer from")]
    [InlineData("chat-template --template /nowhere", "error: --template /nowhere: no such file or folder")]
    public async Task What_cannot_be_loaded_is_one_line(string words, string message)
    {
        var (code, _, error) = await RunAsync(words, "");
        Assert.Equal((1, message + "\n"), (code, error));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string words, string input)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        var code = await CommandSet.Default.RunAsync(words.Split(' '), new CommandContext(new StringReader(input), output, error, TestContext.Current.CancellationToken));
        return (code, output.ToString(), error.ToString());
    }
}
