"""Templates for sentences, and the noise of hasty typing.

A template is text with `{this|that}` (one of the alternatives; `|` outside braces parts whole templates), `[maybe]` (present half of the time) and `$name` (a slot);
the three nest. `expand("{Hi|Hello}[ there], $name!", rng, name="Ada")` may give "Hello, Ada!".
"""

import re
from functools import lru_cache
from random import Random

_SLOT = re.compile(r"\$(\w+)")


@lru_cache(maxsize=None)
def _parse(template: str) -> tuple:
    alternatives, at = [], 0
    while True:
        parts, at = _sequence(template, at, "|")
        alternatives.append(parts)
        if at >= len(template):
            return (tuple(alternatives),)
        at += 1


def _sequence(text: str, at: int, stops: str) -> tuple[tuple, int]:
    parts: list = []
    literal: list[str] = []
    while at < len(text) and text[at] not in stops:
        char = text[at]
        if char in "{[":
            if literal:
                parts.append("".join(literal))
                literal = []
            alternatives = []
            closing = "}" if char == "{" else "]"
            at += 1
            while True:
                inner, at = _sequence(text, at, "|" + closing)
                alternatives.append(inner)
                if at >= len(text):
                    raise ValueError(f"missing {closing}: {text}")
                at += 1
                if text[at - 1] == closing:
                    break
            if char == "[":
                alternatives += [()] * len(alternatives)
            parts.append(tuple(alternatives))
        else:
            literal.append(char)
            at += 1
    if literal:
        parts.append("".join(literal))
    return tuple(parts), at


def _write(parts: tuple, rng: Random, out: list[str]) -> None:
    for part in parts:
        if isinstance(part, str):
            out.append(part)
        else:
            _write(part[int(rng.random() * len(part))], rng, out)


def expand(template: str, rng: Random, **slots: object) -> str:
    """One sentence of the template. A slot's value may hold templates itself."""
    out: list[str] = []
    _write(_parse(template), rng, out)
    text = "".join(out)
    if "$" in text:
        text = _SLOT.sub(lambda m: str(slots[m.group(1)]), text)
        if "{" in text or "[" in text or "$" in text:
            return expand(text, rng, **slots)
    return text


def sentence(text: str) -> str:
    """The text with a capital at its start, after each full stop and for "I", the right article, and no doubled spaces."""
    text = re.sub(r"  +", " ", text).strip()
    text = re.sub(r"(?<![-\w])i(?![-\w])", "I", text)
    text = re.sub(r"\b([Aa]) (?=[aeio]\w)(?!(?:one|is|in|and|or|are|as|at|of|on|if|it)\b)", r"\1n ", text)
    text = re.sub(r"(^\"?|[.!?] \"?|[:,] \")([a-z])", lambda m: m.group(1) + m.group(2).upper(), text)
    return text.replace("Sgl-native", "sgl-native")


def listing(items: list[str], word: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + f" {word} {items[-1]}"


def an(noun: str) -> str:
    """The noun with its indefinite article."""
    vowel = noun[0].lower() in "aeiou" and not noun.startswith(("uni", "use", "eu", "one"))
    return ("an " if vowel or noun.startswith("hour") else "a ") + noun


def mistype(text: str, rng: Random) -> str:
    """The text as a person in a hurry types it: no capitals, no punctuation, a letter lost or swapped."""
    kind = rng.random()
    if kind < 0.30:
        return text.lower()
    if kind < 0.55:
        return text.lower().rstrip("?.!")
    if kind < 0.68:
        return text.rstrip("?.!")
    if kind < 0.74:
        return text.lower().replace("'", "").rstrip("?.!")
    if kind < 0.78:
        return text.upper()
    if kind < 0.82:
        return text.rstrip(".!?") + rng.choice(["??", "!!", "...", " ?", " !", "?!"])
    words = text.split(" ")
    candidates = [i for i, word in enumerate(words) if len(word) > 3 and word.isalpha() and word[0].islower()]
    if not candidates:
        return text
    at = rng.choice(candidates)
    word = words[at]
    cut = rng.randrange(1, len(word) - 1)
    how = rng.random()
    if how < 0.4:
        word = word[:cut] + word[cut + 1:]
    elif how < 0.75:
        word = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2:]
    else:
        word = word[:cut] + word[cut] + word[cut:]
    words[at] = word
    text = " ".join(words)
    return text.lower() if rng.random() < 0.4 else text
