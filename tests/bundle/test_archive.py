"""The archive: current after every change, searchable in both languages, whatever the bundles hold."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.bundle import writer
from pipeline.bundle.archive import catalogue, search, shards, update
from pipeline.bundle.archive.entry import ArticleText, Entry, IssueRow
from pipeline.bundle.archive.store import Store
from pipeline.bundle.archive.tokens import fold, runs, term_hash, tokens
from pipeline.config import BundleConfig
from pipeline.errors import InputError
from pipeline.records import Approval, IssueResult
from tests.bundle import make
from tests.bundle.sample import A, S, build, sample
from tests.bundle.test_html import HOSTILE, Parsed

WORDS = ["石桥镇", "澜原县", "羊绒", "灌溉", "电梯", "图书馆", "cashmere", "canal", "lift", "library", "harvest"]


def put(outputs: Path, result: IssueResult) -> Path:
    return writer.write(result, make.volatile(), outputs, BundleConfig(formats=("json",)))


def entry(number: int, *texts: tuple[str, str], slug: str = "") -> Entry:
    """An archive entry made without a bundle."""
    slug = slug or f"issue-{number:05d}-{number:08x}"
    row = IssueRow(
        slug=slug,
        name=f"{slug}.txt",
        title="澜原日报",
        headlines=(),
        articles=len(texts),
        sentences=3,
        check=number % 3,
        dont_quote=0,
        approved=0,
        open_check=number % 3,
        open_dont_quote=0,
    )
    return Entry(
        row=row,
        articles=tuple(ArticleText(n=i, en=f"Title {i}", zh=f"标题{i}", body_en=en, body_zh=zh) for i, (zh, en) in enumerate(texts, 1)),
    )


def static_search(outputs: Path, query: str) -> set[tuple[int, int]]:
    """Ask the static index as the page's script does; return sequence numbers and article positions."""
    archive = outputs / "archive"
    table = shards.unscript((archive / "index.js").read_bytes())
    found: set[int] = set()
    for name, count in table["segments"]:
        lists = []
        for term in tokens(query):
            shard = shards.unscript((archive / name / f"{term_hash(term) % count}.js").read_bytes())
            lists.append(set(shards.decode_postings(shard.get(term, ""))))
        found |= set.intersection(*lists)
    out = set()
    for seq, base, size in zip(table["seq"], table["base"], table["size"], strict=True):
        text = shards.unscript((archive / "text" / f"{seq}.js").read_bytes())
        for i, article in enumerate(text["articles"]):
            body = fold(article["body_zh"] + "\n" + article["body_en"])
            candidate = base + i in found or seq in table["waiting"]
            if i < size and candidate and all(run in body for run, _ in runs(query)):
                out.add((seq, i))
    return out


def fill(outputs: Path, entries: list[Entry], gone: list[str] | None = None) -> None:
    with catalogue._locked(outputs), catalogue._store(outputs) as store:
        catalogue.apply(outputs, store, [(e, "stamp") for e in entries], gone or [])


def test_takes_bundles_in_and_finds_them_in_both_languages(tmp_path: Path) -> None:
    folder = put(tmp_path, sample())
    report = update(tmp_path)
    assert report.added == (folder.name,)
    assert report.unreadable == ()
    for query in ("石桥镇", "亩均节水", "羊绒", "cashmere", "Lanyuan COUNTY", "滴灌带 villagers"):
        hits = search(tmp_path, query)
        assert hits, query
        assert hits[0].slug == folder.name
    assert search(tmp_path, "桥石") == []
    (hit,) = search(tmp_path, "羊绒制品")
    assert (hit.excerpt_zh, hit.excerpt_en) == ("去年，全乡网上卖出羊绒制品8600余件，销售额突破400万元。", "")
    (hit,) = search(tmp_path, "亩均节水")
    assert "120 cubic metres" in hit.excerpt_en, "a Chinese word is shown with the English of its sentence"
    assert [h.title_en for h in search(tmp_path, "滴灌带")] == ["Photo caption: Villagers of Shiqiao Town lay drip tape in a field."]
    page = Parsed((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert f"{folder.name}/index.html" in [a.get("href") for _, a in page.elements]
    assert "2 not to quote" in " ".join(page.text.split())


def test_nothing_changed_nothing_written(tmp_path: Path) -> None:
    put(tmp_path, sample())
    update(tmp_path)
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*") if p.is_file()}
    assert update(tmp_path).added == ()
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*") if p.is_file() and p.name != ".lock"}.items() <= before.items()


def test_follows_a_bundle_that_changes_and_one_that_goes(tmp_path: Path) -> None:
    result = sample()
    folder = put(tmp_path, result)
    update(tmp_path)
    approved = msgspec.structs.replace(
        result, approvals=tuple(Approval(unit=u.unit.id, who="M. Osei", when="2026-04-17T09:10:00Z") for u in result.units)
    )
    put(tmp_path, approved)
    assert update(tmp_path).added == (folder.name,)
    assert len(search(tmp_path, "羊绒")) == 1
    assert "Most in need of review" not in (tmp_path / "index.html").read_text(encoding="utf-8")
    shutil.rmtree(folder)
    assert update(tmp_path).removed == (folder.name,)
    assert search(tmp_path, "羊绒") == []
    assert folder.name not in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_one_broken_bundle_does_not_stop_the_others(tmp_path: Path) -> None:
    good = put(tmp_path, sample())
    bad = put(tmp_path, build([A(blocks=[[S("别的县。", "Another county.")]])], name="other.txt"))
    next((bad / "articles").iterdir()).write_bytes(b"{")
    (tmp_path / "notes.txt").write_text("not a bundle")
    (tmp_path / "empty").mkdir()
    report = update(tmp_path)
    assert report.added == (good.name,)
    assert [name for name, _ in report.unreadable] == [bad.name]
    assert len(search(tmp_path, "羊绒")) == 1


def test_an_update_can_be_stopped_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "_BATCH", 2)
    for n in range(5):
        put(tmp_path, build([A(blocks=[[S(f"第{n}条渠。", f"Canal number{n}.")]])], name=f"page{n}.txt"))
    asked = iter([False, True])
    assert len(update(tmp_path, stop=lambda: next(asked)).added) == 2
    assert len(search(tmp_path, "canal")) == 2
    assert len(update(tmp_path).added) == 3
    assert len(search(tmp_path, "canal")) == 5


def test_a_damaged_database_is_built_anew(tmp_path: Path) -> None:
    folder = put(tmp_path, sample())
    update(tmp_path)
    (tmp_path / "archive" / "archive.db").write_bytes(b"not a database at all" * 50)
    assert update(tmp_path).added == (folder.name,)
    assert len(search(tmp_path, "羊绒")) == 1


def test_search_without_an_archive_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no archive"):
        search(tmp_path, "羊绒")


@pytest.mark.parametrize("query", ["", "，。", '"', "' OR 1=1 --", "NEAR(a b)", "zh:羊", "a*", "羊", "\x00", "\ud800"])
def test_any_query_is_only_a_query(tmp_path: Path, query: str) -> None:
    put(tmp_path, sample())
    update(tmp_path)
    for hit in search(tmp_path, query):
        assert hit.number >= 1


@settings(max_examples=20, deadline=None)
@given(
    plan=st.lists(st.tuples(st.integers(0, 12), st.lists(st.sampled_from(WORDS), min_size=0, max_size=4)), min_size=1, max_size=24),
    query=st.sampled_from(WORDS),
    batch=st.integers(1, 5),
)
def test_static_index_finds_what_a_scan_finds_after_any_history(
    tmp_path_factory: pytest.TempPathFactory, plan: list[tuple[int, list[str]]], query: str, batch: int
) -> None:
    outputs = tmp_path_factory.mktemp("archive")
    current: dict[str, Entry] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "FAN_OUT", 2)
        patch.setattr(shards, "SHARDS", (2, 4, 8, 16, 32))
        patch.setattr("pipeline.files.sync_tree", lambda _: None)
        patch.setattr("pipeline.files.os.fsync", lambda _: None)
        for at in range(0, len(plan), batch):
            added: dict[str, Entry] = {}
            gone = []
            for number, words in plan[at : at + batch]:
                slug = f"i{number}"
                if not words and slug in current and slug not in added:
                    gone.append(slug)
                    current.pop(slug)
                elif slug not in gone:
                    added[slug] = current[slug] = entry(number, ("，".join(words), " ".join(words)), ("旱地", "dry"), slug=slug)
            fill(outputs, list(added.values()), gone)
        found = static_search(outputs, query)
        store = Store(outputs / "archive" / "archive.db")
        slugs = {row.slug for seq, row in store.rows(0, 10_000) if (seq, 0) in found}
        store.close()
        expected = {slug for slug, e in current.items() if query in e.articles[0].body_zh.split("，")}
        assert slugs == expected
        assert {h.slug for h in search(outputs, query, 100)} == expected
        names = {s[0] for s in shards.unscript((outputs / "archive" / "index.js").read_bytes())["segments"]}
        assert {p.name for p in (outputs / "archive").iterdir() if p.name.startswith("s") and p.is_dir()} == names
    shutil.rmtree(outputs)


@settings(deadline=None)
@given(st.lists(st.integers(0, 2**31)))
def test_postings_round_trip(docs: list[int]) -> None:
    ordered = sorted(set(docs))
    assert shards.decode_postings(shards.encode_postings(ordered)) == ordered


@settings(deadline=None)
@given(st.text())
def test_script_round_trip(text: str) -> None:
    held = text.encode("utf-8", "replace").decode()
    assert shards.unscript(shards.script("k", {"t": held})) == {"t": held}


def test_tokens() -> None:
    assert tokens("石桥镇３.５万亩，Cashmere") == ["石桥", "桥镇", "3", "5", "万亩", "cashmere"]
    assert tokens("水") == ["水"]


def test_hostile_bundles_leave_the_front_page_inert(tmp_path: Path) -> None:
    put(
        tmp_path,
        build([A(headline=S(t, t), blocks=[[S(f"正文{t}", t)]]) for t in HOSTILE if t != "\ud800"], name="../<img onerror=alert(1)>.txt"),
    )
    update(tmp_path)
    parsed = Parsed((tmp_path / "index.html").read_text(encoding="utf-8"))
    for tag, attrs in parsed.elements:
        assert not [a for a in attrs if a.startswith("on") or a == "style"], (tag, attrs)
        assert tag not in {"img", "iframe"}
        href = attrs.get("href") or "#"
        assert ":" not in href or href == "data:,"
        assert ".." not in href


def test_list_pages_cover_every_issue_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.bundle.archive.front.PER_PAGE", 4)
    monkeypatch.setattr("pipeline.bundle.archive.front.NEWEST", 2)
    fill(tmp_path, [entry(n, ("旱地", "dry")) for n in range(6)])
    fill(tmp_path, [entry(n, ("旱地", "dry")) for n in range(6, 11)], ["issue-00001-00000001"])
    pages = sorted((tmp_path / "archive").glob("list-*.html"))
    assert [p.name for p in pages] == ["list-0.html", "list-1.html", "list-2.html"]
    found = [a["href"] for p in pages for tag, a in Parsed(p.read_text()).elements if tag == "a" and "issue-" in (a.get("href") or "")]
    assert len(found) == len(set(found)) == 10
    front = Parsed((tmp_path / "index.html").read_text())
    assert [a["href"] for tag, a in front.elements if (a.get("href") or "").startswith("archive/")] == [
        "archive/list-2.html",
        "archive/list-1.html",
        "archive/list-0.html",
    ]
