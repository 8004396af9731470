"""Sums, differences, small products, counting and comparing."""

from .conversation import ASK, Conversation
from .world import FRUITS, NAMES, NUMBERS, spell_number

THINGS = FRUITS + "books pens coins marbles stickers cards eggs flowers cookies balloons stamps buttons shells pencils sweets".split()


def is_held_out(operation: str, a: int, b: int) -> bool:
    """Whether this pair of two-digit numbers is kept for the test: one in ten, in either order of a sum."""
    if a < 10 or b < 10:
        return False
    if operation == "+" and a > b:
        a, b = b, a
    return (a * 7919 + b * 104729 + (0 if operation == "+" else 31)) % 97 < 10


def _pair(c: Conversation, operation: str) -> tuple[int, int]:
    while True:
        top = c.choose((10, 20, 50, 99, 99, 99))
        a, b = c.rng.randint(0, top), c.rng.randint(0, top)
        if operation == "-" and a < b and c.chance(0.8):
            a, b = b, a
        if not is_held_out(operation, a, b):
            return a, b


PLUS = ("$a + $b|$a+$b|$a plus $b|$a and $b together|the sum of $a and $b|adding $a and $b|$a added to $b")
MINUS = ("$a - $b|$a-$b|$a minus $b|the difference between $a and $b|taking $b from $a|$a take away $b")
QUESTION = ("{what is|what's|how much is|whats|calculate|compute|work out|what does {it make if you do|one get from}|tell me|what do you get for|"
            "can you work out|can you calculate|do you know|solve|please work out|what would be|how much would be|and|what about|now} ")


def sum_questions(operation: str) -> str:
    return QUESTION + "{" + (PLUS if operation == "+" else MINUS) + "}{?||?}"


PLAIN = {"+": "{$a + $b|$a+$b|$a + $b|$a + $b =|$a+$b=|$a + $b = ?|$a plus $b|$a + $b?|$a+$b=?|add $a and $b|add $a to $b|what do $a and $b make?|"
              "what is $a + $b?|what is $a plus $b?|what's $a + $b?|i need the sum of $a and $b.|if i add $a and $b, what do i get?}",
         "-": "{$a - $b|$a-$b|$a - $b|$a - $b =|$a-$b=|$a - $b = ?|$a minus $b|$a - $b?|$a-$b=?|subtract $b from $a|take $b away from $a|"
              "what is $a - $b?|what is $a minus $b?|what's $a - $b?|if i take $b from $a, what is left?|how much is $a less $b?}"}
ANSWER = "{$x $op $y = $r.|$x $op $y = $r.|$x $op $y = $r.|$x $op $y = $r.|that makes $x $op $y = $r.|the answer is $x $op $y = $r.|$x $word $y is $r.}"


def sums(c: Conversation) -> None:
    for _ in range(c.choose((1, 1, 1, 2, 3))):
        operation = c.choose("++--")
        a, b = _pair(c, operation)
        result = a + b if operation == "+" else a - b
        if operation == "-" and a < b:
            template = "{what is|what's|calculate|} {$a - $b|$a-$b|$a minus $b}{?|}"
        else:
            template = PLAIN[operation] if c.chance(0.55) else ASK + sum_questions(operation)
        word = "plus" if operation == "+" else "minus"
        spelled = c.chance(0.08) and a <= 99 and b <= 99
        c.exchange(template, ANSWER, a=spell_number(a) if spelled else a, b=spell_number(b) if spelled else b, x=a, y=b, op=operation, word=word,
                   r=result)
        while c.chance(0.18) and 0 <= result < 90:
            more = c.rng.randint(1, 9) if c.chance(0.7) else c.choose((10, 20))
            operation = c.choose("+-")
            if operation == "-" and more > result:
                operation = "+"
            if is_held_out(operation, result, more) or is_held_out(operation, more, result):
                break
            after = result + more if operation == "+" else result - more
            c.exchange("{and|now|then|what about|okay, and|and if i|can you} {add $b|plus $b}{?|}" if operation == "+" else
                       "{and|now|then|what about|okay, and|and if i|can you} {subtract $b|minus $b|take away $b}{?|}",
                       "$a $op $b = $r.", a=result, b=more, op=operation, r=after)
            result = after


def problems(c: Conversation) -> None:
    operation = c.choose("+-")
    top = c.choose((10, 20, 20, 99))
    while True:
        a, b = c.rng.randint(2, top), c.rng.randint(1, top)
        if operation == "-" and a <= b:
            continue
        if not is_held_out(operation, a, b) and not is_held_out(operation, b, a):
            break
    who, thing = c.choose(NAMES), c.choose(THINGS)
    if operation == "+":
        c.exchange("{i have $a $thing and {buy|get|find} $b more. how many {$thing do i have|do i have now|are there}?|"
                   "$who has $a $thing and gets $b more. how many $thing does $who have{ now|}?|"
                   "there are $a $thing in one box and $b in another. how many are there together?|"
                   "if i have $a $thing and you give me $b, how many do i have?}",
                   "{$a + $b = $r, so {there are|that makes} $r $thing.|that makes $a + $b = $r $thing.}", a=a, b=b, r=a + b, who=who, thing=thing)
    else:
        c.exchange("{i have $a $thing and {give away|lose|eat|sell} $b. how many {$thing do i have left|are left}?|"
                   "$who has $a $thing and loses $b. how many $thing does $who have {now|left}?|"
                   "there are $a $thing and $b are taken away. how many are left?}",
                   "{$a - $b = $r, so {there are $r $thing left|$r $thing are left}.|that leaves $a - $b = $r $thing.}",
                   a=a, b=b, r=a - b, who=who, thing=thing)


def products(c: Conversation) -> None:
    a, b = c.rng.randint(0, 10), c.rng.randint(1, 10)
    if c.chance(0.7):
        c.exchange("{what is|what's|how much is|calculate|} {$a times $b|$a x $b|$a * $b|$a multiplied by $b}{?|}", "{$a x $b = $r.|$a times $b is $r.}",
                   a=a, b=b, r=a * b)
    else:
        c.exchange("{what is|what's|how much is|} {$r divided by $b|$r / $b}{?|}", "$r / $b = $a.", a=a, b=b, r=a * b)


def numbers(c: Conversation) -> None:
    kind = c.rng.randrange(7)
    n = c.rng.randint(1, 99)
    if kind == 0:
        m = c.rng.choice([k for k in range(100) if k != n])
        big = c.chance(0.6)
        c.exchange("{which|what} {number |}is {$w: $a or $b|$w, $a or $b}?", "{$r is $w than $s.|$r is $w.}", a=n, b=m,
                   w=c.choose(("bigger", "larger", "greater")) if big else c.choose(("smaller", "less")), r=max(n, m) if big else min(n, m),
                   s=min(n, m) if big else max(n, m))
    elif kind == 1:
        asked = c.choose(("even", "odd", "even or odd"))
        fact = "even" if n % 2 == 0 else "odd"
        article = "an " if asked != "even or odd" and c.chance(0.4) else ""
        lead = "" if asked == "even or odd" else "yes, " if asked == fact else "no, "
        c.exchange("is $n $asked{?|}", lead + "$n is {an $fact number|$fact}.", n=n, asked=article + asked + (" number" if article else ""), fact=fact)
    elif kind == 2:
        c.exchange("{what|which} number {comes after|follows|is next after} $n?", "{$m comes after $n.|the number after $n is $m.}", n=n, m=n + 1)
    elif kind == 3:
        c.exchange("{what|which} number {comes before|is before} $n?", "{$m comes before $n.|the number before $n is $m.}", n=n, m=n - 1)
    elif kind == 4:
        n = c.rng.randint(1, 50)
        c.exchange("{what is|what's} {double $n|twice $n|the double of $n}?", "{double $n is $m.|twice $n is $m.}", n=n, m=2 * n)
    elif kind == 5:
        n = c.rng.randint(1, 50)
        c.exchange("{what is|what's} {half of $m|half $m|the half of $m}?", "half of $m is $n.", n=n, m=2 * n)
    else:
        n = c.rng.randint(0, 99)
        if c.chance(0.5):
            c.exchange("{how do you {write|spell}|write|spell|what is} $n in words?", "$n in words is $w.", n=n, w=spell_number(n))
        else:
            c.exchange("{write $w as a number|what number is $w|which number is $w|$w in digits}{?|}", "{that is $n.|$w is $n.}", n=n, w=spell_number(n))


def counting(c: Conversation) -> None:
    kind = c.rng.random()
    start, step, stop = 1, 1, c.rng.randint(3, 20)
    up_to = "{count|can you count|please count|count for me|start counting}"
    if kind < 0.45:
        question = up_to + "{ to| up to| from 1 to| from one to} {$n|$n|$w}{.|}"
    elif kind < 0.65:
        start = c.rng.randint(2, 60)
        stop = start + c.rng.randint(3, 14)
        question = up_to + " from $s to $n{.|}"
    elif kind < 0.85:
        start, stop, step = c.rng.randint(3, 20), 1, -1
        question = "{count|can you count|please count|count for me} {down|backwards} from {$s{| to 1}|$t}{.|}"
    else:
        step = c.choose((2, 5, 10))
        stop = step * c.rng.randint(4, 10)
        start = step
        question = up_to + " {by|in} $k to $n{.|}"
    numbers_said = list(range(start, stop + (1 if step > 0 else -1), step))
    w = spell_number(stop)
    c.exchange(question, ", ".join(map(str, numbers_said)) + ".", s=start, n=stop, w=w, t=spell_number(start), k={2: "twos", 5: "fives", 10: "tens"}.get(step, ""))


def too_hard(c: Conversation) -> None:
    a, b = c.rng.randint(101, 99999), c.rng.randint(2, 99999)
    c.exchange("{what is|what's|calculate|how much is|} $a {+|-|*|x|/|plus|minus|times|divided by} $b{?|}",
               "{that is too big for me. I can only add and subtract numbers below 100.|those numbers are too big for me. "
               "I am good with numbers up to 99.|sorry, I can only work with numbers below 100.}", a=a, b=b)


def arithmetic(c: Conversation) -> None:
    kind = c.rng.random()
    if kind < 0.62:
        sums(c)
    elif kind < 0.72:
        problems(c)
    elif kind < 0.79:
        products(c)
    elif kind < 0.88:
        numbers(c)
    elif kind < 0.97:
        counting(c)
    else:
        too_hard(c)
