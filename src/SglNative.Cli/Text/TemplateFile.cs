using System.Text.Json;
using System.Text.Json.Nodes;
using SglNative.Core;
using SglNative.Tokenizers.ChatTemplates;
using SglNative.Tokenizers.Configuration;

namespace SglNative.Cli.Text;

/// <summary>The chat template in a file, or in the folder of a model, whose special tokens it then knows.</summary>
internal static class TemplateFile
{
    /// <exception cref="SglException">There is no template, or it is malformed; one line.</exception>
    public static ChatTemplateRenderer Load(string fileOrDirectory)
    {
        if (Directory.Exists(fileOrDirectory)) return OfModel(TokenizerConfig.Load(fileOrDirectory), fileOrDirectory);
        if (!File.Exists(fileOrDirectory)) throw new SglException($"--template {fileOrDirectory}: no such file or folder");
        if (Path.GetExtension(fileOrDirectory) == ".json") return OfModel(TokenizerConfig.LoadFile(fileOrDirectory), fileOrDirectory);
        try
        {
            var template = ChatTemplate.Parse(File.ReadAllText(fileOrDirectory));
            return (variables, now) => Render(template, variables, now, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SglException($"--template {fileOrDirectory}: cannot be read: {e.Message}", e);
        }
    }

    private static ChatTemplateRenderer OfModel(TokenizerConfig config, string path)
    {
        if (config.ChatTemplates.Count == 0) throw new SglException($"--template {path}: there is no chat template");
        var templates = config.ChatTemplates.ToDictionary(t => t.Key, t => ChatTemplate.Parse(t.Value));
        return (variables, now) =>
        {
            var name = config.ChatTemplateNameFor(variables["tools"] is not null)
                ?? throw new SglException($"{path}: no chat template is the default one; there are {string.Join(", ", templates.Keys)}");
            return Render(templates[name], variables, now, config.SpecialTokens);
        };
    }

    private static string Render(ChatTemplate template, JsonObject variables, DateTime? now, IReadOnlyDictionary<string, string>? specialTokens) =>
        template.Render(ChatTemplateInputs.FromJson(JsonSerializer.SerializeToElement(variables), now, specialTokens));
}
