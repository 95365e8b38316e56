"""Look at a finished bundle as a stranger would; used by CI after the real model has run.

Exits non-zero and says why when the bundle is not whole, not verifiable, or not English.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline import bundle
from pipeline.records import Origin, SummaryStatus


def problems(folder: Path) -> list[str]:
    result = bundle.read(folder)
    out = []
    if bundle.finished(folder) is None:
        out.append("the bundle is not complete")
    if not result.units:
        out.append("no units")
    for unit in result.units:
        for t in unit.translations:
            if any("\u4e00" <= c <= "\u9fff" for c in t.target):
                out.append(f"{t.segment.id}: Chinese left in the English: {t.target}")
            if t.origin is Origin.NONE or not t.target:
                out.append(f"{t.segment.id}: no English")
            if t.origin is Origin.MODEL and not t.signature:
                out.append(f"{t.segment.id}: no signature")
        if unit.summary.status is SummaryStatus.FAILED:
            out.append(f"{unit.unit.id}: the summary failed")
    if not any(t.origin is Origin.MODEL for u in result.units for t in u.translations):
        out.append("the model translated nothing")
    page = (folder / "index.html").read_text(encoding="utf-8")
    if "Content-Security-Policy" not in page:
        out.append("index.html has no content security policy")
    return out


if __name__ == "__main__":
    found = [p for arg in sys.argv[1:] for p in problems(Path(arg))]
    for line in found:
        print(line, file=sys.stderr)
    sys.exit(bool(found) or len(sys.argv) < 2)
