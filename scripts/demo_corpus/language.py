"""Words and letters: spelling, rhymes, plurals, past forms, and repeating what was said."""

from .conversation import Conversation, ask
from .recall import made_up_name
from .world import ANIMALS, COLOURS, FOODS, FRUITS, HOBBIES, NAMES, NUMBERS, PAST, PLURALS, RHYMES, SPELLABLE

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SENTENCES = ("the {cat|dog|fox|bird|horse} {sleeps|runs|sings|jumps|plays} {in the garden|under the tree|on the hill|by the river}|{i|we|you} like {tea|pizza|music|stories|rain|the sea}|"
             "{good morning|good night|hello world|happy birthday|well done|I love pizza|never give up|time flies}|{today|tomorrow} is a {good|sunny|rainy|new} day|"
             "$n {loves|sees|has} {a|the} {$c|little|big} $a|{one|two|three} $f and a $c hat|$n and $m are friends|$g is fun")


def repeat(c: Conversation) -> None:
    text = c.write(SENTENCES, n=c.choose(NAMES), m=c.choose(NAMES), c=c.choose(COLOURS), a=c.choose(ANIMALS).name, f=c.choose(FRUITS), g=c.choose(HOBBIES))
    if c.chance(0.3):
        text = made_up_name(c)
    elif c.chance(0.15):
        text = " ".join(c.choose(SPELLABLE + FOODS + COLOURS) for _ in range(c.rng.randint(2, 5))).capitalize()
    if c.chance(0.8):
        c.exchange("{say|repeat|please say|please repeat|repeat after me:|can you say|write|repeat this:|say this:|now say|just say} {$t|\"$t\"}{.|}", "$t.", t=text)
    else:
        name = c.choose(NAMES) if c.chance(0.6) else made_up_name(c)
        c.exchange("{say|please say} {$g to|$g, please, to} $t{.|}", "{$g, $t!}", t=name, g=c.choose(("hello", "goodbye", "good morning", "thank you", "good night", "happy birthday", "welcome")))


def spelling(c: Conversation) -> None:
    word = c.choose(SPELLABLE)
    kind = c.rng.randrange(4)
    if kind == 0:
        c.exchange(ask("{how do you spell $w|spell $w|spell the word $w|how is $w spelled|what is the spelling of $w|can you spell $w}"), "{$w is spelled $s.|$s.}", w=word, s="-".join(word))
    elif kind == 1:
        c.exchange(ask("{what is the first letter of $w|which letter does $w start with|what letter does $w begin with|what does $w start with}"), "{$w starts with the letter $l.|the first letter of $w is $l.}", w=word, l=word[0].upper())
    elif kind == 2:
        c.exchange(ask("{what is the last letter of $w|which letter does $w end with}"), "{$w ends with the letter $l.|the last letter of $w is $l.}", w=word, l=word[-1].upper())
    else:
        n = len(word)
        c.exchange(ask("{how many letters {are in|does} $w{ have|}|how long is the word $w|count the letters of $w}"), "{$w has $n letters.|the word $w has $n letters.}", w=word, n=NUMBERS[n])


def alphabet(c: Conversation) -> None:
    i = c.rng.randrange(25)
    if c.chance(0.5):
        c.exchange(ask("{what|which} letter {comes after|follows|is after} $a"), "{$b comes after $a.|the letter after $a is $b.}", a=LETTERS[i].upper(), b=LETTERS[i + 1].upper())
    else:
        c.exchange(ask("{what|which} letter {comes before|is before} $a"), "{$b comes before $a.|the letter before $a is $b.}", a=LETTERS[i + 1].upper(), b=LETTERS[i].upper())


def words(c: Conversation) -> None:
    kind = c.rng.randrange(3)
    if kind == 0:
        a, b = c.choose(list(RHYMES.items()))
        if c.chance(0.5):
            a, b = b, a
        c.exchange(ask("{what rhymes with $a|which word rhymes with $a|give me a {rhyme for|word that rhymes with} $a|find a rhyme for $a|a rhyme for $a}"), "{$b rhymes with $a.|$a and $b rhyme.}", a=a, b=b)
    elif kind == 1:
        a, b = c.choose(list(PAST.items()))
        c.exchange(ask("{what is the past {tense |form |}of $a|what's the past tense of $a|past tense of $a|how do you say $a in the past}"), "{the past tense of $a is $b.|it is $b: I $b.}", a=a, b=b)
    else:
        a, b = c.choose(list(PLURALS.items()))
        c.exchange(ask("{what is the plural of $a|what's the plural of $a|plural of $a|how do you say more than one $a}"), "{the plural of $a is $b.|one $a, two $b.}", a=a, b=b)


def language(c: Conversation) -> None:
    c.rng.choices((repeat, spelling, alphabet, words), (40, 22, 12, 26))[0](c)
