"""TMX, ninjs, JSON Lines, Parquet, Word and Markdown: valid, read by another program, inert."""

from __future__ import annotations

import io
import json
from contextlib import closing
from pathlib import Path

import jsonschema
import msgspec
import pytest
from lxml import etree
from markdown_it import MarkdownIt

from pipeline import bundle
from pipeline.bundle import docx, markdown, ninjs, rows, tmx
from pipeline.bundle.formats import FORMATS
from pipeline.bundle.verify import verify
from pipeline.bundle.xmltext import legal
from pipeline.config import BUNDLE_FORMATS, BundleConfig, load
from pipeline.errors import ConfigError, MissingExtraError
from pipeline.memory.store import Memory
from pipeline.memory.tmx import import_tmx
from pipeline.records import IssueResult, Origin
from tests.bundle import make

SCHEMAS = Path(__file__).parent / "schemas"
HOSTILE = (
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "![x](http://example.org/p.png)",
    "<img src=x onerror=alert(1)>",
    "a\u202eb\u2066c\x00\x07\x1b[31m",
    "# not a heading",
    "1. not a list",
    "http://example.org/auto",
    "&lt;b&gt; &amp; ]]> <!-- -->",
    "=cmd|' /C calc'!A0",
    "x" * 100_000,
    "`code` *em* __strong__ ~~gone~~ | a | b |",
    "\ud7ff\ue000\ufffe\uffff\U0010ffff",
)


def hostile(text: str) -> IssueResult:
    made = make.result(1)
    unit = made.units[0]
    changed = tuple(
        msgspec.structs.replace(t, target=text, segment=msgspec.structs.replace(t.segment, text=text)) for t in unit.translations
    )
    headline = msgspec.structs.replace(unit.unit.headline, text=text)
    summary = msgspec.structs.replace(unit.summary, text=text)
    unit = msgspec.structs.replace(unit, unit=msgspec.structs.replace(unit.unit, headline=headline), summary=summary, translations=changed)
    return msgspec.structs.replace(made, units=(unit,))


def approved(made: IssueResult) -> IssueResult:
    return msgspec.structs.replace(made, approvals=(make.approval(made),))


def pairs(made: IssueResult) -> list[tuple[str, str]]:
    return [(t.segment.text, t.target) for u in made.units for t in u.translations]


def test_tmx_is_valid_and_another_program_reads_it() -> None:
    made = make.result()
    root = etree.fromstring(tmx.render(made))
    etree.DTD(str(SCHEMAS / "tmx-1.4b.dtd")).assertValid(root)
    reader = pytest.importorskip("translate.storage.tmx", reason="translate-toolkit is not installed")
    store = reader.tmxfile.parsestring(tmx.render(made))
    assert sorted((u.source, u.target) for u in store.units) == sorted(pairs(made))


def test_the_memory_takes_from_a_bundles_tmx_only_what_people_vouch_for(tmp_path: Path) -> None:
    made = make.result()
    unit = made.units[1]
    human = msgspec.structs.replace(unit.translations[0], origin=Origin.HUMAN)
    edited = msgspec.structs.replace(unit, translations=(human, *unit.translations[1:]))
    made = approved(msgspec.structs.replace(made, units=(made.units[0], edited, made.units[2])))
    (tmp_path / "issue.tmx").write_bytes(tmx.render(made))
    with closing(Memory.open(tmp_path / "memory.sqlite", readonly=False)) as memory:
        import_tmx(memory, tmp_path / "issue.tmx", who="desk")
        taken = {(e.source, e.target) for e in memory.entries()}
    vouched = {(t.segment.text, t.target) for t in made.units[0].translations}
    assert taken == vouched | {(human.segment.text, human.target)}


@pytest.mark.parametrize("text", HOSTILE)
def test_tmx_holds_hostile_text_as_text(text: str) -> None:
    root = etree.fromstring(tmx.render(hostile(text)), etree.XMLParser(huge_tree=True))
    segs = [s.text for s in root.iter("seg")]
    assert segs and set(segs) == {legal(text).replace("\r", "\n")}


def test_ninjs_items_are_valid_and_linked() -> None:
    schema = json.loads((SCHEMAS / "ninjs-3.1.json").read_text())
    made = make.result()
    for result in (made, approved(made)):
        items = {name: json.loads(data) for name, data in ninjs.render(result).items()}
        assert len(items) == 6
        by_uri = {item["uri"]: item for item in items.values()}
        for item in items.values():
            jsonschema.validate(item, schema, format_checker=jsonschema.FormatChecker())
            (link,) = item["associations"]
            other = by_uri[link["uri"]]
            assert other["language"] == link["language"] != item["language"]
            assert other["associations"][0]["uri"] == item["uri"]


def test_ninjs_says_who_made_it_and_withholds_what_nobody_approved() -> None:
    def first(result: IssueResult, language: str) -> dict[str, object]:
        return next(json.loads(d) for n, d in ninjs.render(result).items() if n.startswith("ninjs/01") and n.endswith(f".{language}.json"))

    made = make.result()
    english = first(made, "en")
    assert english["digitalSourceType"]["uri"].endswith("/trainedAlgorithmicMedia")  # type: ignore[index]
    assert english["pubStatus"] == "withheld"
    assert "not reviewed by a person" in str(english["edNote"])
    assert first(made, "zh")["digitalSourceType"]["uri"].endswith("/compositeWithTrainedAlgorithmicMedia")  # type: ignore[index]
    after = first(approved(made), "en")
    assert after["pubStatus"] == "usable"
    assert "approved by A. Editor on 2031-05-05" in str(after["edNote"])
    unit = made.units[0]
    human = msgspec.structs.replace(unit.translations[0], origin=Origin.HUMAN)
    edited = msgspec.structs.replace(
        made, units=(msgspec.structs.replace(unit, translations=(human, *unit.translations[1:])), *made.units[1:])
    )
    assert first(edited, "en")["digitalSourceType"]["uri"].endswith("/compositeWithTrainedAlgorithmicMedia")  # type: ignore[index]


def test_json_lines_and_parquet_hold_the_same_rows() -> None:
    import pyarrow.parquet as pq

    made = make.result()
    lines = [json.loads(line) for line in rows.json_lines(made).splitlines()]
    table = pq.read_table(io.BytesIO(rows.parquet(made))).to_pylist()
    assert lines == table
    assert sorted((r["zh"], r["en"]) for r in lines) == sorted(pairs(made))
    text = made.issue.text
    assert all(text[r["start"] : r["end"]] == r["zh"] for r in lines if r["start"] is not None)
    assert all(" " not in r["disclosure"][:1] and "not reviewed" in r["disclosure"] for r in lines)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "name"), [("json", "issue.jsonl"), ("parquet", "issue.parquet")])
def test_datasets_loads_the_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, name: str) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets

    folder = bundle.write(make.result(), make.volatile(), tmp_path / "out", BundleConfig(formats=("jsonl", "parquet")))
    loaded = datasets.load_dataset(kind, data_files=str(folder / name), split="train", cache_dir=str(tmp_path / "cache"))
    assert sorted(zip(loaded["zh"], loaded["en"], strict=True)) == sorted(pairs(make.result()))


def test_word_document_opens_and_says_what_it_is() -> None:
    reader = pytest.importorskip("docx", reason="the extra 'docx' is not installed")
    made = make.result()
    document = reader.Document(io.BytesIO(docx.render(made)))
    text = "\n".join(p.text for p in document.paragraphs)
    for zh, en in pairs(made):
        assert en in text
        assert zh in text
    assert "not reviewed by a person" in text
    assert "[check before use]" in text
    after = reader.Document(io.BytesIO(docx.render(approved(made))))
    assert "approved by A. Editor on 2031-05-05" in "\n".join(p.text for p in after.paragraphs)


def test_word_document_is_equal_for_equal_input() -> None:
    pytest.importorskip("docx", reason="the extra 'docx' is not installed")
    assert docx.render(make.result()) == docx.render(make.result())


@pytest.mark.parametrize("text", HOSTILE)
def test_word_document_takes_hostile_text(text: str) -> None:
    reader = pytest.importorskip("docx", reason="the extra 'docx' is not installed")
    document = reader.Document(io.BytesIO(docx.render(hostile(text))))
    assert len(document.paragraphs) > 5


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_renders_hostile_text_as_text(text: str) -> None:
    rendered = MarkdownIt("gfm-like", {"linkify": False}).render(markdown.render(hostile(text)))
    root = etree.fromstring(f"<root>{rendered}</root>", etree.HTMLParser(huge_tree=True))
    assert {e.tag for e in root.iter()} <= {"html", "body", "root", "h1", "h2", "h3", "p", "em", "strong", "ul", "li", "blockquote"}
    assert markdown.plain(text).strip()[:80] in "".join(root.itertext()).replace("\u200b", "")


def test_markdown_line_changes_with_approval() -> None:
    made = make.result()
    assert "not reviewed by a person" in markdown.render(made)
    assert "approved by A. Editor on 2031-05-05" in markdown.render(approved(made))


def test_every_format_together_makes_a_bundle_that_verifies(tmp_path: Path) -> None:
    pytest.importorskip("docx", reason="the extra 'docx' is not installed")
    every = BundleConfig(formats=BUNDLE_FORMATS)
    bundle.check(every)
    one = bundle.write(make.result(), make.volatile(1.0), tmp_path / "a", every)
    two = bundle.write(make.result(), make.volatile(2.0), tmp_path / "b", every)
    assert verify(one).ok
    assert (one / "issue.json").read_bytes() == (two / "issue.json").read_bytes()
    names = {p.name for p in one.iterdir()}
    assert {"index.html", "issue.md", "issue.xlf", "issue.tmx", "issue.jsonl", "issue.parquet", "issue.docx", "ninjs"} <= names


def test_the_configuration_knows_every_format() -> None:
    assert tuple(FORMATS) == BUNDLE_FORMATS


def test_a_missing_optional_package_is_named_before_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.bundle.formats.find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"\[docx\]"):
        bundle.check(BundleConfig(formats=("docx",)))


def test_an_unknown_format_is_refused_when_the_configuration_is_read(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("bundle:\n  formats: [json, odt]\n")
    with pytest.raises(ConfigError, match="there is no 'odt'"):
        load(tmp_path / "c.yaml")
