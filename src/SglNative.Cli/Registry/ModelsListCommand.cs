using System.Globalization;
using System.Text.Json.Nodes;
using SglNative.Cli.Commands;
using SglNative.Cli.Text;
using SglNative.Core;
using SglNative.Engine.Configuration;
using SglNative.Engine.Configuration.Flags;
using SglNative.Engine.Loading;

namespace SglNative.Cli.Registry;

/// <summary><c>sgl-native models list</c>: the architectures that can be served.</summary>
internal sealed class ModelsListCommand : ModelsCommand
{
    public override string Name => "models list";

    public override string Summary => "Lists the architectures that can be served, by their name in config.json, with the class and package that serve them.";

    protected override string Usage => "[--json]";

    protected override FlagTable Table { get; } = TableOf(Json);

    protected override async Task<int> RunAsync(IReadOnlyList<string> words, ServerCommandLine line, CommandContext context)
    {
        if (words.Count > 0) throw new SglException($"models list takes no more words, but was given '{string.Join(' ', words)}'");
        var models = (await DiscoverAsync(line.Args, context)).Models;
        if (line.Values.Get(Json))
        {
            await context.Out.WriteLineAsync(JsonLines.Write(new JsonArray([.. models.Select(model => (JsonNode)new JsonObject
            {
                ["architecture"] = model.Name,
                ["family"] = model.Family,
                ["class"] = model.ClassName,
                ["package"] = model.Package,
                ["version"] = model.Version,
                ["source"] = model.SourceText,
                ["backends"] = Texts(ModelSupport.Backends),
                ["weights"] = Texts(ModelSupport.WeightTypes),
                ["quantizations"] = Texts(model.Quantizations),
            })])));
            return ExitCode.Done;
        }
        var (name, owner) = (models.Max(model => model.Name.Length), models.Max(model => model.Owner.Length));
        foreach (var model in models)
            await context.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{model.Name.PadRight(name)}  {model.Owner.PadRight(owner)}  {model.Family}, {model.SourceText}; on {string.Join(", ", ModelSupport.Backends)}{(model.Quantizations.Count == 0 ? "" : $"; quantised: {string.Join(", ", model.Quantizations)}")}"));
        return ExitCode.Done;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
