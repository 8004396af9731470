#!/usr/bin/env python3
"""What Hugging Face transformers computes for a checkpoint: to read beside `sgl-native bench-one-batch --correctness-test`, or to compare with.

    python3 scripts/reference_hf.py --model-path DIR --model-type text                       three prompts, last logits, greedy text
    python3 scripts/reference_hf.py --model-path DIR --output golden.safetensors             the same as tensors, for `--reference`
    python3 scripts/reference_hf.py --model-path DIR --output golden.safetensors --prompt-lengths 1,17,1000,4000 --position-count 64 --device cuda

The file holds for each prompt i
    p{i}.input_ids       int64   [T]
    p{i}.positions       int64   [P]          only where positions were chosen; otherwise P = T
    p{i}.prefill_logits  float32 [P, V]
    p{i}.greedy_ids      int64   [D]          D = --decode-tokens
    p{i}.decode_logits   float32 [D, V]       row 0 follows the prompt, row j follows greedy_ids[:j]; computed anew without a cache
    p{i}.hidden_states   float32 [L+1, P, H]  with --hidden-states: the embeddings, then what follows each layer (the last one after the final norm)

The arithmetic is float32 on weights rounded to bfloat16, unless told otherwise.
"""

import argparse
import random
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, Mxfp4Config

PROMPTS = ("The capital of France is", "The capital of the United Kingdom is", "Today is a sunny day and I like")


def load_model(path: Path, dtype: torch.dtype, device: str, rounded: bool) -> torch.nn.Module:
    """The model in `dtype`, its weights rounded to bfloat16 first."""
    torch.set_float32_matmul_precision("highest")
    config = AutoConfig.from_pretrained(path)
    options = {}
    # MXFP4 would otherwise need kernels that only some GPUs have.
    if (getattr(config, "quantization_config", None) or {}).get("quant_method") == "mxfp4":
        options["quantization_config"] = Mxfp4Config(dequantize=True)
    # The default implementation passes over soft caps without a word.
    if getattr(config, "attn_logit_softcapping", None):
        options["attn_implementation"] = "eager"
    # What was dequantised is bfloat16, whatever was asked for.
    model = AutoModelForCausalLM.from_pretrained(path, dtype=dtype, **options).to(device, dtype).eval()
    for module in model.modules():
        if type(module).__name__ == "DeepseekV2Moe":  # choosing by groups reads a field that nobody sets
            module.num_experts = config.n_routed_experts
    if rounded and dtype == torch.float32:
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.copy_(parameter.to(torch.bfloat16))
    return model


def random_prompts(lengths: list[int], vocab_size: int, seed: int) -> list[list[int]]:
    """Random ids; the same seed gives the same prompts whatever the machine."""
    rng = random.Random(seed)
    return [[rng.randrange(vocab_size) for _ in range(length)] for length in lengths]


def spread(count: int, length: int) -> list[int]:
    """`count` positions from the first to the last of `length`, evenly spread."""
    if count >= length:
        return list(range(length))
    return sorted({round(i * (length - 1) / max(1, count - 1)) for i in range(count)} | {length - 1})


@torch.no_grad()
def reference(model: torch.nn.Module, ids: list[int], positions: list[int] | None, decode_tokens: int, hidden_states: bool) -> dict[str, torch.Tensor]:
    """The tensors of one prompt, without the prefix of their names."""
    device = next(model.parameters()).device
    tokens = torch.tensor([ids], device=device)
    output = model(tokens, use_cache=False, output_hidden_states=hidden_states)
    chosen = slice(None) if positions is None else torch.tensor(positions, device=device)
    result = {"input_ids": torch.tensor(ids), "prefill_logits": output.logits[0][chosen].float().cpu()}
    if positions is not None:
        result["positions"] = torch.tensor(positions)
    if hidden_states:
        result["hidden_states"] = torch.stack([h[0][chosen].float().cpu() for h in output.hidden_states])
    last = output.logits[0, -1].float()
    del output
    rows, greedy = [], []
    for _ in range(decode_tokens):
        rows.append(last.cpu())
        greedy.append(int(last.argmax()))
        if len(greedy) < decode_tokens:
            tokens = torch.cat((tokens, torch.tensor([[greedy[-1]]], device=device)), dim=1)
            last = model(tokens, use_cache=False).logits[0, -1].float()
    result["greedy_ids"] = torch.tensor(greedy, dtype=torch.int64)
    result["decode_logits"] = torch.stack(rows) if rows else torch.empty(0, last.numel())
    return {name: tensor.contiguous() for name, tensor in result.items()}


def write(path: Path, prompts: list[dict[str, torch.Tensor]]) -> None:
    save_file({f"p{i}.{name}": tensor for i, prompt in enumerate(prompts) for name, tensor in prompt.items()}, path)


@torch.no_grad()
def show(model: torch.nn.Module, tokenizer, ids: list[int], index: int, new_tokens: int) -> None:
    """Prints one prompt the way SGLang's script of the same name does."""
    tokens = torch.tensor([ids], device=next(model.parameters()).device)
    logits = model(tokens, use_cache=False).logits[0, -1]
    # Token by token and not through `generate`, which would follow the checkpoint's own sampling settings.
    ends = model.generation_config.eos_token_id
    ends = set(ends if isinstance(ends, list) else [ends])
    following = logits
    for _ in range(new_tokens):
        token = int(following.argmax())
        tokens = torch.cat((tokens, torch.tensor([[token]], device=tokens.device)), dim=1)
        if token in ends:
            break
        following = model(tokens, use_cache=False).logits[0, -1]
    print(f"\n========== Prompt {index} ==========")
    print("prefill logits (final)", logits)
    print(tokenizer.decode(tokens[0]) if tokenizer else tokens[0].tolist())


def integers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model-path", "--model", type=Path, required=True)
    parser.add_argument("--model-type", choices=["text"], default="text")
    parser.add_argument("--output", type=Path, help="safetensors file to write")
    parser.add_argument("--hidden-states", action="store_true", help="write the hidden states after each layer, too")
    parser.add_argument("--prompt", action="append", help="a text instead of the three prompts (may be repeated)")
    parser.add_argument("--input-ids", type=integers, action="append", help="ids such as 1,2,3 instead of the three prompts (may be repeated)")
    parser.add_argument("--prompt-lengths", type=integers, help="prompts of random ids of these lengths instead")
    parser.add_argument("--seed", type=int, default=0, help="of the random ids")
    parser.add_argument("--positions", type=integers, help="positions to write, -1 being the last; those beyond a prompt are left out")
    parser.add_argument("--position-count", type=int, help="write this many positions of each prompt, evenly spread")
    parser.add_argument("--new-tokens", "--max-new-tokens", type=int, default=16, help="tokens to print")
    parser.add_argument("--decode-tokens", type=int, default=8, help="greedy tokens to write")
    parser.add_argument("--dtype", choices=["float32", "float16", "bfloat16", "float64"], default="float32")
    parser.add_argument("--keep-weights", action="store_true", help="do not round the weights to bfloat16")
    parser.add_argument("--device", default="cpu")
    return parser.parse_args()


def main() -> None:
    args = parse()
    model = load_model(args.model_path, getattr(torch, args.dtype), args.device, not args.keep_weights)
    tokenizer = None
    if any((args.model_path / name).exists() for name in ("tokenizer.json", "tokenizer.model", "vocab.json")):
        tokenizer = AutoTokenizer.from_pretrained(args.model_path)
    if args.input_ids:
        prompts = args.input_ids
    elif args.prompt_lengths:
        prompts = random_prompts(args.prompt_lengths, model.config.get_text_config().vocab_size, args.seed)
    elif tokenizer is not None:
        prompts = [tokenizer.encode(text) for text in args.prompt or PROMPTS]
    else:
        raise SystemExit(f"{args.model_path} holds no tokenizer: give --input-ids or --prompt-lengths.")

    results = []
    for i, ids in enumerate(prompts):
        if args.new_tokens:
            show(model, tokenizer, ids, i, args.new_tokens)
        if args.output:
            positions = None
            if args.positions:
                positions = sorted({p % len(ids) if p < 0 else p for p in args.positions if -len(ids) <= p < len(ids)})
            elif args.position_count:
                positions = spread(args.position_count, len(ids))
            results.append(reference(model, ids, positions, args.decode_tokens, args.hidden_states))
    if args.output:
        write(args.output, results)
        print(f"\nWrote {args.output}: {len(results)} prompts of {', '.join(str(len(p)) for p in prompts)} tokens.")


if __name__ == "__main__":
    main()
