namespace SglNative.Models.Registry;

/// <summary>
/// Names a model by the string in a checkpoint's <c>config.json:architectures</c>. The class derives from <see cref="CausalLM"/> and
/// has a constructor (JsonConfig config, ModuleScope root). Several attributes give it several names.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ModelArchitectureAttribute(string name) : Attribute
{
    /// <summary>Such as <c>LlamaForCausalLM</c>.</summary>
    public string Name => name;
}
