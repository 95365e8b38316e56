"""Anything at all as a page, a configuration, an archive or a ledger: an answer or an expected error, never a traceback.

``PIPELINE_FUZZ`` sets the number of inputs over all tests (default 1,000; 100,000 take some minutes).
"""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.config import IngestConfig, SegmentConfig, load
from pipeline.errors import OutputError, PipelineError
from pipeline.ingest import from_bytes
from pipeline.jobs.ledger import Entry, Ledger, WorkState
from pipeline.segment import segment
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
NAMES = st.sampled_from(["page.txt", "page.html", "page", "页.TXT"])


@fuzz(0.7)
@given(NAMES, BYTES)
def test_any_bytes_as_a_page(name: str, data: bytes) -> None:
    try:
        issue = from_bytes(name, data, IngestConfig(min_han=1))
    except PipelineError as exc:
        assert exc.hint
        return
    found = segment(issue, SegmentConfig())
    # The character ledger balances whatever the page was.
    at = 0
    for entry in found.ledger:
        assert entry.span.start == at
        at = entry.span.end
    assert at == len(issue.text)


KEYS = st.sampled_from(["name", "base", "ingest", "translate_engine", "jobs", "window", "repair", "min_han", "表", "", "terms", "files"])
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)


@fuzz(0.1)
@given(
    st.one_of(
        st.binary(max_size=200), VALUES.map(lambda v: repr(v).encode("utf-8", "replace")), LINES.map(lambda s: s.encode("utf-8", "replace"))
    )
)
def test_any_bytes_as_a_configuration(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "desk.yaml"
    path.write_bytes(data)
    try:
        load(path)
    except PipelineError as exc:
        assert str(exc)


@fuzz(0.1)
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
