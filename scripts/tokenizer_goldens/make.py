"""Writes the small tokenizers and component goldens of tests/SglNative.Tokenizers.Tests/Data, with results of the Hugging Face
`tokenizers` library (0.23) and of `sentencepiece`:

    python3 scripts/tokenizer_goldens/make.py tests/SglNative.Tokenizers.Tests/Data
"""

import json
import pathlib
import sys

from tokenizers import Tokenizer, __version__, decoders, models, normalizers, pre_tokenizers, trainers

import sentencepieces
from texts import CORPUS, texts

out = pathlib.Path(sys.argv[1])


def save(name, value):
    path = out / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace('},{"text"', '},\n{"text"').replace('},{"config"', '},\n{"config"') + "\n")
    print(name, path.stat().st_size)


def shell(**parts):
    """A tokenizer.json around some parts; its model knows nothing."""
    base = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None, "pre_tokenizer": None, "post_processor": None,
            "decoder": None, "model": {"type": "WordLevel", "vocab": {"<unk>": 0}, "unk_token": "<unk>"}}
    base.update(parts)
    return base


def load(config):
    return Tokenizer.from_str(json.dumps(config))


def attempt(action):
    try:
        return action()
    except BaseException as e:  # the library's panics are no Exception
        if isinstance(e, KeyboardInterrupt):
            raise
        return None


# --- normalizers -----------------------------------------------------------------------------------------------------------------

CHARSMAP = sentencepieces.charsmap()
NORMALIZERS = [
    {"type": "NFC"}, {"type": "NFD"}, {"type": "NFKC"}, {"type": "NFKD"}, {"type": "Lowercase"}, {"type": "StripAccents"}, {"type": "Nmt"}, {"type": "ByteLevel"},
    {"type": "Strip", "strip_left": True, "strip_right": True}, {"type": "Strip", "strip_left": False, "strip_right": True},
    {"type": "Strip", "strip_left": True, "strip_right": False},
    {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
    {"type": "Replace", "pattern": {"Regex": "[^\\P{L}a-z]"}, "content": "<L>"}, {"type": "Replace", "pattern": {"Regex": "(?i)HELLO|wor"}, "content": ""},
    {"type": "Prepend", "prepend": "\u2581"}, {"type": "Prepend", "prepend": ""},
    {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True},
    {"type": "BertNormalizer", "clean_text": False, "handle_chinese_chars": True, "strip_accents": True, "lowercase": False},
    {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": False, "strip_accents": False, "lowercase": True},
    {"type": "Precompiled", "precompiled_charsmap": CHARSMAP},
    {"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "StripAccents"}, {"type": "Lowercase"}]},
    {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "\u2581"}, {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}]},
    {"type": "Sequence", "normalizers": []},
]


def make_normalizers():
    cases = []
    for n, config in enumerate(NORMALIZERS):
        normalizer = load(shell(normalizer=config)).normalizer
        name = config | {"precompiled_charsmap": "nmt_nfkc"} if config["type"] == "Precompiled" else config
        cases.append({"config": name, "cases": [{"text": t, "normalized": normalizer.normalize_str(t)} for t in texts(n, 25)]})
    save("normalizers", {"library": __version__, "charsmap": CHARSMAP, "components": cases})


# --- pre-tokenizers --------------------------------------------------------------------------------------------------------------

GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"
LLAMA3 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
QWEN2 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
GPT4O = ("[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
         "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
         "\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+")
DEEPSEEK3 = "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
KIMI = ("[\\p{Han}]+|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
        "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{Han}]]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
        "\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+")
PATTERNS = [
    GPT2, LLAMA3, QWEN2, GPT4O, DEEPSEEK3, KIMI, "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+", "[0-9][0-9][0-9]", "\\p{N}{1,3}", " ?[^(\\s|[.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c])]+",
    "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+", "(?<=[a-z])(?=[A-Z])", "(?<!\\d)\\d{2}(?!\\d)", "\\b\\w+?\\b", "(?:ab)+|a*?b", "[^\\S\\n]+", "\\R|\\h{2}", "(?>a+)b|a",
    "[[:upper:]][[:lower:]]*+", "^.|.$", "\\A.|.\\z", "[a-z&&[^aeiou]]+", "(?m:a.b)|(?x: a # c\n)", "\\x{4f60}|\\u597d|[\\x00-\\x1f]", "a{2}|b{2,}|c{,2}|d{1,3}?", "\\p{^L}\\P{N}", "\\p{Greek}|\\p{Cyrillic}+", "",
]
PRE_TOKENIZERS = [
    {"type": "ByteLevel", "add_prefix_space": p, "trim_offsets": True, "use_regex": r} for p in (True, False) for r in (True, False)
] + [
    {"type": "Split", "pattern": {"Regex": p}, "behavior": "Isolated", "invert": False} for p in PATTERNS
] + [
    {"type": "Split", "pattern": p, "behavior": b, "invert": i}
    for p in ({"Regex": "\\d+"}, {"String": " "}, {"Regex": "[aeiou]"}) for b in ("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous") for i in (False, True)
] + [
    {"type": "Digits", "individual_digits": True}, {"type": "Digits", "individual_digits": False}, {"type": "Whitespace"}, {"type": "WhitespaceSplit"},
    {"type": "BertPreTokenizer"}, {"type": "UnicodeScripts"}, {"type": "CharDelimiterSplit", "delimiter": "e"}, {"type": "FixedLength", "length": 3},
] + [
    {"type": "Punctuation", "behavior": b} for b in ("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous")
] + [
    {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": s, "split": p} for s in ("always", "never", "first") for p in (True, False)
] + [
    {"type": "Metaspace", "replacement": "_", "prepend_scheme": "always", "split": True},
    {"type": "Sequence", "pretokenizers": [{"type": "Punctuation", "behavior": "Contiguous"}, {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
                                           {"type": "Digits", "individual_digits": False}, {"type": "Split", "pattern": {"Regex": "[0-9][0-9][0-9]"}, "behavior": "Isolated", "invert": False}]},
    {"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"Regex": "\\p{N}{1,3}"}, "behavior": "Isolated", "invert": False},
                                           {"type": "Split", "pattern": {"Regex": "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+"}, "behavior": "Isolated", "invert": False},
                                           {"type": "Split", "pattern": {"Regex": DEEPSEEK3}, "behavior": "Isolated", "invert": False},
                                           {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}]},
    {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}]},
    {"type": "Sequence", "pretokenizers": []},
]


def make_pre_tokenizers():
    cases = []
    for n, config in enumerate(PRE_TOKENIZERS):
        pre = load(shell(pre_tokenizer=config)).pre_tokenizer
        found = []
        for t in texts(100 + n, 4):
            pieces = attempt(lambda: [p for p, _ in pre.pre_tokenize_str(t)])
            if pieces is not None:
                found.append({"text": t, "pieces": pieces})
        cases.append({"config": config, "cases": found})
    save("pre_tokenizers", {"library": __version__, "components": cases})


# --- decoders --------------------------------------------------------------------------------------------------------------------

DECODERS = [
    None, {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}, {"type": "ByteFallback"}, {"type": "Fuse"},
    {"type": "WordPiece", "prefix": "##", "cleanup": True}, {"type": "WordPiece", "prefix": "##", "cleanup": False}, {"type": "WordPiece", "prefix": "", "cleanup": False},
    {"type": "BPEDecoder", "suffix": "</w>"}, {"type": "CTC", "pad_token": "<pad>", "word_delimiter_token": "|", "cleanup": True},
    {"type": "CTC", "pad_token": "<pad>", "word_delimiter_token": "|", "cleanup": False}, {"type": "Strip", "content": " ", "start": 1, "stop": 1},
    {"type": "Strip", "content": "\u2581", "start": 2, "stop": 0}, {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
    {"type": "Replace", "pattern": {"Regex": "[ae]+"}, "content": "<>"},
] + [
    {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": s, "split": True} for s in ("always", "never", "first")
] + [
    {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
                                      {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
    {"type": "Sequence", "decoders": [{"type": "ByteFallback"}, {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}]},
    {"type": "Sequence", "decoders": [{"type": "Fuse"}, {"type": "Replace", "pattern": {"String": "aba"}, "content": "X"}, {"type": "Strip", "content": "e", "start": 2, "stop": 2}]},
    {"type": "Sequence", "decoders": [{"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}, {"type": "Replace", "pattern": {"Regex": "e+"}, "content": "3"}]},
    {"type": "Sequence", "decoders": []},
]
TOKENS = ["Hello", "\u2581world", "\u2581", "\u2581\u2581a", "##ing", "##", "end</w>", "</w>", "<pad>", "|", "a", "a", "b", "ab", "aba", "e", "ee", " ", "  x ", " .", " do not", " n't", "'s",
          "<0x41>", "<0xE4>", "<0xBD>", "<0xA0>", "<0xFF>", "<0xe4>", "<0xG1>", "\u0120the", "\u00e4\u00bd", "\u0142", "\u0120", "\u010a", "\u4f60\u597d", "\u00c3", "\u00a9", "\U0001f600", "", "."]


def make_decoders():
    import random
    cases = []
    for n, config in enumerate(DECODERS):
        rng = random.Random(n)
        tokenizer = load(shell(decoder=config))
        found = []
        for _ in range(60):
            tokens = [rng.choice(TOKENS) for _ in range(rng.randint(0, 9))]
            text = " ".join(tokens) if config is None else attempt(lambda: tokenizer.decoder.decode(tokens))
            if text is not None:
                found.append({"text": text, "tokens": tokens})
        cases.append({"config": config, "cases": found})
    save("decoders", {"library": __version__, "components": cases})


# --- whole tokenizers ------------------------------------------------------------------------------------------------------------

def trained(model, trainer, **parts):
    tokenizer = Tokenizer(model)
    for name, part in parts.items():
        setattr(tokenizer, name, part)
    tokenizer.train_from_iterator(CORPUS, trainer)
    return json.loads(tokenizer.to_str())["model"]


def byte_level_bpe():
    return trained(models.BPE(), trainers.BpeTrainer(vocab_size=460, show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()),
                   pre_tokenizer=pre_tokenizers.ByteLevel(add_prefix_space=False))


def metaspace_bpe(bytes_too):
    special = ["<unk>", "<s>", "</s>"] + ([f"<0x{b:02X}>" for b in range(256)] if bytes_too else [])
    model = trained(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=bytes_too),
                    trainers.BpeTrainer(vocab_size=len(special) + 260, show_progress=False, special_tokens=special),
                    pre_tokenizer=pre_tokenizers.Metaspace())
    return model


def added(id_, content, **flags):
    return {"id": id_, "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True} | flags


def template(single, pair, **ids):
    return {"type": "TemplateProcessing", "single": single, "pair": pair, "special_tokens": {t: {"id": t, "ids": [i], "tokens": [t]} for t, i in ids.items()}}


def sequence(letter, type_id=0):
    return {"Sequence": {"id": letter, "type_id": type_id}}


def token(text, type_id=0):
    return {"SpecialToken": {"id": text, "type_id": type_id}}


BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
LLAMA_DECODER = {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
                                                  {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}


def split_then_bytes(pattern):
    return {"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}, BYTE_LEVEL | {"use_regex": False}]}


def tokenizers():
    bpe = byte_level_bpe()
    n = len(bpe["vocab"])
    pairs_as_text = bpe | {"merges": [" ".join(m) if isinstance(m, list) else m for m in bpe["merges"]]}
    yield "byte_level", shell(model=bpe, pre_tokenizer=BYTE_LEVEL, decoder=BYTE_LEVEL, post_processor=BYTE_LEVEL, added_tokens=[added(n, "<|endoftext|>")])
    yield "llama3_like", shell(
        model=pairs_as_text | {"ignore_merges": True}, pre_tokenizer=split_then_bytes(LLAMA3), decoder=BYTE_LEVEL,
        post_processor={"type": "Sequence", "processors": [BYTE_LEVEL, template([token("<|begin|>"), sequence("A")], [token("<|begin|>"), sequence("A"), token("<|begin|>", 1), sequence("B", 1)],
                                                                                **{"<|begin|>": n})]},
        added_tokens=[added(n, "<|begin|>"), added(n + 1, "<|im_start|>"), added(n + 2, "<|im_start|>user"), added(n + 3, "tool", special=False)])
    yield "qwen_like", shell(model=bpe, normalizer={"type": "NFC"}, pre_tokenizer=split_then_bytes(QWEN2), decoder=BYTE_LEVEL, post_processor=BYTE_LEVEL,
                             added_tokens=[added(n, "<|im_start|>"), added(n + 1, "\u00e9\u00c9", normalized=True), added(n + 2, "world", single_word=True, special=False)])
    yield "byte_level_prefix_space", shell(
        model=bpe, pre_tokenizer=BYTE_LEVEL | {"add_prefix_space": True}, decoder=BYTE_LEVEL,
        post_processor={"type": "RobertaProcessing", "sep": ["</s>", n + 1], "cls": ["<s>", n], "trim_offsets": True, "add_prefix_space": True},
        added_tokens=[added(n, "<s>"), added(n + 1, "</s>"), added(n + 2, "[MASK]", lstrip=True), added(n + 3, "[SEP]", rstrip=True), added(n + 4, "[CLS]", lstrip=True, rstrip=True)])
    llama = metaspace_bpe(True)
    specials = [added(0, "<unk>"), added(1, "<s>"), added(2, "</s>")]
    bos = template([token("<s>"), sequence("A")], [token("<s>"), sequence("A"), token("<s>", 1), sequence("B", 1)], **{"<s>": 1})
    legacy = {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "\u2581"}, {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}]}
    yield "llama2_like", shell(model=llama, normalizer=legacy, decoder=LLAMA_DECODER, post_processor=bos, added_tokens=specials)
    yield "metaspace_first", shell(model=llama, pre_tokenizer={"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "first", "split": False}, decoder=LLAMA_DECODER,
                                   post_processor=bos, added_tokens=specials + [added(len(llama["vocab"]), "[MASK]", normalized=True, lstrip=True)])
    yield "gemma_like", shell(model=llama, normalizer={"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"},
                              pre_tokenizer={"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious", "invert": False},
                              decoder={"type": "Sequence", "decoders": LLAMA_DECODER["decoders"][:3]}, post_processor=bos,
                              added_tokens=specials + [added(len(llama["vocab"]), "\n\n", special=False), added(len(llama["vocab"]) + 1, "\n\n\n", special=False)])
    plain = metaspace_bpe(False)
    metaspace = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}
    for fuse in (True, False):
        yield f"unknown_{'fused' if fuse else 'apart'}", shell(model=plain | {"fuse_unk": fuse}, pre_tokenizer=metaspace, decoder=metaspace, added_tokens=specials)
    yield "no_unknown", shell(model=plain | {"unk_token": None}, pre_tokenizer=metaspace, decoder=metaspace)
    suffix = trained(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"),
                     trainers.BpeTrainer(vocab_size=250, show_progress=False, special_tokens=["<unk>", "<|start|>", "<|end|>"], end_of_word_suffix="</w>"),
                     pre_tokenizer=pre_tokenizers.BertPreTokenizer(), normalizer=normalizers.Lowercase())
    yield "clip_like", shell(
        model=suffix, normalizer={"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": " "}, {"type": "Lowercase"}]},
        pre_tokenizer={"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+"}, "behavior": "Removed", "invert": True}]},
        decoder={"type": "BPEDecoder", "suffix": "</w>"}, post_processor={"type": "BertProcessing", "sep": ["<|end|>", 2], "cls": ["<|start|>", 1]},
        added_tokens=[added(1, "<|start|>"), added(2, "<|end|>")])
    prefix = trained(models.BPE(unk_token="[UNK]", continuing_subword_prefix="##"),
                     trainers.BpeTrainer(vocab_size=250, show_progress=False, special_tokens=["[UNK]"], continuing_subword_prefix="##"), pre_tokenizer=pre_tokenizers.Whitespace())
    yield "bpe_prefix", shell(model=prefix, pre_tokenizer={"type": "Whitespace"}, decoder={"type": "WordPiece", "prefix": "##", "cleanup": False}, added_tokens=[added(0, "[UNK]")])
    wordpiece = trained(models.WordPiece(unk_token="[UNK]"), trainers.WordPieceTrainer(vocab_size=260, show_progress=False, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]),
                        pre_tokenizer=pre_tokenizers.BertPreTokenizer(), normalizer=normalizers.BertNormalizer())
    yield "bert_like", shell(
        model=wordpiece | {"max_input_chars_per_word": 30}, normalizer={"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True},
        pre_tokenizer={"type": "BertPreTokenizer"}, decoder={"type": "WordPiece", "prefix": "##", "cleanup": True},
        post_processor=template([token("[CLS]"), sequence("A"), token("[SEP]")], [token("[CLS]"), sequence("A"), token("[SEP]"), sequence("B", 1), token("[SEP]", 1)], **{"[CLS]": 2, "[SEP]": 3}),
        added_tokens=[added(i, t) for i, t in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])])
    words = trained(models.WordLevel(unk_token="<unk>"), trainers.WordLevelTrainer(vocab_size=60, show_progress=False, special_tokens=["<unk>"]), pre_tokenizer=pre_tokenizers.Whitespace())
    yield "word_level", shell(model=words, normalizer={"type": "Lowercase"}, pre_tokenizer={"type": "Whitespace"}, added_tokens=[added(0, "<unk>")])
    unigram = trained(models.Unigram(), trainers.UnigramTrainer(vocab_size=220, show_progress=False, special_tokens=["<pad>", "</s>", "<unk>"], unk_token="<unk>"),
                      pre_tokenizer=pre_tokenizers.Metaspace())
    t5 = template([sequence("A"), token("</s>")], [sequence("A"), token("</s>"), sequence("B"), token("</s>")], **{"</s>": 1})
    yield "t5_like", shell(model=unigram, normalizer={"type": "Sequence", "normalizers": [{"type": "Precompiled", "precompiled_charsmap": CHARSMAP},
                                                                                       {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
                           pre_tokenizer={"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, metaspace]}, decoder=metaspace, post_processor=t5,
                           added_tokens=[added(0, "<pad>"), added(1, "</s>"), added(2, "<unk>")])
    vocab = unigram["vocab"] + [[f"<0x{b:02X}>", -20.0] for b in range(256)]
    yield "unigram_bytes", shell(model=unigram | {"vocab": vocab, "byte_fallback": True}, pre_tokenizer=metaspace,
                                 decoder={"type": "Sequence", "decoders": [{"type": "ByteFallback"}, metaspace]}, added_tokens=[added(1, "</s>")])


def make_tokenizers():
    for n, (name, config) in enumerate(tokenizers()):
        tokenizer = load(config)
        cases = []
        for text in texts(1000 + n, 40):
            ids = attempt(lambda: tokenizer.encode(text).ids)
            if ids is None:
                continue
            plain = tokenizer.encode(text, add_special_tokens=False).ids
            cases.append({"text": text, "ids": ids, "ids_no_special": plain, "decoded": tokenizer.decode(plain, skip_special_tokens=False),
                          "decoded_skip_special": tokenizer.decode(plain, skip_special_tokens=True)})
        pairs = [{"text": a, "second": b, "ids": tokenizer.encode(a, b).ids} for a, b in (("Hello world", "the fox"), ("", "a"), ("sea shells", ""))]
        save(f"tokenizers/{name}", {"library": __version__, "tokenizer": config, "pairs": pairs, "cases": cases})


make_normalizers()
make_pre_tokenizers()
make_decoders()
make_tokenizers()
sentencepieces.make(save, out)
