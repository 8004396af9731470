using SglNative.Core.Checkpoints;
using SglNative.Core.Configuration;

namespace SglNative.Core.Hub;

/// <summary>The part of a repository that serving a model needs: configuration, tokenizer, chat templates, safetensors weights.</summary>
/// <param name="Small">Everything but the weights; the index of the shards among them.</param>
/// <param name="Weights">Which weight files, by the rule that a folder is read with.</param>
internal sealed record HubFileSelection(IReadOnlyList<string> Small, WeightFiles Weights)
{
    private const string ExtraTemplates = "additional_chat_templates/";

    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        CheckpointConfig.FileName, GenerationConfig.FileName,
        "tokenizer.json", "tokenizer_config.json", "tokenizer.model", "special_tokens_map.json", "added_tokens.json",
        "vocab.json", "vocab.txt", "merges.txt", "tekken.json", "spiece.model", "sentencepiece.bpe.model", "chat_template.json",
    };

    /// <summary>Chooses from the paths of a repository.</summary>
    public static HubFileSelection Select(IReadOnlyList<string> files, bool includeWeights)
    {
        var top = files.Where(f => !f.Contains('/')).ToArray();
        var weights = includeWeights ? WeightFiles.Select(top) : new WeightFiles(null, []);
        var small = files.Where(f => IsSmall(f) || f == weights.Index).Order(StringComparer.Ordinal).ToArray();
        return new HubFileSelection(small, weights);
    }

    private static bool IsSmall(string file) =>
        Names.Contains(file)
        || (file.EndsWith(".jinja", StringComparison.Ordinal)
            && (file.StartsWith("chat_template", StringComparison.Ordinal) ? !file.Contains('/') : file.StartsWith(ExtraTemplates, StringComparison.Ordinal)))
        || (file.EndsWith(".tiktoken", StringComparison.Ordinal) && !file.Contains('/'));
}
