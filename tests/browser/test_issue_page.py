"""The editor's page in a real browser."""

from __future__ import annotations

import pytest

from pipeline.bundle.html import render
from tests.browser.conftest import Opened, Opener
from tests.bundle.sample import articles, build, sample
from tests.bundle.test_html import hostile_issue

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (dev dependencies)").expect
pytestmark = pytest.mark.slow


def shown(opened: Opened, selector: str) -> int:
    return opened.page.locator(f"{selector}:visible").count()


def test_opens_from_a_file_without_a_complaint_or_a_request(opener: Opener) -> None:
    opened = opener(render(sample()))
    assert opened.errors == []
    assert [r for r in opened.requests if not r.startswith(("file:", "data:"))] == []
    assert len([r for r in opened.requests if r.startswith("file:")]) == 1


def test_hostile_text_runs_nothing_and_asks_for_nothing(opener: Opener) -> None:
    opened = opener(render(build(hostile_issue(), name='../../"><img src=http://x.invalid/y onerror=alert(1)>.txt')))
    opened.page.mouse.move(400, 400)
    opened.page.keyboard.press("n")
    assert opened.dialogs == []
    assert opened.errors == []
    assert [r for r in opened.requests if not r.startswith(("file:", "data:"))] == []
    width = opened.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, "a long word must not make the page scroll sideways"


def test_policy_stops_what_a_page_of_ours_would_never_do(opener: Opener) -> None:
    opened = opener(render(sample()))
    opened.page.evaluate(
        """() => { const s = document.createElement('script'); s.textContent = 'document.title = "ran"'; document.body.append(s); }"""
    )
    opened.page.evaluate("""() => { const i = new Image(); i.src = 'http://127.0.0.1:9/x'; document.body.append(i); }""")
    assert opened.page.title() != "ran"
    assert any("Content Security Policy" in e for e in opened.errors)


@pytest.mark.parametrize("context", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}}])
def test_accessible_by_wcag_aa(opener: Opener, context: dict[str, object]) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed (dev dependencies)")
    opened = opener(render(sample()), bypass_csp=True, **context)
    opened.page.keyboard.press("n")
    tags = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
    found = axe.Axe().run(opened.page, options=tags).response
    assert len(found["passes"]) > 15
    assert [(v["id"], v["nodes"][0]["html"], v["nodes"][0]["failureSummary"]) for v in found["violations"]] == []


def test_search_finds_both_languages(opener: Opener) -> None:
    opened = opener(render(sample()))
    everything = shown(opened, "article .pair")
    for query, passages, said in (
        ("滴灌带", 1, "1 passage in 1 item"),
        ("herders", 1, "1 passage in 1 item"),
        ("SHIQIAO town", 3, "3 passages in 2 items"),
        ("nowhere at all", 0, "0 passages in 0 items"),
    ):
        opened.page.fill("#find", query)
        expect(opened.page.locator("#status")).to_have_text(said)
        assert shown(opened, "article .pair") == passages, query
    assert opened.page.locator(".nothing").is_visible()
    opened.page.keyboard.press("Escape")
    assert shown(opened, "article .pair") == everything


def test_filters_by_label_and_column(opener: Opener) -> None:
    opened = opener(render(sample()))
    opened.page.get_by_role("radio", name="Don’t quote").check()
    assert opened.page.locator("input[value=dont_quote]").is_checked()
    assert {p.get_attribute("data-label") for p in opened.page.locator("article .pair:visible").all()} == {"dont_quote"}
    assert shown(opened, "article .pair") == 2
    opened.page.locator("[data-act=whole]:visible").first.click()
    assert shown(opened, "article .pair") > 8
    opened.page.get_by_role("radio", name="All").check()
    opened.page.select_option("#column", "民生关注")
    assert shown(opened, "article") == 2


def test_keyboard_walks_the_places_to_check_and_the_articles(opener: Opener) -> None:
    opened = opener(render(sample()))
    page = opened.page
    labels = []
    for _ in range(4):
        page.keyboard.press("n")
        labels.append(page.locator(".pair.current").get_attribute("data-label"))
    assert labels == ["check", "dont_quote", "check", "dont_quote"]
    page.keyboard.press("p")
    assert page.locator(".pair.current").get_attribute("data-label") == "check"
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.id") == "a1-h"
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == "a2-h"
    page.keyboard.press("2")
    assert page.locator(".body .zh").first.is_hidden()
    page.keyboard.press("?")
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    assert page.locator(".body .zh").first.is_hidden(), "single keys are off"


def test_copies_a_sentence_with_where_it_came_from(opener: Opener) -> None:
    opened = opener(render(sample()), permissions=["clipboard-read", "clipboard-write"])
    page = opened.page
    page.locator("#a1-2 .en").click()
    page.keyboard.press("s")
    expect(page.locator("#status")).to_have_text("Copied.")
    text = page.evaluate("navigator.clipboard.readText()")
    result = sample()
    span = result.units[0].unit.blocks[0].sentences[1].spans[0]
    assert text.startswith("This year Lanyuan County is investing 120 million yuan")
    assert "今年，澜原县投入1.2亿元" in text
    assert f"lanyuan-daily.txt, characters {span.start}–{span.end}; SHA-256 {result.issue.source.sha256}" in text
    assert "not reviewed by a person" in text
    page.keyboard.press("Escape")
    page.locator("#a1 [data-act=copy]").click()
    expect(page.locator("#status")).to_have_text("Copied.")
    english = page.evaluate("navigator.clipboard.readText()")
    assert english.startswith("30,000 Mu of Dry Land Gets “Smart Water”\n\nIn April")
    assert "四月" not in english


def test_a_tap_on_a_term_lights_up_its_other_half(opener: Opener) -> None:
    opened = opener(render(sample()))
    opened.page.locator("#a1-2 .zh .t", has_text="3.5万亩").click()
    lit = opened.page.evaluate(
        """[...document.querySelectorAll('#a1-2 .t')]
        .filter(e => getComputedStyle(e).backgroundColor !== 'rgba(0, 0, 0, 0)').map(e => e.textContent)"""
    )
    assert lit == ["3.5万亩", "35,000 mu"]


def test_readable_without_script(opener: Opener) -> None:
    opened = opener(render(sample()), java_script_enabled=False)
    assert opened.page.locator("#a1-2 .en").is_visible()
    assert opened.page.locator(".tools").is_hidden()
    assert opened.page.locator(".queue li a").first.is_visible()


def test_languages_stand_side_by_side_and_in_turn_on_a_phone(opener: Opener) -> None:
    html = render(sample())

    def boxes(opened: Opened) -> tuple[dict[str, float], dict[str, float]]:
        zh, en = (opened.page.locator(f"#a1-2 .{side}").bounding_box() for side in ("zh", "en"))
        assert zh is not None
        assert en is not None
        return zh, en  # type: ignore[return-value]

    zh, en = boxes(opener(html))
    assert zh["x"] + zh["width"] <= en["x"]
    assert abs(zh["y"] - en["y"]) < 4
    zh, en = boxes(opener(html, viewport={"width": 390, "height": 844}))
    assert en["y"] + en["height"] <= zh["y"]
    phone = opener(html, viewport={"width": 390, "height": 844})
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_prints_both_languages_and_no_controls(opener: Opener) -> None:
    opened = opener(render(sample()))
    opened.page.emulate_media(media="print")
    assert opened.page.locator(".tools").is_hidden()
    assert opened.page.locator("[data-act=copy]").first.is_hidden()
    assert opened.page.locator("#a1-2 .zh").is_visible()
    assert opened.page.locator("#a1-2 .en").is_visible()
    assert opened.page.locator(".notes .error").first.is_visible()


def test_sixty_articles_stay_usable(opener: Opener) -> None:
    opened = opener(render(build(articles() * 10)))
    assert shown(opened, "article") == 60
    opened.page.fill("#find", "cashmere")
    expect(opened.page.locator("#status")).to_contain_text("10 items")
    assert shown(opened, ".card") == 10
