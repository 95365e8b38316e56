"""A review in a real browser against the real server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline import bundle
from pipeline.bundle import archive, corrections
from pipeline.config import BundleConfig
from tests.bundle import make
from tests.bundle.sample import articles, build, sample
from tests.review.test_corrections import line

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytest.importorskip("uvicorn", reason="the review extra is not installed")
expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (dev dependencies)").expect
pytestmark = pytest.mark.slow

SERVE = """
import sys
from pathlib import Path
from pipeline.review.server import serve
serve(Path(sys.argv[1]), who="M. Osei", announce=lambda address: print(address, flush=True))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    bundle.write(build(articles()[:1], name="lanyuan-0418.txt"), make.volatile(), tmp_path, BundleConfig(formats=("json", "html")))
    made = bundle.write(sample(), make.volatile(), tmp_path, BundleConfig(formats=("json", "html")))
    archive.update(tmp_path)
    return made


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    command = [sys.executable, "-c", SERVE, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()
            server.wait(10)


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    made = context.new_page()
    errors: list[str] = []
    made.on("pageerror", lambda e: errors.append(str(e)))
    made.goto(address)
    yield made
    context.close()
    assert errors == []


def test_edits_a_sentence_and_sees_it(page: Page, folder: Path) -> None:
    page.locator("#a1-7 > .en").click()
    page.keyboard.press("e")
    page.locator("#edit-en").fill("The county’s area will be no less than 120,000 mu.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#others")).to_contain_text("lanyuan-0418")
    page.locator("#others button").click()
    expect(page.locator("#a1-7 > .en")).to_have_text("The county’s area will be no less than 120,000 mu.")
    expect(page.locator("#a1-7 .origin")).to_have_text("corrected by a person")
    assert line(bundle.read(folder), "不会低于").target == "The county’s area will be no less than 120,000 mu."
    assert corrections.load(folder.parent)[0][0].who == "M. Osei"


def test_edits_a_name_and_approves(page: Page, folder: Path) -> None:
    page.get_by_role("button", name="Edit 何秀兰").click()
    page.locator("#edit-en").fill("He Xiulan (f)")
    page.locator("#edit-save").click()
    expect(page.locator("#others")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("tr[data-name=何秀兰] td").first).to_contain_text("He Xiulan (f)")
    page.locator("#a1 [data-act=approve]").click()
    expect(page.locator("#a1 header .disclosure")).to_contain_text("approved by M. Osei")
    assert [a.unit for a in bundle.read(folder).approvals] == [sample().units[0].unit.id]


def test_says_why_a_correction_is_refused(page: Page) -> None:
    page.locator("#a1-1 .en").click()
    page.get_by_role("button", name="Set a term").click()
    page.locator("#edit-term").fill("渠水")
    page.locator("#edit-before").fill("ditches")
    page.locator("#edit-en").fill("channels")
    page.locator("#edit-save").click()
    expect(page.locator("#edit-error")).to_contain_text("changes nothing here")


def test_another_site_can_do_nothing(browser: Browser, page: Page, folder: Path, address: str, tmp_path: Path) -> None:
    other = page.context.new_page()
    evil = tmp_path / "evil.html"
    evil.write_text("<!doctype html><title>evil</title>")
    other.goto(evil.as_uri())
    base = address.split("/?", maxsplit=1)[0]
    wish = json.dumps({"kind": "approval", "unit": sample().units[0].unit.id})
    said = other.evaluate(
        "([base, wish]) => fetch(base + '/corrections', {method: 'POST', body: wish, mode: 'no-cors', credentials: 'include'})"
        ".then(r => r.type + r.status, e => 'blocked')",
        [base, wish],
    )
    assert said in {"opaque0", "blocked"}
    assert bundle.read(folder).approvals == ()


def test_accessible_by_wcag_aa(browser: Browser, address: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed (dev dependencies)")
    context = browser.new_context(bypass_csp=True)
    made = context.new_page()
    made.goto(address)
    made.locator("#a1-1 .en").click()
    made.keyboard.press("e")
    found = axe.Axe().run(made).response
    context.close()
    assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []
