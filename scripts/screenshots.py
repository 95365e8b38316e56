"""Take the pictures of docs/images from a bundle: ``python scripts/screenshots.py outputs/<issue>``.

Needs Debian's chromium and the development packages.  With ``--sample`` the bundle is the tests' own
hand-made one, which has every label and state.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"


def sample(folder: Path) -> Path:
    sys.path.insert(0, str(ROOT))
    from pipeline import bundle
    from pipeline.bundle import archive
    from pipeline.config import BundleConfig
    from tests.bundle import make
    from tests.bundle.sample import sample as hand_made

    made = bundle.write(hand_made(), make.volatile(), folder, BundleConfig(formats=("json", "html")))
    archive.update(folder)
    return made


def take(bundle: Path) -> None:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("chromium is needed: apt-get install chromium fonts-noto-cjk")
    IMAGES.mkdir(parents=True, exist_ok=True)
    page_file = (bundle / "index.html").resolve().as_uri()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--headless", "--no-sandbox", "--disable-gpu"])
        for name, address, size, dark in (
            ("editor-page", page_file, (1280, 1000), False),
            ("editor-article", f"{page_file}#a1", (1280, 1000), False),
            ("editor-dark", f"{page_file}#a1", (1280, 1000), True),
            ("editor-phone", f"{page_file}#a1", (390, 844), False),
        ):
            scheme = "dark" if dark else "light"
            page = browser.new_page(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, reduced_motion="reduce")
            page.goto(address)
            page.evaluate("document.fonts.ready")
            page.screenshot(path=IMAGES / f"{name}.png")
            page.close()
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", nargs="?", type=Path)
    parser.add_argument("--sample", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        take(sample(Path(folder)) if args.sample or args.bundle is None else args.bundle)


if __name__ == "__main__":
    main()
