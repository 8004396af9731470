using System.Globalization;
using System.Text.Json;
using SglNative.Tokenizers.ChatTemplates;

namespace SglNative.Tokenizers.Tests.ChatTemplates;

/// <summary>Templates of this project's own, which between them use every construct, against transformers' renders.</summary>
public sealed class OwnTemplateTests
{
    private static readonly JsonElement Golden = TestData.Read("templates");

    [Fact]
    public void Renders_equal_the_reference()
    {
        var differences = Golden.GetProperty("cases").EnumerateArray().Select(Difference).OfType<string>().ToList();
        Assert.True(differences.Count == 0, $"{differences.Count} of {Golden.GetProperty("cases").GetArrayLength()} differ:\n{string.Join('\n', differences)}");
    }

    private static string? Difference(JsonElement test)
    {
        var source = TestData.Text(test, "template");
        string? rendered = null, error = null;
        try
        {
            rendered = ChatTemplate.Parse(source).Render(Inputs(test));
        }
        catch (ChatTemplateException e)
        {
            error = e.Message;
        }
        if (test.TryGetProperty("rendered", out var expected))
            return rendered == expected.GetString() ? null : $"{test.GetProperty("template")}: expected {expected}, got {rendered ?? "the error " + error}";
        if (error is null) return $"{test.GetProperty("template")}: expected {test.GetProperty("error")} ({test.GetProperty("message")}), got {rendered}";
        var raised = TestData.Text(test, "error") == "TemplateError";
        return raised && error != TestData.Text(test, "message") ? $"{test.GetProperty("template")}: expected the message {test.GetProperty("message")}, got {error}" : null;
    }

    private static ChatTemplateInputs Inputs(JsonElement test) => new(test.TryGetProperty("messages", out var messages) ? messages : Golden.GetProperty("messages"))
    {
        Tools = Optional(test, "tools"),
        Documents = Optional(test, "documents"),
        AddGenerationPrompt = Flag(test, "add_generation_prompt"),
        ContinueFinalMessage = Flag(test, "continue_final_message"),
        Variables = Golden.GetProperty("variables").EnumerateObject().ToDictionary(v => v.Name, v => v.Value),
        Now = DateTime.Parse(TestData.Text(Golden, "now"), CultureInfo.InvariantCulture),
    };

    private static JsonElement? Optional(JsonElement test, string name) => test.TryGetProperty(name, out var value) ? value : null;

    private static bool Flag(JsonElement test, string name) => test.TryGetProperty(name, out var value) && value.GetBoolean();
}
