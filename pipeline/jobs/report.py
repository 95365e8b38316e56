"""The report of one run: a single HTML file with charts, for the morning after."""

from __future__ import annotations

import heapq
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.files import write_atomic
from pipeline.jobs.ledger import Entry, Ledger, RunEntry, WorkState
from pipeline.session import WORK_FOLDER

_BARS = 48
_ROWS = 25
"""Longest lists of slowest and failed issues; the ledger has the rest."""


def write_report(ledger: Ledger, run: int, out: Path) -> Path | None:
    """Write ``<out>/.work/reports/run-NNNN.html`` and return it; ``None`` when the run is unknown.

    Raises:
        OutputError: it cannot be written.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    entry = next((r for r in ledger.runs() if r.id == run), None)
    if entry is None:
        return None
    env = Environment(
        loader=PackageLoader("pipeline.jobs"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    page = env.get_template("report.html.j2").render(contents(ledger, entry))
    path = out / WORK_FOLDER / "reports" / f"run-{run:04}.html"
    write_atomic(path, page.encode("utf-8", "xmlcharrefreplace"))
    return path


def contents(ledger: Ledger, run: RunEntry) -> dict[str, Any]:
    """What the report shows, gathered in one pass over the run's rows."""
    slow: list[tuple[float, str, Entry]] = []
    worst: list[tuple[int, str, Entry]] = []
    failed: list[Entry] = []
    reasons: Counter[str] = Counter()
    moments: list[float] = []
    for e in ledger.entries(run=run.id):
        if e.state is WorkState.DONE:
            slow = heapq.nlargest(_ROWS, [*slow, (e.seconds, e.fingerprint, e)])
            worst = heapq.nlargest(_ROWS, [*worst, (e.findings, e.fingerprint, e)])
            moments.append(_seconds(e.finished) - _seconds(run.started))
        elif e.error or e.state in (WorkState.FAILED, WorkState.SET_ASIDE):
            reasons[_reason(e.error)] += 1
            if len(failed) < _ROWS:
                failed.append(e)
    return {
        "run": run,
        "throughput": throughput(moments, run.seconds),
        "slowest": [e for _, _, e in slow],
        "findings": [e for n, _, e in worst if n],
        "failed": failed,
        "reasons": reasons.most_common(10),
        "counts": {state.value: n for state, n in sorted(ledger.counts().items())},
    }


def throughput(moments: list[float], seconds: float) -> dict[str, Any]:
    """Bundles written in each of up to 48 equal stretches of the run."""
    if not moments:
        return {"bars": [], "width": 0.0, "most": 0}
    width = max(seconds, *moments, 1.0) / _BARS
    bars = [0] * _BARS
    for moment in moments:
        bars[min(_BARS - 1, max(0, int(moment / width)))] += 1
    return {"bars": bars, "width": width, "most": max(bars)}


def _reason(error: str) -> str:
    """An error's first line without the names in it, so that equal causes add up."""
    line = error.splitlines()[0] if error else "unknown"
    return " ".join(w for w in line.split() if "/" not in w and "." not in w.rstrip("."))[:120]


def _seconds(stamp: str) -> float:
    return datetime.fromisoformat(stamp).timestamp() if stamp else 0.0
