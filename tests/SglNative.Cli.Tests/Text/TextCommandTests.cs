using System.Text;
using System.Text.Json.Nodes;
using SglNative.Cli.Commands;
using SglNative.Cli.Text;
using SglNative.Core;

namespace SglNative.Cli.Tests.Text;

/// <summary>The text commands over a tokenizer and a template simple enough to foresee: one id per UTF-16 unit, 1 in front.</summary>
public class TextCommandTests
{
    [Fact]
    public async Task Tokenize_answers_line_by_line()
    {
        var (code, output, _) = await RunAsync(Tokenize, "tokenize --tokenizer-path X", "\"ab\"\n\n\"\"\n\"\\u00e9\"");
        Assert.Equal((0, "{\"ids\":[1,97,98]}\n{\"ids\":[1]}\n{\"ids\":[1,233]}\n"), (code, output));
        Assert.Equal("{\"ids\":[97]}\n", (await RunAsync(Tokenize, "tokenize --tokenizer-path X --no-special-tokens", "\"a\"\n")).Output);
    }

    [Fact]
    public async Task Detokenize_answers_line_by_line()
    {
        var (code, output, _) = await RunAsync(Detokenize, "detokenize --tokenizer-path X", "[1, 97, 233]\n[]\n");
        Assert.Equal((0, "\"<s>aé\"\n\"\"\n"), (code, output));
        Assert.Equal("\"a\"\n", (await RunAsync(Detokenize, "detokenize --tokenizer-path X --skip-special-tokens", "[1, 97]")).Output);
    }

    [Fact]
    public async Task A_template_error_is_an_answer_and_the_clock_can_be_frozen()
    {
        var (code, output, _) = await RunAsync(Template, "chat-template --template X --now 2024-07-26T12:00:00", "{\"a\":\"é\"}\n{}\n");
        Assert.Equal((0, "{\"text\":\"é at 2024-07-26 12:00\"}\n{\"error\":\"a is missing\"}\n"), (code, output));
    }

    [Theory]
    [InlineData("tokenize", "", "error: --tokenizer-path DIR_OR_FILE is missing")]
    [InlineData("tokenize --tokenizer-path X", "\"a\"\nb\n", "error: line 2 of the input: not JSON at byte 1")]
    [InlineData("tokenize --tokenizer-path X", "[1]", "error: line 1 of the input: a text is a JSON string")]
    [InlineData("tokenize --tokenizer-path X", "null", "error: line 1 of the input: a text is a JSON string")]
    [InlineData("tokenize --tokenizer-path X", "\"\\ud800\"", "error: line 1 of the input: the string holds half of a surrogate pair")]
    [InlineData("detokenize --tokenizer-path X", "\"a\"", "error: line 1 of the input: ids are a JSON list of integers")]
    [InlineData("detokenize --tokenizer-path X", "[1, 2.5]", "error: line 1 of the input: item 1 of the list is not a token id")]
    [InlineData("detokenize --tokenizer-path X", "[99999999999]", "error: line 1 of the input: item 0 of the list is not a token id")]
    [InlineData("chat-template --template X", "[]", "error: line 1 of the input: the variables of a rendering are a JSON object")]
    [InlineData("chat-template --template X --now noon", "", "error: --now takes a time such as 2024-07-26T12:00:00, not 'noon'")]
    public async Task A_mistake_is_one_line(string words, string input, string message)
    {
        var (code, _, error) = await RunAsync(All, words, input);
        Assert.Equal((1, message + "\n"), (code, error));
    }

    [Fact]
    public async Task Input_that_is_not_utf8_or_nests_without_end_is_one_line()
    {
        using var broken = new StreamReader(new MemoryStream([0x22, 0xff, 0x22]), new UTF8Encoding(false, throwOnInvalidBytes: true));
        Assert.StartsWith("error: line 1 of the input: it is not UTF-8 text", (await RunAsync(All, "tokenize --tokenizer-path X", broken)).Error, StringComparison.Ordinal);
        Assert.StartsWith("error: line 1 of the input: not JSON", (await RunAsync(All, "chat-template --template X", new string('[', 100_000))).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupt_ends_a_command_that_waits_for_input()
    {
        using var stop = new CancellationTokenSource(50);
        using var reader = new EndlessReader();
        Assert.Equal(130, await All.RunAsync(["tokenize", "--tokenizer-path", "X"], new CommandContext(reader, TextWriter.Null, TextWriter.Null, stop.Token)));
    }

    private static CommandSet Tokenize => new(new TokenizeCommand(_ => new UnitCodec()));

    private static CommandSet Detokenize => new(new DetokenizeCommand(_ => new UnitCodec()));

    private static CommandSet Template => new(new ChatTemplateCommand(_ => Render));

    private static CommandSet All => new(new TokenizeCommand(_ => new UnitCodec()), new DetokenizeCommand(_ => new UnitCodec()), new ChatTemplateCommand(_ => Render));

    private static string Render(JsonObject variables, DateTime? now) =>
        variables["a"] is { } a ? $"{a} at {now:yyyy-MM-dd HH:mm}" : throw new SglException("a is missing");

    private static Task<(int Code, string Output, string Error)> RunAsync(CommandSet set, string words, string input) =>
        RunAsync(set, words, new StringReader(input));

    private static async Task<(int Code, string Output, string Error)> RunAsync(CommandSet set, string words, TextReader input)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        var code = await set.RunAsync(words.Split(' '), new CommandContext(input, output, error, CancellationToken.None));
        return (code, output.ToString(), error.ToString());
    }

    private sealed class UnitCodec : ITextCodec
    {
        public IReadOnlyList<int> Encode(string text, bool addSpecialTokens) => [.. addSpecialTokens ? [1] : Array.Empty<int>(), .. text.Select(c => (int)c)];

        public string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens) =>
            string.Concat(ids.Select(id => id == 1 ? skipSpecialTokens ? "" : "<s>" : ((char)id).ToString()));
    }

    private sealed class EndlessReader : TextReader
    {
        private readonly ManualResetEventSlim _closed = new();

        public override string? ReadLine()
        {
            _closed.Wait(TimeSpan.FromSeconds(20));
            return null;
        }

        protected override void Dispose(bool disposing)
        {
            _closed.Set();
            base.Dispose(disposing);
        }
    }
}
