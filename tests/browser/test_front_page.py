"""The archive's front page in a real browser, opened from a disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.bundle import writer
from pipeline.bundle.archive import update
from pipeline.bundle.archive.tokens import term_hash, tokens
from pipeline.config import BundleConfig
from tests.browser.conftest import Opened, Opener
from tests.bundle import make
from tests.bundle.sample import A, S, articles, build
from tests.bundle.test_archive import entry, fill
from tests.bundle.test_html import HOSTILE

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (dev dependencies)").expect
pytestmark = pytest.mark.slow


def hits(opened: Opened, query: str, said: str) -> list[str]:
    opened.page.fill("#find", query)
    expect(opened.page.locator("#status")).to_have_text(said)
    return opened.page.locator(".hits h3").all_inner_texts()


def test_searches_segments_and_waiting_issues_from_a_disk(opener: Opener, tmp_path: Path) -> None:
    fill(tmp_path, [entry(n, (f"澜原县第{n}号渠通水", f"Canal number{n} opens")) for n in range(35)])
    fill(tmp_path, [entry(3, ("石桥镇换了新阀门", "New valves in Shiqiao"), slug="issue-00003-00000003")], ["issue-00005-00000005"])
    opened = opener(tmp_path / "index.html")
    assert opened.errors == []
    assert len(hits(opened, "石桥镇", "1 article, newest first")) == 1
    assert len(hits(opened, "number17", "1 article, newest first")) == 1
    assert hits(opened, "number5", "Nothing found.") == [], "its bundle is gone"
    assert hits(opened, "number3", "Nothing found.") == [], "its bundle was written anew"
    opened.page.fill("#find", "澜原县")
    expect(opened.page.locator("#status")).to_contain_text("articles so far, newest first")
    assert 20 <= opened.page.locator(".hits h3").count() < 33
    opened.page.get_by_role("button", name="Show more").click()
    expect(opened.page.locator("#status")).to_have_text("33 articles, newest first")
    assert hits(opened, "渠 number21", "1 article, newest first") == ["Title 1"]
    assert hits(opened, "水", "Type at least two Chinese characters, or a word.") == []
    opened.page.keyboard.press("Escape")
    assert opened.page.locator("#h-newest").is_visible()
    assert [r for r in opened.requests if not r.startswith(("file:", "data:"))] == []
    assert opened.errors == []


def test_a_hit_leads_to_the_article(opener: Opener, tmp_path: Path) -> None:
    writer.write(build(articles(), name="澜原 日报 #1%.txt"), make.volatile(), tmp_path, BundleConfig(formats=("json", "html")))
    update(tmp_path)
    opened = opener(tmp_path / "index.html")
    assert hits(opened, "羊绒制品", "1 article, newest first") == ["Baiyu Township: Cashmere Goes to the Cloud"]
    opened.page.locator(".hits a").click()
    assert opened.page.url.endswith("/index.html#a4")
    assert opened.page.locator("#a4-h").inner_text() == "Baiyu Township: Cashmere Goes to the Cloud"
    opened.page.get_by_text("All issues").click()
    assert opened.page.locator("#h-newest").is_visible()


def test_hostile_text_is_only_text_in_results(opener: Opener, tmp_path: Path) -> None:
    texts = [t for t in HOSTILE if t != "\ud800"]
    issue = build([A(headline=S(t, t), blocks=[[S(f"正文开头{t}", f"needle {t}")]]) for t in texts], name="../<b>.txt")
    writer.write(issue, make.volatile(), tmp_path, BundleConfig(formats=("json",)))
    update(tmp_path)
    opened = opener(tmp_path / "index.html")
    hits(opened, "needle", f"{len(texts)} articles, newest first")
    assert opened.dialogs == []
    assert opened.errors == []
    assert opened.page.locator(".hits img, .hits script, .hits b").count() == 0
    assert "\u202e" not in opened.page.locator(".hits").inner_text()


def test_the_script_cuts_text_as_the_index_does(opener: Opener, tmp_path: Path) -> None:
    fill(tmp_path, [entry(0, ("旱地", "dry"))])
    opened = opener(tmp_path / "index.html")
    source = (Path(__file__).parents[2] / "pipeline/bundle/templates/front.js").read_text(encoding="utf-8")
    cut = source[source.index("const HAN =") : source.index("const VALUE =")]
    for text in ("石桥镇３.５万亩，Cashmere’s_2nd", "ئۇيغۇر тест ÉCOLE ﬁne", "〇一二𠀀𠀁", "a𠀀b", "“引号”·间隔", "１２时3０分"):
        made = opened.page.evaluate(f"text => {{ {cut} return runs(text).flatMap(r => terms(r)).map(t => [t, hash(t)]); }}", text)
        expected = [t for t in tokens(text) if len(t) > 1 or t.isascii()]
        assert made == [[t, term_hash(t)] for t in expected], text


@pytest.mark.parametrize("context", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}}])
def test_accessible_by_wcag_aa(opener: Opener, tmp_path: Path, context: dict[str, object]) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed (dev dependencies)")
    writer.write(build(articles()), make.volatile(), tmp_path, BundleConfig(formats=("json", "html")))
    update(tmp_path)
    opened = opener(tmp_path / "index.html", bypass_csp=True, **context)
    hits(opened, "羊绒", "1 article, newest first")
    found = axe.Axe().run(opened.page).response
    assert [(v["id"], v["nodes"][0]["html"], v["nodes"][0]["failureSummary"]) for v in found["violations"]] == []
    assert opened.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
