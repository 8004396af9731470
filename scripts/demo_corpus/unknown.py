"""Questions that the model cannot answer, and input that makes no sense: it says so."""

from .conversation import Conversation, ask
from .grammar import an
from .recall import made_up_name
from .world import ANIMALS, CAPITALS, JOBS, NAMES

TOPICS = ("quantum physics|the stock market|black holes|the French Revolution|the Roman Empire|photosynthesis|the theory of relativity|machine learning|blockchain|bitcoin|inflation|the Second World War|"
          "world war two|democracy|philosophy|chemistry|algebra|geometry|calculus|DNA|evolution|climate change|electric cars|nuclear power|vaccines|the brain|politics|economics|taxes|insurance|opera|"
          "classical music|jazz|rock music|modern art|the Olympics|the World Cup|basketball rules|cricket|golf|yoga poses|diets|vitamins|the Bible|Buddhism|ancient Egypt|the Vikings|the Middle Ages|"
          "Napoleon|Caesar|Einstein|Newton|Mozart|Beethoven|Picasso|Plato|Darwin|Gandhi|Lincoln|Cleopatra|Leonardo da Vinci|neural networks|databases|sorting algorithms|operating systems|Linux|Windows|"
          "JavaScript|Python|SQL|HTML|encryption|rockets|satellites|dinosaurs|earthquakes|tornadoes|oil|steel|plastic|diamonds|marketing|law|medicine|cancer|headaches|allergies|antibiotics|"
          "astrology|the pyramids|the Eiffel Tower|the Great Wall|the moon landing|Hollywood|Harry Potter|Star Wars|chess openings|poker|fashion|wine|beer|architecture|bridges|engines|batteries|solar power").split("|")
QUESTIONS = [
    "{who is the {president|king|prime minister|queen|mayor} of $place|who won the {world cup|election|war|race|match}{ in $year|}|who invented {the telephone|the computer|the car|the train|electricity|$t}|"
    "who discovered {america|gravity|$t}|who painted the mona lisa|who sings that song|who is {$n $m|$m}|who was {$n $m|$m}}",
    "{what happened in $year|when did {the war|the $t} {begin|end|happen}|when was {$m|$n $m} born|when did $m die|in what year was $m built|what is the history of $t|when was $t invented}",
    "{how does $t work|explain $t{ to me|}|can you explain $t|tell me about $t|what is $t|what do you know about $t|describe $t|write an essay about $t|summarize $t|teach me $t|why is $t important|what are the basics of $t|give me an overview of $t}",
    "{how many people live in $place|what is the population of $place|how far is it to $place|how big is $place|what is the currency of $place|what language do they speak in $place|how do i get to $place|what is the best hotel in $place}",
    "{what is the price of {gold|oil|a car|a house|milk|this}|how much does {a car|a house|$an|a computer|a phone} cost|what is the {price|cost} of {a ticket|gas|bread}|how tall is $m|how old is {$m|the universe}|how heavy is {the earth|a plane|a whale}}",
    "{write {a program|a function|code|a script|some code|a python program} {that sorts a list|for me|in python|in c#|in java|to add numbers|to parse json}|how do i write {a loop|a class|a function} in {python|java|c++}|fix my code|debug this code|what does this code do|solve this equation|what is the square root of $year|solve x + $k = $k2}",
    "{what does $w mean|what is a $w|what is $aw|define $w|do you know what $aw is|have you heard of $w|what is the meaning of the word $w|who is $m|is $w a {fruit|city|country|real word}|what is the capital of $m|where is $m}",
    "{what is the news|what's in the news|what happened today|who won the game last night|what is on tv tonight|what are the latest news|any news today}",
    "{can you book {a flight|a table|a hotel}|order {a pizza|a taxi} for me|call my {mother|doctor|boss}|send a message to $n|remind me to {call $n|buy milk} tomorrow|turn on the lights|play some music|open the door|set a timer for {five|ten} minutes}",
]
ANSWERS = ("{I don't know that. I am a very small model.|sorry, I don't know that.|I am too small to know that.|I don't know. I only know simple things.|that is beyond me. I am only a tiny demo model.|"
           "I am sorry, I don't know the answer.|sorry, I don't know that. ask me about animals, colours or numbers.|I don't know that. a bigger model could tell you.}")
ABOUT_TOPIC = ("{I don't know enough about $t. I am a very small model.|sorry, I don't know much about $t.|$t? that is beyond me.|I can't explain $t. I only know simple things.|sorry, $t is too hard for me.}")
NOT_A_WORD = "{I don't know the word $w.|sorry, I have never heard of $w.|I don't know what $w means.|$w? I don't know that word.}"
CANNOT = "{sorry, I cannot do that. I can only chat.|I can't do that. I am only a small chat model.|I am sorry, but I cannot do that.}"
CODE = "{sorry, I cannot write code or solve equations. I am too small for that.|I cannot write programs. I am only a tiny demo model.|that is too hard for me. I can only do small sums.}"
CONFUSED = ("{sorry, I did not understand that. could you say it in other words?|I am not sure what you mean.|sorry, I don't understand. could you ask in another way?|I did not get that. please try again.}")


def unknown(c: Conversation) -> None:
    kind = c.rng.randrange(11)
    word = made_up_name(c).lower()
    topic = c.choose(TOPICS) if c.chance(0.85) else made_up_name(c)
    slots = dict(t=topic, n=c.choose(NAMES), m=made_up_name(c) if c.chance(0.5) else c.choose(NAMES), place=c.choose(list(CAPITALS)), year=c.rng.randint(1000, 2030), an=an(c.choose(ANIMALS).name),
                 w=word, aw=an(word), k=c.rng.randint(1, 20), k2=c.rng.randint(21, 99), j=an(c.choose(list(JOBS))))
    if kind >= len(QUESTIONS):
        gibberish(c)
    elif kind == 2:
        c.exchange(ask(QUESTIONS[2]), c.choose((ABOUT_TOPIC, ABOUT_TOPIC, ANSWERS)), **slots)
    elif kind == 5:
        c.exchange(ask(QUESTIONS[5]), CODE, **slots)
    elif kind == 6:
        if c.chance(0.6):
            c.exchange(ask("{what does $w mean|what is a $w|what is $aw|define $w|do you know what $aw is|have you heard of $w|what is the meaning of the word $w|is $w a real word|tell me about $w}"), NOT_A_WORD, **slots)
        else:
            made = made_up_name(c)
            c.exchange(ask("{who is $x|where is $x|what is the capital of $x|who was $x|tell me about $x|have you heard of $x|do you know $x}"),
                       "{I don't know $x.|sorry, I have never heard of $x.|I don't know anything about $x.|$x? I don't know that name.}", **dict(slots, x=made))
    elif kind == 8:
        c.exchange(QUESTIONS[8] + "{?|.|}", CANNOT, **slots)
    else:
        c.exchange(ask(QUESTIONS[kind]), ANSWERS, **slots)
    if c.chance(0.12):
        c.exchange("{why don't you know that|why not|why|are you sure|how come|but why|really}{?|}", "{I am a very small model, and I was trained on simple text only.|because I am tiny. I have less than three million parameters.|I only learned simple things. sorry!}")


def gibberish(c: Conversation) -> None:
    kind = c.rng.randrange(4)
    if kind == 0:
        text = "".join(c.choose("asdfghjklqwertyuiopzxcvbnm") for _ in range(c.rng.randint(4, 14)))
    elif kind == 1:
        text = "".join(c.choose("!?.,;:#@%&*()-_=+") for _ in range(c.rng.randint(2, 8)))
    elif kind == 2:
        text = " ".join(made_up_name(c).lower() for _ in range(c.rng.randint(2, 5)))
    else:
        text = "".join(c.choose("0123456789") for _ in range(c.rng.randint(4, 12)))
    c.turns.append((text, c._styled(c.write(CONFUSED))))
