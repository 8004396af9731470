"""Writes rope_reference.json: configurations and the inverse frequencies that transformers computes from them.

Usage: python3 make_rope_reference.py > rope_reference.json   (needs torch and transformers 5)
"""
import json
import torch
from transformers import LlamaConfig, Phi3Config, Gemma3TextConfig
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS
from transformers.models.phi.modeling_phi import PhiRotaryEmbedding
from transformers.models.gemma3.modeling_gemma3 import Gemma3RotaryEmbedding

BASE = {"hidden_size": 256, "num_attention_heads": 2, "max_position_embeddings": 4096}
LONG = {"original_max_position_embeddings": 4096, "short_factor": [1.0 + 0.03 * i for i in range(24)],
        "long_factor": [1.5 + 0.7 * i for i in range(24)]}
PHI = {"hidden_size": 96, "num_attention_heads": 2, "original_max_position_embeddings": 4096, "max_position_embeddings": 131072}

CASES = [
    ("default", LlamaConfig, BASE | {"rope_theta": 10000.0}, [4096]),
    ("default_theta_1e6_dim_80", LlamaConfig, BASE | {"head_dim": 80, "rope_theta": 1000000.0}, [4096]),
    ("partial", LlamaConfig, BASE | {"rope_theta": 10000.0, "partial_rotary_factor": 0.5}, [4096]),
    ("linear", LlamaConfig, BASE | {"rope_theta": 10000.0, "rope_scaling": {"type": "linear", "factor": 4.0}}, [4096]),
    ("linear_partial", LlamaConfig, BASE | {"rope_theta": 10000.0, "partial_rotary_factor": 0.25,
                                            "rope_scaling": {"type": "linear", "factor": 3.0}}, [4096]),
    ("dynamic", LlamaConfig, BASE | {"rope_theta": 10000.0, "rope_scaling": {"type": "dynamic", "factor": 2.0}}, [17, 4096, 6000, 32768]),
    ("llama3_1", LlamaConfig, BASE | {"max_position_embeddings": 131072, "rope_theta": 500000.0, "rope_scaling": {
        "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
        "original_max_position_embeddings": 8192}}, [131072]),
    ("llama3_2_dim_64", LlamaConfig, BASE | {"head_dim": 64, "max_position_embeddings": 131072, "rope_theta": 500000.0, "rope_scaling": {
        "rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
        "original_max_position_embeddings": 8192}}, [131072]),
    ("yarn", LlamaConfig, BASE | {"rope_theta": 1000000.0, "rope_scaling": {
        "type": "yarn", "factor": 4.0, "original_max_position_embeddings": 1024}}, [4096]),
    ("yarn_deepseek", LlamaConfig, BASE | {"head_dim": 64, "max_position_embeddings": 163840, "rope_theta": 10000, "rope_scaling": {
        "type": "yarn", "factor": 40, "beta_fast": 32, "beta_slow": 1, "mscale": 0.707, "mscale_all_dim": 1.0,
        "original_max_position_embeddings": 4096}}, [4096]),
    ("yarn_gpt_oss", LlamaConfig, BASE | {"head_dim": 64, "max_position_embeddings": 131072, "rope_parameters": {
        "rope_type": "yarn", "factor": 32.0, "beta_fast": 32.0, "beta_slow": 1.0, "truncate": False, "rope_theta": 150000,
        "original_max_position_embeddings": 4096}}, [4096]),
    ("yarn_attention_factor", LlamaConfig, BASE | {"rope_theta": 10000.0, "rope_scaling": {
        "rope_type": "yarn", "factor": 8.0, "attention_factor": 1.25, "original_max_position_embeddings": 512}}, [4096]),
    ("longrope", Phi3Config, PHI | {"rope_theta": 10000.0, "rope_scaling": {"type": "su"} | LONG}, [4096, 4097]),
    ("longrope_factor", Phi3Config, PHI | {"rope_theta": 10000.0, "rope_scaling": {"type": "longrope", "factor": 16.0} | LONG}, [1, 100000]),
    ("proportional", LlamaConfig, BASE | {"rope_parameters": {
        "rope_type": "proportional", "rope_theta": 1000000.0, "partial_rotary_factor": 0.25}}, [4096]),
    ("gemma3_published", Gemma3TextConfig, BASE | {"head_dim": 128, "rope_theta": 1000000.0, "rope_local_base_freq": 10000.0,
                                                   "num_hidden_layers": 6,
                                                   "rope_scaling": {"rope_type": "linear", "factor": 8.0}}, [4096]),
    ("gemma3_transformers5", Gemma3TextConfig, BASE | {"head_dim": 128, "num_hidden_layers": 6, "rope_parameters": {
        "full_attention": {"rope_type": "default", "rope_theta": 1000000.0},
        "sliding_attention": {"rope_type": "default", "rope_theta": 10000.0}}}, [4096]),
]


def compute(config, seq_len, layer_type):
    parameters = config.rope_parameters[layer_type] if layer_type else config.rope_parameters
    if parameters["rope_type"] != "default":
        return ROPE_INIT_FUNCTIONS[parameters["rope_type"]](config, "cpu", seq_len=seq_len, layer_type=layer_type)
    if layer_type:
        return Gemma3RotaryEmbedding.compute_default_rope_parameters(config, "cpu", seq_len=seq_len, layer_type=layer_type)
    return PhiRotaryEmbedding.compute_default_rope_parameters(config, "cpu", seq_len=seq_len)


def rows():
    for name, kind, raw, lengths in CASES:
        config = kind(**json.loads(json.dumps(raw)))
        for layer_type in ("full_attention", "sliding_attention") if kind is Gemma3TextConfig else (None,):
            for length in lengths:
                inverse, scaling = compute(config, length, layer_type)
                head_dim = getattr(config, "head_dim", None) or raw["hidden_size"] // raw["num_attention_heads"]
                yield {"name": name, "config": raw, "layer_type": layer_type, "length": length, "head_dim": head_dim,
                       "scaling": float(scaling), "inverse": [float(f) for f in inverse.to(torch.float32)]}


print("[\n" + ",\n".join(json.dumps(row) for row in rows()) + "\n]")
