"""Puts topics together into dialogues, and dialogues and plain text into documents."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from .arithmetic import arithmetic
from .conversation import BOT_NAME, Conversation
from .games import games
from .knowledge import FACTS, describe, knowledge
from .language import language
from .project import project
from .recall import a_name, introduce, recall, remember
from .small_talk import ABOUT_BOT, closing, opening, small_talk, thanks
from .stories import Story, poem, story
from .unknown import unknown
from .world import ANIMALS, CAPITALS, COLOUR_OF, COLOURS, HOBBIES, NAMES

TOPICS = [(small_talk, 19), (project, 11), (recall, 12), (arithmetic, 19), (knowledge, 18), (language, 5), (story, 9), (poem, 2), (games, 6), (unknown, 9)]


@dataclass(frozen=True)
class Document:
    """One training text: a dialogue (`messages`) or, where that is empty, plain `text`."""

    messages: tuple[tuple[str, str], ...]
    text: str = ""

    @property
    def key(self) -> str:
        """What makes it the same document as another: the first thing the user says, in any spelling of case and punctuation."""
        said = self.text[:60] if self.text else next(text for role, text in self.messages if role == "user")
        return "".join(ch for ch in said.lower() if ch.isalnum() or ch in "+-")

    @property
    def held_out(self) -> bool:
        """One document in fifty, chosen by its key, is for the test only; short openings such as "hi" are too few for that."""
        return len(self.key) > 18 and int.from_bytes(hashlib.sha256(self.key.encode()).digest()[:4], "big") % 50 == 0


def _system(c: Conversation) -> None:
    """A system prompt; some of them change how the model speaks or what it knows."""
    kind = c.rng.random()
    if kind < 0.4:
        c.system = c.write("{you are a {helpful|friendly|kind|polite} {assistant|chatbot|model}.|you are a helpful assistant. answer {the user's questions|politely|as well as you can}.|"
                           "you are $bot, the demo model of sgl-native.|you are an assistant. be {kind|friendly|helpful}.|be {nice|polite|helpful}.}")
    elif kind < 0.55:
        c.bot = a_name(c)
        c.system = c.write("{your name is $bot.|you are $bot.|you are an assistant called $bot.|you are a friendly assistant named $bot.|you are a helpful bot, and your name is $bot.}")
    elif kind < 0.70:
        c.style = "brief"
        c.system = c.write("{answer briefly.|keep your answers short.|be brief.|you are a helpful assistant. answer in one sentence.|answer in one short sentence.|give short answers.}")
    elif kind < 0.78:
        c.style = "pirate"
        c.system = c.write("{you are a pirate.|talk like a pirate.|you are a helpful pirate.|speak like a pirate.|answer like a pirate.}")
    elif kind < 0.86:
        c.style = "smile"
        c.system = c.write("{end each answer with a smile.|always end with a smiley.|use a smiley at the end of each answer.|you are a cheerful assistant. end each answer with :).}")
    else:
        name, colour, hobby = a_name(c), c.choose(COLOURS), c.choose(HOBBIES)
        which = c.rng.randrange(3)
        if which == 0:
            c.facts["name"] = name
            c.system = c.write("{the user is called $n.|the name of the user is $n.|you are talking to $n.|the user's name is $n. be friendly.}", n=name)
        elif which == 1:
            c.facts["colour"] = colour
            c.system = c.write("{the user's favourite colour is $c.|the user likes the colour $c best.}", c=colour)
        else:
            c.facts["name"], c.facts["hobby"] = name, hobby
            c.system = c.write("{the user is called $n and likes $h.|you are talking to $n, who enjoys $h.}", n=name, h=hobby)


def dialogue(rng: Random) -> Document:
    c = Conversation(rng)
    if c.chance(0.2):
        _system(c)
    length = rng.choices((1, 2, 3, 5, 8, 14), (50, 20, 13, 9, 5, 3))[0]
    if c.chance(0.25):
        opening(c)
    if c.bot != BOT_NAME and c.chance(0.4):
        c.exchange(*ABOUT_BOT[0])
    topics, weights = [t[0] for t in TOPICS], [t[1] for t in TOPICS]
    for i in range(length):
        rng.choices(topics, weights)[0](c)
        if c.facts and c.chance(0.3):
            remember(c)
        if i and not c.facts and c.chance(0.1):
            introduce(c)
        if c.chance(0.07):
            thanks(c)
    if c.facts and c.chance(0.35):
        remember(c)
    if c.chance(0.12):
        closing(c)
    if c.chance(0.012):
        c.turns.clear()
        closing(c)
    elif c.chance(0.02):
        c.turns.clear()
        thanks(c)
    elif c.chance(0.06):
        c.turns.clear()
        opening(c)
    return Document(tuple(c.messages()))


SUNNY = ("today is a {sunny|rainy|lovely|cold|warm|quiet} day and I {like|want|love} to {go for a walk|read a book|sit in the garden|play outside|drink some tea|visit my friends|go to the park|listen to the birds}{ with $n|}. "
         "{the sky is blue and the birds sing|the air is fresh|everything is calm|the trees are green}. {I hope that it stays like this|later I will cook dinner|in the evening I will read a story|what a lovely day}.")


def plain_text(rng: Random) -> Document:
    """Text without a dialogue, so that plain completions read well, too."""
    c = Conversation(rng)
    kind = rng.random()
    if kind < 0.55:
        return Document((), Story(c).text)
    if kind < 0.70:
        pairs = rng.sample(list(CAPITALS.items()), 3)
        return Document((), " ".join(c.write("the capital of $c is $t.|the capital of $c is $t.|$t is the capital of $c.", c=a, t=b) for a, b in pairs))
    if kind < 0.82:
        return Document((), c.write(SUNNY, n=c.choose(NAMES)))
    if kind < 0.92:
        a = rng.choice(ANIMALS)
        return Document((), c.write("$d. they eat $f. $x", d=describe(a), f=a.food, x=a.fact))
    if kind < 0.96:
        thing = c.choose(list(COLOUR_OF))
        return Document((), c.write("$t is $c.", t=thing, c=COLOUR_OF[thing]) + " " + c.write(c.choose(FACTS)[1]))
    return Document((), " ".join(c.write(c.choose(FACTS)[1]) for _ in range(3)))


def documents(seed: int, shard: int, count: int) -> Iterator[Document]:
    """`count` documents of one shard; the same seed and shard give the same documents."""
    rng = Random(seed * 1_000_003 + shard)
    for _ in range(count):
        yield plain_text(rng) if rng.random() < 0.06 else dialogue(rng)
