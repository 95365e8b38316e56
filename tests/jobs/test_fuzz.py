"""Anything at all as a page, a configuration, overrides, an archive, a ledger or a journal: an answer or an expected
error, never a traceback.

``PIPELINE_FUZZ`` sets the number of inputs over all tests (default 1,000; 100,000 take some minutes).
"""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.fuzz import YAML_TOKENS
from pipeline.config import IngestConfig, SegmentConfig, load
from pipeline.engines.base import Finish, Reply
from pipeline.errors import OutputError, PipelineError
from pipeline.ingest import from_bytes
from pipeline.jobs.ledger import Entry, Ledger, WorkState
from pipeline.journal import FileJournal
from pipeline.records import Segmentation
from pipeline.resources import preset
from pipeline.segment import segment
from pipeline.segment.overrides import Rule
from pipeline.segment.overrides import load as load_overrides
from pipeline.sources import read, walk
from tests.pages import PAGE

INPUTS = int(os.environ.get("PIPELINE_FUZZ", "1000"))


def fuzz(share: float) -> settings:
    return settings(
        max_examples=max(20, int(INPUTS * share)),
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
    )


HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=40)
LINES = st.lists(st.one_of(HAN, st.text(max_size=40), st.sampled_from(PAGE.splitlines())), max_size=30).map("\n".join)
ENCODED = st.builds(lambda text, codec: text.encode(codec, "replace"), LINES, st.sampled_from(["utf-8", "gb18030", "utf-16", "big5"]))
HTML = st.builds(lambda a, b: f"<html><body><p>{a}<p>{b}</body>".encode("utf-8", "replace"), LINES, LINES)
BYTES = st.one_of(st.binary(max_size=400), ENCODED, HTML)


def mutated(base: bytes, *tokens: bytes) -> st.SearchStrategy[bytes]:
    """``base`` with a few places cut, filled with noise, or given ``tokens``; most of it still makes sense."""
    size = len(base)
    piece = st.one_of(st.sampled_from([b"", b"\x00", b"\xff\xfe", *tokens]), st.binary(max_size=8))
    hit = st.tuples(st.integers(0, size), st.integers(0, 30), piece, st.integers(1, 3))

    def hurt(hits: list[tuple[int, int, bytes, int]]) -> bytes:
        out = base
        for at, length, put, times in hits:
            out = out[:at] + put * times + out[at + length :]
        return out

    return st.lists(hit, min_size=1, max_size=6).map(hurt)


NAMES = st.sampled_from(["page.txt", "page.html", "page", "页.TXT"])


MARKS = tuple(t.encode() for t in ("本报讯", "□", "“", "”", "：", "\n\n", "\u3000\u3000", "\u2028", "\x85", "1.2.3", "来源：", "\u202e"))
PAGES = st.one_of(BYTES, mutated(PAGE.encode(), *MARKS), mutated(PAGE.encode("gb18030"), *MARKS))


@fuzz(0.45)
@given(NAMES, PAGES)
def test_any_bytes_as_a_page(name: str, data: bytes) -> None:
    try:
        issue = from_bytes(name, data, IngestConfig(min_han=1))
    except PipelineError as exc:
        assert exc.hint
        return
    found = segment(issue, SegmentConfig())
    check_balance(found, issue.text)


def check_balance(found: Segmentation, text: str) -> None:
    """The character ledger balances whatever the page was."""
    at = 0
    for entry in found.ledger:
        assert entry.span.start == at
        at = entry.span.end
    assert at == len(text)


KEYS = st.sampled_from(["name", "base", "ingest", "translate_engine", "jobs", "window", "repair", "min_han", "表", "", "terms", "files"])
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)


YAML_MARKS = (*YAML_TOKENS, b"~")
PRESET = preset("default").read_bytes()


@fuzz(0.15)
@given(
    st.one_of(
        st.binary(max_size=200),
        VALUES.map(lambda v: repr(v).encode("utf-8", "replace")),
        LINES.map(lambda s: s.encode("utf-8", "replace")),
        mutated(PRESET, *YAML_MARKS),
        st.integers(1, 3000).map(lambda n: b"[" * n),
    )
)
def test_any_bytes_as_a_configuration(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "desk.yaml"
    path.write_bytes(data)
    try:
        load(path)
    except PipelineError as exc:
        assert exc.hint


RULES = """overrides:
  - body: 办一件实事
    headline: 金秋采摘
  - split: 为了让果农
  - merge: 食堂的蔬菜
  - furniture: 老年食堂
""".encode()
RULE_TEXT = st.one_of(HAN, st.text(max_size=6), st.sampled_from(["本", "青禾县", "食堂", "。", PAGE[30:60], PAGE, " "]))
RULE = st.dictionaries(st.sampled_from([*Rule.__struct_fields__]), RULE_TEXT, min_size=1, max_size=3)
SOUND_RULE = st.one_of(
    st.builds(lambda a, b: {"body": a, "headline": b}, RULE_TEXT, RULE_TEXT),
    st.builds(lambda k, v: {k: v}, st.sampled_from(["split", "merge", "furniture"]), RULE_TEXT),
)
ISSUE = from_bytes("page.txt", PAGE.encode(), IngestConfig())


@fuzz(0.1)
@given(
    st.one_of(
        mutated(RULES, *YAML_MARKS),
        st.binary(max_size=100),
        st.integers(1, 3000).map(lambda n: b"overrides: " + b"[" * n),
        st.lists(st.one_of(SOUND_RULE, RULE), max_size=5).map(lambda rules: json.dumps({"overrides": rules}).encode()),
    )
)
def test_any_bytes_as_overrides(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "page.overrides.yaml"
    path.write_bytes(data)
    try:
        rules = load_overrides(path)
    except PipelineError as exc:
        assert exc.hint
        return
    found = segment(ISSUE, SegmentConfig(), rules)
    check_balance(found, ISSUE.text)


@fuzz(0.15)
@given(
    st.sampled_from(["a.zip", "a.txt.gz", "a.txt"]), st.one_of(BYTES, BYTES.map(gzip.compress)), st.integers(0, 400), st.integers(0, 255)
)
def test_any_bytes_as_an_archive(tmp_path: Path, name: str, data: bytes, at: int, value: int) -> None:
    mutated = bytearray(data)
    if at < len(mutated):
        mutated[at] = value
    path = tmp_path / name
    path.write_bytes(bytes(mutated))
    for source in walk(path):
        try:
            read(source, IngestConfig(max_bytes=10_000))
        except PipelineError as exc:
            assert exc.hint


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    with Ledger(path) as ledger:
        for i in range(30):
            entry = Entry(
                fingerprint=str(i),
                slug=f"s{i}",
                label=f"l{i}",
                name="n",
                sha256="x",
                size=1,
                shape="p",
                state=WorkState.DONE,
                error="e" * 200,
            )
            ledger.put(entry)
    return path.read_bytes()


@fuzz(0.1)
@given(st.lists(st.tuples(st.integers(0, 40_000), st.binary(min_size=1, max_size=64)), max_size=6), st.integers(0, 40_000))
def test_any_damage_to_a_ledger(tmp_path: Path, sound: bytes, hits: list[tuple[int, bytes]], length: int) -> None:
    damaged = bytearray(sound)
    for at, data in hits:
        damaged[at : at + len(data)] = data
    path = tmp_path / "ledger.sqlite"
    for old in tmp_path.iterdir():
        old.unlink()
    path.write_bytes(bytes(damaged[: length + 1000]))
    try:
        with Ledger(path) as ledger:
            # Usable, whatever survived: it takes what is new and gives it back.
            list(ledger.entries())
            ledger.counts()
            new = Entry(fingerprint="new", slug="s", label="l", name="n", sha256="x", size=1, shape="p", state=WorkState.FAILED)
            ledger.put(new)
            assert ledger.find("new") == new
    except OutputError as exc:
        assert "rebuild" in exc.hint


@pytest.fixture(scope="module")
def replies(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("journal") / "replies.sqlite"
    with FileJournal(path) as journal:
        for i in range(60):
            journal.put(str(i), Reply(id="", text="e" * 200, finish=Finish.STOP, prompt_tokens=1, output_tokens=1))
    return path.read_bytes()


@fuzz(0.05)
@given(st.lists(st.tuples(st.integers(0, 40_000), st.binary(min_size=1, max_size=64)), max_size=6), st.integers(0, 40_000))
def test_any_damage_to_a_journal(tmp_path: Path, replies: bytes, hits: list[tuple[int, bytes]], length: int) -> None:
    damaged = bytearray(replies)
    for at, data in hits:
        damaged[at : at + len(data)] = data
    for old in tmp_path.iterdir():
        old.unlink()
    path = tmp_path / "replies.sqlite"
    path.write_bytes(bytes(damaged[: length + 1000]))
    try:
        with FileJournal(path) as journal:
            # Whatever was damaged, no altered reply is served.
            assert {r.text for i in range(60) if (r := journal.get(str(i)))} <= {"e" * 200}
            new = Reply(id="", text="new", finish=Finish.STOP, prompt_tokens=1, output_tokens=1)
            journal.put("new", new)
            assert journal.get("new") == new
    except OutputError as exc:
        assert exc.hint
