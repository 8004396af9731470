#!/usr/bin/env python3
"""Makes the checkpoint beside it: transformers' Llama, whose layers 1 and 3 are given the keys and values of layers 0 and 2.

    python3 tests/SglNative.Cli.Tests/Plugins/cross_layer/make.py
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "scripts"))
from make_wide_checkpoints import fill  # noqa: E402
from reference_hf import random_prompts, reference, write  # noqa: E402

FACTOR = 2
CONFIG = dict(vocab_size=61, hidden_size=48, intermediate_size=24, num_hidden_layers=4, num_attention_heads=6, num_key_value_heads=2, head_dim=16, rms_norm_eps=1e-5, max_position_embeddings=256,
              tie_word_embeddings=True)


def share(model: LlamaForCausalLM) -> None:
    """Replaces every attention by one written out, which keeps or takes keys and values."""
    kept = {}

    def forward(attention, hidden_states, position_embeddings, **_):
        shape = (*hidden_states.shape[:-1], -1, attention.head_dim)
        query, key = (p(hidden_states).view(shape).transpose(1, 2) for p in (attention.q_proj, attention.k_proj))
        query, key = apply_rotary_pos_emb(query, key, *position_embeddings)
        if attention.layer_idx % FACTOR == 0:
            kept["kv"] = key, attention.v_proj(hidden_states).view(shape).transpose(1, 2)
        key, value = (x.repeat_interleave(attention.num_key_value_groups, dim=1) for x in kept["kv"])
        scores = query @ key.transpose(2, 3) * attention.scaling
        causal = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
        output = scores.masked_fill(~causal, float("-inf")).softmax(-1) @ value
        return attention.o_proj(output.transpose(1, 2).flatten(2)), None

    for layer in model.model.layers:
        layer.self_attn.forward = forward.__get__(layer.self_attn)


def main() -> None:
    folder = Path(__file__).resolve().parent
    model = LlamaForCausalLM(LlamaConfig(**CONFIG)).eval()
    fill(model, 7, plus_one=False)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.to(torch.bfloat16))
    share(model)
    weights = {k: v.to(torch.bfloat16).contiguous() for k, v in model.state_dict().items() if k != "lm_head.weight"
               and not any(f"layers.{i}.self_attn.{p}" in k for i in range(CONFIG["num_hidden_layers"]) if i % FACTOR for p in ("k_proj", "v_proj"))}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(CONFIG | dict(
        architectures=["CrossLayerLlamaForCausalLM"], model_type="cross_layer_llama", cla_share_factor=FACTOR, torch_dtype="bfloat16"), indent=1, sort_keys=True) + "\n")
    write(folder / "golden.safetensors", [reference(model, ids, None, 6, hidden_states=False) for ids in random_prompts([1, 37], CONFIG["vocab_size"], 7)])


if __name__ == "__main__":
    main()
