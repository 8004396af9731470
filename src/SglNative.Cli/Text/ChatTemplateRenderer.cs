using System.Text.Json.Nodes;

namespace SglNative.Cli.Text;

/// <summary>Renders a loaded chat template with the variables of one conversation.</summary>
/// <param name="variables">Everything the template can name: messages, tools, add_generation_prompt, bos_token …</param>
/// <param name="now">What the template's clock says; null for the time it is.</param>
/// <exception cref="Core.SglException">The template raised an error, or cannot be rendered with these variables.</exception>
internal delegate string ChatTemplateRenderer(JsonObject variables, DateTime? now);
