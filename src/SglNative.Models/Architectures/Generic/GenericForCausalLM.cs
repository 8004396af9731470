using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Models.Modules;
using SglNative.Models.Weights;

namespace SglNative.Models.Architectures.Generic;

/// <summary>
/// A decoder that nobody registered, served because its configuration and its tensors' names and shapes say all that its arithmetic
/// depends on. What is in doubt is an error, never a guess.
/// </summary>
public sealed class GenericForCausalLM : DecoderForCausalLM
{
    /// <summary>Declares the model that <see cref="GenericDecoder.Read"/> found.</summary>
    public GenericForCausalLM(DecoderConfig config, ModuleScope root) : base(root, config) { }

    /// <inheritdoc/>
    public override WeightMap WeightMap
    {
        get
        {
            var (a, width) = (Config.Attention, Config.IntermediateSize);
            var map = base.WeightMap
                .Rename("*.block_sparse_moe.*", "*.mlp.*")
                .Rename("*.mlp.c_fc.*", "*.mlp.up_proj.*")
                .Rename("*.mlp.c_proj.*", "*.mlp.down_proj.*")
                .Rename("*.experts.*.w1.weight", "*.experts.*.gate_proj.weight")
                .Rename("*.experts.*.w3.weight", "*.experts.*.up_proj.weight")
                .Rename("*.experts.*.w2.weight", "*.experts.*.down_proj.weight")
                .Split("*.self_attn.qkv_proj.*",
                    ("*.self_attn.q_proj.*", a.Heads * a.HeadDim), ("*.self_attn.k_proj.*", a.KvHeads * a.HeadDim), ("*.self_attn.v_proj.*", a.KvHeads * a.HeadDim));
            if (Config.Moe is { } moe) map.WithStackedExperts(moe.ExpertSize);
            return map.Split("*.mlp.gate_up_proj.*", ("*.mlp.gate_proj.*", width), ("*.mlp.up_proj.*", width));
        }
    }
}
