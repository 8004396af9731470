using System.Reflection;
using System.Text;
using SglNative.Core;
using SglNative.Core.Configuration;
using SglNative.Models;
using SglNative.Models.Registry;

namespace SglNative.Cli.Commands;

/// <summary>The page docs/supported-models.md: the registry's architectures, and the checkpoints that tests verify each with.</summary>
internal static class ModelDocs
{
    /// <summary>The page, from the architectures and a folder of golden checkpoints.</summary>
    /// <exception cref="SglException">There is no such folder, or a checkpoint in it has no readable configuration.</exception>
    public static string Page(ModelRegistry registry, string goldens)
    {
        if (!Directory.Exists(goldens)) throw new SglException($"{goldens} is no folder; expected that of the checkpoints that tests verify: tests/goldens");
        var verified = Directory.GetDirectories(goldens)
            .SelectMany(folder => CheckpointConfig.Load(folder).Architectures.Take(1).Select(name => (name, Path.GetFileName(folder)!)))
            .ToLookup(pair => pair.name, pair => pair.Item2);
        var attributes = typeof(CausalLM).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes<ModelArchitectureAttribute>()).ToDictionary(attribute => attribute.Name);
        var page = new StringBuilder("""
            # Supported models

            <!-- Written by `sgl-native docs models tests/goldens`; edit the models' attributes, not this file. -->

            A checkpoint is served when the first architecture that its `config.json` names is one of these. Weights in bfloat16, float16
            and float32 load for all of them; further formats are named. "Verified with" lists the checkpoints in `tests/goldens` whose logits
            are compared, at every position that the file holds, with those that Hugging Face transformers computes in float32: prefill and
            decode, whole and in chunks, in float32 (largest difference 1e-3) and in 16 bits.

            | Architecture | Models | Formats | Verified with |
            |---|---|---|---|

            """);
        foreach (var model in registry.Models.OrderBy(model => model.Name, StringComparer.Ordinal))
        {
            var attribute = attributes.GetValueOrDefault(model.Name);
            page.Append('|').AppendJoin('|', $" `{model.Name}` ", $" {attribute?.Models ?? model.ClassName} ", $" {attribute?.Formats ?? "plain"} ",
                $" {string.Join(", ", verified[model.Name].Order(StringComparer.Ordinal).DefaultIfEmpty("nothing yet"))} ").Append("|\n");
        }
        var generic = verified.Where(group => registry.Models.All(model => model.Name != group.Key)).OrderBy(group => group.Key, StringComparer.Ordinal);
        page.Append("""

            Any other architecture is served by a decoder that follows `config.json` and the tensors' names (`--model-impl`), where these say all that
            its arithmetic depends on; what is in doubt is refused by name. Verified so:

            """).Append('\n').AppendJoin('\n', generic.Select(group => $"- `{group.Key}`: {string.Join(", ", group.Order(StringComparer.Ordinal))}")).Append('\n');
        return page.ToString();
    }
}
