using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Models.Architectures;
using SglNative.Models.Modules;
using SglNative.Models.Registry;

namespace SglNative.Samples;

/// <summary>Llama, with the square root of each positive logit. It serves any Llama checkpoint:
/// <c>serve --json-model-override-args '{"architectures":["LlamaWrapper"]}'</c>.</summary>
[ModelArchitecture("LlamaWrapper")]
public sealed class LlamaWrapper(JsonConfig config, ModuleScope root) : LlamaForCausalLM(config, root)
{
    /// <inheritdoc/>
    public override Tensor ComputeLogits(Tensor hidden) => Ops.Map("x > 0 ? sqrtf(x) : x", base.ComputeLogits(hidden));
}
