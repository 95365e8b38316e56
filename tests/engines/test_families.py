"""Every family is asked as its model card asks it, with the libraries' own tokenizers as the judge."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import EngineConfig
from pipeline.engines.base import Request, Task
from pipeline.engines.codec import Codec
from pipeline.engines.families import FAMILIES
from pipeline.engines.seq2seq import batches
from pipeline.engines.transformers_engine import TransformersEngine
from pipeline.errors import ModelError
from tests.engines.conftest import TINY
from tests.engines.test_safety import edit
from tests.tiny_models.build import tiny
from tests.tiny_models.corpus import PAIRS
from tests.tiny_models.shapes import BERT_TEXT, SHAPES, shaped

TEXTS = [PAIRS[0][0], PAIRS[1][0] + PAIRS[2][0], "全县苹果丰收。"]

Card = Callable[[Any, str], tuple[Any, dict[str, Any]]]
"""A loaded tokenizer and a text to the encoder's input and the extra arguments of ``generate``."""


def plainly(tokenizer: Any, text: str) -> tuple[Any, dict[str, Any]]:
    return tokenizer(text, return_tensors="pt").input_ids, {}


def nllb(tokenizer: Any, text: str) -> tuple[Any, dict[str, Any]]:
    tokenizer.src_lang = "zho_Hans"
    return tokenizer(text, return_tensors="pt").input_ids, {"forced_bos_token_id": tokenizer.convert_tokens_to_ids("eng_Latn")}


def m2m100(tokenizer: Any, text: str) -> tuple[Any, dict[str, Any]]:
    tokenizer.src_lang = "zh"
    return tokenizer(text, return_tensors="pt").input_ids, {"forced_bos_token_id": tokenizer.get_lang_id("en")}


def mbart50(tokenizer: Any, text: str) -> tuple[Any, dict[str, Any]]:
    tokenizer.src_lang = "zh_CN"
    return tokenizer(text, return_tensors="pt").input_ids, {"forced_bos_token_id": tokenizer.convert_tokens_to_ids("en_XX")}


def mbart50_summary(tokenizer: Any, text: str) -> tuple[Any, dict[str, Any]]:
    tokenizer.src_lang = "zh_CN"
    return tokenizer(text, return_tensors="pt").input_ids, {"forced_bos_token_id": tokenizer.convert_tokens_to_ids("zh_CN")}


def madlad(tokenizer: Any, text: str) -> tuple[Any, dict[str, Any]]:
    return tokenizer(f"<2en> {text}", return_tensors="pt").input_ids, {}


def t5(tokenizer: Any, text: str) -> tuple[Any, dict[str, Any]]:
    return tokenizer(f"translate Chinese to English: {text}", return_tensors="pt").input_ids, {}


CARDS: tuple[tuple[str, Task, Card], ...] = (
    ("marian", Task.TRANSLATE, plainly),
    ("m2m100", Task.TRANSLATE, m2m100),
    ("nllb", Task.TRANSLATE, nllb),
    ("mbart50", Task.TRANSLATE, mbart50),
    ("mbart50", Task.SUMMARISE, mbart50_summary),
    ("madlad400", Task.TRANSLATE, madlad),
    ("t5", Task.TRANSLATE, t5),
    ("mt5", Task.TRANSLATE, plainly),
    ("mt5", Task.SUMMARISE, plainly),
    # Its BERT tokenizer also makes token_type_ids, which BART does not take.
    ("bart", Task.SUMMARISE, plainly),
    ("pegasus", Task.SUMMARISE, plainly),
)


def folder_of(name: str) -> Path:
    return shaped(name) if name in SHAPES else tiny(name)


def test_every_family_of_the_table_has_a_card_here() -> None:
    assert {name for name, _, _ in CARDS} == {family.name for family in FAMILIES}
    assert {(name, task) for name, task, _ in CARDS} >= {(f.name, task) for f in FAMILIES for task in f.routes if f.name != "t5"}
    assert all(family.source.startswith("https://") for family in FAMILIES)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "task", "card"), CARDS, ids=[f"{name}-{task}" for name, task, _ in CARDS])
def test_a_family_is_asked_as_its_card_asks_it(name: str, task: Task, card: Card) -> None:
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    folder = folder_of(name)
    engine = TransformersEngine.open(EngineConfig(name="transformers", threads=1), folder, TINY)
    codec = engine._codec
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSeq2SeqLM.from_pretrained(folder).eval()
    # An end forced at the limit would hide that an output was cut.
    model.generation_config.forced_eos_token_id = None
    never = list(codec.suppressed(engine.limits.constraints[0]))
    for text in TEXTS:
        (jobs,) = batches(codec, engine._config, [Request(id="a", task=task, text=text, beam=1, max_tokens=32)], rows=64)
        ids, extra = card(tokenizer, text)
        assert list(jobs[0].ids) == ids[0].tolist()
        (mine,) = engine._decode(jobs)
        with torch.inference_mode():
            (theirs,) = model.generate(input_ids=ids, num_beams=1, max_new_tokens=32 + len(extra), suppress_tokens=never, **extra).tolist()
        assert (codec.eos in theirs[1:]) == mine.ended
        assert theirs[0] == codec.start_ids(task)[0]
        skipped = 1 + len(extra)
        assert theirs[skipped : skipped + len(mine.ids)] == list(mine.ids)


@pytest.mark.parametrize("name", ["mbart50", "t5", "madlad400", "mt5", "pegasus"])
def test_the_sentencepiece_model_alone_reads_the_same(name: str, tmp_path: Path) -> None:
    whole = Codec.open(shaped(name))
    folder = Path(shutil.copytree(shaped(name), tmp_path / name))
    (folder / "tokenizer.json").unlink()
    bare = Codec.open(folder)
    task = next(iter(whole.family.routes))
    assert [bare.encode(text, task) for text in TEXTS] == [whole.encode(text, task) for text in TEXTS]
    assert bare.vocabulary == whole.vocabulary


def test_a_bert_vocabulary_alone_is_read_as_such(tmp_path: Path) -> None:
    whole = Codec.open(shaped("bart"))
    folder = Path(shutil.copytree(shaped("bart"), tmp_path / "bart"))
    for path in folder.glob("tokenizer*.json"):
        path.unlink()
    bare = Codec.open(folder)
    assert [bare.encode(text, Task.SUMMARISE) for text in TEXTS] == [whole.encode(text, Task.SUMMARISE) for text in TEXTS]
    assert bare.tokens(bare.encode("苹果", Task.SUMMARISE).ids) == ["[CLS]", "苹", "果", "[SEP]"]


def test_randeng_pegasus_reads_words_and_ends_with_its_own_token() -> None:
    codec = Codec.open(shaped("pegasus_jieba"))
    ids = codec.encode("全县苹果丰收，增长3.5%。", Task.SUMMARISE).ids
    assert codec.tokens(ids) == ["全县", "苹果", "丰收", "，", "增长", "3", ".", "5", "%", "。", "</s>"]
    assert codec.start_ids(Task.SUMMARISE) == (codec.pad, ()) == (0, ())
    cut = codec.encode("苹果" * 200, Task.SUMMARISE)
    assert (len(cut.ids), cut.cut, cut.ids[-1]) == (128, 73, codec.eos)
    assert codec.count(["苹果丰收", ""]) == (2, 0)


def test_a_pegasus_with_berts_sentence_marks() -> None:
    codec = Codec.open(shaped("pegasus_bert"))
    assert codec.tokens(codec.encode("苹果", Task.SUMMARISE).ids) == ["[CLS]", "苹", "果", "[SEP]"]
    assert codec.vocabulary[codec.start_ids(Task.SUMMARISE)[0]] == "[CLS]"


@pytest.mark.parametrize("name", ["bart", "pegasus_bert", "pegasus_jieba"])
def test_bert_vocabularies_keep_numbers_whole(name: str) -> None:
    codec = Codec.open(shaped(name))
    text = codec.decode(codec.encode(BERT_TEXT, Task.SUMMARISE).ids, Task.SUMMARISE)
    # The tokenizer lowers Latin letters; nothing else may change.
    assert text == BERT_TEXT.replace("GDP", "gdp")


def test_a_tokenizer_that_reads_nothing_is_refused(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(shaped("bart"), tmp_path / "bart"))
    edit(folder / "tokenizer_config.json", tokenizer_class="BartTokenizer")
    (folder / "vocab.txt").unlink()
    try:
        tokens = Codec.open(folder).encode("苹果", Task.SUMMARISE).ids
    except ModelError as exc:
        assert exc.hint
    else:
        assert len(tokens) == 4


def test_mbart_25_is_not_taken_for_mbart_50(tmp_path: Path) -> None:
    from transformers import MBartTokenizer

    folder = tmp_path / "mbart"
    folder.mkdir()
    for name in ("config.json", "model.safetensors", "sentencepiece.bpe.model"):
        shutil.copyfile(shaped("mbart50") / name, folder / name)
    edit(folder / "config.json", tokenizer_class="MBartTokenizer")
    MBartTokenizer.from_pretrained(str(folder), src_lang="zh_CN", tgt_lang="en_XX").save_pretrained(folder)
    with pytest.raises(ModelError, match="sl_SI"):
        Codec.open(folder)
