using System.Text.Json;
using System.Text.Json.Nodes;
using SglNative.Tokenizers.ChatTemplates;

namespace SglNative.Tokenizers.Bench;

/// <summary>Renders published templates (a folder of the chat-template goldens' form), ours and @huggingface/jinja's in turn.</summary>
internal static class TemplateComparison
{
    private const int WarmUp = 2;
    private const int Repeats = 3;

    public static void Run(string folder, int rounds, ReferenceProcess reference)
    {
        using var inputs = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "inputs.json")));
        var root = inputs.RootElement;
        var tokens = root.GetProperty("tokens").EnumerateObject().ToDictionary(token => token.Name, token => token.Value.GetString()!);
        var (parse, render) = (new Samples(), new Samples());
        var files = Directory.EnumerateFiles(folder, "*.json").Where(file => Path.GetFileName(file) != "inputs.json").Order().ToArray();
        var common = new List<(string Source, ChatTemplateInputs[] Inputs, JsonArray Contexts)>();
        foreach (var file in files)
        {
            using var golden = JsonDocument.Parse(File.ReadAllText(file));
            var source = golden.RootElement.GetProperty("source").GetString()!;
            var cases = golden.RootElement.GetProperty("cases").EnumerateArray().Where(c => c.TryGetProperty("rendered", out _) && !c.GetProperty("extra").EnumerateObject().Any()).Select(c => c.Clone()).ToArray();
            // What the reference renders without an error, so that both do the same work.
            var contexts = cases.Select(c => (Case: c, Context: Context(root, c, tokens))).Where(c => Renders(reference, source, c.Context)).ToArray();
            if (contexts.Length > 0) common.Add((source, [.. contexts.Select(c => Inputs(root, c.Case, tokens))], new JsonArray([.. contexts.Select(c => c.Context)])));
        }
        for (var round = -WarmUp; round < rounds; round++)
        {
            var (ours, theirs, oursParse, theirsParse) = (0.0, 0.0, 0.0, 0.0);
            foreach (var (source, our, contexts) in common)
            {
                ChatTemplate? template = null;
                oursParse += Samples.Time(() => template = ChatTemplate.Parse(source));
                ours += Samples.Time(() =>
                {
                    for (var i = 0; i < Repeats; i++)
                        foreach (var one in our) template!.Render(one);
                });
                theirsParse += reference.Time(new() { ["template"] = source });
                theirs += reference.Time(new() { ["render"] = contexts.DeepClone(), ["repeats"] = Repeats });
            }
            if (round < 0) continue;
            parse.Add(oursParse, theirsParse);
            render.Add(ours, theirs);
        }
        parse.Print("templates", $"parse {common.Count}");
        render.Print("templates", $"render {common.Sum(c => c.Inputs.Length) * Repeats}");
    }

    private static bool Renders(ReferenceProcess reference, string source, JsonObject context)
    {
        try
        {
            reference.Ask(new() { ["template"] = source });
            reference.Ask(new() { ["render"] = new JsonArray(context.DeepClone()), ["repeats"] = 1 });
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static ChatTemplateInputs Inputs(JsonElement root, JsonElement test, Dictionary<string, string> tokens) => new(Conversation(root, test))
    {
        Tools = test.GetProperty("tools").GetBoolean() ? root.GetProperty("tools") : null,
        AddGenerationPrompt = test.GetProperty("add_generation_prompt").GetBoolean(),
        SpecialTokens = tokens,
    };

    private static JsonObject Context(JsonElement root, JsonElement test, Dictionary<string, string> tokens)
    {
        var context = new JsonObject
        {
            ["messages"] = JsonNode.Parse(Conversation(root, test).GetRawText()),
            ["tools"] = test.GetProperty("tools").GetBoolean() ? JsonNode.Parse(root.GetProperty("tools").GetRawText()) : null,
            ["documents"] = null,
            ["add_generation_prompt"] = test.GetProperty("add_generation_prompt").GetBoolean(),
        };
        foreach (var (name, token) in tokens) context[name] = token;
        return context;
    }

    private static JsonElement Conversation(JsonElement root, JsonElement test) =>
        root.GetProperty("conversations").GetProperty(test.GetProperty("conversation").GetString()!);
}
