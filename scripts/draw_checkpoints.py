#!/usr/bin/env python3
"""Draws small checkpoints at random, of every architecture and of sizes that nobody chose, with transformers' logits: a check for what fixed goldens miss.

    python3 scripts/draw_checkpoints.py --output /tmp/drawn --count 10 --seed 1 [--only llama qwen3_next ...]
    ONLY_RUN=/tmp/drawn tests/SglNative.Engine.Tests/bin/Release/net10.0/SglNative.Engine.Tests --filter-class '*GenerationModelTests'

Each folder is a golden as reference_hf.py writes it. Every second one has its config.json as transformers writes it today, the others in the style of published
checkpoints, from which fields that equal their family's defaults may be missing.
"""

import argparse
import json
import random
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM

from make_wide_checkpoints import fill, published
from reference_hf import load_model, random_prompts, reference, write

HEAD_DIMS = [8, 16, 24, 32, 40, 48, 64, 80, 96]


class Draw(random.Random):
    """What the families' draws have in common."""

    def chance(self, probability: float) -> bool:
        return self.random() < probability

    def eps(self) -> float:
        return self.choice([1e-6, 1e-5, 1e-8, 3e-4])

    def theta(self) -> float:
        return self.choice([10000.0, 500000.0, 1000000.0, 1234.5])

    def heads(self, free: bool = True) -> dict:
        """Query and key heads, any group size; with `free`, a head that need not be hidden / heads."""
        key_value, group = self.choice([1, 1, 2, 3, 4]), self.choice([1, 2, 3, 4, 5, 7])
        heads, size = key_value * group, self.choice(HEAD_DIMS)
        while heads * size > 400:
            size = self.choice(HEAD_DIMS)
        if free and self.chance(0.6):
            return dict(hidden_size=heads * self.choice([4, 6, 8, 10, 16]) if heads > 4 else heads * 8 * self.randint(2, 6), num_attention_heads=heads, num_key_value_heads=key_value, head_dim=size)
        return dict(hidden_size=heads * size, num_attention_heads=heads, num_key_value_heads=key_value)

    def base(self, free: bool = True) -> dict:
        return self.heads(free) | dict(
            vocab_size=self.randint(61, 331), intermediate_size=self.randint(9, 70) * self.choice([1, 2, 4]), num_hidden_layers=self.randint(1, 5), rms_norm_eps=self.eps(),
            max_position_embeddings=self.choice([512, 1024, 4096]), tie_word_embeddings=self.chance(0.4), hidden_act="silu", bos_token_id=1, eos_token_id=2, pad_token_id=0)

    def rope(self, config: dict, kinds: list[str], dim: int | None = None) -> dict:
        """rope_theta and rope_scaling as published."""
        kind = self.choice(kinds)
        original = self.choice([72, 100, 256])
        # The base of "dynamic" grows beyond max_position_embeddings, where requests end; and prompts may not cross the border of "longrope" while they decode.
        scaling = dict(
            none=None, linear=dict(type="linear", factor=self.choice([2.0, 4.0, 2.5])), dynamic=dict(type="dynamic", factor=2.0),
            yarn=dict(rope_type="yarn", factor=self.choice([4.0, 8.0, 3.5]), original_max_position_embeddings=original),
            llama3=dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=self.choice([4.0, 2.5]), original_max_position_embeddings=original),
            longrope=dict(type="longrope", original_max_position_embeddings=original))[kind]
        if kind == "yarn":
            scaling |= self.choice([{}, dict(beta_fast=16, beta_slow=2), dict(attention_factor=1.25), dict(truncate=False), dict(mscale=1.0, mscale_all_dim=0.7), dict(mscale=0.8)])
            if self.chance(0.3):
                config["max_position_embeddings"] = int(original * scaling["factor"])
        if kind == "longrope":
            half = (dim or config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]) // 2
            scaling |= dict(short_factor=[round(1 + self.random(), 3) for _ in range(half)], long_factor=[round(1.5 + 8 * self.random(), 3) for _ in range(half)])
            if self.chance(0.5):
                scaling |= dict(factor=self.choice([4.0, 16.0]))
        return config | dict(rope_theta=self.theta()) | ({} if kind == "none" and self.chance(0.5) else dict(rope_scaling=scaling))

    def windows(self, types: bool = True) -> dict:
        return dict(sliding_window=self.choice([1, 2, 7, 16, 33, 64, 100]))

    def layer_types(self, config: dict, kinds: tuple[str, str], probability: float = 0.5) -> dict:
        types = [self.choice(kinds) for _ in range(config["num_hidden_layers"])]
        return dict(layer_types=types) if self.chance(probability) else {}

    def sparse(self, layers: int) -> dict:
        """Which layers of the Qwen families have experts; one of them at least."""
        choice = self.randrange(4)
        if choice == 0 and layers > 1:
            return dict(decoder_sparse_step=2, mlp_only_layers=[])
        if choice == 1 and layers > 1:
            return dict(decoder_sparse_step=1, mlp_only_layers=sorted(self.sample(range(layers), self.randint(1, layers - 1))))
        return dict(decoder_sparse_step=1, mlp_only_layers=[]) if choice == 2 else {}

    def experts(self, most: int = 40) -> tuple[int, int]:
        experts = self.choice([2, 3, 5, 6, 8, 12, 17, 33, most])
        return experts, self.randint(1, min(experts, 8))


FULL_OR_SLIDING = ("full_attention", "sliding_attention")
PLAIN_ROPES = ["none", "none", "linear", "dynamic", "yarn", "llama3", "longrope"]


def llama(d: Draw) -> dict:
    c = d.rope(d.base(), PLAIN_ROPES)
    return c | dict(architectures=["LlamaForCausalLM"], model_type="llama", attention_bias=d.chance(0.4), mlp_bias=d.chance(0.3), hidden_act=d.choice(["silu", "silu", "gelu", "gelu_pytorch_tanh"]))


def mistral(d: Draw) -> dict:
    return d.rope(d.base(), PLAIN_ROPES) | dict(architectures=["MistralForCausalLM"], model_type="mistral") | d.choice([{}, dict(sliding_window=None), d.windows()])


def qwen2(d: Draw) -> dict:
    c = d.rope(d.base(free=False), PLAIN_ROPES) | dict(architectures=["Qwen2ForCausalLM"], model_type="qwen2")
    if d.chance(0.3):
        c |= dict(head_dim=d.choice(HEAD_DIMS))
        c = d.rope(c, PLAIN_ROPES)
    return c | d.choice([dict(use_sliding_window=False, sliding_window=4096, max_window_layers=28), dict(use_sliding_window=True, max_window_layers=d.randint(0, 4)) | d.windows()]) \
        | d.layer_types(c, FULL_OR_SLIDING, 0.2)


def qwen3(d: Draw) -> dict:
    c = d.base()
    c = d.rope(c | dict(head_dim=c.get("head_dim") or c["hidden_size"] // c["num_attention_heads"]), PLAIN_ROPES)
    return c | dict(architectures=["Qwen3ForCausalLM"], model_type="qwen3", attention_bias=d.chance(0.3)) \
        | d.choice([dict(use_sliding_window=False, sliding_window=4096, max_window_layers=28), dict(use_sliding_window=True, max_window_layers=d.randint(0, 4)) | d.windows()])


def mixtral(d: Draw) -> dict:
    experts, top = d.experts()
    return d.rope(d.base(), ["none", "none", "yarn", "linear"]) | dict(architectures=["MixtralForCausalLM"], model_type="mixtral", num_local_experts=experts, num_experts_per_tok=top) \
        | d.choice([{}, dict(sliding_window=None), d.windows()])


def qwen2_moe(d: Draw) -> dict:
    experts, top = d.experts()
    c = d.rope(d.base(free=False), ["none", "none", "yarn"])
    return c | dict(architectures=["Qwen2MoeForCausalLM"], model_type="qwen2_moe", num_experts=experts, num_experts_per_tok=top, moe_intermediate_size=d.randint(5, 50),
                    shared_expert_intermediate_size=d.randint(5, 60), norm_topk_prob=d.chance(0.5), qkv_bias=d.chance(0.7)) | d.sparse(c["num_hidden_layers"]) \
        | d.choice([dict(use_sliding_window=False), dict(use_sliding_window=True, max_window_layers=d.randint(0, 4)) | d.windows()])


def qwen3_moe(d: Draw) -> dict:
    experts, top = d.experts(130)
    c = d.base()
    c = d.rope(c | dict(head_dim=c.get("head_dim") or c["hidden_size"] // c["num_attention_heads"]), ["none", "none", "yarn"])
    return c | dict(architectures=["Qwen3MoeForCausalLM"], model_type="qwen3_moe", num_experts=experts, num_experts_per_tok=top, moe_intermediate_size=d.randint(5, 50),
                    norm_topk_prob=d.chance(0.5), attention_bias=d.chance(0.3)) | d.sparse(c["num_hidden_layers"]) \
        | d.choice([dict(use_sliding_window=False), dict(use_sliding_window=True) | d.windows()])


def gemma(d: Draw) -> dict:
    c = d.base()
    c = d.rope(c | dict(head_dim=c.get("head_dim") or c["hidden_size"] // c["num_attention_heads"]), ["none"])
    return c | dict(architectures=["GemmaForCausalLM"], model_type="gemma", attention_bias=d.chance(0.2), tie_word_embeddings=True) \
        | d.choice([dict(hidden_act="gelu"), dict(hidden_act="gelu_pytorch_tanh"), dict(hidden_act="gelu", hidden_activation="gelu_pytorch_tanh"),
                    dict(hidden_act="gelu_pytorch_tanh", hidden_activation=None), dict(hidden_act="silu")])


def gemma2(d: Draw) -> dict:
    c = d.base()
    c = d.rope(c | dict(head_dim=c.get("head_dim") or c["hidden_size"] // c["num_attention_heads"]), ["none"])
    return c | dict(
        architectures=["Gemma2ForCausalLM"], model_type="gemma2", attention_bias=d.chance(0.2), tie_word_embeddings=True, hidden_act="gelu_pytorch_tanh", hidden_activation="gelu_pytorch_tanh",
        query_pre_attn_scalar=d.choice([64, 144, 17, 256]), attn_logit_softcapping=d.choice([None, 50.0, 3.0]), final_logit_softcapping=d.choice([None, 30.0, 2.0])) | d.windows() \
        | d.layer_types(c, FULL_OR_SLIDING)


def phi3(d: Draw) -> dict:
    c = d.base(free=False)
    c["original_max_position_embeddings"] = d.choice([64, 100, 256, c["max_position_embeddings"]])
    head, part = c["hidden_size"] // c["num_attention_heads"], d.choice([None, 1.0, 0.75, 0.5, 0.25])
    rotary = int(head * (part or 1))
    if rotary % 2 or rotary == 0:
        rotary, part = head, None
    if part is not None:
        c["partial_rotary_factor"] = part
    c = d.rope(c, ["none", "longrope", "longrope"], rotary)
    if c.get("rope_scaling"):
        c["rope_scaling"]["original_max_position_embeddings"] = c["original_max_position_embeddings"]
        c["rope_scaling"]["type"] = d.choice(["longrope", "longrope", "su"])
        if c["rope_scaling"]["type"] == "longrope":
            c["rope_scaling"].pop("original_max_position_embeddings")
    return c | dict(architectures=["Phi3ForCausalLM"], model_type="phi3", attention_bias=False) | d.choice([{}, dict(sliding_window=None), d.windows()])


def olmo(d: Draw) -> dict:
    c = d.rope(d.base(free=False), ["none", "none", "linear", "dynamic", "yarn"]) | dict(architectures=["OlmoForCausalLM"], model_type="olmo", attention_bias=d.chance(0.3))
    c.pop("rms_norm_eps")
    return c | d.choice([{}, dict(clip_qkv=None), dict(clip_qkv=d.choice([0.7, 1.5, 8.0]))])


def olmo2(d: Draw) -> dict:
    return d.rope(d.base(), ["none", "none", "linear", "dynamic", "yarn"]) | dict(architectures=["Olmo2ForCausalLM"], model_type="olmo2", attention_bias=d.chance(0.3))


def gpt_oss(d: Draw) -> dict:
    experts, top = d.experts()
    c = d.base()
    c["head_dim"] = c.get("head_dim") or c["hidden_size"] // c["num_attention_heads"]
    c = d.rope(c, ["none", "yarn", "yarn"]) | dict(
        architectures=["GptOssForCausalLM"], model_type="gpt_oss", num_local_experts=experts, num_experts_per_tok=top, experts_per_token=top, attention_bias=d.chance(0.8), swiglu_limit=7.0)
    return c | d.windows() | d.layer_types(c, FULL_OR_SLIDING)


def deepseek(d: Draw) -> dict:
    heads = d.choice([1, 2, 3, 4, 5, 7, 8, 12])
    c = d.base() | dict(hidden_size=heads * d.choice([8, 12, 16]) if heads > 2 else heads * 24, num_attention_heads=heads, num_key_value_heads=heads)
    c.pop("head_dim", None)
    return c | dict(
        kv_lora_rank=d.choice([16, 24, 32, 64, 96]), qk_rope_head_dim=d.choice([8, 16, 32, 64]), qk_nope_head_dim=d.choice([8, 16, 24, 32]), v_head_dim=d.choice([8, 16, 20, 24, 32]),
        q_lora_rank=d.choice([None, 16, 24, 40]), moe_intermediate_size=d.randint(5, 40), n_shared_experts=d.choice([1, 2, 3]), first_k_dense_replace=d.randint(0, c["num_hidden_layers"] - 1),
        moe_layer_freq=1, routed_scaling_factor=d.choice([1.0, 2.5, 16.0, 0.5]), attention_bias=d.chance(0.2), ep_size=1, aux_loss_alpha=0.001, seq_aux=True)


def yarn(d: Draw, c: dict) -> dict:
    original = d.choice([64, 128])
    return c | dict(rope_theta=d.theta()) | d.choice([dict(rope_scaling=None), {}, dict(rope_scaling=dict(
        type="yarn", factor=d.choice([4, 8.0]), original_max_position_embeddings=original, beta_fast=32, beta_slow=1, **d.choice([{}, dict(mscale=1.0, mscale_all_dim=1.0), dict(mscale=0.707, mscale_all_dim=0.707), dict(mscale=1.0, mscale_all_dim=0.5)])))])


def deepseek_v2(d: Draw) -> dict:
    c = yarn(d, deepseek(d)) | dict(architectures=["DeepseekV2ForCausalLM"], model_type="deepseek_v2", norm_topk_prob=False, scoring_func="softmax")
    if d.chance(0.5):
        experts, top = d.experts()
        return c | dict(n_routed_experts=experts, num_experts_per_tok=top, topk_method="greedy", n_group=1, topk_group=1)
    groups, each = d.choice([2, 3, 4]), d.choice([2, 3, 5])
    chosen = d.randint(1, groups)
    return c | dict(n_routed_experts=groups * each, num_experts_per_tok=d.randint(1, chosen * each), topk_method="group_limited_greedy", n_group=groups, topk_group=chosen)


def deepseek_v3(d: Draw) -> dict:
    groups, each = d.choice([1, 2, 3, 4]), d.choice([2, 3, 5])
    chosen = d.randint(1, groups)
    return yarn(d, deepseek(d)) | dict(
        architectures=["DeepseekV3ForCausalLM"], model_type="deepseek_v3", n_routed_experts=groups * each, num_experts_per_tok=d.randint(1, chosen * each), n_group=groups, topk_group=chosen,
        topk_method="noaux_tc", scoring_func="sigmoid", norm_topk_prob=d.chance(0.7), num_nextn_predict_layers=d.choice([0, 1])) | d.choice([{}, dict(rope_interleave=True), dict(rope_interleave=False)])


def qwen3_next(d: Draw) -> dict:
    experts, top = d.experts(70)
    keys, group = d.choice([1, 2, 3, 4]), d.choice([1, 2, 3])
    c = d.base()
    c["head_dim"] = c.get("head_dim") or c["hidden_size"] // c["num_attention_heads"]
    part = d.choice([0.25, 0.5, 1.0])
    if int(c["head_dim"] * part) % 2 or int(c["head_dim"] * part) == 0:
        part = 1.0
    c = d.rope(c, ["none", "none", "yarn"]) | dict(
        architectures=["Qwen3NextForCausalLM"], model_type="qwen3_next", partial_rotary_factor=part, attention_bias=d.chance(0.2), num_experts=experts, num_experts_per_tok=top,
        moe_intermediate_size=d.randint(5, 40), shared_expert_intermediate_size=d.randint(5, 40), norm_topk_prob=d.chance(0.7),
        linear_num_key_heads=keys, linear_num_value_heads=keys * group, linear_key_head_dim=d.choice([8, 16, 24, 32, 64]), linear_value_head_dim=d.choice([8, 16, 24, 32, 64]),
        linear_conv_kernel_dim=d.choice([2, 3, 4, 5])) | d.sparse(c["num_hidden_layers"])
    return c | d.choice([{}, dict(full_attention_interval=d.randint(1, 4)), dict(layer_types=[d.choice(["linear_attention", "full_attention"]) for _ in range(c["num_hidden_layers"])])])


def lfm2(d: Draw) -> dict:
    c = d.base(free=False)
    eps = c.pop("rms_norm_eps")
    c = d.rope(c, ["none"]) | dict(architectures=["Lfm2ForCausalLM"], model_type="lfm2", norm_eps=eps, conv_L_cache=d.choice([2, 3, 4, 5]), conv_bias=d.chance(0.4))
    c |= d.choice([dict(block_auto_adjust_ff_dim=False), dict(block_auto_adjust_ff_dim=True, block_multiple_of=d.choice([8, 24, 64]), block_ffn_dim_multiplier=d.choice([1.0, 1.3, 0.7]))])
    if d.chance(0.3):
        c["block_ff_dim"] = c.pop("intermediate_size")
    if d.chance(0.3):
        c["tie_embedding"] = c.pop("tie_word_embeddings")
    return c | d.choice([dict(layer_types=[d.choice(["conv", "full_attention"]) for _ in range(c["num_hidden_layers"])]),
                         dict(full_attn_idxs=sorted(d.sample(range(c["num_hidden_layers"]), d.randint(0, c["num_hidden_layers"]))))])


# Families that nobody registered: for --model-impl generic, by their own configuration.

def arcee(d: Draw) -> dict:
    return d.rope(d.base(), ["none", "none", "yarn"]) | dict(architectures=["ArceeForCausalLM"], model_type="arcee", attention_bias=d.chance(0.3), mlp_bias=d.chance(0.4),
                                                             hidden_act=d.choice(["relu2", "relu2", "relu", "gelu", "gelu_pytorch_tanh", "silu"]))


def layer_normed(c: dict, name: str) -> dict:
    c[name] = c.pop("rms_norm_eps")
    return c


def starcoder2(d: Draw) -> dict:
    return layer_normed(d.rope(d.base(free=False), ["none"]), "norm_epsilon") | dict(
        architectures=["Starcoder2ForCausalLM"], model_type="starcoder2", use_bias=d.chance(0.7), hidden_act=d.choice(["gelu_pytorch_tanh", "gelu"]), sliding_window=None,
        embedding_dropout=0.1, residual_dropout=0.1)


def stablelm(d: Draw) -> dict:
    c = d.base(free=False)
    part = d.choice([0.25, 0.5, 1.0])
    head = c["hidden_size"] // c["num_attention_heads"]
    return layer_normed(d.rope(c, ["none"]), "layer_norm_eps") | dict(
        architectures=["StableLmForCausalLM"], model_type="stablelm", partial_rotary_factor=part if int(head * part) % 2 == 0 else 1.0, use_qkv_bias=d.chance(0.5), qk_layernorm=False,
        use_parallel_residual=False, hidden_dropout=0.0)


def granite(d: Draw) -> dict:
    return d.rope(d.base(free=False), ["none"]) | dict(
        architectures=["GraniteForCausalLM"], model_type="granite", attention_bias=d.chance(0.3), mlp_bias=d.chance(0.3), embedding_multiplier=d.choice([12.0, 1.0, 6]),
        attention_multiplier=d.choice([0.0078125, 0.1, 0.25]), residual_multiplier=d.choice([0.22, 1.0]), logits_scaling=d.choice([8.0, 1.0, 0.5]))


def smollm3(d: Draw) -> dict:
    c = d.rope(d.base(free=False), ["none", "yarn"])
    return c | dict(architectures=["SmolLM3ForCausalLM"], model_type="smollm3", attention_bias=d.chance(0.2), mlp_bias=d.chance(0.2), use_sliding_window=False, sliding_window=None,
                    no_rope_layers=[d.choice([0, 1]) for _ in range(c["num_hidden_layers"])], no_rope_layer_interval=4)


def seed_oss(d: Draw) -> dict:
    c = d.base()
    c = d.rope(c | dict(head_dim=c.get("head_dim") or c["hidden_size"] // c["num_attention_heads"]), ["none"])
    return c | dict(architectures=["SeedOssForCausalLM"], model_type="seed_oss", attention_bias=d.chance(0.7), attention_out_bias=d.chance(0.3), mlp_bias=d.chance(0.2), residual_dropout=0.1)


def olmoe(d: Draw) -> dict:
    experts, top = d.experts()
    return d.rope(d.base(free=False), ["none"]) | dict(architectures=["OlmoeForCausalLM"], model_type="olmoe", num_experts=experts, num_experts_per_tok=top, norm_topk_prob=d.chance(0.5),
                                                       clip_qkv=None, attention_bias=d.chance(0.2))


def jais2(d: Draw) -> dict:
    return layer_normed(d.rope(d.base(), ["none"]), "layer_norm_eps") | dict(
        architectures=["Jais2ForCausalLM"], model_type="jais2", attention_bias=d.chance(0.6), mlp_bias=d.chance(0.6), hidden_act="relu2")


def ministral(d: Draw) -> dict:
    c = d.rope(d.base(), ["none"])
    return c | dict(architectures=["MinistralForCausalLM"], model_type="ministral") | d.windows() | d.layer_types(c, FULL_OR_SLIDING, 1)


def refused(architecture: str, model_type: str, eps: str | None = None, **more: object) -> Callable[[Draw], dict]:
    """Families that the generic decoder must not serve, since nothing shows what they do otherwise."""
    def draw(d: Draw) -> dict:
        c = d.base(free=False)
        c = d.rope(c | dict(head_dim=c["hidden_size"] // c["num_attention_heads"]), ["none"]) | dict(architectures=[architecture], model_type=model_type) | more
        return layer_normed(c, eps) if eps else c
    draw.__name__ = model_type
    return draw


GENERIC = (arcee, starcoder2, stablelm, granite, smollm3, seed_oss, olmoe, jais2, ministral)
REFUSED = (refused("NemotronForCausalLM", "nemotron", "norm_eps", hidden_act="relu2", partial_rotary_factor=0.5), refused("Ernie4_5ForCausalLM", "ernie4_5", use_bias=False),
           refused("GlmForCausalLM", "glm"), refused("Glm4ForCausalLM", "glm4"), refused("HeliumForCausalLM", "helium"), refused("Exaone4ForCausalLM", "exaone4", sliding_window=None),
           refused("CohereForCausalLM", "cohere", "layer_norm_eps", logit_scale=0.5), refused("Olmo3ForCausalLM", "olmo3", sliding_window=8), refused("Gemma3ForCausalLM", "gemma3_text"))

FAMILIES: dict[str, Callable[[Draw], dict]] = {f.__name__: f for f in (
    llama, mistral, qwen2, qwen3, mixtral, qwen2_moe, qwen3_moe, gemma, gemma2, phi3, olmo, olmo2, gpt_oss, deepseek_v2, deepseek_v3, qwen3_next, lfm2, *GENERIC, *REFUSED)}

NATIVE = [family for family in FAMILIES if family not in {f.__name__ for f in (*GENERIC, *REFUSED)}]

# Fields that a published file may leave out where it means the family's default.
OPTIONAL = ("attention_bias", "mlp_bias", "tie_word_embeddings", "rms_norm_eps", "hidden_act", "rope_theta", "sliding_window", "use_sliding_window", "norm_topk_prob", "qkv_bias", "decoder_sparse_step",
            "mlp_only_layers", "query_pre_attn_scalar", "attn_logit_softcapping", "final_logit_softcapping", "partial_rotary_factor", "conv_bias", "conv_L_cache", "norm_eps", "routed_scaling_factor",
            "topk_method", "rope_interleave", "n_group", "topk_group", "swiglu_limit", "head_dim", "num_key_value_heads", "max_window_layers", "linear_conv_kernel_dim", "max_position_embeddings",
            "original_max_position_embeddings", "hidden_activation", "first_k_dense_replace", "n_shared_experts")


def shortened(d: Draw, config: dict) -> dict:
    """Without some of the fields whose values are the family's defaults."""
    family = AutoConfig.for_model(config["model_type"]).to_dict()
    rope = family.get("rope_parameters") or {}
    return {key: value for key, value in config.items()
            if not (key in OPTIONAL and value is not None and value == family.get(key, rope.get(key)) and d.chance(0.5))}


def make(name: str, config: dict, draw: Draw, folder: Path, modern: bool, storage: torch.dtype) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    # Fields with a value of which a family knows nothing are for other programs to read.
    hf_config = AutoConfig.for_model(**json.loads(json.dumps(config)))
    seed = zlib.crc32(name.encode())
    torch.manual_seed(seed)
    model = AutoModelForCausalLM.from_config(hf_config, dtype=torch.float32)
    fill(model, seed, plus_one=config["model_type"] in ("gemma", "gemma2", "qwen3_next"))
    tied = hf_config.tie_word_embeddings
    weights = {k: v.to(torch.bfloat16).to(storage).contiguous() for k, v in published(model).items() if not (tied and k == "lm_head.weight")}
    if tied and draw.chance(0.3):
        weights["lm_head.weight"] = weights["model.embed_tokens.weight"].clone()
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    if modern:
        with tempfile.TemporaryDirectory() as elsewhere:
            hf_config.architectures = config["architectures"]
            hf_config.save_pretrained(elsewhere)
            (folder / "config.json").write_text((Path(elsewhere) / "config.json").read_text())
    else:
        written = config | {"torch_dtype": "bfloat16", "use_cache": True, "transformers_version": transformers.__version__}
        (folder / "config.json").write_text(json.dumps(written, indent=1, sort_keys=True) + "\n")
    model = load_model(folder, torch.float32, "cpu", rounded=False)
    # The default implementation has conditions on sizes.
    model.set_experts_implementation("eager")
    original = getattr(model.config, "rope_parameters", {}).get("original_max_position_embeddings")
    decode, lengths = 5, [draw.randint(1, 200), draw.choice([1, 2, 3, 5, 9]), draw.randint(20, 199)]
    if original is not None:
        # No prompt crosses the border of LongRoPE while it decodes.
        lengths = [length - 8 if original - 8 < length <= original else length for length in lengths]
    results = []
    for ids in random_prompts(lengths, config["vocab_size"], seed):
        positions = None if len(ids) < 24 else sorted({draw.randrange(len(ids)) for _ in range(24)} | {0, len(ids) - 1})
        results.append(reference(model, ids, positions, decode, hidden_states=False))
    write(folder / "golden.safetensors", results)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--count", type=int, default=10, help="checkpoints of each architecture")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", choices=list(FAMILIES), default=NATIVE)
    args = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    for family in args.only:
        for i in range(args.count):
            name = f"{family}_{args.seed}_{i}"
            draw = Draw(name)
            config = FAMILIES[family](draw)
            try:
                make(name, shortened(draw, config) if family in NATIVE else config, draw, args.output / name, modern=i % 2 == 1, storage=draw.choice([torch.bfloat16, torch.bfloat16, torch.float32, torch.float16]))
            except Exception as error:  # what transformers refuses is no checkpoint
                print(f"{name}: {type(error).__name__}: {str(error)[:300]}")
                for file in (args.output / name).glob("*"):
                    file.unlink()
                (args.output / name).rmdir()
    print(f"{sum(1 for _ in args.output.glob('*/golden.safetensors'))} checkpoints in {args.output}")


if __name__ == "__main__":
    main()
