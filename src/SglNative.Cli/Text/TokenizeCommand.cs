using System.Text.Json.Nodes;
using SglNative.Cli.Commands;
using SglNative.Engine.Configuration.Flags;

namespace SglNative.Cli.Text;

/// <summary><c>sgl-native tokenize</c>: JSON strings in, <c>{"ids":[…]}</c> out, line by line.</summary>
/// <param name="load">Loads the tokenizer in a folder or file.</param>
internal sealed class TokenizeCommand(Func<string, ITextCodec> load) : ICommand
{
    private static readonly Flag<bool> NoSpecialTokens =
        Flag.Switch("--no-special-tokens", "Leave out the tokens that the tokenizer adds around a text.").Own().ForCommand();

    private static readonly FlagGroup Flags = new("flags", [TextFlags.TokenizerPath, NoSpecialTokens]);

    public string Name => "tokenize";

    public string Summary => "Turns texts into token ids: JSON strings in, {\"ids\":[...]} out, line by line.";

    public string Help(int width) => $"""
        usage: sgl-native tokenize --tokenizer-path DIR_OR_FILE [--no-special-tokens] < texts.jsonl

        {Summary}

        """ + FlagHelp.Write([Flags], width);

    public async Task<int> RunAsync(IReadOnlyList<string> args, CommandContext context)
    {
        var values = CommandLineReader.Read(new FlagTable(Flags), args);
        var codec = load(TextFlags.Required(values, TextFlags.TokenizerPath));
        var addSpecialTokens = !values.Get(NoSpecialTokens);
        await foreach (var (line, value) in JsonLines.ReadAsync(context.In, context.Stop))
        {
            var text = ReadText(value, line);
            await context.Out.WriteLineAsync(JsonLines.Write(JsonLines.Answer(
                () => new JsonObject { ["ids"] = new JsonArray([.. codec.Encode(text, addSpecialTokens).Select(id => JsonValue.Create(id))]) })));
        }

        return ExitCode.Done;
    }

    private static string ReadText(JsonNode? value, int line)
    {
        try
        {
            if (value is JsonValue scalar && scalar.TryGetValue<string>(out var text)) return text;
        }
        catch (InvalidOperationException e)
        {
            // An escape such as \ud800 that is half of a character.
            throw JsonLines.Fail(line, "the string holds half of a surrogate pair", e);
        }

        throw JsonLines.Fail(line, "a text is a JSON string");
    }
}
