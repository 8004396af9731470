"""Small SentencePiece models and what the sentencepiece library makes of texts with them."""

import base64
import io
import tempfile
import pathlib

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as pb

from texts import CORPUS, texts


def train(**options):
    with tempfile.TemporaryDirectory() as folder:
        corpus = pathlib.Path(folder, "corpus.txt")
        corpus.write_text("\n".join(CORPUS))
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(input=str(corpus), model_writer=model, minloglevel=2, num_threads=1, hard_vocab_limit=False, **options)
        return model.getvalue()


def charsmap():
    """A character map small enough to commit: SentencePiece's own nmt_nfkc is 240 kB."""
    with tempfile.TemporaryDirectory() as folder:
        rules = pathlib.Path(folder, "rules.tsv")
        lines = [("41", "61"), ("FB01", "66 69"), ("2460", "31"), ("BD", "31 2044 32"), ("FF21", "41"), ("FF22", "42"), ("FF23", "43"), ("65 301", "E9"), ("45 301", "C9"), ("6E 303", "F1"),
                 ("9", "20"), ("A", "20"), ("D", "20"), ("A0", "20"), ("3000", "20"), ("2003", "20"), ("200B", ""), ("1", ""), ("FEFF", ""), ("212B", "C5"), ("2126", "3A9"),
                 ("41 30A", "C5"), ("1100 1161", "AC00"), ("AC00 11A8", "AC01"), ("2026", "2E 2E 2E"), ("FF0C", "2C"), ("B2", "32"), ("6F 66", "4F 46"), ("3392", "4D 48 7A")]
        rules.write_text("".join(f"{a}\t{b}\n" for a, b in lines))
        proto = pb.ModelProto()
        proto.ParseFromString(train(vocab_size=130, model_type="unigram", normalization_rule_tsv=str(rules)))
        return base64.b64encode(proto.normalizer_spec.precompiled_charsmap).decode()


def models():
    custom = base64.b64decode(charsmap())

    def with_map(data):
        proto = pb.ModelProto()
        proto.ParseFromString(data)
        proto.normalizer_spec.precompiled_charsmap = custom
        return proto.SerializeToString()

    yield "bpe_bytes", train(vocab_size=500, model_type="bpe", byte_fallback=True, normalization_rule_name="identity", remove_extra_whitespaces=False, character_coverage=1.0)
    yield "bpe_symbols", with_map(train(vocab_size=260, model_type="bpe", normalization_rule_name="identity", user_defined_symbols=["<sep>", "sea sh", "\u2581\u2581"]))
    yield "bpe_no_prefix", train(vocab_size=240, model_type="bpe", normalization_rule_name="identity", add_dummy_prefix=False, split_digits=True)
    yield "unigram", with_map(train(vocab_size=190, model_type="unigram", normalization_rule_name="identity"))
    yield "unigram_bytes", train(vocab_size=460, model_type="unigram", byte_fallback=True, normalization_rule_name="identity", remove_extra_whitespaces=False,
                                 user_defined_symbols=["<sep>", "fox j"], pad_id=3)
    yield "unigram_suffix", train(vocab_size=190, model_type="unigram", normalization_rule_name="identity", treat_whitespace_as_suffix=True)
    yield "word", train(vocab_size=60, model_type="word", normalization_rule_name="identity")
    yield "char", train(vocab_size=60, model_type="char", normalization_rule_name="identity")
    unused = pb.ModelProto()
    unused.ParseFromString(train(vocab_size=500, model_type="bpe", byte_fallback=True, normalization_rule_name="identity", character_coverage=1.0))
    for piece in unused.pieces[270:420:7]:
        piece.type = pb.ModelProto.SentencePiece.UNUSED
    yield "bpe_unused", unused.SerializeToString()


def make(save, out):
    for n, (name, data) in enumerate(models()):
        folder = out / "sentencepiece"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.model").write_bytes(data)
        processor = sentencepiece.SentencePieceProcessor(model_proto=data)
        cases = []
        for text in texts(2000 + n, 60) + ["the<sep>sea shells <sep> sea shore", "the fox jumps", "fox  jumps"]:
            ids = processor.encode(text)
            cases.append({"text": text, "ids": ids, "decoded": processor.decode(ids)})
        save(f"sentencepiece/{name}", {"library": sentencepiece.__version__, "bos": processor.bos_id(), "eos": processor.eos_id(), "cases": cases})
