using SglNative.Core;
using SglNative.Core.Configuration;

namespace SglNative.Models.Architectures.Generic;

/// <summary>
/// Families that look like any other by their configuration and tensors, and compute something else: what their <c>model_type</c> tells
/// is all that tells them apart.
/// </summary>
internal static class GenericFamilies
{
    private const string Neighbours = "rotates neighbouring dimensions instead of halves";
    private const string PlusOne = "multiplies by 1 + weight in its norms";
    private const string Gemma = "scales its embeddings and multiplies by 1 + weight in its norms";

    private static readonly Dictionary<string, string> Peculiar = new(StringComparer.Ordinal)
    {
        ["cohere"] = Neighbours, ["cohere2"] = Neighbours, ["ernie4_5"] = Neighbours, ["ernie4_5_moe"] = Neighbours, ["glm"] = Neighbours, ["glm4"] = Neighbours,
        ["glm4_moe_lite"] = Neighbours, ["helium"] = Neighbours, ["llama4"] = Neighbours, ["llama4_text"] = Neighbours, ["mistral4"] = Neighbours, ["youtu"] = Neighbours,
        ["gemma"] = Gemma, ["gemma2"] = Gemma, ["gemma3"] = Gemma, ["gemma3_text"] = Gemma, ["vaultgemma"] = Gemma, ["recurrent_gemma"] = Gemma,
        ["nemotron"] = PlusOne, ["qwen3_next"] = PlusOne, ["qwen3_5"] = PlusOne, ["qwen3_5_text"] = PlusOne, ["minimax_m2"] = "normalises queries and keys of each rank apart",
        ["exaone4"] = "does not rotate in layers without a window", ["olmo3"] = "rotates otherwise in layers with a window", ["phimoe"] = "chooses its experts one after the other",
        ["apertus"] = "has an activation with parameters", ["ministral3"] = "scales queries by their positions",
    };

    /// <summary>Throws for those.</summary>
    /// <exception cref="SglException">The message says what the family does otherwise.</exception>
    public static void ExpectPlain(JsonConfig c)
    {
        if (c.FindString("model_type") is { } type && Peculiar.TryGetValue(type, out var reason))
            throw c.Error("model_type", $"is '{type}', a family that {reason}: neither config.json nor the tensors' names say so, and the generic decoder does not");
        if (c.FindString("model_type") == "stablelm" && !c.Has("partial_rotary_factor") && c.FindObject("rope_parameters")?.Has("partial_rotary_factor") != true)
            throw GenericDecoder.Missing(c, "partial_rotary_factor", "the part of a head that rotates");
        if (c.FindString("model_type") == "smollm3" && !c.Has("no_rope_layers")) throw GenericDecoder.Missing(c, "no_rope_layers", "which layers rotate");
    }
}
