"""A headless Chromium for the pages' tests; every one of them is skipped where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no chromium on this machine (Debian: apt-get install chromium fonts-noto-cjk)")
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (dev dependencies)")
    with api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


class Opened:
    """A page in the browser, with everything it asked for and complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.dialogs: list[str] = []
        page.on("request", lambda r: self.requests.append(r.url))
        page.on("pageerror", lambda e: self.errors.append(str(e)))
        page.on("console", lambda m: self.errors.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("dialog", lambda d: (self.dialogs.append(d.message), d.dismiss()))


class Opener(Protocol):
    def __call__(self, page: str | Path, **context: object) -> Opened: ...


@pytest.fixture
def opener(browser: Browser, tmp_path: Path) -> Iterator[Opener]:
    """Open a page, given as text or as a file, from a disk."""
    contexts = []

    def open_page(page: str | Path, **context: object) -> Opened:
        file = page if isinstance(page, Path) else tmp_path / "page.html"
        if isinstance(page, str):
            file.write_text(page, encoding="utf-8")
        made = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **context})  # type: ignore[arg-type]
        contexts.append(made)
        opened = Opened(made.new_page())
        opened.page.goto(file.as_uri())
        return opened

    yield open_page
    for made in contexts:
        made.close()
