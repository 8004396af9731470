"""Tables of what the demo model knows about the world."""

from dataclasses import dataclass

NUMBERS = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
           "seventeen eighteen nineteen twenty").split()
TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
SEASONS = "spring summer autumn winter".split()
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()

NAMES = (
    "Anna Ben Clara David Emma Felix Grace Hugo Iris Jack Kate Leo Mia Noah Olivia Paul Quinn Rosa Sam Tom Uma Victor Wendy Xavier Yara "
    "Zoe Alice Bob Carol Dan Eve Frank Gina Henry Ivy James Karen Liam Maria Nina Oscar Peter Rachel Simon Tina Ursula Vera Walter Alex "
    "Julia Max Sofia Lucas Ella Oliver Amelia Jacob Emily Daniel Sarah Michael Laura John Mary Robert Linda Thomas Susan Mark Lisa George "
    "Helen Kevin Amy Brian Ruth Eric Jane Adam Lucy Martin Eva Philip Nora Steven Lena Andrew Maya Chris Rita Ada Alan Grace Linus Priya "
    "Wei Yuki Omar Fatima Ahmed Aisha Carlos Elena Diego Ingrid Lars Sven Freya Olga Ivan Chen Mei Kofi Amara Raj Anita Hassan Leila Pablo "
    "Marta Jonas Greta Theo Stella Ruby Oscar Finn Hazel Jasper Luna Milo Olive Otto Pearl").split()
PET_NAMES = ("Rex Luna Bella Max Coco Milo Daisy Rocky Molly Buddy Oreo Simba Nala Ginger Shadow Biscuit Pepper Bruno Whiskers Snowy Lucky "
             "Honey Peanut Teddy Mango Ziggy Poppy Toffee Smokey Fluffy").split()
CITIES = ("Paris London Berlin Rome Madrid Lisbon Vienna Oslo Dublin Prague Athens Tokyo Boston Chicago Seattle Toronto Sydney Mumbai Delhi "
          "Cairo Lima Lagos Nairobi Seoul Munich Hamburg Milan Zurich Geneva Denver Austin Miami Dallas Kyoto Oxford Bristol Porto").split()
COLOURS = "red blue green yellow orange purple pink black white brown grey gold silver turquoise".split()
FRUITS = "apples bananas oranges grapes strawberries cherries pears plums peaches mangoes lemons pineapples blueberries kiwis melons".split()
VEGETABLES = "carrots potatoes onions tomatoes peas beans cucumbers peppers cabbages pumpkins beetroots leeks radishes".split()
FOODS = ("pizza pasta rice soup bread cheese salad pancakes curry sushi noodles chocolate sandwiches ice_cream tacos dumplings stew pie cake "
         "omelettes burgers lasagne porridge waffles").replace("_", " ").split(" ")
FOODS = [f for f in FOODS if f not in ("ice", "cream")] + ["ice cream"]
DRINKS = "water tea coffee milk juice lemonade cocoa".split()
HOBBIES = ("reading swimming cooking painting dancing singing running hiking cycling gardening drawing fishing sewing knitting baking "
           "photography chess football tennis yoga climbing skating sailing writing travelling").split()
JOBS = ("teacher|teaches children at school;baker|bakes bread and cakes;doctor|helps people who are ill;farmer|grows food and looks after "
        "animals;pilot|flies planes;chef|cooks meals in a kitchen;painter|paints pictures or walls;nurse|looks after people who are ill;"
        "firefighter|puts out fires and saves people;gardener|looks after plants and gardens;driver|drives a car, a bus or a lorry;"
        "singer|sings songs;writer|writes books and stories;builder|builds houses;dentist|looks after teeth;programmer|writes programs for "
        "computers;police officer|keeps people safe;vet|helps animals that are ill;sailor|works on a ship;tailor|makes and mends clothes;"
        "carpenter|makes things from wood;plumber|mends pipes and taps;librarian|looks after books in a library;scientist|asks questions and "
        "tests ideas;engineer|designs and builds machines;musician|plays music;actor|plays roles in films or on a stage;postman|brings "
        "letters and parcels;cleaner|keeps rooms clean;astronaut|travels into space;waiter|brings food to the table in a restaurant;"
        "judge|decides cases in a court;clown|makes people laugh;mechanic|repairs cars and machines;student|learns at school or university")
JOBS = dict(job.split("|") for job in JOBS.split(";"))


@dataclass(frozen=True)
class Animal:
    name: str
    plural: str
    legs: int
    cover: str
    home: str
    food: str
    sound: str
    baby: str
    size: int
    kind: str
    skills: tuple[str, ...]
    fact: str


_ANIMALS = """
cat|cats|4|soft fur|in houses and gardens|fish and meat|meow|kitten|4|mammal|climb,jump|They sleep for much of the day.
dog|dogs|4|fur|with people in their homes|meat and dog food|woof|puppy|5|mammal|run,swim|They can smell far better than people.
cow|cows|4|short hair|on farms|grass and hay|moo|calf|8|mammal|walk|They give us milk.
horse|horses|4|short hair and a mane|on farms and in fields|grass, hay and oats|neigh|foal|8|mammal|run,jump|They can sleep standing up.
sheep|sheep|4|thick wool|on farms and hills|grass|baa|lamb|6|mammal|walk|Their wool is used to make warm clothes.
pig|pigs|4|pink skin|on farms|roots, grain and vegetables|oink|piglet|6|mammal|run,swim|They are very clever animals.
goat|goats|4|rough hair|on farms and mountains|grass and leaves|bleat|kid|6|mammal|climb,jump|They can climb very steep rocks.
chicken|chickens|2|feathers|on farms|grain and worms|cluck|chick|3|bird|run|They lay eggs.
duck|ducks|2|feathers|near ponds and rivers|plants and small insects|quack|duckling|3|bird|fly,swim|Their feathers keep out the water.
goose|geese|2|feathers|near lakes and fields|grass and seeds|honk|gosling|4|bird|fly,swim|They fly in the shape of a V.
owl|owls|2|soft feathers|in forests and old barns|mice and small birds|hoot|owlet|3|bird|fly|They hunt at night.
eagle|eagles|2|feathers|on mountains and cliffs|fish and small animals|screech|eaglet|5|bird|fly|They have very sharp eyes.
penguin|penguins|2|short feathers|on cold coasts in the south|fish|squawk|chick|5|bird|swim|They slide over the ice on their bellies.
parrot|parrots|2|bright feathers|in warm forests|seeds, nuts and fruit|squawk|chick|3|bird|fly,climb|They can copy the words of people.
swan|swans|2|white feathers|on lakes and rivers|water plants|honk|cygnet|5|bird|fly,swim|They often stay with one partner for life.
crow|crows|2|black feathers|in fields and towns|almost anything|caw|chick|3|bird|fly|They can solve puzzles.
robin|robins|2|feathers and a red breast|in gardens and woods|worms and insects|tweet|chick|2|bird|fly|They sing even in winter.
frog|frogs|4|smooth wet skin|near ponds|insects|croak|tadpole|2|amphibian|jump,swim|They begin life as tadpoles.
snake|snakes|0|dry scales|in deserts, forests and grass|mice and eggs|hiss|snakelet|4|reptile|swim,climb|They smell with their tongues.
turtle|turtles|4|a hard shell|in seas and ponds|plants and jellyfish|hiss|hatchling|4|reptile|swim|They carry their home on their back.
tortoise|tortoises|4|a hard shell|in dry and warm lands|leaves and flowers|hiss|hatchling|4|reptile|walk|They can live for more than a hundred years.
crocodile|crocodiles|4|hard scales|in rivers and swamps|fish and other animals|growl|hatchling|8|reptile|swim,run|They have lived on Earth since the dinosaurs.
lion|lions|4|golden fur|in the grasslands of Africa|meat|roar|cub|8|mammal|run,climb|They live in groups called prides.
tiger|tigers|4|orange fur with black stripes|in the forests of Asia|meat|roar|cub|8|mammal|run,swim|No two tigers have the same stripes.
bear|bears|4|thick fur|in forests and mountains|berries, fish and honey|growl|cub|8|mammal|climb,swim|They sleep through much of the winter.
wolf|wolves|4|grey fur|in forests and cold lands|meat|howl|pup|6|mammal|run,swim|They live in packs.
fox|foxes|4|red fur|in woods and fields|mice, berries and eggs|bark|cub|5|mammal|run,jump|They have bushy tails.
elephant|elephants|4|thick grey skin|in the grasslands of Africa and Asia|grass, leaves and fruit|trumpet|calf|10|mammal|swim,walk|They are the biggest animals on land.
giraffe|giraffes|4|yellow fur with brown patches|in the grasslands of Africa|leaves|hum|calf|9|mammal|run|They are the tallest animals on land.
zebra|zebras|4|fur with black and white stripes|in the grasslands of Africa|grass|bark|foal|8|mammal|run|Every zebra has its own pattern of stripes.
monkey|monkeys|2|brown fur|in warm forests|fruit, nuts and insects|chatter|infant|5|mammal|climb,jump|They use their tails to hold on to branches.
gorilla|gorillas|2|black fur|in the forests of Africa|leaves and fruit|grunt|infant|8|mammal|climb|They are the largest of the apes.
kangaroo|kangaroos|2|brown fur|in Australia|grass|chatter|joey|7|mammal|jump|The mothers carry their young in a pouch.
koala|koalas|4|grey fur|in the trees of Australia|leaves|grunt|joey|4|mammal|climb|They sleep up to twenty hours a day.
panda|pandas|4|black and white fur|in the bamboo forests of China|bamboo|bleat|cub|7|mammal|climb,swim|They spend most of the day eating.
rabbit|rabbits|4|soft fur|in fields and burrows|grass and carrots|squeak|kit|3|mammal|jump,run|Their teeth never stop growing.
mouse|mice|4|soft fur|in fields and houses|seeds and cheese|squeak|pup|2|mammal|run,climb|They can squeeze through tiny holes.
squirrel|squirrels|4|fur and a bushy tail|in trees|nuts and seeds|chatter|kit|3|mammal|climb,jump|They hide nuts for the winter.
hedgehog|hedgehogs|4|sharp spines|in gardens and hedges|worms and beetles|snuffle|hoglet|3|mammal|walk,swim|They roll into a ball when they are afraid.
bat|bats|2|soft fur|in caves and old buildings|insects and fruit|squeak|pup|2|mammal|fly|They find their way with echoes.
deer|deer|4|brown fur|in forests|grass and leaves|bellow|fawn|7|mammal|run,jump|The males grow new antlers every year.
camel|camels|4|brown hair|in deserts|dry grass and thorny plants|grunt|calf|9|mammal|run,walk|They store fat in their humps.
dolphin|dolphins|0|smooth grey skin|in the sea|fish|click|calf|7|mammal|swim,jump|They call each other by name with whistles.
whale|whales|0|smooth skin|in the sea|fish and tiny sea animals|sing|calf|11|mammal|swim|The blue whale is the biggest animal on Earth.
shark|sharks|0|rough skin|in the sea|fish|make no sound|pup|8|fish|swim|They have lived in the sea longer than trees have lived on land.
fish|fish|0|scales|in water|plants and smaller animals|make no sound|fry|2|fish|swim|They breathe with gills.
octopus|octopuses|8|soft skin|in the sea|crabs and fish|make no sound|hatchling|4|mollusc|swim|They have three hearts.
crab|crabs|10|a hard shell|on beaches and in the sea|small animals and plants|click|larva|2|crustacean|walk,swim|They walk sideways.
snail|snails|0|a spiral shell|in gardens|leaves|make no sound|hatchling|1|mollusc|crawl|They carry their house with them.
bee|bees|6|fuzzy hair|in hives|nectar and pollen|buzz|larva|1|insect|fly|They make honey and help flowers to grow.
butterfly|butterflies|6|colourful wings|in gardens and meadows|nectar|make no sound|caterpillar|1|insect|fly|They begin life as caterpillars.
ant|ants|6|a hard skin|in nests under the ground|seeds and sugar|make no sound|larva|1|insect|crawl,climb|They can carry many times their own weight.
spider|spiders|8|tiny hairs|in webs and dark corners|insects|make no sound|spiderling|1|arachnid|climb,crawl|They spin webs of silk.
ladybird|ladybirds|6|red wings with black spots|in gardens|tiny insects|make no sound|larva|1|insect|fly,crawl|They help gardeners by eating pests.
"""
ANIMALS: list[Animal] = []
for _line in _ANIMALS.strip().splitlines():
    _c = _line.split("|")
    ANIMALS.append(Animal(_c[0], _c[1], int(_c[2]), _c[3], _c[4], _c[5], _c[6], _c[7], int(_c[8]), _c[9], tuple(_c[10].split(",")), _c[11]))

CAPITALS = dict(pair.split(":") for pair in (
    "France:Paris,Germany:Berlin,Italy:Rome,Spain:Madrid,Portugal:Lisbon,Austria:Vienna,Norway:Oslo,Sweden:Stockholm,Finland:Helsinki,"
    "Denmark:Copenhagen,Ireland:Dublin,Poland:Warsaw,Greece:Athens,Hungary:Budapest,Belgium:Brussels,the Netherlands:Amsterdam,"
    "the United Kingdom:London,England:London,Scotland:Edinburgh,Wales:Cardiff,Russia:Moscow,Ukraine:Kyiv,Turkey:Ankara,Egypt:Cairo,Kenya:Nairobi,"
    "Japan:Tokyo,China:Beijing,India:New Delhi,South Korea:Seoul,Thailand:Bangkok,Vietnam:Hanoi,Indonesia:Jakarta,Australia:Canberra,"
    "New Zealand:Wellington,Canada:Ottawa,the United States:Washington,Mexico:Mexico City,Brazil:Brasilia,Argentina:Buenos Aires,Chile:Santiago,"
    "Peru:Lima,Cuba:Havana,Colombia:Bogota,Iceland:Reykjavik,Croatia:Zagreb,Serbia:Belgrade,Romania:Bucharest,Bulgaria:Sofia,"
    "Switzerland:Bern,Czechia:Prague,Slovakia:Bratislava,Estonia:Tallinn,Latvia:Riga,Nigeria:Abuja,Morocco:Rabat,Iran:Tehran,Iraq:Baghdad").split(","))

OPPOSITES = dict(pair.split(":") for pair in (
    "big:small,hot:cold,up:down,in:out,good:bad,happy:sad,fast:slow,high:low,old:young,new:old,open:closed,light:dark,wet:dry,full:empty,"
    "hard:soft,loud:quiet,rich:poor,strong:weak,clean:dirty,early:late,easy:difficult,near:far,left:right,long:short,tall:short,thick:thin,"
    "wide:narrow,day:night,black:white,true:false,first:last,love:hate,win:lose,buy:sell,push:pull,begin:end,start:stop,yes:no,brave:afraid,"
    "kind:mean,sweet:sour,deep:shallow,heavy:light,warm:cool,awake:asleep,above:below,inside:outside,before:after,always:never,"
    "many:few,more:less,north:south,east:west,summer:winter,friend:enemy,laugh:cry,safe:dangerous,rough:smooth,sharp:blunt,"
    "give:take,come:go,find:lose,remember:forget,arrive:leave,same:different,beautiful:ugly,noisy:quiet,tiny:huge").split(","))

COLOUR_OF = dict(pair.split(":") for pair in (
    "the sky:blue,grass:green,a banana:yellow,snow:white,a lemon:yellow,blood:red,an orange:orange,the sea:blue,milk:white,coal:black,"
    "a tomato:red,a carrot:orange,a leaf:green,chocolate:brown,the sun:yellow,a cloud:white,a strawberry:red,an elephant:grey,a frog:green,"
    "a polar bear:white,a cucumber:green,a pumpkin:orange,a plum:purple,a cherry:red,a fire engine:red,the night:black,a crow:black,a swan:white,"
    "a flamingo:pink,a pea:green,an aubergine:purple,honey:gold,rain:clear,a lime:green,butter:yellow,a raspberry:red,sand:yellow,wood:brown,"
    "a pig:pink,a sunflower:yellow,a blueberry:blue,salt:white,sugar:white,coffee:brown,a mouse:grey,a ladybird:red with black spots,"
    "a zebra:black and white,a panda:black and white,a penguin:black and white,a tiger:orange with black stripes").split(","))

USES = dict(pair.split(":") for pair in (
    "a hammer:hit nails,a knife:cut things,an umbrella:stay dry in the rain,a pen:write,a pencil:write and draw,a broom:sweep the floor,"
    "a clock:tell the time,a bed:sleep,a chair:sit,a fridge:keep food cold,an oven:bake and roast food,a key:open a lock,a lamp:make light,"
    "scissors:cut paper and cloth,a spoon:eat soup,a fork:pick up food,a cup:drink,a bag:carry things,a phone:talk to people far away,"
    "a camera:take pictures,a car:travel on roads,a boat:travel on water,a plane:travel through the air,a bicycle:ride from place to place,"
    "soap:wash our hands,a towel:dry ourselves,a toothbrush:clean our teeth,a ladder:climb up high,a map:find the way,a book:read and learn,"
    "a computer:work and play and find things out,a needle:sew,a comb:tidy our hair,a mirror:look at ourselves,a blanket:keep warm,a bell:make a ringing sound,"
    "a rope:tie and pull things,a shovel:dig holes,a torch:see in the dark,a ruler:measure and draw lines,glue:stick things together,"
    "a calendar:keep track of the days,a thermometer:measure how warm it is,a telescope:look at the stars,a microscope:look at tiny things,"
    "a saw:cut wood,a basket:carry fruit,a candle:make a little light,a scarf:keep our neck warm,a compass:find north").split(","))

RHYMES = dict(pair.split(":") for pair in (
    "cat:hat,dog:frog,sun:fun,star:car,moon:spoon,tree:bee,house:mouse,light:night,day:play,ring:king,boat:goat,rain:train,bed:red,"
    "ball:tall,book:cook,blue:shoe,snow:glow,sea:tea,sky:high,fish:wish,cake:lake,door:floor,hill:still,nose:rose,wing:sing,"
    "bear:chair,fox:box,bell:shell,sand:hand,time:rhyme,sleep:sheep,dream:cream,heart:start,flower:tower,love:dove,friend:end").split(","))

PAST = dict(pair.split(":") for pair in (
    "go:went,eat:ate,see:saw,run:ran,come:came,take:took,give:gave,make:made,say:said,write:wrote,drink:drank,swim:swam,sing:sang,"
    "begin:began,fly:flew,know:knew,grow:grew,think:thought,buy:bought,bring:brought,teach:taught,catch:caught,sleep:slept,keep:kept,"
    "feel:felt,leave:left,meet:met,read:read,find:found,sit:sat,stand:stood,speak:spoke,break:broke,wear:wore,drive:drove,ride:rode,"
    "fall:fell,hold:held,win:won,lose:lost,tell:told,sell:sold,build:built,send:sent,play:played,walk:walked,jump:jumped,love:loved,"
    "help:helped,look:looked,talk:talked,work:worked,dance:danced,cook:cooked,stop:stopped,cry:cried,laugh:laughed").split(","))

PLURALS = dict(pair.split(":") for pair in (
    "child:children,man:men,woman:women,foot:feet,tooth:teeth,mouse:mice,goose:geese,person:people,leaf:leaves,knife:knives,wolf:wolves,"
    "baby:babies,city:cities,box:boxes,bus:buses,fox:foxes,potato:potatoes,tomato:tomatoes,sheep:sheep,fish:fish,deer:deer,book:books,tree:trees,"
    "cat:cats,dog:dogs,house:houses,star:stars,story:stories,cherry:cherries,key:keys,toy:toys,dish:dishes,watch:watches,life:lives").split(","))

SHAPES = {"triangle": 3, "square": 4, "rectangle": 4, "pentagon": 5, "hexagon": 6, "octagon": 8}

SPELLABLE = ("cat dog sun moon tree house apple bird fish book star water bread milk green happy friend school garden river horse music "
             "winter summer flower orange yellow purple animal rabbit mouse cheese hello world banana table chair window door light night "
             "computer elephant tiger monkey story cloud snow rain train plane kitchen lemon honey island castle dragon queen king").split()

KINDS = {
    "animals": [a.plural for a in ANIMALS], "fruits": FRUITS, "vegetables": VEGETABLES, "colours": COLOURS[:12], "foods": FOODS, "drinks": DRINKS,
    "birds": [a.plural for a in ANIMALS if a.kind == "bird"], "insects": [a.plural for a in ANIMALS if a.kind == "insect"],
    "countries": [c for c in CAPITALS if not c.startswith("the ")], "cities": CITIES, "hobbies": HOBBIES, "jobs": list(JOBS), "days": DAYS, "months": MONTHS,
    "seasons": SEASONS, "shapes": list(SHAPES) + ["circle"],
    "farm animals": "cows horses sheep pigs goats chickens ducks geese".split(),
    "sea animals": "dolphins whales sharks turtles octopuses crabs fish".split(),
    "sports": "football tennis swimming running cycling skating basketball hockey rugby golf".split(),
    "planets": "Mercury Venus Earth Mars Jupiter Saturn Uranus Neptune".split(),
    "musical instruments": "pianos guitars violins drums flutes trumpets harps cellos".split(),
    "flowers": "roses tulips daisies lilies sunflowers violets orchids poppies".split(),
    "clothes": "shirts trousers socks shoes hats coats scarves gloves jumpers dresses".split(),
    "tools": "hammers saws drills screwdrivers pliers shovels rakes".split(),
    "parts of the body": "head arms legs hands feet eyes ears nose mouth".split(),
    "rooms": "kitchen bedroom bathroom hall attic cellar garage".split(),
    "vehicles": "cars buses trains planes boats bicycles lorries trams".split(),
    "languages": "English French German Spanish Italian Chinese Japanese Arabic Hindi Portuguese".split(),
    "programming languages": "C# Python Java Rust C++ Go JavaScript Swift".split(),
}


def spell_number(value: int) -> str:
    """0 to 199 in words."""
    if value < 0:
        return "minus " + spell_number(-value)
    if value <= 20:
        return NUMBERS[value]
    if value >= 100:
        return "one hundred" + (f" and {spell_number(value - 100)}" if value > 100 else "")
    return TENS[value // 10] + (f"-{NUMBERS[value % 10]}" if value % 10 else "")
