using System.Text.Json;
using SglNative.Testing;
using SglNative.Tokenizers.ChatTemplates;

namespace SglNative.Tokenizers.Tests.ChatTemplates;

/// <summary>Published templates, read in place: each render equals transformers', and fails exactly where transformers fails.</summary>
public class PublishedTemplateTests
{
    public static TheoryData<string> Files()
    {
        var files = new TheoryData<string>();
        if (Folder is { } folder)
            foreach (var path in Directory.EnumerateFiles(folder, "*.json").Where(path => Path.GetFileName(path) != "inputs.json").Order())
                files.Add(Path.GetFileName(path));
        else
            files.Add("");
        return files;
    }

    /// <summary>The goldens were rendered with a variable date_string, as two of the templates know it, beside the recorded ones.</summary>
    private static Dictionary<string, JsonElement> Variables(JsonElement extra, DateTime now)
    {
        var variables = extra.EnumerateObject().ToDictionary(variable => variable.Name, variable => variable.Value);
        variables["date_string"] = JsonSerializer.SerializeToElement(now.ToString("dd MMM yyyy", System.Globalization.CultureInfo.InvariantCulture));
        return variables;
    }

    private static string? Folder =>
        TestFiles.Shared is { } shared && Directory.Exists(Path.Combine(shared, "chat-template-goldens")) ? Path.Combine(shared, "chat-template-goldens") : null;

    [Theory]
    [MemberData(nameof(Files))]
    public void Renders_equal_the_reference(string file)
    {
        if (Folder is not { } folder)
        {
            Assert.Skip("the published templates are not here");
            return;
        }
        using var inputs = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "inputs.json")));
        using var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, file)));
        var template = ChatTemplate.Parse(golden.RootElement.GetProperty("source").GetString()!);
        var tokens = inputs.RootElement.GetProperty("tokens").EnumerateObject().ToDictionary(token => token.Name, token => token.Value.GetString()!);
        var now = DateTime.Parse(inputs.RootElement.GetProperty("date").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
        foreach (var test in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            var name = test.GetProperty("conversation").GetString()!;
            var render = () => template.Render(new ChatTemplateInputs(inputs.RootElement.GetProperty("conversations").GetProperty(name))
            {
                Tools = test.GetProperty("tools").GetBoolean() ? inputs.RootElement.GetProperty("tools") : null,
                AddGenerationPrompt = test.GetProperty("add_generation_prompt").GetBoolean(),
                SpecialTokens = tokens,
                Variables = Variables(test.GetProperty("extra"), now),
                Now = now,
            });
            if (test.TryGetProperty("rendered", out var rendered))
            {
                Assert.Equal(rendered.GetString(), render());
                continue;
            }
            var error = Assert.Throws<ChatTemplateException>(() => { render(); });
            var expected = test.GetProperty("error").GetString()!;
            if (expected.StartsWith("TemplateError: ", StringComparison.Ordinal)) Assert.Equal(expected["TemplateError: ".Length..], error.Message);
            else if (expected.Contains(": ", StringComparison.Ordinal))
                Assert.EndsWith(expected[(expected.IndexOf(": ", StringComparison.Ordinal) + 2)..], error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message);
        }
    }
}
