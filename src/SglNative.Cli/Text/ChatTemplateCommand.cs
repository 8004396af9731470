using System.Globalization;
using System.Text.Json.Nodes;
using SglNative.Cli.Commands;
using SglNative.Engine.Configuration.Flags;

namespace SglNative.Cli.Text;

/// <summary><c>sgl-native chat-template</c>: JSON objects of variables in, <c>{"text":…}</c> or <c>{"error":…}</c> out, line by line.</summary>
/// <param name="load">Loads the template in a file or a model's folder.</param>
internal sealed class ChatTemplateCommand(Func<string, ChatTemplateRenderer> load) : ICommand
{
    private static readonly Flag<string?> Template =
        Flag.Text("--template", "File of a chat template, or folder of a model that has one.").Shown("FILE_OR_DIR").Own().ForCommand();

    private static readonly Flag<string?> Now =
        Flag.Text("--now", "What the template's clock says, such as 2024-07-26T12:00:00.").Shown("TIME")
            .Such(text => ReadTime(text) is not null, "a time such as 2024-07-26T12:00:00").Own().ForCommand();

    private static readonly FlagGroup Flags = new("flags", [Template, Now]);

    public string Name => "chat-template";

    public string Summary => "Renders conversations with a chat template: JSON objects in, {\"text\":...} or {\"error\":...} out.";

    public string Help(int width) => $$"""
        usage: sgl-native chat-template --template FILE_OR_MODEL_DIR [--now 2024-07-26T12:00:00] < conversations.jsonl

        {{Summary}}
        Each object holds the variables of one rendering: messages, tools, add_generation_prompt, bos_token and any other.

        """ + FlagHelp.Write([Flags], width);

    public async Task<int> RunAsync(IReadOnlyList<string> args, CommandContext context)
    {
        var values = CommandLineReader.Read(new FlagTable(Flags), args);
        var render = load(TextFlags.Required(values, Template));
        var now = ReadTime(values.Get(Now));
        await foreach (var (line, value) in JsonLines.ReadAsync(context.In, context.Stop))
        {
            if (value is not JsonObject variables) throw JsonLines.Fail(line, "the variables of a rendering are a JSON object");
            await context.Out.WriteLineAsync(JsonLines.Write(JsonLines.Answer(() => new JsonObject { ["text"] = render(variables, now) })));
        }

        return ExitCode.Done;
    }

    private static DateTime? ReadTime(string? text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
