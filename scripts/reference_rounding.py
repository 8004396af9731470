#!/usr/bin/env python3
"""How far transformers itself is from a float32 reference when it computes in 16 bits: what `--reference`'s bounds of a 16-bit type are to be read beside.

    python3 scripts/reference_rounding.py DIR [DIR ...] [--dtype bfloat16] [--device cpu]

Each DIR holds a checkpoint and its golden.safetensors, as reference_hf.py and draw_checkpoints.py write them. Prints for each the positions compared, RMS of the difference over
the reference's standard deviation at the median and at the worst position, and how many positions exceed 5 %.
"""

import argparse
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file

from reference_hf import load_model

BOUND = 0.05


def errors(model: torch.nn.Module, golden: dict[str, torch.Tensor], index: int) -> list[float]:
    """RMS/std of one prompt at the positions of its prefill, then at those of its decode steps."""
    ids, greedy = golden[f"p{index}.input_ids"], golden[f"p{index}.greedy_ids"]
    with torch.no_grad():
        logits = model(torch.cat([ids, greedy[:-1]])[None].to(model.device), use_cache=False).logits[0].float().cpu()
    positions = golden.get(f"p{index}.positions", torch.arange(len(ids)))
    rows = [*positions.tolist(), *range(len(ids) - 1, len(ids) - 1 + len(greedy))]
    expected = torch.cat([golden[f"p{index}.prefill_logits"], golden[f"p{index}.decode_logits"]])
    return [((logits[row] - e).square().mean().sqrt() / e.std(correction=0)).item() for row, e in zip(rows, expected, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="DIR")
    parser.add_argument("--dtype", choices=["bfloat16", "float16", "float32"], default="bfloat16")
    parser.add_argument("--device", default="cpu")
    args = parser.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    for folder in args.folders:
        golden = load_file(folder / "golden.safetensors")
        model = load_model(folder, getattr(torch, args.dtype), args.device, rounded=True)
        # The default implementation has conditions on sizes.
        model.set_experts_implementation("eager")
        prompts = sum(name.endswith(".input_ids") for name in golden)
        found = torch.tensor([error for i in range(prompts) for error in errors(model, golden, i)])
        print(f"{folder.name:<34} {len(found):4}  {100 * found.quantile(0.5, interpolation='midpoint'):8.5f} %  {100 * found.max():8.5f} %  {(found > BOUND).sum().item()} over 5 %", flush=True)


if __name__ == "__main__":
    main()
