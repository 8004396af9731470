"""What the user says about themselves, and what the model is asked to remember of it."""

from .conversation import Conversation
from .grammar import an
from .world import ANIMALS, CITIES, COLOURS, DAYS, FOODS, FRUITS, HOBBIES, JOBS, NAMES, PET_NAMES, SEASONS

_ONSETS = "b br c ch cl d dr f fr g gr h j k kl l m n p pr qu r s sh st t th tr v w y z".split()
_VOWELS = "a e i o u ai ea ee ia io oo ou".split()
_CODAS = " n r l s m nd x th ck lla na ra ko ri".split(" ")


def made_up_name(c: Conversation) -> str:
    """A name that is in no list, so that the model learns to copy rather than to know."""
    text = c.choose(_ONSETS) + c.choose(_VOWELS)
    for _ in range(c.choose((0, 1, 1, 2))):
        text += c.choose(_ONSETS) + c.choose(_VOWELS)
    return (text + c.choose(_CODAS)).capitalize()


def a_name(c: Conversation) -> str:
    return c.choose(NAMES) if c.chance(0.6) else made_up_name(c)


# key -> (values, ways to say it, replies, ways to ask for it, answers, answers when it was never said)
FACTS = {
    "name": (a_name,
             "{{hi|hello|hey}[,] |||}{my name is $v|i'm $v|i am $v|call me $v|you can call me $v|they call me $v|my name's $v|this is $v|people call me $v}{.|!|}",
             "{nice to meet you, $v!|hello, $v! {it is nice to meet you.|how are you?|how can I help you?|I am $bot.}|hi $v! {how are you today?|what can I do for you?}|"
             "pleased to meet you, $v.|hello $v, I am $bot. what would you like to talk about?|what a nice name, $v!}",
             "{what is my name|what's my name|do you know my name|do you remember my name|who am i|can you tell me my name|say my name|what am i called|whats my name|"
             "do you remember who i am|tell me my name}{?|}",
             "{your name is $v.|your name is $v.|you are $v.|you told me that your name is $v.|of course! your name is $v.}",
             "{I don't know your name yet. what is it?|you haven't told me your name yet.|I don't know. you have not told me your name.}"),
    "age": (lambda c: str(c.rng.randint(5, 90)),
            "{i am|i'm|im} $v{ years old| years old| years of age|}{.|}",
            "{$v is a {good|fine|great|lovely} age!|thank you for telling me. $v is a nice age.}",
            "{how old am i|what is my age|what's my age|do you remember how old i am|do you know my age}{?|}",
            "{you are $v years old.|you told me that you are $v.|you are $v.}",
            "{I don't know how old you are.|you haven't told me your age yet.}"),
    "city": (lambda c: c.choose(CITIES) if c.chance(0.7) else made_up_name(c),
             "{i live in $v|i'm from $v|i am from $v|i come from $v|my home is in $v|i grew up in $v and live there|my city is $v}{.|}",
             "{$v sounds like a {nice|lovely|wonderful} place.|I have heard of $v. do you like living there?|how is life in $v?|I would love to see $v.}",
             "{where do i live|where am i from|what city do i live in|which city am i from|do you remember where i live|do you know where i come from|where is my home}{?|}",
             "{you live in $v.|you told me that you live in $v.|your home is in $v.}",
             "{I don't know where you live.|you haven't told me where you live yet.}"),
    "colour": (lambda c: c.choose(COLOURS),
               "{my {favourite|favorite} {colour|color} is $v|the {colour|color} i like best is $v|i love the {colour|color} $v|i like $v best of all colours}{.|}",
               "{$v is a {lovely|beautiful|nice|great} colour!|good choice! I like $v too.|$v suits you, I am sure.}",
               "{what is my {favourite|favorite} {colour|color}|what's my {favourite|favorite} {colour|color}|which {colour|color} do i like{ best|}|do you remember my {favourite|favorite} "
               "{colour|color}}{?|}",
               "{your favourite colour is $v.|you like $v best.|you told me that your favourite colour is $v.}",
               "{I don't know your favourite colour.|you haven't told me your favourite colour yet.}"),
    "food": (lambda c: c.choose(FOODS + FRUITS),
             "{my {favourite|favorite} food is $v|i love $v|i love to eat $v|i like eating $v best|the food i like best is $v}{.|}",
             "{$v? yum!|that sounds tasty!|good choice! many people love $v.|I cannot eat, but $v must be delicious.}",
             "{what is my {favourite|favorite} food|what's my {favourite|favorite} food|what do i like to eat|which food do i love|do you remember my {favourite|favorite} food}{?|}",
             "{your favourite food is $v.|you love $v.|you told me that you love $v.}",
             "{I don't know your favourite food.|you haven't told me what you like to eat.}"),
    "animal": (lambda c: c.choose(ANIMALS).name,
               "{my {favourite|favorite} animal is the $v|the animal i like best is the $v|of all animals i like the $v best}{.|}",
               "{the $v is a {great|lovely|wonderful} animal.|good choice! I like the $v too.}",
               "{what is my {favourite|favorite} animal|what's my {favourite|favorite} animal|which animal do i like best|do you remember my {favourite|favorite} animal}{?|}",
               "{your favourite animal is the $v.|you like the $v best.}",
               "{I don't know your favourite animal.|you haven't told me your favourite animal yet.}"),
    "number": (lambda c: str(c.rng.randint(1, 99)),
               "{my {favourite|favorite|lucky} number is $v|remember the number $v|please remember the number $v|keep the number $v in mind}{.|}",
               "{{okay|all right|got it}, I will remember $v.|$v is a nice number.}",
               "{what is my {favourite|favorite|lucky} number|what's my number|which number did i tell you|what number did i say|do you remember my number|what was the number}{?|}",
               "{the number was $v.|your number is $v.|you told me the number $v.}",
               "{I don't know your number.|you haven't told me a number yet.}"),
    "hobby": (lambda c: c.choose(HOBBIES),
              "{my hobby is $v|i like $v|i enjoy $v|in my free time i like $v|i love $v in my free time|my {favourite|favorite} hobby is $v}{.|}",
              "{$v is a {great|wonderful|nice|fine} hobby!|that sounds like fun! how often do you do it?|I am glad that you enjoy $v.}",
              "{what is my hobby|what's my hobby|what do i like to do{ in my free time|}|what do i enjoy|do you remember my hobby}{?|}",
              "{your hobby is $v.|you enjoy $v.|you told me that you like $v.}",
              "{I don't know your hobby.|you haven't told me what you like to do.}"),
    "job": (lambda c: c.choose(list(JOBS)),
            "{i am $av|i'm $av|i work as $av|my job is to be $av|i am $av by trade}{.|}",
            "{being $av must be {interesting|exciting|hard work}.|that is an important job. do you like it?|nice! the world needs every $v.}",
            "{what is my job|what's my job|what do i do for a living|what do i work as|do you remember my job}{?|}",
            "{you are $av.|you work as $av.|you told me that you are $av.}",
            "{I don't know your job.|you haven't told me what you do for a living.}"),
    "season": (lambda c: c.choose(SEASONS),
               "{my {favourite|favorite} season is $v|i like $v best|i love $v|the season i like best is $v}{.|}",
               "{$v is a {lovely|beautiful|nice} time of the year.|good choice! I like $v too.}",
               "{what is my {favourite|favorite} season|which season do i like best|do you remember my {favourite|favorite} season}{?|}",
               "{your favourite season is $v.|you like $v best.}",
               "{I don't know your favourite season.|you haven't told me your favourite season.}"),
    "day": (lambda c: c.choose(DAYS),
            "{my {favourite|favorite} day is $v|i like $v best of all days|my birthday is on $v|my birthday is on a $v}{.|}",
            "{$v is a {good|nice} day.|I will remember $v.|$v it is!}",
            "{what is my day|which day did i tell you|what day did i say|which day is it that i like or have my birthday on}{?|}",
            "{you told me $v.|you said $v.|it is $v.}",
            "{I don't know. you have not told me a day.}"),
}


def _slots(key: str, value: str) -> dict[str, str]:
    return {"v": value, "av": an(value)}


def tell(c: Conversation, key: str) -> None:
    values, say, reply, *_ = FACTS[key]
    value = values(c)
    c.facts[key] = value
    c.exchange(say, reply, **_slots(key, value))


def ask_back(c: Conversation, key: str) -> None:
    *_, question, answer, unknown = FACTS[key]
    known = c.facts.get(key)
    c.exchange(question, answer if known else unknown, **(_slots(key, known) if known else {}))
    if not known and c.chance(0.4):
        tell(c, key)


PET_KINDS = "dog cat rabbit parrot horse mouse turtle duck goat fish".split()


def pet(c: Conversation) -> None:
    kind = c.choose(PET_KINDS)
    name = c.choose(PET_NAMES) if c.chance(0.7) else made_up_name(c)
    c.facts["pet"], c.facts["pet kind"] = name, kind
    c.exchange("{i have $ak {named|called} $v|my $k is {named|called} $v|i have $ak, and {its|his|her} name is $v|my $k's name is $v|we got $ak {named|called} $v}{.|}",
               "{$v is a {lovely|great|nice|cute} name for $ak!|how sweet! say hello to $v from me.|$v sounds like a {lovely|good} $k.}", k=kind, ak=an(kind), v=name)


def ask_pet(c: Conversation) -> None:
    if "pet" in c.facts:
        c.exchange("{what is my {$k's|pet's} name|what's my $k called|what is the name of my {$k|pet}|do you remember my {$k's|pet's} name|how is my $k called}{?|}",
                   "{your $k's name is $v.|your $k is called $v.|$v is the name of your $k.}", k=c.facts["pet kind"], v=c.facts["pet"])
    else:
        c.exchange("{what is my {$k's|pet's} name|what's my $k called|what is the name of my {$k|pet}|do you remember my {$k's|pet's} name}{?|}",
                   "{I don't know. you haven't told me about a pet.|you haven't told me about your pet yet.}", k=c.choose(PET_KINDS))


RELATIONS = "sister brother mother father friend neighbour teacher uncle aunt cousin son daughter wife husband boss".split()


def relation(c: Conversation) -> None:
    who = c.choose(RELATIONS)
    name = a_name(c)
    c.facts["relation"], c.facts["relative"] = who, name
    c.exchange("{my $w is {called|named} $v|i have a $w {called|named} $v|my $w's name is $v|$v is my $w}{.|}",
               "{$v is a nice name.|say hello to your $w $v from me.|it must be nice to have a $w like $v.|tell me more about $v!}", w=who, v=name)


def ask_relation(c: Conversation) -> None:
    if "relative" in c.facts:
        c.exchange("{what is my $w's name|what's my $w called|who is my $w|what is the name of my $w|do you remember my $w's name}{?|}|who is $v?",
                   "{your $w's name is $v.|$v is your $w.}", w=c.facts["relation"], v=c.facts["relative"])
    else:
        c.exchange("{what is my $w's name|what's my $w called|who is my $w}{?|}", "I don't know. you haven't told me about your $w.", w=c.choose(RELATIONS))


def introduce(c: Conversation) -> None:
    """One to three facts in a row, some of them asked for at once or later."""
    keys = [k for k in FACTS if k not in c.facts]
    c.rng.shuffle(keys)
    if "name" in keys and c.chance(0.5):
        keys.remove("name")
        keys.insert(0, "name")
    for key in keys[:c.choose((1, 1, 2, 3))]:
        tell(c, key)
    if c.chance(0.25):
        pet(c)
    if c.chance(0.2):
        relation(c)


def remember(c: Conversation) -> None:
    """A question about something said before, or never said."""
    options = [k for k in c.facts if k in FACTS]
    kind = c.rng.random()
    if "pet" in c.facts and kind < 0.4 or kind < 0.08:
        ask_pet(c)
    elif "relative" in c.facts and kind < 0.7 or kind < 0.14:
        ask_relation(c)
    elif options and c.chance(0.85):
        ask_back(c, c.choose(options))
    else:
        ask_back(c, c.choose(list(FACTS)))


def both(c: Conversation) -> None:
    """Two facts in one sentence."""
    name, city = a_name(c), c.choose(CITIES) if c.chance(0.7) else made_up_name(c)
    age = str(c.rng.randint(5, 90))
    if c.chance(0.5):
        c.facts["name"], c.facts["city"] = name, city
        c.exchange("{{hi|hello|hey}[,] |}{my name is|i'm|i am} $v {and i live in|and i am from|from} $c{.|!|}",
                   "{hello $v! $c sounds like a nice place.|nice to meet you, $v. how is life in $c?}", v=name, c=city)
    else:
        c.facts["name"], c.facts["age"] = name, age
        c.exchange("{{hi|hello|hey}[,] |}{my name is|i'm|i am} $v and {i am|i'm} $c years old{.|!|}",
                   "{hello $v! $c is a good age.|nice to meet you, $v. $c is a fine age.}", v=name, c=age)


def recall(c: Conversation) -> None:
    (both if c.chance(0.15) else introduce)(c)
    for _ in range(c.choose((0, 1, 1, 2))):
        remember(c)


