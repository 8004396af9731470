#!/usr/bin/env python3
"""Makes tests/goldens/wide_*: checkpoints with the head sizes of real models, and prompts longer than a page, a tile or a window.

    python3 scripts/make_wide_checkpoints.py [--output tests/goldens] [--only NAME ...]

Each folder holds config.json, model.safetensors (bf16), golden.safetensors (see reference_hf.py) and meta.json. The checkpoint is written, read back
by transformers as anybody would, and only then run. `wide_rope_*` are narrow, because it is the rotary embedding that they are about.
"""

import argparse
import json
import math
import tempfile
import zlib
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModelForCausalLM

from reference_hf import load_model, random_prompts, reference, write

WIDE = dict(hidden_size=48, intermediate_size=64, num_hidden_layers=2, vocab_size=128, max_position_embeddings=1024, rms_norm_eps=1e-5, tie_word_embeddings=True,
            bos_token_id=1, eos_token_id=2, pad_token_id=0, hidden_act="silu")
NARROW = WIDE | dict(hidden_size=32, intermediate_size=48, vocab_size=96, num_attention_heads=2, num_key_value_heads=1, head_dim=32)
LLAMA = dict(architectures=["LlamaForCausalLM"], model_type="llama", attention_bias=False, mlp_bias=False)
MISTRAL = dict(architectures=["MistralForCausalLM"], model_type="mistral")
QWEN2 = dict(architectures=["Qwen2ForCausalLM"], model_type="qwen2", max_window_layers=28)
QWEN3 = dict(architectures=["Qwen3ForCausalLM"], model_type="qwen3", attention_bias=False, max_window_layers=28)
DEEPSEEK = WIDE | dict(hidden_size=48, vocab_size=128, first_k_dense_replace=1, n_routed_experts=8, num_experts_per_tok=2, n_shared_experts=1, moe_intermediate_size=16, attention_bias=False,
                       tie_word_embeddings=False, kv_lora_rank=128, qk_rope_head_dim=64, qk_nope_head_dim=16, v_head_dim=8, rope_theta=10000.0, routed_scaling_factor=1.5)
DEEPSEEK_V2 = dict(architectures=["DeepseekV2ForCausalLM"], model_type="deepseek_v2", topk_method="greedy", n_group=1, topk_group=1, norm_topk_prob=False, q_lora_rank=None)
DEEPSEEK_V3 = dict(architectures=["DeepseekV3ForCausalLM"], model_type="deepseek_v3", n_group=4, topk_group=2, norm_topk_prob=True, q_lora_rank=48, rope_interleave=True)
QWEN3_NEXT = WIDE | dict(architectures=["Qwen3NextForCausalLM"], model_type="qwen3_next", hidden_size=64, vocab_size=128, num_hidden_layers=4, attention_bias=False, tie_word_embeddings=False,
                         num_attention_heads=4, num_key_value_heads=2, head_dim=64, partial_rotary_factor=0.25, rope_theta=10000.0, num_experts=8, num_experts_per_tok=2, norm_topk_prob=True,
                         decoder_sparse_step=1, mlp_only_layers=[2], moe_intermediate_size=16, shared_expert_intermediate_size=24)
LFM2 = WIDE | dict(architectures=["Lfm2ForCausalLM"], model_type="lfm2", hidden_size=64, intermediate_size=48, vocab_size=128, num_hidden_layers=3, num_attention_heads=1, num_key_value_heads=1,
                   norm_eps=1e-5, rope_theta=1000000.0, block_auto_adjust_ff_dim=False, layer_types=["conv", "full_attention", "conv"])
GEMMA = dict(hidden_act="gelu_pytorch_tanh", hidden_activation="gelu_pytorch_tanh", rms_norm_eps=1e-6, tie_word_embeddings=True, rope_theta=10000.0, attention_bias=False)
MOE = NARROW | dict(hidden_size=64, norm_topk_prob=True, output_router_logits=False, router_aux_loss_coef=0.001)
LENGTHS = [1, 127, 130, 600]
# Around the edges of pages, tiles and windows.
EDGES = [0, 1, 15, 16, 63, 64, 65, 99, 100, 101, 126, 127, 128, 255, 511, -1]
FEW = [0, 1, 63, 64, 128, 300, -2, -1]


def heads(query: int, key_value: int, size: int) -> dict[str, int]:
    return dict(num_attention_heads=query, num_key_value_heads=key_value, head_dim=size)


def factors(start: float, step: float) -> list[float]:
    return [round(start + step * i, 2) for i in range(16)]


# name -> (config.json as it is written, lengths of the prompts, positions of the logits)
CHECKPOINTS = {
    "wide_llama_hd64": (WIDE | LLAMA | heads(2, 2, 64) | dict(hidden_size=64, rope_theta=10000.0, rope_scaling=None), LENGTHS, EDGES),
    # A norm of several warps, and of which two would fit into a block.
    "wide_llama_hidden_288": (NARROW | LLAMA | heads(2, 1, 16) | dict(hidden_size=288, intermediate_size=24, vocab_size=64, rope_theta=10000.0), [1, 40], FEW),
    "wide_mistral_hd128_window": (WIDE | MISTRAL | heads(3, 1, 128) | dict(rope_theta=10000.0, sliding_window=100), LENGTHS, EDGES),
    "wide_qwen2_hd64_bias": (WIDE | QWEN2 | heads(8, 1, 64) | dict(rope_theta=1000000.0, use_sliding_window=False, sliding_window=None), LENGTHS, EDGES),
    "wide_qwen3_hd256": (WIDE | QWEN3 | heads(2, 1, 256) | dict(rope_theta=1000000.0, use_sliding_window=False, sliding_window=None), LENGTHS, EDGES),
    "wide_llama_gqa": (NARROW | LLAMA | heads(8, 2, 32) | dict(rope_parameters=dict(rope_type="default", rope_theta=10000.0), tie_word_embeddings=False), LENGTHS, FEW),
    "wide_qwen2_windows": (NARROW | QWEN2 | heads(4, 2, 16) | dict(
        rope_theta=10000.0, use_sliding_window=True, sliding_window=100, max_window_layers=1, layer_types=["full_attention", "sliding_attention"]), LENGTHS, FEW),
    "wide_qwen3_windows": (NARROW | QWEN3 | heads(4, 1, 32) | dict(
        rope_parameters=dict(rope_type="default", rope_theta=10000.0), use_sliding_window=True, sliding_window=64, layer_types=["sliding_attention", "full_attention"]), LENGTHS, FEW),
    # The base grows only beyond max_position_embeddings, where a request ends; so all prompts stay within it.
    "wide_rope_dynamic": (NARROW | LLAMA | dict(rope_theta=10000.0, rope_scaling=dict(type="dynamic", factor=4.0), max_position_embeddings=512), [1, 127, 500], FEW),
    # Short factors up to the original 64 positions, long ones for longer requests. No prompt crosses the border while it decodes.
    "wide_rope_longrope": (NARROW | LLAMA | dict(rope_theta=10000.0, original_max_position_embeddings=64, rope_scaling=dict(
        rope_type="longrope", factor=16.0, original_max_position_embeddings=64, short_factor=factors(1.0, 0.05), long_factor=factors(1.5, 0.5))), [1, 50, 130, 600], FEW),
    "wide_rope_llama3_v5": (NARROW | LLAMA | dict(rope_parameters=dict(
        rope_type="llama3", rope_theta=500000.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=128)), LENGTHS, FEW),
    "wide_rope_linear_v5": (NARROW | MISTRAL | dict(sliding_window=None, rope_parameters=dict(rope_type="linear", rope_theta=10000.0, factor=4.0)), [1, 130, 600], FEW),
    "wide_rope_yarn_mscale": (NARROW | LLAMA | dict(rope_theta=10000.0, rope_scaling=dict(
        type="yarn", factor=8.0, original_max_position_embeddings=128, mscale=1.0, mscale_all_dim=0.6)), [1, 130, 600], FEW),
    "wide_rope_yarn_betas": (NARROW | QWEN2 | dict(use_sliding_window=False, sliding_window=None, rope_theta=10000.0, rope_scaling=dict(
        rope_type="yarn", factor=8.0, original_max_position_embeddings=128, beta_fast=16.0, beta_slow=2.0, attention_factor=1.2)), [1, 130, 600], FEW),
    "wide_rope_yarn_untruncated_v5": (NARROW | QWEN3 | dict(use_sliding_window=False, sliding_window=None, rope_parameters=dict(
        rope_type="yarn", rope_theta=10000.0, factor=4.0, original_max_position_embeddings=256, truncate=False)), [1, 130, 600], FEW),
    "wide_deepseek_v2": (DEEPSEEK | DEEPSEEK_V2 | dict(num_attention_heads=12, num_key_value_heads=12), LENGTHS, FEW),
    # As published: auto_map names the authors' code, which raises the scores by YaRN's mscale as V3 does; see `make`.
    "wide_deepseek_v2_auto_map": (DEEPSEEK | DEEPSEEK_V2 | dict(
        auto_map=dict(AutoConfig="configuration_deepseek.DeepseekV2Config", AutoModelForCausalLM="modeling_deepseek.DeepseekV2ForCausalLM"), vocab_size=96, num_attention_heads=3,
        num_key_value_heads=3, kv_lora_rank=32, qk_rope_head_dim=16, q_lora_rank=24, n_routed_experts=5, topk_method="group_limited_greedy", n_group=1, topk_group=1, rope_scaling=dict(
            type="yarn", factor=40, original_max_position_embeddings=64, beta_fast=32, beta_slow=1, mscale=0.707, mscale_all_dim=0.707)), [1, 130], FEW),
    "wide_deepseek_v3_yarn": (DEEPSEEK | DEEPSEEK_V3 | dict(num_attention_heads=8, num_key_value_heads=8, rope_scaling=dict(
        type="yarn", factor=8.0, original_max_position_embeddings=128, beta_fast=32, beta_slow=1, mscale=1.0, mscale_all_dim=1.0)), LENGTHS, FEW),
    # Halves rotate rather than neighbours, and the projections have biases.
    "wide_deepseek_v3_halves": (DEEPSEEK | DEEPSEEK_V3 | dict(num_attention_heads=5, num_key_value_heads=5, rope_interleave=False, attention_bias=True), [1, 130], FEW),
    # Weights in blocks of FP8 as published; the reference runs on what they stand for, in bfloat16.
    "wide_deepseek_v3_fp8": (DEEPSEEK | DEEPSEEK_V3 | dict(hidden_size=160, num_attention_heads=4, num_key_value_heads=4, num_nextn_predict_layers=0, quantization_config=dict(
        quant_method="fp8", fmt="e4m3", activation_scheme="dynamic", weight_block_size=[128, 128])), [1, 130], FEW),
    "wide_qwen3_next": (QWEN3_NEXT | dict(
        linear_num_key_heads=2, linear_num_value_heads=4, linear_key_head_dim=64, linear_value_head_dim=32, linear_conv_kernel_dim=4), LENGTHS, FEW),
    # One layer in two attends, by interval; keys and values of one head each, of the sizes of the published model.
    "wide_qwen3_next_128": (QWEN3_NEXT | dict(num_hidden_layers=2, full_attention_interval=2, mlp_only_layers=[0], head_dim=256, num_attention_heads=1, num_key_value_heads=1,
        linear_num_key_heads=1, linear_num_value_heads=2, linear_key_head_dim=128, linear_value_head_dim=128, linear_conv_kernel_dim=4), [2, 64, 65, 600], FEW),
    "wide_lfm2": (LFM2 | dict(conv_L_cache=3, conv_bias=False), LENGTHS, FEW),
    "wide_lfm2_bias": (LFM2 | dict(num_attention_heads=2, conv_L_cache=4, conv_bias=True, tie_word_embeddings=False), [1, 2, 130], FEW),
    "wide_gemma_mqa": (NARROW | GEMMA | heads(4, 1, 64) | dict(architectures=["GemmaForCausalLM"], model_type="gemma"), LENGTHS, FEW),
    "wide_gemma2_hd256": (NARROW | GEMMA | heads(2, 1, 256) | dict(
        architectures=["Gemma2ForCausalLM"], model_type="gemma2", query_pre_attn_scalar=144, sliding_window=100, attn_logit_softcapping=2.0,
        final_logit_softcapping=4.0, layer_types=["sliding_attention", "full_attention"]), LENGTHS, FEW),
    # As Phi 4 mini: a part of each head rotates, by short factors up to the original length and by long ones beyond.
    "wide_phi3_partial_longrope": (NARROW | heads(4, 2, 32) | dict(
        architectures=["Phi3ForCausalLM"], model_type="phi3", hidden_size=128, partial_rotary_factor=0.75, rope_theta=10000.0, original_max_position_embeddings=64, sliding_window=300,
        rope_scaling=dict(type="longrope", short_factor=factors(1.0, 0.05)[:12], long_factor=factors(1.5, 0.5)[:12])), [1, 50, 130, 600], FEW),
    "wide_olmo_clip": (NARROW | heads(4, 2, 16) | dict(
        architectures=["OlmoForCausalLM"], model_type="olmo", hidden_size=64, clip_qkv=1.5, rope_theta=500000.0, attention_bias=False, tie_word_embeddings=False), LENGTHS, FEW),
    "wide_olmo2_hd128": (NARROW | heads(2, 1, 128) | dict(
        architectures=["Olmo2ForCausalLM"], model_type="olmo2", hidden_size=64, attention_bias=False, tie_word_embeddings=False,
        rope_parameters=dict(rope_type="default", rope_theta=500000.0)), LENGTHS, FEW),
    # Experts of several hundred rows; none that is a multiple of a tile.
    "wide_mixtral_window": (MOE | heads(4, 2, 16) | dict(
        architectures=["MixtralForCausalLM"], model_type="mixtral", num_local_experts=3, num_experts_per_tok=2, sliding_window=100, rope_theta=1000000.0), LENGTHS, FEW),
    "wide_qwen2_moe_mixed": (MOE | heads(4, 2, 16) | dict(
        architectures=["Qwen2MoeForCausalLM"], model_type="qwen2_moe", hidden_size=32, num_hidden_layers=4, num_experts=8, num_experts_per_tok=3, moe_intermediate_size=24, norm_topk_prob=False,
        shared_expert_intermediate_size=40, decoder_sparse_step=1, mlp_only_layers=[1], qkv_bias=True, use_sliding_window=False, rope_theta=1000000.0), LENGTHS, FEW),
    # More experts than a tile has rows, few tokens each; a head wider than hidden / heads.
    "wide_qwen3_moe_40_experts": (MOE | heads(2, 1, 128) | dict(
        architectures=["Qwen3MoeForCausalLM"], model_type="qwen3_moe", hidden_size=32, num_experts=40, num_experts_per_tok=10, moe_intermediate_size=8, decoder_sparse_step=1, mlp_only_layers=[],
        use_sliding_window=False, attention_bias=False, rope_theta=1000000.0), LENGTHS, FEW),
    # As published: MXFP4 experts, sinks, YaRN, a window on every other layer.
    "wide_gpt_oss_mxfp4": (MOE | heads(8, 1, 64) | dict(
        architectures=["GptOssForCausalLM"], model_type="gpt_oss", intermediate_size=64, num_local_experts=36, num_experts_per_tok=4, experts_per_token=4, sliding_window=128, attention_bias=True,
        swiglu_limit=7.0, layer_types=["sliding_attention", "full_attention"], tie_word_embeddings=False, rope_theta=150000.0,
        rope_scaling=dict(rope_type="yarn", factor=32.0, beta_fast=32.0, beta_slow=1.0, original_max_position_embeddings=128, truncate=False),
        quantization_config=dict(quant_method="mxfp4", modules_to_not_convert=["model.layers.*.self_attn", "model.layers.*.mlp.router", "model.embed_tokens", "lm_head"])), LENGTHS, FEW),
    # Architectures without a class of their own: the generic decoder's.
    "wide_generic_arcee": (NARROW | heads(4, 2, 16) | dict(
        architectures=["ArceeForCausalLM"], model_type="arcee", hidden_act="relu2", attention_bias=False, mlp_bias=False, rope_theta=10000.0), [1, 130], FEW),
    "wide_generic_starcoder2": ({k: v for k, v in (NARROW | heads(4, 2, 8)).items() if k != "rms_norm_eps"} | dict(
        architectures=["Starcoder2ForCausalLM"], model_type="starcoder2", hidden_act="gelu_pytorch_tanh", norm_epsilon=1e-5, use_bias=True, sliding_window=None, embedding_dropout=0.1,
        residual_dropout=0.1, rope_theta=100000.0), [1, 130], FEW),
    "wide_generic_stablelm": ({k: v for k, v in (NARROW | heads(2, 1, 16)).items() if k not in ("rms_norm_eps", "head_dim")} | dict(
        architectures=["StableLmForCausalLM"], model_type="stablelm", layer_norm_eps=1e-5, use_qkv_bias=True, qk_layernorm=False, use_parallel_residual=False, hidden_dropout=0.0,
        partial_rotary_factor=0.25, rope_theta=10000.0), [1, 130], FEW),
    "wide_generic_granite": (NARROW | heads(4, 2, 8) | dict(
        architectures=["GraniteForCausalLM"], model_type="granite", attention_bias=False, mlp_bias=True, attention_multiplier=0.25, embedding_multiplier=6.0, residual_multiplier=0.5,
        logits_scaling=0.5, rope_theta=10000.0), [1, 130], FEW),
    "wide_generic_smollm3": ({k: v for k, v in (NARROW | heads(4, 2, 8)).items() if k != "head_dim"} | dict(
        architectures=["SmolLM3ForCausalLM"], model_type="smollm3", num_hidden_layers=3, attention_bias=False, mlp_bias=False, no_rope_layers=[1, 0, 1], no_rope_layer_interval=2,
        use_sliding_window=False, sliding_window=None, rope_theta=2000000.0), [1, 130], FEW),
}


def fill(model: torch.nn.Module, seed: int, plus_one: bool) -> None:
    """
    Weights under which attention is neither flat nor a single peak, routers decide clearly, and the logits have a standard deviation
    of about 1.5. With `plus_one`, norms multiply by 1 + weight.
    """
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            values = torch.randn(parameter.shape, generator=generator)
            # Stacked experts are [E, out, in], but gpt-oss's [E, in, out].
            inputs = parameter.shape[1 if parameter.dim() == 3 and model.config.model_type == "gpt_oss" else -1]
            if "norm" in name:
                values = (0 if plus_one and not name.endswith("linear_attn.norm.weight") else 1) + 0.1 * values
            elif name.endswith("A_log"):
                values = values - 3   # states that last for some tens of tokens
            elif "conv" in name and parameter.dim() == 3:
                values /= math.sqrt(parameter.shape[2])
            elif parameter.dim() == 1 or name.endswith("_bias"):
                values *= 0.3
            elif "embed_tokens" in name or "lm_head" in name:
                values *= 1.5 / math.sqrt(inputs)
            elif "q_proj" in name or "k_proj" in name:
                values *= 1.3 / math.sqrt(inputs)
            elif "router" in name or "mlp.gate." in name:
                values *= 2 / math.sqrt(inputs)
            else:
                values /= math.sqrt(inputs)
            parameter.copy_(values)
        for name, buffer in model.named_buffers():
            if name.endswith("e_score_correction_bias"):
                buffer.copy_(0.2 * torch.randn(buffer.shape, generator=generator))


def blocks_of_fp8(weights: dict[str, torch.Tensor]) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """The linear layers' weights in blocks of 128 x 128 with a factor each, and what they stand for."""
    stored, meant = {}, {}
    for name, weight in weights.items():
        if not name.endswith("_proj.weight") and not name.endswith("_mqa.weight"):
            stored[name] = meant[name] = weight
            continue
        rows, columns = weight.shape
        scale = torch.empty(-(-rows // 128), -(-columns // 128))
        quantised, dequantised = torch.empty(rows, columns, dtype=torch.float8_e4m3fn), torch.empty_like(weight)
        for i in range(scale.shape[0]):
            for j in range(scale.shape[1]):
                block = weight[i * 128:(i + 1) * 128, j * 128:(j + 1) * 128].float()
                scale[i, j] = block.abs().max() / 448
                part = (block / scale[i, j]).to(torch.float8_e4m3fn)
                quantised[i * 128:(i + 1) * 128, j * 128:(j + 1) * 128] = part
                dequantised[i * 128:(i + 1) * 128, j * 128:(j + 1) * 128] = (part.float() * scale[i, j]).to(torch.bfloat16)
        stored[name], stored[name.removesuffix("weight") + "weight_scale_inv"], meant[name] = quantised, scale, dequantised
    return stored, meant


def published(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    """The model's tensors under the names that checkpoints have (transformers stacks experts in memory)."""
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        return load_file(Path(folder) / "model.safetensors")


def to_mxfp4(weights: dict[str, torch.Tensor], seed: int) -> dict[str, torch.Tensor]:
    """Random MXFP4 blocks and scales in the place of the experts' matrices [E, in, out]: *_blocks [E, out, in / 32, 16], *_scales [E, out, in / 32]."""
    generator = torch.Generator().manual_seed(seed)
    result = {}
    for name, tensor in weights.items():
        if tensor.dim() != 3:
            result[name] = tensor
            continue
        experts, inputs, outputs = tensor.shape
        result[f"{name}_blocks"] = torch.randint(0, 256, (experts, outputs, inputs // 32, 16), generator=generator, dtype=torch.uint8)
        # The values' root mean square is about 2.9: exponents around that of 1 / sqrt(inputs) / 2.9.
        middle = 127 - round(math.log2(2.9 * math.sqrt(inputs)))
        result[f"{name}_scales"] = torch.randint(middle - 1, middle + 2, (experts, outputs, inputs // 32), generator=generator, dtype=torch.uint8)
    return result


def make(name: str, folder: Path) -> None:
    config, lengths, wanted = CHECKPOINTS[name]
    folder.mkdir(parents=True, exist_ok=True)
    style = "v5" if "rope_parameters" in config else "v4"
    written = config | {"dtype" if style == "v5" else "torch_dtype": "bfloat16", "use_cache": True, "transformers_version": transformers.__version__}
    (folder / "config.json").write_text(json.dumps(written, indent=1, sort_keys=True) + "\n")
    seed = zlib.crc32(name.encode())
    hf_config = AutoConfig.for_model(**{k: v for k, v in config.items() if k != "quantization_config"})
    model = AutoModelForCausalLM.from_config(hf_config, dtype=torch.float32)
    fill(model, seed, plus_one=config["model_type"] in ("gemma", "gemma2", "qwen3_next"))
    tied = config["tie_word_embeddings"]
    weights = {k: v.to(torch.bfloat16).contiguous() for k, v in published(model).items() if not (tied and k == "lm_head.weight")}
    method = config.get("quantization_config", {}).get("quant_method")
    if method == "mxfp4":
        weights = to_mxfp4(weights, seed)
    if method == "fp8":
        stored, weights = blocks_of_fp8(weights)
        save_file(stored, folder / "model.safetensors", metadata={"format": "pt"})
        with tempfile.TemporaryDirectory() as plain:
            (Path(plain) / "config.json").write_text(json.dumps({k: v for k, v in written.items() if k != "quantization_config"}))
            save_file(weights, Path(plain) / "model.safetensors", metadata={"format": "pt"})
            model = load_model(Path(plain), torch.float32, "cpu", rounded=False)
    else:
        save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
        model = load_model(folder, torch.float32, "cpu", rounded=False)
    if config["model_type"] == "deepseek_v2":
        yarn = config.get("rope_scaling") or {}
        for module in model.modules():
            if type(module).__name__ == "DeepseekV2Attention" and "auto_map" in config:
                module.scaling *= (0.1 * yarn["mscale_all_dim"] * math.log(yarn["factor"]) + 1) ** 2
    results = []
    for ids in random_prompts(lengths, config["vocab_size"], seed):
        positions = None if len(ids) == 1 else sorted({p % len(ids) if p < 0 else p for p in wanted if -len(ids) <= p < len(ids)})
        results.append(reference(model, ids, positions, 8, hidden_states=False))
    write(folder / "golden.safetensors", results)
    logits = torch.cat([r["prefill_logits"] for r in results])
    two = torch.cat([r["decode_logits"] for r in results]).topk(2).values
    meta = dict(name=name, architecture=config["architectures"][0], params=sum(v.numel() for v in weights.values()), logit_std=logits.std().item(),
                min_margin=(two[:, 0] - two[:, 1]).min().item(), prompt_lengths=lengths, config_style=style, torch=torch.__version__, transformers=transformers.__version__)
    (folder / "meta.json").write_text(json.dumps(meta, indent=1) + "\n")
    print(f"{name}: {meta['params']} parameters, logits' std {meta['logit_std']:.2f}, smallest margin {meta['min_margin']:.4f}, "
          f"{sum(f.stat().st_size for f in folder.iterdir()) / 1024:.0f} KiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=Path(__file__).resolve().parent.parent / "tests" / "goldens")
    parser.add_argument("--only", nargs="*", choices=list(CHECKPOINTS), default=list(CHECKPOINTS))
    args = parser.parse_args()
    torch.manual_seed(0)
    for name in args.only:
        make(name, args.output / name)


if __name__ == "__main__":
    main()
