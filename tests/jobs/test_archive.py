"""A whole archive: what is taken, what is not, and why."""

from __future__ import annotations

import contextlib
import gzip
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from bench.faults import ROOT, tree
from pipeline import bundle
from pipeline.cli import main
from pipeline.config import Config, RepairConfig
from pipeline.errors import ExitCode
from pipeline.jobs.archive import ArchiveRun, Options, Why, estimate, next_time
from pipeline.jobs.ledger import Ledger, WorkState
from pipeline.jobs.local import ledger_path
from pipeline.jobs.status import redo_reasons
from pipeline.jobs.stopping import Stop
from pipeline.outcome import State
from pipeline.session import Session
from tests.jobs.conftest import Runner
from tests.pages import PAGE


def rows(out: Path, *states: WorkState) -> list[str]:
    with Ledger(ledger_path(out)) as ledger:
        return [Path(e.label).name for e in ledger.entries(*states)]


def test_an_archive_is_done_once(run: Runner, tmp_path: Path) -> None:
    first = run()
    assert first.states == {State.DONE: 8}
    before = tree(tmp_path / "out")
    again = run()
    assert again.states == {}
    assert again.archive.kinds == {Why.DONE: 8}
    assert again.code is ExitCode.DONE
    assert tree(tmp_path / "out") == before


def test_a_bad_issue_costs_itself_and_is_never_done(run: Runner, archive: Path, tmp_path: Path) -> None:
    (archive / "bad.txt").write_bytes(b"\x00\x01\x02 not a page")
    (archive / "bad.txt.gz").write_bytes(b"not gzip")
    for attempt in range(1, 4):
        result = run()
        assert result.states[State.FAILED] == 2
        assert result.code is ExitCode.PARTIAL
        assert result.states.get(State.DONE, 0) == (8 if attempt == 1 else 0)
    # Three failures are enough: they are set aside, and said to be.
    quiet = run()
    assert quiet.states == {}
    assert quiet.archive.kinds[Why.SET_ASIDE] == 2
    assert rows(tmp_path / "out", WorkState.SET_ASIDE) == ["bad.txt", "bad.txt.gz"]
    assert run(Options(only_failed=True)).states[State.FAILED] == 2
    # Mended content is new work.
    (archive / "bad.txt").write_bytes(next(archive.rglob("000001.txt")).read_bytes() + "又一段文字，写在最后。\n".encode())
    assert run().states[State.DONE] == 1


def test_only_what_a_change_touches_is_done_again_and_status_says_why(run: Runner, config: Config, archive: Path, tmp_path: Path) -> None:
    run()
    changed = next(archive.rglob("000002.txt"))
    changed.write_bytes(changed.read_bytes() + "又一段文字，写在最后。\n".encode())
    result = run()
    assert (result.states[State.DONE], result.archive.kinds[Why.CHANGED]) == (1, 1)
    other = msgspec.structs.replace(config, repair=RepairConfig(attempts=0))
    with Ledger(ledger_path(tmp_path / "out")) as ledger, Session(other, tmp_path / "out") as session:
        # The page's old content has a bundle of its own.
        assert redo_reasons(ledger, session) == {f"repair.attempts: {config.repair.attempts} -> 0": 9}
        plan = ArchiveRun(archive, session, ledger, Options())
        assert {i.reason for i in plan.wanted()} == {f"repair.attempts: {config.repair.attempts} -> 0"}
    threads = msgspec.structs.replace(config, translate_engine=msgspec.structs.replace(config.translate_engine, threads=7))
    with Ledger(ledger_path(tmp_path / "out")) as ledger, Session(threads, tmp_path / "out") as session:
        assert redo_reasons(ledger, session) == {}


def test_a_lost_bundle_is_made_again(run: Runner, tmp_path: Path) -> None:
    run()
    whole = tree(tmp_path / "out")
    victim = sorted(p for p in (tmp_path / "out").iterdir() if (p / "issue.json").exists())[0]
    shutil.rmtree(victim)
    next(sorted(tmp_path.glob("out/*/articles"))[0].iterdir().__iter__()).unlink()
    result = run()
    assert result.states[State.DONE] == 2
    assert {k: v for k, v in tree(tmp_path / "out").items() if not k.startswith(".versions")} == whole


def test_limit_since_and_the_estimate(run: Runner, config: Config, archive: Path, tmp_path: Path) -> None:
    assert run(Options(limit=3)).states == {State.DONE: 3}
    assert run(Options(since=datetime(2100, 1, 1, tzinfo=UTC).timestamp())).states == {}
    with Ledger(ledger_path(tmp_path / "out")) as ledger, Session(config, tmp_path / "out") as session:
        found = estimate(ArchiveRun(archive, session, ledger, Options()).wanted(), ledger)
    assert found.issues == 5
    assert found.seconds is not None
    assert found.seconds > 0


def test_a_deadline_stops_it_and_says_what_is_left(run: Runner, tmp_path: Path) -> None:
    result = run(stop=Stop(0.0))
    assert result.code is ExitCode.UNFINISHED
    assert result.archive.left == 8
    assert run().states == {State.DONE: 8}


def test_the_next_time_a_clock_shows() -> None:
    now = datetime(2024, 3, 1, 22, 30, tzinfo=UTC)
    assert next_time("06:00", now) == datetime(2024, 3, 2, 6, tzinfo=UTC)
    assert next_time("23:00", now) == datetime(2024, 3, 1, 23, tzinfo=UTC)
    with pytest.raises(ValueError, match="does not match"):
        next_time("6 Uhr", now)


def test_the_ledger_is_rebuilt_from_the_bundles(run: Runner, tmp_path: Path) -> None:
    run()
    path = ledger_path(tmp_path / "out")
    with Ledger(path) as ledger:
        before = {e.fingerprint: (e.slug, e.sha256, e.findings, e.units) for e in ledger.entries(WorkState.DONE)}
    path.write_bytes(b"this is no database" * 500)
    result = run()
    assert result.states == {}
    with Ledger(path) as ledger:
        assert {e.fingerprint: (e.slug, e.sha256, e.findings, e.units) for e in ledger.entries(WorkState.DONE)} == before
    assert len(list(path.parent.glob("ledger.damaged-*"))) == 1


def test_a_killed_run_leaves_a_crash_and_a_culprit_is_set_aside(run: Runner, config: Config, archive: Path, tmp_path: Path) -> None:
    run(Options(limit=1))
    out = tmp_path / "out"
    with Ledger(ledger_path(out)) as ledger, Session(config, out) as session:
        item = next(iter(ArchiveRun(archive, session, ledger, Options()).wanted()))
        assert item.file is not None
        done = next(ledger.entries(WorkState.DONE))
        stuck = msgspec.structs.replace(
            done,
            fingerprint=item.fingerprint,
            slug=bundle.issue_slug(item.file),
            label=item.source.label,
            state=WorkState.RUNNING,
            stage="reading",
            strikes=2,
            crashes=2,
        )
        ledger.put(stuck)
        # A dead owner's lock file stays.
        session.locks._path(stuck.slug).parent.mkdir(parents=True, exist_ok=True)
        session.locks._path(stuck.slug).touch()
        ledger.put(msgspec.structs.replace(done, state=WorkState.RUNNING, stage="decoding"))
    result = run()
    # It was being read at its third crash: that is enough.  The other's bundle had made it to the disk.
    assert result.states == {State.DONE: 6}
    assert rows(out, WorkState.SET_ASIDE) == [Path(item.source.label).name]
    assert rows(out, WorkState.RUNNING) == []


def test_a_run_that_could_not_say_how_it_ended_blames_no_issue(run: Runner, tmp_path: Path) -> None:
    run()
    out = tmp_path / "out"
    with Ledger(ledger_path(out)) as ledger:
        entry = next(ledger.entries(WorkState.DONE))
        shutil.rmtree(out / entry.slug)
        # On a full disk the lock is given back, and the row still says that it is being read.
        ledger.put(msgspec.structs.replace(entry, state=WorkState.RUNNING, stage="reading", strikes=2, crashes=2))
    assert run().states == {State.DONE: 1}
    assert rows(out, WorkState.SET_ASIDE) == []


def test_the_report_has_charts_and_names_failures(run: Runner, archive: Path) -> None:
    (archive / "<b>bad.txt").write_bytes(b"no Chinese here")
    result = run()
    assert result.report is not None
    page = result.report.read_text(encoding="utf-8")
    assert "<svg" in page
    assert "&lt;b&gt;bad.txt" in page
    assert "<b>bad" not in page


def test_a_clock_set_back_changes_nothing(
    run: Runner, config: Config, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Back:
        """Every look is a day before the last."""

        at = datetime(2024, 3, 1, tzinfo=UTC)

        @classmethod
        def now(cls, zone: object = None) -> datetime:
            cls.at -= timedelta(days=1)
            return cls.at

        fromisoformat = datetime.fromisoformat

    for module in ("pipeline.jobs.ledger", "pipeline.line", "pipeline.locks"):
        monkeypatch.setattr(f"{module}.datetime", Back)
    (archive / "bad.txt").write_bytes(b"no Chinese here")
    first = run()
    assert first.states == {State.DONE: 8, State.FAILED: 1}
    assert first.report is not None
    # Pages dated in the future and before there were files: content is what counts.
    for number, page in enumerate(sorted(archive.rglob("*.txt"))):
        os.utime(page, (4e9, 4e9) if number % 2 else (0, 0))
    assert run().states == {State.FAILED: 1}
    # Of two earlier settings the ledger names the one that was really last.
    for attempts in (0, 2):
        other = msgspec.structs.replace(config, repair=RepairConfig(attempts=attempts))
        assert run(config=other).states[State.DONE] == 8
    with Ledger(ledger_path(tmp_path / "out")) as ledger, Session(config, tmp_path / "out") as session:
        reasons = {i.reason for i in ArchiveRun(archive, session, ledger, Options()).wanted() if i.why is Why.CHANGED}
    assert reasons == {f"repair.attempts: 2 -> {config.repair.attempts}"}


def command(*words: str) -> int:
    return main(["archive", *words, "-c", "rehearsal", "--quiet"])


def test_a_dry_run_says_what_and_how_long_and_changes_nothing(
    run: Runner, archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out")
    assert command(str(archive), "-o", out, "--dry-run") == ExitCode.DONE
    assert not Path(out).exists()
    said = capsys.readouterr().out
    assert "8 to be worked on" in said
    assert "No estimate" in said
    run(Options(limit=3))
    before = tree(tmp_path / "out")
    assert command(str(archive), "-o", out, "--dry-run") == ExitCode.DONE
    said = capsys.readouterr().out
    assert "3 done" in said
    assert "5 to be worked on" in said
    assert "at the pace of the latest runs" in said
    assert tree(tmp_path / "out") == before


@pytest.mark.parametrize("words", [("--gpus", "1"), ("--address", "host:1"), ("--runner", "ray", "--gpus", "1.5")])
def test_options_that_could_not_be_followed_are_refused(words: tuple[str, ...], archive: Path, tmp_path: Path) -> None:
    assert command(str(archive), "-o", str(tmp_path / "out"), *words) == ExitCode.USAGE
    assert not (tmp_path / "out").exists()


def test_a_deadline_that_is_no_time_is_a_usage_error(archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(str(archive), "-o", str(tmp_path / "out"), "--deadline", "soon") == ExitCode.USAGE
    assert "06:00" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


STUBBORN = """
import os, signal, sys, time
from pipeline.jobs.stopping import Stop, Terminated
stop = Stop(grace=0.2).listen()
os.kill(os.getpid(), signal.SIGTERM)
assert stop() and stop.reason == "SIGTERM"
if sys.argv[1] == "twice":
    os.kill(os.getpid(), signal.SIGTERM)
try:
    time.sleep(30)
except Terminated:
    sys.exit(99)
"""


@pytest.mark.parametrize("how", ["twice", "grace"])
def test_a_run_that_does_not_heed_sigterm_is_stopped_when_its_grace_is_over(how: str) -> None:
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", STUBBORN, how], cwd=ROOT, check=False, timeout=25, capture_output=True, text=True)
    # The second signal is met while the first is handled, outside the try.
    assert done.returncode == 99 or "Terminated" in done.stderr, done.stderr
    assert time.monotonic() - began < 20


def test_pdf_pages_are_taken_packed_or_not(run: Runner, archive: Path, tmp_path: Path) -> None:
    pytest.importorskip("pypdfium2", reason="the pdf extra is not installed")
    pdfs = pytest.importorskip("tests.ingest.pdfs", reason="ReportLab is not installed")
    lines = [line for paragraph in PAGE.split("\n\n") for line in (*paragraph.splitlines(), "")]
    data = pdfs.draw(lambda canvas: pdfs.put(canvas, 50, 800, lines))
    (archive / "one.pdf").write_bytes(data)
    (archive / "two.PDF.gz").write_bytes(gzip.compress(data))
    with zipfile.ZipFile(archive / "more.zip", "w") as packed:
        packed.writestr("three.pdf", data)
    (archive / "cut.pdf").write_bytes(data[: len(data) // 3])
    result = run()
    assert result.states == {State.DONE: 11, State.FAILED: 1}
    assert rows(tmp_path / "out", WorkState.FAILED) == ["cut.pdf"]
    with Ledger(ledger_path(tmp_path / "out")) as ledger:
        pages = [e for e in ledger.entries(WorkState.DONE) if e.name.lower().endswith(".pdf")]
    assert sorted(e.name for e in pages) == ["one.pdf", "three.pdf", "two.PDF"]
    assert {e.units for e in pages} == {2}


def test_rows_no_version_wrote_are_passed_over(run: Runner, tmp_path: Path) -> None:
    run()
    path = ledger_path(tmp_path / "out")
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE issue SET state = 'don ' WHERE rowid = (SELECT MIN(rowid) FROM issue)")
        db.execute("INSERT INTO run (command, host, pid, started) VALUES (x'ff', 'h', 'no number', 't')")
    with Ledger(path) as ledger:
        assert ledger.counts() == {WorkState.DONE: 7}
        assert len(list(ledger.entries())) == 7
        assert [r.done for r in ledger.runs()] == [8]
    assert run().states.get(State.FAILED, 0) == 0
