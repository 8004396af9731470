"""Measures the demo model: loss on dialogues it has never seen, sums it has never seen, whether it stops, and how it talks."""

import re
from random import Random

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from demo_corpus.arithmetic import is_held_out
from demo_corpus.corpus import Document
from demo_network import Llama

END_OF_TEXT, TURN_START, TURN_END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"

# Phrasings written by hand; no grammar holds these conversations.
CONVERSATIONS = [
    ["Hi there! Who am I talking to?", "My name is Margaret and I have a cat called Socks.", "What's 27 + 45?", "And what is my cat's name?", "Do you remember my name?", "Thanks, bye!"],
    ["what is sgl native and do i need a gpu for it", "which port does it listen on?", "Is it free?"],
    ["Tell me a story about a shy dragon named Ember.", "That was nice!"],
    ["can you tell me what color the sky is?", "How many legs does a spider have?", "Which day comes after Friday?", "What's the opposite of happy?", "count to 7"],
    ["I had a terrible day, I lost my phone.", "Could you make me laugh?"],
    ["Explain general relativity please", "What is a flimbertop?"],
]


def chat_ids(tokenizer: Tokenizer, messages: list[tuple[str, str]]) -> list[int]:
    """The prompt of a conversation, up to where the assistant speaks."""
    text = "".join(f"{TURN_START}{role}\n{content}{TURN_END}\n" for role, content in messages) + f"{TURN_START}assistant\n"
    return tokenizer.encode(text, add_special_tokens=False).ids


def _stops(tokenizer: Tokenizer) -> set[int]:
    return {tokenizer.token_to_id(END_OF_TEXT), tokenizer.token_to_id(TURN_END)}


def answers(model: Llama, tokenizer: Tokenizer, prompts: list[list[int]], new_tokens: int, temperature: float = 0.0) -> list[tuple[str, bool]]:
    """The text of each answer, and whether it ended with a stop token."""
    out, stops = [], _stops(tokenizer)
    for at in range(0, len(prompts), 250):
        for ids in model.generate(prompts[at:at + 250], new_tokens, stops, temperature, seed=at):
            stopped = bool(ids) and ids[-1] in stops
            out.append((tokenizer.decode(ids[:-1] if stopped else ids, skip_special_tokens=False), stopped))
    return out


@torch.no_grad()
def loss(model: Llama, encoded: list[tuple[list[int], list[int]]]) -> float:
    """Mean cross entropy in nats over the tokens that the assistant says. `encoded` holds (ids, mask) per document."""
    device = model.norm.weight.device
    total, count = 0.0, 0
    for ids, mask in sorted(encoded, key=lambda e: len(e[0])):
        tensor = torch.tensor(ids, device=device)
        chosen = torch.tensor(mask[1:], device=device, dtype=torch.bool)
        logits = model.logits(model(tensor[None, :-1])[0][chosen])
        total += float(F.cross_entropy(logits, tensor[1:][chosen], reduction="sum"))
        count += int(chosen.sum())
    return total / max(count, 1)


def sums(model: Llama, tokenizer: Tokenizer, limit: int) -> dict[str, float]:
    """The share of right answers to two-digit sums and differences of which no part was in the training text."""
    result = {}
    for operation, name in (("+", "sums"), ("-", "differences")):
        pairs = [(a, b) for a in range(10, 100) for b in range(10, 100) if is_held_out(operation, a, b) and (operation == "+" or a >= b)]
        Random(7).shuffle(pairs)
        pairs = pairs[:limit]
        prompts = [chat_ids(tokenizer, [("user", f"What is {a} {operation} {b}?" if i % 2 else f"{a}{operation}{b}")]) for i, (a, b) in enumerate(pairs)]
        right = 0
        for (a, b), (text, _) in zip(pairs, answers(model, tokenizer, prompts, 32)):
            said = re.findall(r"\d+", text)
            right += bool(said) and int(said[-1]) == (a + b if operation == "+" else a - b)
        result[name] = right / len(pairs)
    return result


def stop_rate(model: Llama, tokenizer: Tokenizer, held_out: list[Document], count: int, temperature: float) -> float:
    """The share of sampled answers to unseen openings that end by themselves within 300 tokens."""
    prompts = []
    for document in held_out:
        if document.messages:
            cut = next(i for i, (role, _) in enumerate(document.messages) if role == "assistant")
            prompts.append(chat_ids(tokenizer, list(document.messages[:cut])))
    results = answers(model, tokenizer, prompts[:count], 300, temperature)
    return sum(stopped for _, stopped in results) / max(len(results), 1)


def transcript(model: Llama, tokenizer: Tokenizer) -> str:
    """The conversations above with greedy answers, in Markdown."""
    lines = []
    for questions in CONVERSATIONS:
        messages: list[tuple[str, str]] = []
        for question in questions:
            messages.append(("user", question))
            text, _ = answers(model, tokenizer, [chat_ids(tokenizer, messages)], 250)[0]
            messages.append(("assistant", text))
            lines += [f"> **{question}**  ", f"> {text}  "]
        lines.append("")
    return "\n".join(lines)
