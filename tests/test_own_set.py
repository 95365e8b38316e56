"""A desk's own evaluation set: tables read as a stream, the same sample whatever their order, damaged ones refused."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.evaluate import own_set
from pipeline.evaluate.run import Plan, evaluate

PAIRS = [(f"云溪县今年修了{n}公里水渠。", f"Yunxi County built {n} kilometers of canal this year.") for n in range(2, 302)]


def parquet(path: Path, rows: Sequence[dict[str, str | None]]) -> Path:
    from datasets import Dataset

    Dataset.from_list(list(rows)).to_parquet(str(path))
    return path


def jsonl(path: Path, pairs: Sequence[tuple[str, str]]) -> Path:
    path.write_text("".join(json.dumps({"zh": zh, "en": en}, ensure_ascii=False) + "\n" for zh, en in pairs), encoding="utf-8")
    return path


def test_of_an_export_only_approved_passages_count(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    (folder / "data").mkdir(parents=True)
    rows = [{"zh": zh, "en": en, "approved_by": "li" if n % 2 else None} for n, (zh, en) in enumerate(PAIRS)]
    parquet(folder / "data" / "passages-00000.parquet", rows[:100])
    parquet(folder / "data" / "passages-00001.parquet", rows[100:])
    testset = own_set.load(folder, sample=False)
    assert testset.name == "export"
    assert dict(zip(testset.source, testset.references[0], strict=True)) == dict(PAIRS[1::2])


def test_the_sample_does_not_depend_on_order_or_format(tmp_path: Path) -> None:
    shuffled = [*PAIRS, *PAIRS[:50]]
    random.Random(4).shuffle(shuffled)
    one = own_set.load(jsonl(tmp_path / "news.jsonl", PAIRS))
    other = own_set.load(parquet(tmp_path / "news.parquet", [{"zh": zh, "en": en} for zh, en in shuffled]))
    assert (one.source, one.references, one.sha256) == (other.source, other.references, other.sha256)
    assert one.name == "news-sample100" and len(set(one.source)) == 100


def test_our_translations_are_scored_on_it(tmp_path: Path) -> None:
    known = dict(PAIRS)
    (scores,) = evaluate(Plan(own=jsonl(tmp_path / "news.jsonl", PAIRS)), lambda lines: [known[line] for line in lines]).translation
    (ours,) = scores.systems
    assert (scores.lines, ours.chrf, ours.numbers_right) == (100, 100.0, ours.numbers)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.parquet", b"PAR1 not really"),
        ("a.jsonl", b'{"zh": "\xff'),
        ("a.jsonl", b'{"chinese": "a", "english": "b"}\n'),
        ("a.csv", b"zh,en\n,\n"),
        ("a.txt", b"zh en"),
    ],
)
def test_what_is_no_such_table_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        own_set.load(tmp_path / name)
    assert name in caught.value.message and "zh and en" in caught.value.hint
