#!/usr/bin/env python3
"""Makes rope-tables.json: the cosines and sines that transformers multiplies with, for the goldens' configurations.

    python3 tests/SglNative.Models.Tests/Layers/make_rope_tables.py
"""

import json
from pathlib import Path

import torch
from transformers import AutoConfig
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

HERE = Path(__file__).parent
GOLDENS = HERE.parent.parent / "goldens"
POSITIONS = [0, 1, 2, 17, 49, 63, 64, 127, 300, 500, 609]
# Folder, tokens of the sequence.
CASES = [("llama2", 510), ("llama3", 510), ("llama_yarn", 510), ("llama_linear_rope", 510), ("mistral_nemo", 510), ("qwen3", 510), ("wide_rope_dynamic", 500), ("wide_rope_linear_v5", 610),
         ("wide_rope_llama3_v5", 610), ("wide_rope_longrope", 50), ("wide_rope_longrope", 610), ("wide_rope_yarn_betas", 610), ("wide_rope_yarn_mscale", 610),
         ("wide_rope_yarn_untruncated_v5", 610)]


def main() -> None:
    tables = []
    for name, length in CASES:
        config = AutoConfig.from_pretrained(GOLDENS / name)
        rotary = LlamaRotaryEmbedding(config)
        cos, sin = rotary(torch.zeros(1, length, 1), torch.arange(length)[None])
        half = cos.shape[-1] // 2
        positions = [p for p in POSITIONS if p < min(length, config.max_position_embeddings)]
        tables.append(dict(golden=name, length=length, positions=positions, cos=[cos[0, p, :half].tolist() for p in positions], sin=[sin[0, p, :half].tolist() for p in positions]))
    (HERE / "rope-tables.json").write_text(json.dumps(tables, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
