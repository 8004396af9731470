"""Short stories and poems."""

from .conversation import Conversation
from .grammar import an, sentence
from .world import ANIMALS, COLOURS, FRUITS, NAMES, PET_NAMES

PLACES = ("in a quiet forest|in a small village|by the sea|on a green hill|near a blue lake|at the edge of a big wood|in an old castle|in a sunny valley|on a little island|"
          "in a busy town|next to a river|in a garden full of flowers|on a farm|in the mountains|in a tall tower").split("|")
TRAITS = "brave little kind clever shy curious young old happy lazy friendly gentle funny lonely tiny quiet cheerful hungry proud patient".split()
PEOPLE = "girl boy princess prince baker sailor farmer wizard teacher gardener knight painter robot dragon queen king".split()
HEROES = [a.name for a in ANIMALS if a.name not in ("fish", "shark", "crab", "snail")] + PEOPLE * 2

START = "{once upon a time, |long ago, |one day, |once, |}{there was $tn $hero named $name who lived $place|$tn $hero named $name lived $place|there lived $tn $hero $place. {the $hero was called|everybody called the $hero} $name}."

PLOTS = {
    "lost": [
        "{one morning|one day|one evening}, $name {lost|could not find} the $c $thing.",
        "$name looked {under the bed, behind the door and in the kitchen|everywhere|high and low}, but {it was not there|the $thing was gone}.",
        "{so|then} $name asked {$ta named $friend|$friend the $animal} for help.",
        "{together they|the two of them} {searched|looked} {all day|for hours|until the sun went down}.",
        "{at last|in the end|finally}, $friend {found|saw} the $thing {under a leaf|behind a tree|in the grass|near the old well|under a big stone}.",
        "$name was so happy that {they danced|they sang a song|they both laughed|$name gave $friend a hug}.",
    ],
    "friend": [
        "$name {was often alone|had no friends|wanted a friend} and {felt sad|dreamed of a friend|felt lonely}.",
        "{one day|one sunny morning|one rainy afternoon}, $name met $ta named $friend.",
        "\"{hello|hi}! {do you want to play|shall we play|would you like to be my friend}?\" asked $friend.",
        "$name {smiled and said yes|nodded and laughed|was very glad}.",
        "they {played until the evening|ran over the hills|shared some $fruit|built a little house of sticks} and {told each other stories|laughed a lot}.",
        "{from that day on|after that}, $name and $friend were {best friends|always together|the best of friends}.",
    ],
    "storm": [
        "{one night|one evening}, a big storm came. {the wind blew hard|the rain fell and the thunder rolled|the sky turned black}.",
        "$name {was afraid|hid under a blanket|could not sleep}.",
        "then $name heard {a small voice|a knock at the door|someone calling}. it was $friend the $animal, who was {wet and cold|lost in the rain|very tired}.",
        "$name {opened the door|forgot the fear} and {gave $friend a warm blanket|made some hot tea|lit a small fire}.",
        "they {sat together|talked} until the storm was over.",
        "{in the morning|when the sun came up}, {the sky was blue again|there was a rainbow}, and $name was not afraid any more.",
    ],
    "seed": [
        "{one day|one spring day}, $name found a small {seed|bean|nut} and {put it into the ground|planted it in the garden}.",
        "every day $name {gave it water|watered it} and {waited|sang to it}.",
        "{for a long time|for many days}, nothing happened. $friend the $animal said, \"{give up|it will never grow|that is a waste of time}.\"",
        "but $name {did not give up|was patient|kept going}.",
        "{then|one morning}, a {tiny green leaf|little plant} came out of the ground. it grew and grew, until it was a {big tree|tall tree} full of $fruit.",
        "$name shared the $fruit with {everyone|$friend and all the others|all the friends}, and they were {delicious|sweet}.",
    ],
    "race": [
        "{one day|one summer}, {there was a big race|all the animals met for a race}. $friend the $animal was the fastest of all.",
        "\"{you are too slow|you will never win},\" {said|laughed} $friend. but $name {wanted to try|just smiled}.",
        "the race began, and $friend {ran ahead|was soon far away}.",
        "but then $friend {fell into a hole|hurt a foot|got stuck in the mud} and called for help.",
        "$name stopped and {helped $friend out|pulled $friend out}. \"{why did you stop|why did you help me}?\" asked $friend. \"{because helping is better than winning|because you needed me},\" said $name.",
        "they {crossed the line|walked to the end} together, and everyone {cheered|clapped}.",
    ],
    "learn": [
        "more than anything, $name wanted to {learn to sing|learn to dance|learn to swim|learn to read|paint a picture|play the drum}.",
        "at first it {did not go well|was very hard|sounded and looked terrible}, and {some of the others laughed|$name felt sad}.",
        "\"{practice a little every day|do not give up|be patient},\" said $friend, a wise old $animal.",
        "so $name practised {every morning|every evening|day after day}.",
        "{after a few weeks|after some time|one day}, {it worked|it was easy|everyone was amazed}.",
        "$name {was very proud|smiled from ear to ear} and {thanked $friend|helped the others to learn it, too}.",
    ],
    "treasure": [
        "{one day|one morning}, $name found an old map {in a bottle|in a book|under a stone}. it showed the way to a treasure.",
        "$name {packed some $fruit and|took a bag and} set off with $friend the $animal.",
        "they {crossed a river|climbed a hill|walked through a dark forest} and {followed a narrow path|passed an old bridge|slept under the stars}.",
        "{at last|in the end} they came to a {cave|big tree|small door}, and there stood a $c box.",
        "in the box {there was no gold|they found no gold}, but {a letter. it said: \"the real treasure is the friend at your side.\"|a mirror, two cups and a note: \"drink tea with a friend.\"}",
        "$name and $friend {laughed|smiled} and {went home happy|knew that it was true}.",
    ],
    "party": [
        "{it was $name's birthday, but|on the birthday of $name,} {nobody said a word|everyone seemed to have forgotten it}.",
        "$name {was sad|felt sad} and {went for a walk|sat down under a tree|watched the clouds}.",
        "{in the evening|when the sun went down}, $friend the $animal came and said, \"{come with me|follow me|please come quickly}!\"",
        "they went {to the garden|to the old barn|to the lake}, and {suddenly there was light everywhere|all the friends jumped up}. \"surprise!\" they called.",
        "there was a cake with {candles|$fruit}, and {music|songs} and games.",
        "it was the {best|happiest} birthday that $name ever had.",
    ],
    "share": [
        "{one day|one autumn day}, $name found a basket full of $fruit.",
        "\"{these are all mine|I will eat them all by myself},\" {said|thought} $name and {hid the basket|ate and ate}.",
        "soon $name {had a stomach ache|felt ill|felt lonely with all that food}.",
        "then $friend the $animal came by and {looked very hungry|had nothing to eat}. $name thought for a moment and said, \"{please take some|let us share}.\"",
        "they {sat down in the grass|sat under a tree} and ate together, and {everything tasted much better|it was a lovely afternoon}.",
        "{since then|from then on}, $name {always shares|likes to share}.",
    ],
    "star": [
        "every night, $name looked at the sky and {counted the stars|dreamed of the stars}.",
        "{one night|once}, a small star fell down and landed {in the grass|in the garden|in the snow}. \"{I am lost|I want to go home},\" it {said|cried}.",
        "$name {took it gently|held it carefully} and asked $friend the $animal what to do.",
        "\"{climb the highest hill|we must go to the top of the hill},\" said $friend. they climbed {all night|for a long time}.",
        "{at the top|up there}, the star {jumped back into the sky|flew up} and shone {brighter than before|very brightly}.",
        "{since that night|now}, it {winks at $name|shines over the home of $name} {every evening|when it is dark}.",
    ],
}
ENDS = ["", "", "", "the end.", "and they lived happily ever after.", "and that is the end of the story.", "{kindness|a good friend} is worth more than gold."]
THINGS = "hat key ball kite book ring scarf cup drum boat lamp shoe blanket button".split()


class Story:
    """The cast of one story; `text` writes it down."""

    def __init__(self, c: Conversation, hero: str | None = None, name: str | None = None, place: str | None = None, trait: str | None = None):
        self.hero = hero or c.choose(HEROES)
        self.trait = trait or c.choose(TRAITS)
        self.name = name or (c.choose(NAMES) if c.chance(0.7) else c.choose(PET_NAMES))
        self.place = place or c.choose(PLACES)
        self.plot = c.choose(list(PLOTS))
        animal = c.choose([a.name for a in ANIMALS if a.name != self.hero])
        friend = c.choose([n for n in NAMES + PET_NAMES if n != self.name])
        slots = dict(tn=an(self.trait), hero=self.hero, name=self.name, place=self.place, c=c.choose(COLOURS), thing=c.choose(THINGS), fruit=c.choose(FRUITS),
                     ta=an(c.choose(TRAITS) + " " + animal), animal=animal, friend=friend)
        lines = [c.write(START, **slots)]
        lines += [c.write(line, **slots) for line in PLOTS[self.plot]]
        ending = c.write(c.choose(ENDS), **slots)
        self.text = sentence(" ".join(lines + ([ending] if ending else [])))


ASK_STORY = ("{tell me|can you tell me|please tell me|write|could you tell|i want to hear|i'd like to hear|give me|make up|read me|can you write|how about|let's hear|do you know|would you tell me} "
             "{a|a short|a nice|a little|a bedtime|a good|a fairy|another} {story|story|tale}")


def story(c: Conversation) -> None:
    kind = c.rng.random()
    if kind < 0.3:
        made = Story(c)
        c.exchange("{" + ASK_STORY + "|story|a story|a story please|tell a story|story time|once upon a time}{ please|, please||}{.|?|!|}", "$s", s=made.text)
    else:
        hero, name, place, trait = c.choose(HEROES), None, None, None
        about = " {about|with|of} "
        who = an(hero)
        if c.chance(0.3):
            trait = c.choose(TRAITS)
            who = an(f"{trait} {hero}")
        if c.chance(0.35):
            name = c.facts.get("name") if "name" in c.facts and c.chance(0.3) else c.choose(NAMES + PET_NAMES)
            who += c.choose((" named ", " called ")) + name
        if c.chance(0.25):
            place = c.choose(PLACES)
            who += c.choose((" who lives ", " that lives ", " ")) + place
        made = Story(c, hero, name, place, trait)
        c.exchange(ASK_STORY + about + "$who{ please|, please||}{.|?|!|}", "$s", who=who, s=made.text)
    after = c.rng.random()
    if after < 0.08:
        c.exchange("{who was the story about|what was the name of the $h|who was in the story|what is the $h called|what was the hero's name}{?|}", "{the story was about $t $h named $n.|the $h was called $n.|it was about $n.}",
                   h=made.hero, n=made.name, t=an(made.trait))
    elif after < 0.13:
        c.exchange("{where did $n live|where does $n live}{?|}", "$n lived $p.", n=made.name, p=made.place)
    elif after < 0.25:
        again = Story(c)
        c.exchange("{another one|one more|tell me another one|tell me another story|more|again|another story please|one more story|i want another one}{!|.|?|}{| please}", "$s", s=again.text)
    elif after < 0.35:
        c.exchange("{that was {nice|lovely|a nice story|great|good|beautiful}|i liked {it|that story}|nice story|what a nice story|great story|lovely}{!|.|}", "{thank you! I am glad that you liked it.|thank you! would you like another one?|I am happy that you enjoyed it.}")


POEMS = [
    "the {sun|moon} is {bright|high}, the night is near,\nthe {stars|little stars} are out, the sky is clear.\nthe $a sleeps, the $b too,\nand I will keep a dream for you.",
    "a little $a went out to play,\nit {jumped and ran|danced and sang} the whole long day.\nand when the sun went down to rest,\nit said: \"{my home|my bed} is still the best.\"",
    "{roses are red|the roses are red}, the sky is blue,\nthe $a is happy, and so are you.\nthe {birds|bees} are busy, the grass is green,\nit's the {nicest|loveliest} day that I have seen.",
    "the rain falls down upon the tree,\nit falls on you, it falls on me.\nthe $a hides, the $b too,\nbut soon the sky again is blue.",
    "in {winter|the cold} the snow is white,\nthe lamps are warm, the stars are bright.\nthe $a sits and drinks its tea,\nand reads a book to you and me.",
    "I saw a $a on the hill,\nit looked at me and stood there still.\nI {waved my hand|said hello}, it turned around,\nand ran away without a sound.",
    "a friend is like the morning light,\na friend makes every shadow bright.\nso take my hand and come with me,\nas friends beneath the apple tree.",
    "the sea is wide, the sea is deep,\nthe {fish|waves} are slowly going to sleep.\nthe moon looks down upon the sand,\nand paints with silver all the land.",
    "one, two, three, a $a can see\na golden apple on the tree.\nfour, five, six, it builds a bridge of sticks,\nand down the apple falls. what clever tricks!",
]


def poem(c: Conversation) -> None:
    a = c.choose([x.name for x in ANIMALS])
    b = c.choose([x.name for x in ANIMALS if x.name != a])
    text = c.choose(POEMS)
    with_topic = "$a" in text and c.chance(0.5)
    written = "\n".join(sentence(line) for line in c.write(text, a=a, b=b).split("\n"))
    c.exchange("{write|tell me|can you write|give me|please write|make up|i would like|i want} {a|a short|a little|a nice} {poem|rhyme|poem}" + (" about {$x|$xs}" if with_topic else "{ for me|}") + "{.|?|!|}{| please}",
               "$s", x=an(a), xs=next(x.plural for x in ANIMALS if x.name == a), s=written)
