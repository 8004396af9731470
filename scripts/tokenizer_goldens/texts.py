"""Texts that separate a right tokenizer from one that is nearly right."""

import random

HAND_PICKED = [
    "", " ", "  ", "\n", "\t\n", "a", "Hello world", " Hello  world ", "hello   world\n\n  again\t tab", "I'm you're they'll WE'D it's 'tis",
    "Price: $1,234.56 (50%)", "0 00 000 1234567890", "x=1;y=22;z=333", "don't do not  .  ?  !  ,  n't 'm 's",
    "\u00e9\u00c9 e\u0301 E\u0301 \u00f1 n\u0303 \u1e9b\u0323", "\ufb01 \u2460 \u00bd \u00b2 \uff21\uff22\uff23 \u3392", "\u0130stanbul \u0131 \u017f \u03a3\u03c3\u03c2 \u1e9e\u00df",
    "\u4f60\u597d\uff0c\u4e16\u754c\u3002 \u6f22\u5b57\u304b\u306a\u30ab\u30ca\u30fc", "\uac00\u1100\u1161 \u1100\u1161\u11a8 \ud55c\uad6d\uc5b4", "\u0939\u093f\u0928\u094d\u0926\u0940 \u0e44\u0e17\u0e22",
    "\u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd", "\U0001f600 \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea \U0001f44d\U0001f3fd", "\U0001d400\U0001d7d8 \U00010400\U00010428 \U00020000",
    "a\u00a0b\u2003c\u200bd\u3000e\u2028f\u0085g", "zero\u0000nul \u0001\u0008 \u007f \ufeff \ufffd", "\u2581already \u2581\u2581marked\u2581", "<s>x</s> [CLS] a [SEP]b[MASK] <|im_start|>user\n",
    "<0x41> <0xE2><0x82> ##ing end</w>", "foo_bar.baz(qux)[0] = {\"k\": 'v'}; // c", "def f(x):\n    return x ** 2\n", "http://a.b/c?d=e&f=g#h", "a-b\u2013c\u2014d\u2026e\u00ab\u00bb\u201c\u201d\u2019",
    "$+<=>^`|~ \u20ac\u00a3 \u2212\u00d7\u00f7", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "abababababab cdcdcdcd", "lower UPPER Title cAmEl",
    "\u0300\u0301leading marks", "a\u0315\u0300\u05ae\u0062 \u1ea5 \u0344", "\u212b \u2126 \u00c5 A\u030a", "\r\n\r\nx\ry",
]

ALPHABETS = [
    [chr(c) for c in range(32, 127)], list("  \n\t\r\u00a0\u3000"), list("aeioutnsrhl e t"), list("0123456789\u00b2\u00bd\u0664\u0967"),
    list("\u00e9\u00df\u0131\u0130\u1e9e\ufb03\u01c5\u0345\u03c2\u03a3"), list("\u0300\u0301\u0327\u0323\u0338\u05b0\u0e48\u094d\u200d\u200c"),
    list("\u4e2d\u6587\u5b57\u7b26\u3042\u30a2\u30fc\uac00\ud7a3\u1100\u1161\u11a8"), list("\U0001f600\U0001f3fd\U0001f1e9\U0001f1ea\u2764\ufe0f\U00010400\U000e0061"),
    list(".,;:!?'\"()[]{}<>/\\|@#$%^&*-_=+~`\u2019\u2026\u3002\uff0c"), list("\u0000\u0001\u001f\u007f\u0085\u200b\u2028\ufeff\ufffd\u00ad"),
]


def random_texts(count, seed):
    rng = random.Random(seed)
    for _ in range(count):
        alphabets = rng.sample(ALPHABETS, rng.randint(1, 4))
        yield "".join(rng.choice(rng.choice(alphabets)) for _ in range(rng.randint(1, 24)))


def texts(seed, random_count):
    return HAND_PICKED + list(random_texts(random_count, seed))


CORPUS = [
    "the quick brown fox jumps over the lazy dog and then the other dog jumps over the fox",
    "she sells sea shells by the sea shore and the shells she sells are surely sea shells",
    "It's a test, isn't it? I'm sure they're testing 123 things in 2024, or 45.67% of them!",
    "def function(self, value):\n    return self.value + value * 2  # comment\n",
    "caf\u00e9 na\u00efve r\u00e9sum\u00e9 \u00fcber stra\u00dfe \u4f60\u597d \u4e16\u754c \u4f60\u4eec \u3053\u3093\u306b\u3061\u306f \u043f\u0440\u0438\u0432\u0435\u0442 \u043c\u0438\u0440",
    "low lower lowest new newer newest wide wider widest tokenization tokenizer tokens detokenize",
] * 3
