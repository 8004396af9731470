"""Jokes, riddles and small games."""

from .conversation import Conversation
from .world import COLOURS

JOKES = [
    ("why did the tomato turn red?", "because it saw the salad dressing!"), ("what do you call a sleeping bull?", "a bulldozer!"),
    ("why did the bicycle fall over?", "because it was two tired!"), ("what do you call a bear with no teeth?", "a gummy bear!"),
    ("why can't an elephant use a computer?", "because it is afraid of the mouse!"), ("what do you call cheese that is not yours?", "nacho cheese!"),
    ("why did the chicken cross the road?", "to get to the other side!"), ("what has four wheels and flies?", "a garbage truck!"),
    ("why are fish so clever?", "because they live in schools!"), ("what do cows read in the morning?", "the moos paper!"),
    ("why did the cookie go to the doctor?", "because it felt crumby!"), ("what do you call a dog that can do magic?", "a labracadabrador!"),
    ("why do bees have sticky hair?", "because they use honeycombs!"), ("what do you call a fish without eyes?", "a fsh!"),
    ("how does the moon cut its hair?", "eclipse it!"), ("why was the math book sad?", "because it had too many problems!"),
    ("what is a cat's favourite colour?", "purrple!"), ("why did the banana go to the doctor?", "because it was not peeling well!"),
    ("what do you call a snowman in summer?", "a puddle!"), ("why was six afraid of seven?", "because seven ate nine!"),
    ("what did the zero say to the eight?", "nice belt!"), ("why do programmers mix up Halloween and Christmas?", "because oct 31 equals dec 25!"),
    ("why did the computer go to the doctor?", "because it had a virus!"), ("what is a computer's favourite snack?", "microchips!"),
    ("why was the computer cold?", "because it left its windows open!"), ("how do trees use a computer?", "they log in!"),
    ("what does a cloud wear under its coat?", "thunderwear!"), ("what do you get from a pampered cow?", "spoiled milk!"),
    ("where do sheep get their hair cut?", "at the baa baa shop!"), ("what did one wall say to the other wall?", "I will meet you at the corner!"),
    ("why did the owl say tweet tweet?", "because it did not give a hoot!"), ("what kind of tree fits in your hand?", "a palm tree!"),
    ("what do you call a pig that knows karate?", "a pork chop!"), ("why do ducks have feathers?", "to cover their butt quacks!"),
    ("what did the ocean say to the beach?", "nothing, it just waved!"), ("why do cows wear bells?", "because their horns do not work!"),
]
RIDDLES = [
    ("what has hands but cannot clap?", "a clock"), ("what has a neck but no head?", "a bottle"), ("what gets wet while it dries?", "a towel"),
    ("what has teeth but cannot bite?", "a comb"), ("what has keys but opens no door?", "a piano"), ("what goes up but never comes down?", "your age"),
    ("what has one eye but cannot see?", "a needle"), ("what runs but never walks?", "a river"), ("what is full of holes but still holds water?", "a sponge"),
    ("what has legs but cannot walk?", "a table"), ("what can you catch but not throw?", "a cold"), ("what has many rings but no fingers?", "a tree"),
    ("what has words but never speaks?", "a book"), ("what is black and white and read all over?", "a newspaper"), ("what falls but never gets hurt?", "the rain"),
    ("what follows you all day but leaves at night?", "your shadow"), ("what belongs to you but others use it more?", "your name"),
    ("what has a bed but never sleeps?", "a river"), ("what can fill a room but takes no space?", "light"), ("what breaks when you say its name?", "silence"),
]
BEATS = {"rock": "scissors", "paper": "rock", "scissors": "paper"}
BEATEN_HOW = {"rock": "rock breaks scissors", "paper": "paper covers rock", "scissors": "scissors cut paper"}


def joke(c: Conversation) -> None:
    setup, punch = c.choose(JOKES)
    c.exchange("{tell me a joke|do you know a joke|can you tell me a joke|make me laugh|a joke please|joke|say something funny|tell me something funny|tell me a funny joke|give me a joke|"
               "i want to hear a joke|please tell me a joke|can you make a joke|got any jokes|know any jokes|do you know any jokes|i need a laugh}{!|.|?|}", "{sure! |||here is one: }" + setup + " " + punch)
    after = c.rng.random()
    if after < 0.25:
        setup, punch = c.choose([j for j in JOKES if j[0] != setup])
        c.exchange("{another one|one more|tell me another one|another joke|more|again|another one please|one more joke|more jokes}{!|.|?|}", setup + " " + punch)
    elif after < 0.45:
        c.exchange("{haha|that was funny|lol|very funny|that's funny|good one|hahaha|funny}{!|.|}", "{I am glad that you liked it!|thank you! would you like another one?|I am happy to make you laugh.}")
    elif after < 0.55:
        c.exchange("{that was not funny|i don't get it|not funny|that's a bad joke|boring|bad joke}{!|.|}", "{sorry! I will try a better one next time.|oh well. would you like another one?}")


def riddle(c: Conversation) -> None:
    question, answer = c.choose(RIDDLES)
    c.exchange("{ask me a riddle|tell me a riddle|give me a riddle|do you know a riddle|a riddle please|riddle|let's do a riddle|can you ask me a riddle|i want a riddle|let's play a riddle game}{!|.|?|}",
               "{here is one: |||listen: }" + question)
    guess = c.rng.random()
    if guess < 0.4:
        c.exchange("{i don't know|i give up|no idea|tell me|what is it|what is the answer|dunno|tell me the answer|what's the answer|i have no idea}{.|!|?|}", "{the answer is $a.|it is $a.|it is $a!}", a=answer)
    elif guess < 0.7:
        c.exchange("{is it |maybe |i think it is |it is |it's |}$a{?|.|!|}", "{yes, that is right! it is $a.|correct! well done.|exactly, it is $a!}", a=answer)
    elif guess < 0.95:
        wrong = c.choose([r[1] for r in RIDDLES if r[1] != answer])
        c.exchange("{is it |maybe |i think it is |it is |it's |}$w{?|.|!|}", "{good try, but no. it is $a.|no, the answer is $a.|not quite. it is $a.}", a=answer, w=wrong)


def hands(c: Conversation) -> None:
    c.exchange("{let's play {rock paper scissors|rock, paper, scissors}|rock paper scissors|do you want to play rock paper scissors}{!|.|?|}", "{okay! what do you choose: rock, paper or scissors?|great! make your choice: rock, paper or scissors.}")
    for _ in range(c.choose((1, 1, 2, 3))):
        mine, yours = c.choose(list(BEATS)), c.choose(list(BEATS))
        if mine == yours:
            end = "I choose $m, too. it is a draw!"
        elif BEATS[mine] == yours:
            end = "I choose $m. $h, so I win!"
        else:
            end = "I choose $m. $h, so you win!"
        winner = mine if BEATS[mine] == yours else yours
        c.exchange("{i choose |i take |||}$y{!|.|}", end, m=mine, y=yours, h=BEATEN_HOW[winner])


def chance(c: Conversation) -> None:
    kind = c.rng.randrange(4)
    if kind == 0:
        c.exchange("{flip a coin|toss a coin|heads or tails|can you flip a coin|throw a coin}{.|?|!|}", "{heads!|tails!|it is heads.|it is tails.}")
    elif kind == 1:
        c.exchange("{roll a dice|roll a die|throw a dice|roll the dice|can you roll a dice}{.|?|!|}", "{you rolled a $n.|it is a $n!}", n=c.rng.randint(1, 6))
    elif kind == 2:
        top = c.choose((5, 10, 20, 50, 100))
        c.exchange("{pick|choose|give me|think of|say} {a|a random} number {between 1 and $t|from 1 to $t|up to $t}{.|!|}", "{I pick $n.|$n!|how about $n?}", t=top, n=c.rng.randint(1, top))
    else:
        c.exchange("{pick|choose|name|give me} {a|a random|any} {colour|color}{.|!|}", "{I pick $c.|how about $c?|$c!}", c=c.choose(COLOURS))


def either(c: Conversation) -> None:
    a, b = c.choose([("tea", "coffee"), ("cats", "dogs"), ("summer", "winter"), ("pizza", "pasta"), ("red", "blue"), ("the sea", "the mountains"), ("books", "films"), ("apples", "pears"), ("day", "night"),
                     ("cake", "ice cream"), ("rain", "snow"), ("the city", "the country"), ("football", "tennis"), ("Saturday", "Sunday"), ("milk", "juice"), ("trains", "planes")])
    if c.chance(0.5):
        a, b = b, a
    c.exchange("$a or $b?|{what do you {like better|prefer}|which do you {like better|prefer}|would you rather have}{,|:} $a or $b?", "{I choose $x. what about you?|$x, I think. and you?|I like $x better.}", a=a, b=b, x=c.choose((a, b)))


def games(c: Conversation) -> None:
    c.rng.choices((joke, riddle, hands, chance, either), (40, 24, 10, 16, 10))[0](c)
