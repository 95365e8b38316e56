"""Does an issue cost more in a large output folder?  The same work beside nothing and beside ten thousand issues, by turns.

Run: python -m bench.growth --issues 10000

``bench.overnight`` compares the first and the last thousand of a real run, minutes or hours apart on
a machine that may have had other work meanwhile.  Here both are measured by turns, so that whatever
else goes on touches both alike.  The large folder has that many folders, rows in the ledger and
replies in the journal.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import shutil
import statistics
import tempfile
from pathlib import Path

from bench.compose import page
from pipeline.config import load
from pipeline.engines.base import Finish, Reply
from pipeline.jobs.archive import Options
from pipeline.jobs.ledger import Entry, Ledger, WorkState
from pipeline.jobs.local import Shown, ledger_path, run_archive
from pipeline.jobs.stopping import Stop
from pipeline.journal import FileJournal
from pipeline.resources import preset
from pipeline.session import WORK_FOLDER

REPLIES = 20
"""In the journal, for each issue that is there."""


def fill(out: Path, issues: int) -> None:
    """Make ``out`` look as if so many issues had been done there."""
    digests = [hashlib.sha256(str(n).encode()).hexdigest() for n in range(issues)]
    slugs = [f"{n:06}-{digest[:12]}" for n, digest in enumerate(digests)]
    for slug in slugs:
        (out / slug).mkdir(parents=True)
    with Ledger(ledger_path(out)) as ledger:
        ledger.put_all(
            Entry(
                fingerprint=digest,
                slug=slug,
                label=f"/srv/archive/{slug}.txt",
                name=f"{slug}.txt",
                sha256=digest,
                size=900,
                shape=digest,
                state=WorkState.DONE,
            )
            for digest, slug in zip(digests, slugs, strict=True)
        )
    with FileJournal(out / WORK_FOLDER / "replies.sqlite") as journal:
        for n in range(REPLIES * issues):
            journal.put(str(n), Reply(id="", text="x" * 150, finish=Finish.STOP, prompt_tokens=1, output_tokens=1))


def processor_seconds() -> float:
    """What this process has used so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--issues", type=int, default=10_000, help="issues in the large folder")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--each", type=int, default=60, help="issues timed in each round")
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="growth-"))
    config = load(preset("rehearsal"))
    spent: dict[str, list[float]] = {"empty": [], "large": []}
    try:
        fill(folder / "large", args.issues)
        for number in range(args.rounds + 1):
            for turn, kind in enumerate(("empty", "large")):
                archive = folder / f"in-{number}-{turn}"
                archive.mkdir()
                for n in range(args.each):
                    # Other pages each time: what is known costs nothing.
                    seed = (2 * number + turn) * args.each + n
                    (archive / f"page-{seed}.txt").write_text(page(seed, 2), encoding="utf-8")
                out = folder / ("large" if kind == "large" else f"empty-{number}")
                before = processor_seconds()
                run_archive(archive, config, out, Options(), stop=Stop(), shown=Shown())
                if number:  # the first round warms up
                    spent[kind].append(1000 * (processor_seconds() - before) / args.each)
    finally:
        shutil.rmtree(folder)
    medians = {kind: statistics.median(times) for kind, times in spent.items()}
    figures = {
        "issues in the large folder": args.issues,
        "processor milliseconds an issue, empty folder": [round(t, 1) for t in spent["empty"]],
        "processor milliseconds an issue, large folder": [round(t, 1) for t in spent["large"]],
        "pace in the large folder over pace in an empty one": round(medians["empty"] / medians["large"], 3),
    }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
