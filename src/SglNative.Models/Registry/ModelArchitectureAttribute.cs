namespace SglNative.Models.Registry;

/// <summary>
/// Names a model by the string in a checkpoint's <c>config.json:architectures</c>. The class derives from <see cref="CausalLM"/> and
/// has a public constructor (JsonConfig config, ModuleScope root). Several attributes give it several names.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ModelArchitectureAttribute(string name) : Attribute
{
    /// <summary>Such as <c>LlamaForCausalLM</c>.</summary>
    public string Name => name;

    /// <summary>
    /// The family as a file would be called, such as <c>qwen2_moe</c>; made from the name where null. <c>models list</c> shows it and
    /// <c>SGLANG_DISABLED_MODEL_ARCHS</c> takes it.
    /// </summary>
    public string? Family { get; set; }

    /// <summary>Published models that have it, for docs/supported-models.md.</summary>
    public string? Models { get; set; }

    /// <summary>Quantised formats that are loaded beside plain weights, for docs/supported-models.md.</summary>
    public string? Formats { get; set; }
}
