"""Simple facts about the world: animals, colours, capitals, days, opposites, uses and a hundred small questions."""

from .conversation import ASK, Conversation, ask, ask_clause
from .grammar import an, listing
from .world import (ANIMALS, CAPITALS, COLOUR_OF, DAYS, JOBS, KINDS, MONTH_DAYS, MONTHS, NUMBERS, OPPOSITES, ORDINALS, SEASONS, SHAPES, USES)

SIZES = {1: "tiny", 2: "small", 3: "small", 4: "small", 5: "medium-sized", 6: "medium-sized", 7: "large", 8: "large", 9: "very large", 10: "huge", 11: "enormous"}


_YOUNG = {"calf": "calves", "puppy": "puppies", "fry": "fry", "larva": "larvae", "fish": "fish"}


def animal(c: Conversation) -> None:
    a = c.choose(ANIMALS)
    for _ in range(c.choose((1, 1, 2, 3))):
        _about(c, a)
        if c.chance(0.3):
            a = c.choose(ANIMALS)


def describe(a) -> str:
    return f"{an(a.name)} is {an(SIZES[a.size] + ' ' + a.kind)} with {a.cover}. {a.plural} live {a.home}"


def _about(c: Conversation, a) -> None:
    kind = c.rng.randrange(13)
    slots = dict(a=a.name, an=an(a.name), p=a.plural, food=a.food, home=a.home, baby=a.baby, fact=a.fact, n=NUMBERS[a.legs], cover=a.cover, kind=an(a.kind))
    if kind == 0 and not a.sound.startswith(("make", "sing")):
        c.exchange(ASK + "{what {sound|noise} does $an make|what does $an say|which sound do $p make|what noise do $p make|how does $an sound|what do $p say}{?|}",
                   "{$an says $s.|$p say $s.|the sound of $an is $s.}", s=a.sound, **slots)
    elif kind == 1:
        none = "{$p have no legs.|$an has no legs.}"
        c.exchange(ASK + "{how many legs {does $an have|do $p have|has $an got}|the number of legs of $an}{?|}", none if a.legs == 0 else "{$an has $n legs.|$p have $n legs.}", **slots)
    elif kind == 2:
        c.exchange(ask("{what do $p eat|what does $an eat|what is the food of $p|what do i feed $an|what do $p like to eat}"), "{$p eat $food.|$an eats $food.}", **slots)
    elif kind == 3:
        c.exchange(ask("{where do $p live|where does $an live|what is the home of $p|where can i find $p|where can i see $an|in which place do $p live}"),
                   "{$p live $home.|you can find $p $home.}", **slots)
    elif kind == 4:
        c.exchange(ask("{what is a baby $a called|what do you call a {baby|young} $a|what is the name {for|of} a {baby|young} $a|how do you call the young of $p}"),
                   "{a {baby|young} $a is called $b.|the young of $p are called $bs.}", b=an(a.baby), bs=_YOUNG.get(a.baby, a.baby + "s"), **slots)
    elif kind in (5, 6):
        c.exchange("{" + ask("{what is $an|what are $p|what kind of animal is $an}") + "|" + ask_clause("what {$an is|$p are}") +
                   "|{tell me {about|something about|more about}|describe|talk about|what can you tell me about|what do you know about|i want to know {about|more about}} $p{?|.|}}",
                   "{$d.|$d. $fact|$d, and they eat $food.}", d=describe(a), **slots)
    elif kind == 7:
        skill = c.choose(("fly", "swim", "climb", "jump", "run"))
        can = skill in a.skills
        other = [s for s in a.skills if s not in ("walk", skill)]
        better = f" but they can {c.choose(other)} well." if other else ""
        c.exchange(ask("{can $p $s|can $an $s|are $p able to $s}"), "{yes, $p can $s.|yes, they can.|yes, $p can $s well.}" if can else
                   ("{no, $p cannot $s" + ("," + better[:-1] if better else "") + ".|no, they cannot.}") if skill in ("fly",) or a.legs == 0 and skill in ("run", "jump", "climb")
                   else "{not very well" + ("," + better[:-1] if better else "") + ".|$p are not known for that.}", s=skill, **slots)
    elif kind == 8:
        b = c.rng.choice([x for x in ANIMALS if abs(x.size - a.size) > 1])
        big = c.chance(0.6)
        first = a if (a.size > b.size) == big else b
        second = b if first is a else a
        c.exchange(ask("{which is $w, $an or $bn|what is $w: $an or $bn|who is $w, $an or $bn}"), "{$f is $w than $g.|$f is $w.}", w="bigger" if big else "smaller",
                   bn=an(b.name), f=an(first.name), g=an(second.name), **slots)
    elif kind == 9:
        b = c.rng.choice([x for x in ANIMALS if abs(x.size - a.size) > 1])
        big = c.chance(0.5)
        true = (a.size > b.size) == big
        c.exchange(ask("is $an $w than $bn"), "yes, $an is $w than $bn." if true else "no, $an is $o than $bn.", w="bigger" if big else "smaller", o="smaller" if big else "bigger",
                   bn=an(b.name), **slots)
    elif kind == 10:
        c.exchange("{tell me a {fun |}fact about $p|do you know something {special |interesting |}about $p|what is special about $p|say something interesting about $p|why are $p special|a fun fact about $p}{?|.|}",
                   "$fact", **dict(slots, fact=a.fact.replace("They", a.plural.capitalize(), 1).replace("Their", f"The {a.name}'s", 1) if a.fact.startswith(("They", "Their")) else a.fact))
    elif kind == 11:
        other = c.choose([x.kind for x in ANIMALS])
        if c.chance(0.5):
            other = a.kind
        c.exchange(ask("{is $an $k|are $p {$ks|in the group of $ks}}"), ("yes, $an is $k." if other == a.kind else "no, $an is $kind."), k=an(other), ks=other + "s" if other != "fish" else "fish", **slots)
    else:
        c.exchange(ask("{what does $an look like|what covers $an|do $p have fur|what is on the skin of $an|how do $p look}"), "{$p have $cover.|$an has $cover.}", **slots)


def colour(c: Conversation) -> None:
    thing = c.choose(list(COLOUR_OF))
    col = COLOUR_OF[thing]
    kind = c.rng.random()
    if kind < 0.75 or " " in col:
        c.exchange(ask("{what {colour|color} is $t|which {colour|color} is $t|what is the {colour|color} of $t|what {colour|color} does $t have|tell me the {colour|color} of $t|the {colour|color} of $t}"), "{$t is $c.|$t is usually $c.}", t=thing, c=col)
    else:
        guess = col if c.chance(0.5) else c.choose("red blue green yellow black white pink brown".split())
        c.exchange(ask("is $t $g"), ("{yes, $t is $c.|yes, it is.}" if guess == col else "no, $t is $c."), t=thing, c=col, g=guess)


def capital(c: Conversation) -> None:
    country = c.choose(list(CAPITALS))
    city = CAPITALS[country]
    if c.chance(0.75):
        c.exchange("{" + ask("{what is the capital {|city }of $c|what's the capital of $c|which city is the capital of $c|what is $c's capital|name the capital of $c|capital of $c|whats the capital of $c}") + "|" +
                   ask_clause("what the capital of $c is") + "|the capital of $c is}", "{the capital of $c is $t.|$t is the capital of $c.|it is $t.}", c=country, t=city)
    else:
        c.exchange(ask("{which country has the capital $t|$t is the capital of which country|what country is $t the capital of|in which country is $t|where is $t|which country is $t in}"),
                   "{$t is the capital of $c.|$t is in $c.}", c=country, t=city)
    if c.chance(0.25):
        country = c.choose(list(CAPITALS))
        c.exchange("{and|what about|and of|and what about|how about} $c{?|}", "{the capital of $c is $t.|$t is the capital of $c.}", c=country, t=CAPITALS[country])


def calendar(c: Conversation) -> None:
    kind = c.rng.randrange(12)
    if kind < 5:
        names, word = (DAYS, "day") if c.chance(0.65) else (MONTHS, "month")
        i = c.rng.randrange(len(names))
        if c.chance(0.5):
            c.exchange(ask("{{what|which} $w {comes|is} after $a|what $w follows $a|what comes after $a|the $w after $a}"), "{$b comes after $a.|the $w after $a is $b.|after $a comes $b.}",
                       w=word, a=names[i], b=names[(i + 1) % len(names)])
        else:
            c.exchange(ask("{{what|which} $w {comes|is} before $a|what comes before $a|the $w before $a}"), "{$b comes before $a.|the $w before $a is $b.|before $a comes $b.}",
                       w=word, a=names[i], b=names[i - 1])
    elif kind == 5:
        i = c.rng.randrange(7)
        c.exchange("{if today is $a, what {day is|is} tomorrow|today is $a. what day is tomorrow|what is the day after $a}{?|}|{it is|today is} $a. which day comes tomorrow?", "{tomorrow is $b.|if today is $a, tomorrow is $b.}", a=DAYS[i], b=DAYS[(i + 1) % 7])
    elif kind == 6:
        i = c.rng.randrange(7)
        c.exchange("{if today is $a, what {day was|was} yesterday|today is $a. what day was yesterday}{?|}|{it is|today is} $a. which day was yesterday?", "{yesterday was $b.|if today is $a, yesterday was $b.}", a=DAYS[i], b=DAYS[i - 1])
    elif kind == 7:
        q, a = c.choose([
            ("{how many days {are there in|does|are in} a week{ have|}|number of days in a week}{?|}", "{a week has seven days.|there are seven days in a week.}"),
            ("{how many months {are there in|are in} a year|number of months in a year}{?|}", "{a year has twelve months.|there are twelve months in a year.}"),
            ("{how many days {are there in|are in} a year}{?|}", "{a year has 365 days, and a leap year has 366.|there are 365 days in a year.}"),
            ("{how many hours {are there in|are in} a day}{?|}", "{a day has 24 hours.|there are 24 hours in a day.}"),
            ("{how many minutes {are there in|are in} an hour}{?|}", "{an hour has 60 minutes.|there are 60 minutes in an hour.}"),
            ("{how many seconds {are there in|are in} a minute}{?|}", "{a minute has 60 seconds.|there are 60 seconds in a minute.}"),
            ("{how many weeks {are there in|are in} a year}{?|}", "{a year has 52 weeks.|there are about 52 weeks in a year.}"),
            ("{how many seasons are there|how many seasons does a year have}{?|}", "there are four seasons: spring, summer, autumn and winter.")])
        c.exchange(q, a)
    elif kind == 8:
        i = c.rng.randrange(12)
        c.exchange(ask("how many days {does $m have|are in $m|has $m}"), "$m has $n days." + (" in a leap year it has 29." if i == 1 else ""), m=MONTHS[i], n=MONTH_DAYS[i])
    elif kind == 9:
        i = c.rng.randrange(12)
        c.exchange(ask("{{which|what} is the $o month{ of the year|}|what month is number $n|what is month $n}"), "{the $o month is $m.|$m is the $o month of the year.}", o=ORDINALS[i], n=i + 1, m=MONTHS[i])
    elif kind == 10:
        q, a = c.choose([
            ("{what are the days of the week|name the days of the week|list the days of the week|say the days of the week|tell me the days of the week|which days does a week have}{?|}", "the days of the week are " + listing(DAYS) + "."),
            ("{what are the months{ of the year|}|name the months{ of the year|}|list the months|name all months|say the months}{?|}", "the months are " + listing(MONTHS) + "."),
            ("{what are the seasons|name the {four |}seasons|list the seasons}{?|}", "the seasons are spring, summer, autumn and winter."),
            ("{which days are the weekend|what are the weekend days|when is the weekend}{?|}", "the weekend is Saturday and Sunday.")])
        c.exchange(q, a)
    else:
        i = c.rng.randrange(4)
        d = c.choose(DAYS)
        if c.chance(0.5):
            c.exchange(ask("{which season {comes|is} after $a|what season follows $a}"), "{$b comes after $a.|after $a comes $b.}", a=SEASONS[i], b=SEASONS[(i + 1) % 4])
        else:
            c.exchange(ask("{is $d a weekend day|is $d part of the weekend|is $d on the weekend|is $d a weekday}"), "$d is a weekend day." if d in DAYS[5:] else "$d is a weekday.", d=d)


def opposite(c: Conversation) -> None:
    a = c.choose(list(OPPOSITES))
    b = OPPOSITES[a]
    c.exchange(ask("{what is the opposite of $a|what's the opposite of $a|give me the opposite of $a|opposite of $a|which word is the opposite of $a|what word means the opposite of $a|the opposite of $a is what}"),
               "{the opposite of $a is $b.|$b is the opposite of $a.|it is $b.}", a=a, b=b)


def use(c: Conversation) -> None:
    thing = c.choose(list(USES))
    many = thing in ("scissors", "glue", "soap")
    c.exchange("{" + ask("{what is $t for|what do {we|you|people} use $t for|what can {i|you} do with $t|why do {we|people} need $t|what is $t used for}" if not many else
                         "{what {is|are} $t for|what do {we|you|people} use $t for|what can {i|you} do with $t}") + "|" + ask_clause("what $t is for") + "}",
               "{we use $t to $u.|people use $t to $u.|you can use $t to $u.}", t=thing, u=USES[thing])


def job(c: Conversation) -> None:
    who = c.choose(list(JOBS))
    if c.chance(0.75):
        c.exchange(ask("{what does $w do|what is $w|what is the job of $w|what do you do as $w|what does $w do at work}"), "{$w $d.|$w is someone who $d.}", w=an(who), d=JOBS[who])
    else:
        c.exchange(ask("{who $d|what do you call someone who $d|which job is it when someone $d}"), "{$w $d.|that is $w.}", w=an(who), d=JOBS[who])


def name_some(c: Conversation) -> None:
    kind = c.choose(list(KINDS))
    items = list(KINDS[kind])
    n = c.rng.randint(2, min(6, len(items)))
    picked = c.rng.sample(items, n)
    c.exchange("{name|list|tell me|give me|can you name|please name|can you list|i need|say} {$n|$w} $k{.|?|}{| please}", "{$l.|here are $w $k: $l.|$w $k are $l.}", n=n, w=NUMBERS[n], k=kind, l=listing(picked))
    if c.chance(0.25) and len(items) - n >= 2:
        rest = [i for i in items if i not in picked]
        more = c.rng.sample(rest, 2)
        c.exchange("{more|some more|can you name more|two more|tell me more|others|any more}{?|.|}", "{$l.|also $l.|two more are $l.}", l=listing(more))


def belongs(c: Conversation) -> None:
    kinds = ["fruits", "vegetables", "colours", "days", "months", "flowers", "clothes", "tools", "planets", "countries", "vehicles", "languages"]
    one = dict(fruits="a fruit", vegetables="a vegetable", colours="a colour", days="a day", months="a month", flowers="a flower", clothes="a piece of clothing", tools="a tool",
               planets="a planet", countries="a country", vehicles="a vehicle", languages="a language")
    several = {"fruits", "vegetables", "flowers", "clothes", "tools", "vehicles"}
    kind = c.choose(kinds)
    guess = kind if c.chance(0.5) else c.choose(kinds)
    x = c.choose(KINDS[kind])
    if kind in several:
        c.exchange(ask("are $x $g"), "{yes, $x are $k.|yes, they are.}" if guess == kind else "no, $x are $k.", x=x, g=guess, k=kind)
    else:
        c.exchange(ask("is $x $g"), "{yes, $x is $k.|yes, it is.}" if guess == kind else "no, $x is $k.", x=x, g=one[guess], k=one[kind])


def shape(c: Conversation) -> None:
    s = c.choose(list(SHAPES))
    c.exchange(ask("how many {sides|corners} {does $s have|has $s}"), "{$s has $n sides and $n corners.|$s has $n sides.}", s=an(s), n=NUMBERS[SHAPES[s]])


# (question, answer)
FACTS = [
    ("{what is the sun|is the sun a star}", "the sun is a star. it gives us light and warmth."),
    ("what is the moon", "the moon is a ball of rock that goes around the Earth."),
    ("{how many moons does the earth have|does the earth have a moon}", "the Earth has one moon."),
    ("{what is a star|what are stars}", "a star is a huge ball of hot gas that shines."),
    ("{what is a planet|what are planets}", "a planet is a large ball that travels around a star. we live on the planet Earth."),
    ("{what is the {biggest|largest} planet|which planet is the {biggest|largest}}", "Jupiter is the largest planet."),
    ("{what is the smallest planet|which planet is the smallest}", "Mercury is the smallest planet."),
    ("{which planet is the red planet|what is the red planet|which planet is red}", "Mars is called the red planet."),
    ("{which planet do we live on|what planet is this|what is our planet called}", "we live on the planet Earth."),
    ("{how many planets are there|how many planets are in the solar system}", "there are eight planets around our sun."),
    ("{what is the {biggest|largest} animal|which animal is the {biggest|largest}|what is the biggest animal in the world}", "the blue whale is the largest animal on Earth."),
    ("{what is the tallest animal|which animal is the tallest}", "the giraffe is the tallest animal."),
    ("{what is the fastest animal|which animal is the fastest}{ on land|}", "the cheetah is the fastest animal on land."),
    ("{what is the {highest|tallest} mountain|which mountain is the highest}{ in the world|}", "Mount Everest is the highest mountain in the world."),
    ("{what is the longest river|which river is the longest}{ in the world|}", "the Nile and the Amazon are the longest rivers in the world."),
    ("{what is the {biggest|largest} ocean|which ocean is the largest}", "the Pacific is the largest ocean."),
    ("{what is the {biggest|largest} country|which country is the largest}{ in the world|}", "Russia is the largest country in the world."),
    ("{what is the smallest country|which country is the smallest}{ in the world|}", "Vatican City is the smallest country in the world."),
    ("{how many continents are there|what are the continents|name the continents}", "there are seven continents: Africa, Antarctica, Asia, Australia, Europe, North America and South America."),
    ("{what is rain|where does rain come from|why does it rain|what makes rain}", "rain is water that falls from clouds. the sun warms water, it rises, and it comes back as rain."),
    ("{what is snow|why does it snow|what makes snow}", "snow is frozen water that falls from the clouds in cold weather."),
    ("{what is a cloud|what are clouds made of}", "a cloud is made of many tiny drops of water."),
    ("{what is wind|where does wind come from}", "wind is moving air."),
    ("{why is the sky blue|what makes the sky blue}", "the air scatters the blue part of the sunlight, so the sky looks blue."),
    ("{why is grass green|why are leaves green|what makes leaves green}", "leaves and grass are green because they hold a green stuff that catches the light of the sun."),
    ("{what is a rainbow|how is a rainbow made|what makes a rainbow}", "a rainbow appears when sunlight shines through drops of rain."),
    ("{what are the colours of the rainbow|which colours are in a rainbow|how many colours does a rainbow have|what are the colors of the rainbow}", "the colours of the rainbow are red, orange, yellow, green, blue, indigo and violet."),
    ("{what do you get when you mix blue and yellow|what do blue and yellow make|what colour is blue and yellow}", "blue and yellow make green."),
    ("{what do you get when you mix red and yellow|what do red and yellow make}", "red and yellow make orange."),
    ("{what do you get when you mix red and blue|what do red and blue make}", "red and blue make purple."),
    ("{what do you get when you mix red and white|what do red and white make}", "red and white make pink."),
    ("{what do you get when you mix black and white|what do black and white make}", "black and white make grey."),
    ("{what are the primary colours|what are the primary colors}", "the primary colours are red, yellow and blue."),
    ("{what do plants need|what does a plant need to grow|what do plants need to grow}", "plants need water, light and soil."),
    ("{what do bees make|what do bees produce|who makes honey|where does honey come from}", "bees make honey."),
    ("{what do cows give us|where does milk come from|who gives milk}", "milk comes from cows."),
    ("{where do eggs come from|what do chickens lay|who lays eggs}", "eggs come from chickens and other birds."),
    ("{where does wool come from|what do sheep give us}", "wool comes from sheep."),
    ("{what is bread made of|what is bread made from|how is bread made}", "bread is made from flour, water and yeast."),
    ("{what is cheese made of|what is cheese made from|how is cheese made}", "cheese is made from milk."),
    ("{what is chocolate made of|what is chocolate made from}", "chocolate is made from cocoa beans, sugar and milk."),
    ("{what is ice|what is ice made of}", "ice is frozen water."),
    ("{what is water|what is water made of}", "water is a clear liquid that we drink. it is made of hydrogen and oxygen."),
    ("{at what temperature does water boil|when does water boil|how hot is boiling water}", "water boils at 100 degrees Celsius."),
    ("{at what temperature does water freeze|when does water freeze}", "water freezes at 0 degrees Celsius."),
    ("{is ice cold|is ice hot or cold|is ice hot}", "ice is cold."),
    ("{is fire hot|is fire hot or cold|is fire cold}", "fire is hot. please be careful with it."),
    ("{is the sun hot|is the sun hot or cold}", "the sun is very hot."),
    ("{what is a tree|what are trees}", "a tree is a tall plant with a trunk, branches and leaves."),
    ("{what is a flower|what are flowers}", "a flower is the colourful part of a plant. bees like to visit flowers."),
    ("{what is a forest|what is a wood}", "a forest is a place with many trees."),
    ("{what is a river|what are rivers}", "a river is a long stream of water that flows to the sea."),
    ("{what is a lake|what are lakes}", "a lake is a large body of water with land all around it."),
    ("{what is an island|what are islands}", "an island is land with water all around it."),
    ("{what is a mountain|what are mountains}", "a mountain is a very high hill."),
    ("{what is a desert|what are deserts}", "a desert is a very dry place with little rain."),
    ("{what is the sea|what is an ocean}", "the sea is a very large body of salt water."),
    ("{what is a volcano|what are volcanoes}", "a volcano is a mountain that can spit fire and ash."),
    ("{what is a city|what is a town}", "a city is a large place where many people live."),
    ("{what is a house|what is a home}", "a house is a building where people live."),
    ("{what is a school|why do children go to school}", "a school is a place where children learn."),
    ("{what is a library|what can i find in a library}", "a library is a place with many books that you can borrow."),
    ("{what is a hospital|where do sick people go}", "a hospital is a place where doctors and nurses help people who are ill."),
    ("{what is a garden|what grows in a garden}", "a garden is a place where people grow flowers, fruit and vegetables."),
    ("{what is a kitchen|what do people do in a kitchen}", "a kitchen is a room where people cook."),
    ("{what is music|why do people like music}", "music is made of sounds that go well together. many people like to sing or dance to it."),
    ("{what is a song}", "a song is music with words."),
    ("{what is a story}", "a story tells what happens to someone. would you like to hear one?"),
    ("{what is a poem}", "a poem is a short text whose words often rhyme."),
    ("{what is a joke}", "a joke is a short story that makes people laugh. would you like one?"),
    ("{what is a friend|what makes a good friend|what is friendship}", "a friend is someone who likes you and helps you."),
    ("{what is love}", "love is when you care for someone very much."),
    ("{what is a family}", "a family is a group of people who belong together."),
    ("{what is a birthday}", "a birthday is the day on which someone was born. people often eat cake and get presents."),
    ("{what is a computer|what are computers|how does a computer work}", "a computer is a machine that stores information and follows instructions very fast."),
    ("{what is a robot|what are robots}", "a robot is a machine that can do work by itself."),
    ("{what is the internet}", "the internet connects computers all over the world."),
    ("{what is a program|what is software|what is a computer program}", "a program is a list of instructions for a computer."),
    ("{what is a number|what are numbers}", "a number tells how many there are of something."),
    ("{what is an even number|what are even numbers}", "an even number can be divided by two, such as 2, 4 and 6."),
    ("{what is an odd number|what are odd numbers}", "an odd number cannot be divided by two, such as 1, 3 and 5."),
    ("{what is the alphabet|say the alphabet|tell me the alphabet|can you say the alphabet|recite the alphabet}", "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z."),
    ("{how many letters are in the alphabet|how many letters does the alphabet have}", "the English alphabet has 26 letters."),
    ("{what are the vowels|name the vowels|which letters are vowels}", "the vowels are A, E, I, O and U."),
    ("{how many fingers do people have|how many fingers do i have|how many fingers does a person have}", "most people have ten fingers."),
    ("{how many eyes do people have|how many eyes does a person have|how many eyes do i have}", "most people have two eyes."),
    ("{how many legs does a person have|how many legs do people have|how many legs do humans have}", "people have two legs."),
    ("{how many wheels does a car have|how many wheels has a car}", "a car has four wheels."),
    ("{how many wheels does a bicycle have|how many wheels has a bike}", "a bicycle has two wheels."),
    ("{what do we breathe|what do people breathe}", "we breathe air."),
    ("{what is the heart|what does the heart do}", "the heart pumps blood through the body."),
    ("{why do we sleep|why do people sleep|why is sleep important}", "sleep gives the body and the mind time to rest."),
    ("{why do we eat|why do people eat}", "food gives us the energy that we need to live."),
    ("{is an apple a fruit|what is an apple}", "an apple is a round fruit. it is sweet and can be red, green or yellow."),
    ("{is a tomato a fruit or a vegetable|is a tomato a fruit}", "a tomato is a fruit, but people use it as a vegetable."),
    ("{what is a banana}", "a banana is a long yellow fruit. monkeys like it, too."),
    ("{what is tea}", "tea is a warm drink made from leaves and hot water."),
    ("{what is coffee}", "coffee is a dark drink made from roasted beans."),
    ("{what is pizza}", "pizza is a flat bread with tomato and cheese, baked in a hot oven. it comes from Italy."),
    ("{where does pizza come from}", "pizza comes from Italy."),
    ("{where does the sun rise|where does the sun come up}", "the sun rises in the east."),
    ("{where does the sun set|where does the sun go down}", "the sun sets in the west."),
    ("{what are the four directions|what are the directions|name the directions}", "the directions are north, south, east and west."),
    ("{who wrote romeo and juliet|who was shakespeare}", "William Shakespeare wrote Romeo and Juliet."),
    ("{who was the first person on the moon|who was the first man on the moon|who walked on the moon first}", "Neil Armstrong was the first person on the moon."),
    ("{what is gravity}", "gravity pulls things down to the ground."),
    ("{what is a shadow}", "a shadow is a dark place where something blocks the light."),
    ("{what is a dream|what are dreams}", "a dream is a story that your mind tells you while you sleep."),
    ("{is the earth flat|is the earth round|what shape is the earth}", "the Earth is round like a ball."),
    ("{what is english}", "English is a language that is spoken in many countries."),
    ("{which is heavier, a feather or a stone|what is heavier, a stone or a feather}", "a stone is heavier than a feather."),
    ("{which is faster, a car or a bicycle|what is faster, a bike or a car}", "a car is faster than a bicycle."),
    ("{what is {artificial intelligence|ai}}", "artificial intelligence means that machines do things for which people need to think."),
    ("{what is a language model|what is an llm|what does llm mean|how do language models work|how do you work}", "a language model reads text and guesses which word comes next. that is how I write my answers."),
    ("{what is a token|what are tokens}", "a token is a piece of text, such as a word or a part of a word. models read and write tokens."),
    ("{what is a parameter|what are parameters}", "parameters are the numbers inside a model. they are learned in training."),
    ("{what is a gpu|what does gpu mean|what is a graphics card}", "a GPU is a chip that does many calculations at the same time."),
    ("{what is a cpu|what does cpu mean|what is a processor}", "a CPU is the main processor of a computer."),
]


def fact(c: Conversation) -> None:
    question, answer = c.choose(FACTS)
    c.exchange(ask(question), answer)


_MENU = [(animal, 26), (colour, 10), (capital, 12), (calendar, 14), (opposite, 8), (use, 7), (job, 6), (name_some, 9), (belongs, 5), (shape, 2), (fact, 22)]


def knowledge(c: Conversation) -> None:
    c.rng.choices([m[0] for m in _MENU], [m[1] for m in _MENU])[0](c)
