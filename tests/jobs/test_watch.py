"""The watched folder: only whole files, each once, failures aside with their reason."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import flow
from pipeline.config import Config
from pipeline.errors import OutputError
from pipeline.jobs.watch import FAILED_FOLDER, Settling, Watching
from pipeline.outcome import Outcome, State
from pipeline.session import Session
from pipeline.sources import Source
from tests.pages import PAGE


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def test_a_file_still_being_written_is_left_alone(inbox: Path, clock: Clock) -> None:
    settling = Settling(inbox, inbox / "out", 10, clock)
    page = inbox / "page.txt"
    page.write_text("第一", encoding="utf-8")
    for _ in range(5):
        assert settling.ready() == []
        clock.now += 9
        with page.open("a", encoding="utf-8") as stream:
            stream.write("又一行\n")
    assert settling.ready() == []
    clock.now += 10
    assert settling.ready() == [page]
    clock.now += 100
    assert settling.ready() == []


def test_old_dates_and_clocks_set_back_settle_nothing(inbox: Path, clock: Clock) -> None:
    settling = Settling(inbox, inbox / "out", 10, clock)
    page = inbox / "page.txt"
    page.write_text("文", encoding="utf-8")
    os.utime(page, (0, 0))
    assert settling.ready() == []
    clock.now += 5
    page.write_text("字", encoding="utf-8")
    os.utime(page, (0, 0))
    # Same size and time as before, and even so another file when it was renamed in.
    other = inbox / "new"
    other.write_text("画", encoding="utf-8")
    os.utime(other, (0, 0))
    other.replace(page)
    assert settling.ready() == []
    clock.now += 6
    assert settling.ready() == []
    clock.now += 4
    assert settling.ready() == [page]


def test_its_own_output_failures_and_part_files_are_not_taken(inbox: Path, clock: Clock) -> None:
    settling = Settling(inbox, inbox / "out", 0, clock)
    for name in ("out/x/source.txt", f"{FAILED_FOLDER}/old.txt", ".page.txt", "page.txt.part", "empty.txt", "sub/page.txt"):
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("" if "empty" in name else "文", encoding="utf-8")
    assert settling.ready() == [inbox / "sub" / "page.txt"]


def test_files_become_bundles_and_failures_move_aside(inbox: Path, clock: Clock, config: Config, tmp_path: Path) -> None:
    (inbox / "good.txt").write_text(PAGE, encoding="utf-8")
    (inbox / "bad.txt").write_bytes(b"no Chinese at all")
    (inbox / FAILED_FOLDER).mkdir()
    (inbox / FAILED_FOLDER / "bad.txt").write_bytes(b"an earlier one")
    settling = Settling(inbox, tmp_path / "out", 1, clock)
    with Session(config, tmp_path / "out") as session:
        watching = Watching(inbox, settling, lambda sources: flow.run(sources, session))
        assert watching.round().files == 0
        clock.now += 2
        found = watching.round()
        assert found.files == 2
        assert found.failed == (inbox / FAILED_FOLDER / "bad-2.txt",)
        assert watching.round().files == 0
    assert "Chinese" in (inbox / FAILED_FOLDER / "bad-2.txt.reason.txt").read_text(encoding="utf-8")
    assert (inbox / FAILED_FOLDER / "bad.txt").read_bytes() == b"an earlier one"
    assert (inbox / "good.txt").exists()
    assert not (inbox / "bad.txt").exists()
    assert len(list((tmp_path / "out").glob("good-*/issue.json"))) == 1


def test_what_a_stop_or_a_full_disk_left_is_taken_again(inbox: Path, clock: Clock, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (inbox / name).write_text(PAGE, encoding="utf-8")
    tries: list[list[str]] = []

    def work(sources: Iterator[Source]) -> Iterator[Outcome]:
        given = list(sources)
        tries.append([Path(s.path).name for s in given])
        if len(tries) == 1:
            raise OutputError("the disk is full")
        for source in given:
            yield Outcome(path=source.label, state=State.LEFT if len(tries) == 2 else State.DONE)

    watching = Watching(inbox, Settling(inbox, tmp_path / "out", 1, clock), work)
    watching.round()
    clock.now += 2
    with pytest.raises(OutputError):
        watching.round()
    watching.round()
    watching.round()
    watching.round()
    assert tries == [["a.txt", "b.txt"]] * 3
