using System.Text.Json.Nodes;
using SglNative.Cli.Commands;
using SglNative.Engine.Configuration.Flags;

namespace SglNative.Cli.Text;

/// <summary><c>sgl-native detokenize</c>: JSON lists of ids in, JSON strings out, line by line.</summary>
/// <param name="load">Loads the tokenizer in a folder or file.</param>
internal sealed class DetokenizeCommand(Func<string, ITextCodec> load) : ICommand
{
    private static readonly Flag<bool> SkipSpecialTokens =
        Flag.Switch("--skip-special-tokens", "Leave special tokens out of the text.").Own().ForCommand();

    private static readonly FlagGroup Flags = new("flags", [TextFlags.TokenizerPath, SkipSpecialTokens]);

    public string Name => "detokenize";

    public string Summary => "Turns token ids into text: JSON lists of ids in, JSON strings out, line by line.";

    public string Help(int width) => $"""
        usage: sgl-native detokenize --tokenizer-path DIR_OR_FILE [--skip-special-tokens] < ids.jsonl

        {Summary}

        """ + FlagHelp.Write([Flags], width);

    public async Task<int> RunAsync(IReadOnlyList<string> args, CommandContext context)
    {
        var values = CommandLineReader.Read(new FlagTable(Flags), args);
        var codec = load(TextFlags.Required(values, TextFlags.TokenizerPath));
        var skipSpecialTokens = values.Get(SkipSpecialTokens);
        await foreach (var (line, value) in JsonLines.ReadAsync(context.In, context.Stop))
        {
            var ids = ReadIds(value, line);
            await context.Out.WriteLineAsync(JsonLines.Write(JsonLines.Answer(() => JsonValue.Create(codec.Decode(ids, skipSpecialTokens)))));
        }

        return ExitCode.Done;
    }

    private static int[] ReadIds(JsonNode? value, int line)
    {
        if (value is not JsonArray list) throw JsonLines.Fail(line, "ids are a JSON list of integers");
        var ids = new int[list.Count];
        for (var i = 0; i < ids.Length; i++)
            if (list[i] is not JsonValue item || !item.TryGetValue(out ids[i]))
                throw JsonLines.Fail(line, $"item {i} of the list is not a token id");
        return ids;
    }
}
