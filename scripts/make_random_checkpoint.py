#!/usr/bin/env python3
"""A checkpoint of the shape that a config.json gives, with weights from N(0, 0.02) and norms of ones, in bfloat16.

    python3 scripts/make_random_checkpoint.py --config CONFIG.json --output DIR --seed 1
    python3 scripts/reference_hf.py --model-path DIR --prompt-lengths 1,17,1000,4000 --position-count 64 --device cuda --new-tokens 0 --output DIR/golden.safetensors
    sgl-native bench-one-batch --correctness-test --model-path DIR --reference DIR/golden.safetensors

The weights depend on the seed, the config, and the version of PyTorch; the reference is therefore made where the checkpoint is.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

import torch
from transformers import AutoConfig, AutoModelForCausalLM


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, required=True, help="a config.json, or the folder that holds one")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--std", type=float, default=0.02)
    parser.add_argument("--shard-size", default="4GB")
    args = parser.parse_args()

    source = args.config / "config.json" if args.config.is_dir() else args.config
    with tempfile.TemporaryDirectory() as folder:
        shutil.copyfile(source, Path(folder) / "config.json")
        config = AutoConfig.from_pretrained(folder)
    model = AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)
    generator = torch.Generator().manual_seed(args.seed)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.normal_(0, args.std, generator=generator)
            elif parameter.dim() == 1:
                parameter.zero_()
        for name, parameter in model.named_parameters():
            if parameter.dim() == 1 and "norm" in name:
                parameter.fill_(1)
    args.output.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(args.output, max_shard_size=args.shard_size)
    # transformers writes the config in its own newest style; the checkpoint keeps the one it was given.
    shutil.copyfile(source, args.output / "config.json")
    print(f"{sum(p.numel() for p in model.parameters()):,} parameters in {args.output}")


if __name__ == "__main__":
    main()
