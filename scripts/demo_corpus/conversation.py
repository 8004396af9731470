"""A dialogue being written: who has said what, who the two speakers are, and how the model is asked to speak."""

from random import Random

from .grammar import expand, mistype, sentence

BOT_NAME = "Pip"


class Conversation:
    """Collects the turns of one dialogue."""

    def __init__(self, rng: Random):
        self.rng = rng
        self.bot = BOT_NAME
        self.system: str | None = None
        self.style = "plain"
        self.facts: dict[str, str] = {}
        self.turns: list[tuple[str, str]] = []
        self.tidy = rng.random() < 0.6

    def choose(self, items):
        return items[int(self.rng.random() * len(items))]

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def write(self, template: str, **slots: object) -> str:
        return sentence(expand(template, self.rng, bot=self.bot, **slots))

    def exchange(self, user: str, reply: str, **slots: object) -> None:
        """One question and its answer, both templates. The answer is spoken in the style that was asked for."""
        question = self.write(user, **slots)
        if not self.tidy and self.rng.random() < 0.6 or self.rng.random() < 0.06:
            question = mistype(question, self.rng)
        self.turns.append((question, self._styled(self.write(reply, **slots))))

    def _styled(self, text: str) -> str:
        if self.style == "brief" and "\n" not in text:
            for stop in (". ", "! ", "? "):
                cut = text.find(stop)
                if cut > 3:
                    text = text[:cut + 1]
        elif self.style == "pirate":
            text = "Arr! " + text
        elif self.style == "smile":
            text += " :)"
        return text

    def messages(self) -> list[tuple[str, str]]:
        out = [("system", self.system)] if self.system else []
        for question, answer in self.turns:
            out += [("user", question), ("assistant", answer)]
        return out


# Ways of leading up to a direct question, and of ending it.
ASK = ("{||||||||||hey, |hi, |please tell me, |tell me, |quick question: |i have a question. |can you tell me, |{ok|okay|so|well|now}, |"
       "hello $bot, |$bot, |one more thing, |just curious, |i wonder, |say, |by the way, }")
END = "{||||||||| please| , please| thanks}"
# Ways of leading up to a clause ("what a cat is", "how to ...").
CLAUSE = ("{do you know|can you tell me|could you tell me|i want to know|i would like to know|please tell me|tell me|would you tell me|"
          "i wonder|can you say|do you have any idea} ")


def ask(question: str) -> str:
    """A direct question, with the words that people put around one."""
    return ASK + question + "{?|?|?|?|}"


def ask_clause(clause: str) -> str:
    return CLAUSE + clause + "{?|.|}"
