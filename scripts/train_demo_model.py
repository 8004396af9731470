#!/usr/bin/env python3
"""Trains the demo model: writes the text (demo_corpus), trains a tokenizer and a small Llama on it, measures it and writes a checkpoint.

    python3 scripts/train_demo_model.py --output models/demo --seed 1234 --minutes 6

needs PyTorch, tokenizers and safetensors, nothing from the network, and a few minutes on one GPU. `--minutes` only decides how many steps
there are; `--steps` with the number in training.json repeats a training.
"""

import argparse
import json
import multiprocessing
import os
import platform
import time
from array import array
from pathlib import Path
from random import Random

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")

import safetensors  # noqa: E402
import tokenizers  # noqa: E402
import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402
from safetensors.torch import save_file  # noqa: E402
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers  # noqa: E402

import demo_evaluation as evaluation  # noqa: E402
from demo_corpus.corpus import Document, documents  # noqa: E402
from demo_evaluation import END_OF_TEXT, TURN_END, TURN_START  # noqa: E402
from demo_network import Llama, Shape  # noqa: E402

SHARD = 5000
WIDTHS = (32, 64, 96, 128, 192, 256, 384, 512, 768, 1024)
# Words with a leading space or mark, single digits (so that sums are learned digit by digit), marks, line breaks, spaces.
WORDS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
CHAT_TEMPLATE = ("{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + (message['content'] | trim) + '<|im_end|>\\n' }}{% endfor %}"
                 "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}")


def train_tokenizer(seed: int, vocab_size: int, sample: int) -> Tokenizer:
    """A byte-level BPE over the first documents of the corpus."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(WORDS), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    special = [AddedToken(t, special=True, normalized=False) for t in (END_OF_TEXT, TURN_START, TURN_END)]
    trainer = trainers.BpeTrainer(vocab_size=vocab_size, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    texts = (text for d in documents(seed, 0, sample) for text in ([d.text] if d.text else [f"{role}\n{said}" for role, said in d.messages]))
    tokenizer.train_from_iterator(texts, trainer)
    if tokenizer.get_vocab_size() != vocab_size:
        raise SystemExit(f"The tokenizer has {tokenizer.get_vocab_size()} tokens instead of {vocab_size}: give it more text (--dialogues).")
    return tokenizer


def encode(tokenizer: Tokenizer, batch: list[Document]) -> list[tuple[list[int], list[int]]]:
    """Ids and mask of each document; the mask is 1 where the model is to learn the token: what the assistant says, and plain text."""
    start, end, stop = (tokenizer.token_to_id(t) for t in (TURN_START, TURN_END, END_OF_TEXT))
    newline = tokenizer.encode("\n").ids
    header = {role: [start, *tokenizer.encode(role + "\n").ids] for role in ("system", "user", "assistant")}
    parts = iter(tokenizer.encode_batch([said for d in batch for said in ([d.text] if d.text else [text for _, text in d.messages])]))
    out = []
    for document in batch:
        if document.text:
            ids = [*next(parts).ids, stop]
            out.append((ids, [1] * len(ids)))
            continue
        ids, mask = [], []
        for role, _ in document.messages:
            said = next(parts).ids
            learned = int(role == "assistant")
            ids += [*header[role], *said, end, *newline]
            mask += [0] * len(header[role]) + [learned] * (len(said) + 1) + [0] * len(newline)
        out.append((ids, mask))
    return out


def encode_shard(job: tuple[str, int, int, int]) -> tuple[array, array, list[int]]:
    """One shard's training documents: ids, masks and lengths, end to end, cut to the context."""
    path, seed, shard, context = job
    ids, masks, lengths = array("H"), array("B"), []
    batch = [d for d in documents(seed, shard, SHARD) if not d.held_out]
    for document_ids, mask in encode(Tokenizer.from_file(path), batch):
        ids.extend(document_ids[:context])
        masks.extend(mask[:context])
        lengths.append(min(len(document_ids), context))
    return ids, masks, lengths


class Batches:
    """All training tokens on the device, handed out in batches of documents of similar length."""

    def __init__(self, shards: list[tuple[array, array, list[int]]], tokens_per_batch: int, seed: int, device: torch.device):
        self.ids = torch.cat([torch.frombuffer(s[0], dtype=torch.uint16).to(torch.int32) for s in shards]).to(device)
        self.masks = torch.cat([torch.frombuffer(s[1], dtype=torch.uint8) for s in shards]).to(device)
        self.lengths = [n for s in shards for n in s[2]]
        self.starts, at = [], 0
        for n in self.lengths:
            self.starts.append(at)
            at += n
        self.total, self.tokens_per_batch, self.device, self.rng = at, tokens_per_batch, device, Random(seed)
        self.epoch = 0

    def __iter__(self):
        while True:
            buckets: dict[int, list[int]] = {width: [] for width in WIDTHS}
            for i, n in enumerate(self.lengths):
                buckets[next(w for w in WIDTHS if n <= w)].append(i)
            plan = []
            for width, members in buckets.items():
                self.rng.shuffle(members)
                rows = max(1, self.tokens_per_batch // width)
                # What does not fill a batch waits for another epoch, in which others are left over.
                plan += [(width, members[k:k + rows]) for k in range(0, len(members), rows) if len(members) < rows or k + rows <= len(members)]
            self.rng.shuffle(plan)
            for width, rows in plan:
                yield self._gather(width, rows)
            self.epoch += 1

    def _gather(self, width: int, rows: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
        starts = torch.tensor([self.starts[i] for i in rows], device=self.device)[:, None]
        lengths = torch.tensor([self.lengths[i] for i in rows], device=self.device)[:, None]
        offsets = torch.arange(width, device=self.device)[None]
        inside = offsets < lengths
        at = torch.where(inside, starts + offsets, starts)
        return torch.where(inside, self.ids[at], 0).long(), (self.masks[at] > 0) & inside


def learning_rate(step: int, steps: int, warmup: int, peak: float) -> float:
    if step < warmup:
        return peak * (step + 1) / warmup
    # Down to nothing along a straight line, which suits a short training better than a cosine.
    return peak * max(0.0, (steps - step) / max(1, steps - warmup))


def train(model: Llama, batches: Batches, args: argparse.Namespace) -> tuple[int, float, int]:
    """Returns the number of steps, the mean training loss of the last fiftieth of them, and the tokens seen."""
    matrices = [p for p in model.parameters() if p.dim() == 2]
    others = [p for p in model.parameters() if p.dim() != 2]
    device = batches.device
    optimizer = torch.optim.AdamW([{"params": matrices, "weight_decay": 0.05}, {"params": others, "weight_decay": 0.0}], lr=args.lr, betas=(0.9, 0.95),
                                  fused=device.type == "cuda")
    steps, warmup = args.steps, 200 if args.steps is None else max(1, min(200, args.steps // 10))
    measure_from, began, now = 20, time.monotonic(), 0.0
    recent: list[torch.Tensor] = []
    tokens = 0
    forward = torch.compile(model, dynamic=True) if args.compile else model
    for step, (ids, mask) in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, steps or 10 ** 9, warmup, args.lr)
        chosen = mask[:, 1:]
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
            hidden = forward(ids[:, :-1])[chosen]
            logits = F.linear(hidden, model.embed_tokens.weight)
        loss = F.cross_entropy(logits.float(), ids[:, 1:][chosen])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        recent.append(loss.detach())
        tokens += ids.numel()
        if step == measure_from:
            loss.item()
            now = time.monotonic()
        if steps is None and step + 1 == warmup:
            loss.item()
            each = (time.monotonic() - now) / (step - measure_from)
            steps = max(warmup + 1, warmup + int((args.minutes * 60 - (time.monotonic() - began)) / each))
            print(f"{each * 1e3:.1f} ms per step: {steps} steps", flush=True)
        if (step + 1) % args.log_every == 0:
            print(f"step {step + 1}/{steps or '?'} epoch {batches.epoch} loss {torch.stack(recent[-args.log_every:]).mean():.4f} "
                  f"{tokens / (time.monotonic() - began) / 1e3:.0f}k tokens/s", flush=True)
        if steps is not None and step + 1 >= steps:
            break
    return steps, float(torch.stack(recent[-max(1, steps // 50):]).mean()), tokens


def write_checkpoint(folder: Path, model: Llama, tokenizer: Tokenizer) -> None:
    end, stop, start = (tokenizer.token_to_id(t) for t in (TURN_END, END_OF_TEXT, TURN_START))
    save_file({f"model.{name}": p.detach().to(torch.bfloat16).cpu().contiguous() for name, p in model.named_parameters()}, folder / "model.safetensors",
              metadata={"format": "pt"})
    ids = {"bos_token_id": stop, "eos_token_id": [end, stop], "pad_token_id": stop}
    write_json(folder / "config.json", {**model.shape.config(), **ids})
    write_json(folder / "generation_config.json", {**ids, "do_sample": True, "temperature": 0.5, "top_p": 0.95})
    added = {str(i): {"content": t, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
             for i, t in ((stop, END_OF_TEXT), (start, TURN_START), (end, TURN_END))}
    write_json(folder / "tokenizer_config.json", {
        "add_bos_token": False, "add_prefix_space": False, "added_tokens_decoder": added, "bos_token": None, "chat_template": CHAT_TEMPLATE,
        "clean_up_tokenization_spaces": False, "eos_token": TURN_END, "model_max_length": model.shape.max_position_embeddings,
        "pad_token": END_OF_TEXT, "tokenizer_class": "PreTrainedTokenizerFast", "unk_token": None})


def write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def write_card(folder: Path, record: dict, talk: str) -> None:
    e = record["evaluation"]
    (folder / "README.md").write_text(f"""# The demo model of sgl-native

A chat model of {record['parameters']:,} parameters (Llama architecture, {record['shape']['num_hidden_layers']} layers of {record['shape']['hidden_size']}, tied embeddings, bf16), so that
`sgl-native serve` has something to say without a download. It makes small talk, remembers what it is told, tells short stories, adds and
subtracts numbers below 100, knows simple facts about animals, colours, days, capitals and sgl-native, and says so when it does not know something.
It speaks English only. It is a demonstration and no source of facts.

Everything in this folder was made by `scripts/train_demo_model.py` of this project from text that its own grammars (`scripts/demo_corpus`) write.
No other text and no other model was used. License: Apache-2.0, as the project.

| | |
|---|---|
| command | `{record['command']}` |
| seed, steps | {record['seed']}, {record['steps']} |
| tokens seen | {record['tokens_seen'] / 1e6:.0f} M ({record['corpus_tokens'] / 1e6:.0f} M distinct, {record['corpus_documents']:,} documents) |
| training time | {record['training_seconds'] / 60:.1f} minutes on {record['device']} |
| final training loss | {record['final_loss']:.4f} nats per token that the assistant says |
| loss on dialogues whose opening is in no training text | {e['held_out_loss']:.4f} |
| two-digit sums kept out of the training | {e['sums']:.1%} right |
| two-digit differences kept out of the training | {e['differences']:.1%} right |
| answers (temperature 0.7) to {e['stop_prompts']} unseen openings that end by themselves | {e['stop_rate']:.1%} |

The numbers are those of the bf16 weights in this folder. `training.json` holds them with the versions of all libraries.

## How it talks
Greedy answers, nothing left out; the questions were written by hand and are in no grammar.

{talk}""", encoding="utf-8", newline="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, required=True, help="folder of the checkpoint")
    parser.add_argument("--seed", type=int, default=1234)
    parser.add_argument("--minutes", type=float, default=6.0, help="training time, from which the number of steps follows")
    parser.add_argument("--steps", type=int, help="number of steps instead")
    parser.add_argument("--dialogues", type=int, default=600_000, help="size of the corpus in documents")
    parser.add_argument("--batch-tokens", type=int, default=49152)
    parser.add_argument("--lr", type=float, default=3e-3)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--compile", action="store_true", help="use torch.compile")
    parser.add_argument("--log-every", type=int, default=200)
    parser.add_argument("--evaluate", type=int, default=1000, help="largest number of sums of each kind to test")
    args = parser.parse_args()

    args.output.mkdir(parents=True, exist_ok=True)
    device = torch.device(("cuda" if torch.cuda.is_available() else "cpu") if args.device == "auto" else args.device)
    torch.manual_seed(args.seed)
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.utils.deterministic.fill_uninitialized_memory = False
    shape = Shape()

    began = time.monotonic()
    tokenizer = train_tokenizer(args.seed, shape.vocab_size, min(args.dialogues, 60_000))
    tokenizer_path = args.output / "tokenizer.json"
    tokenizer.save(str(tokenizer_path))
    shards = max(1, args.dialogues // SHARD)
    jobs = [(str(tokenizer_path), args.seed, shard, shape.max_position_embeddings) for shard in range(shards)]
    with multiprocessing.get_context("spawn").Pool(args.workers) as pool:
        encoded = pool.map(encode_shard, jobs, chunksize=1)
    batches = Batches(encoded, args.batch_tokens, args.seed, device)
    print(f"{len(batches.lengths)} documents, {batches.total / 1e6:.1f} M tokens, written in {time.monotonic() - began:.0f} s", flush=True)

    model = Llama(shape).to(device)
    parameters = sum(p.numel() for p in model.parameters())
    print(f"{parameters} parameters on {device}", flush=True)
    assert parameters <= 3_000_000
    began = time.monotonic()
    steps, final_loss, tokens = train(model, batches, args)
    seconds = time.monotonic() - began
    print(f"final loss {final_loss:.4f} after {steps} steps and {tokens / 1e6:.1f} M tokens in {seconds:.0f} s", flush=True)

    write_checkpoint(args.output, model, tokenizer)
    for p in model.parameters():
        p.data = p.data.to(torch.bfloat16).float()
    model.eval()
    held_out = [d for shard in range(shards, shards + 20) for d in documents(args.seed, shard, SHARD) if d.held_out][:800]
    small = args.evaluate < 1000
    scores = {
        "held_out_loss": evaluation.loss(model, [(ids[:1024], mask[:1024]) for ids, mask in encode(tokenizer, held_out[:100] if small else held_out)]),
        **evaluation.sums(model, tokenizer, args.evaluate),
        "stop_prompts": 20 if small else 200,
        "stop_rate": evaluation.stop_rate(model, tokenizer, held_out, 20 if small else 200, temperature=0.7),
    }
    talk = evaluation.transcript(model, tokenizer)
    print(json.dumps(scores), talk, sep="\n", flush=True)
    record = {
        "command": f"python3 scripts/train_demo_model.py --seed {args.seed} --steps {steps} --dialogues {args.dialogues} --batch-tokens {args.batch_tokens} --lr {args.lr} --output models/demo",
        "seed": args.seed, "steps": steps, "final_loss": final_loss, "tokens_seen": tokens, "corpus_tokens": batches.total, "corpus_documents": len(batches.lengths),
        "parameters": parameters, "training_seconds": seconds, "shape": shape.config(), "evaluation": scores,
        "device": torch.cuda.get_device_name() if device.type == "cuda" else "CPU",
        "versions": {"python": platform.python_version(), "torch": torch.__version__, "tokenizers": tokenizers.__version__, "safetensors": safetensors.__version__},
    }
    write_json(args.output / "training.json", record)
    write_card(args.output, record, talk)


if __name__ == "__main__":
    main()
