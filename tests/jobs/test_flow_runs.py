"""The loop over many issues: no wait at an issue's end, stops, locks, and failures that stay small."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from pipeline import bundle, flow
from pipeline.config import Config, EngineConfig, load
from pipeline.draft import Draft
from pipeline.engines.base import Reply, Request
from pipeline.engines.rehearsal import RehearsalEngine
from pipeline.errors import EngineError, ExitCode
from pipeline.resources import preset
from pipeline.session import Session
from tests.pages import PAGE


class Recording(RehearsalEngine):
    """A rehearsal that notes what it was asked, and may stop answering."""

    def __init__(self, die_after: int | None = None) -> None:
        super().__init__(EngineConfig(name="rehearsal"))
        self.asked: list[Request] = []
        self.runs = 0
        self._die_after = die_after

    def generate(self, requests: Iterable[Request]) -> Iterator[Reply]:
        self.runs += 1
        for request in requests:
            self.asked.append(request)
            if self._die_after is not None and len(self.asked) > self._die_after:
                raise EngineError("planted")
            yield from super().generate([request])


@pytest.fixture
def config() -> Config:
    return load(preset("rehearsal"))


def pages(folder: Path, number: int) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    out = []
    for i in range(number):
        path = folder / f"{i:03}.txt"
        path.write_text(PAGE.replace("3200", str(4000 + i)), encoding="utf-8")
        out.append(path)
    return out


def opened(config: Config, out: Path, engine: RehearsalEngine, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setattr("pipeline.session.open_engine", lambda *_: engine)
    return Session(config, out)


def test_the_queue_does_not_run_dry_between_issues(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Recording()
    with opened(config, tmp_path / "out", engine, monkeypatch) as session:
        outcomes = list(flow.run(pages(tmp_path / "in", 12), session))
    assert [o.state for o in outcomes] == [flow.State.DONE] * 12
    # One uninterrupted stream of requests over all stages of all issues but the last ones' ends.
    assert engine.runs <= 4


def test_a_source_is_asked_for_only_when_there_is_room(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = finished = most = 0

    def coming() -> Iterator[Path]:
        nonlocal asked, most
        for path in pages(tmp_path / "in", 15):
            asked += 1
            most = max(most, asked - finished)
            yield path

    with opened(config, tmp_path / "out", Recording(), monkeypatch) as session:
        for _ in flow.run(coming(), session, window=3):
            finished += 1
    assert finished == 15
    assert most <= 4


def test_a_stop_keeps_what_was_decoded(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Recording()
    with opened(config, tmp_path / "out", engine, monkeypatch) as session:
        outcomes = list(flow.run(pages(tmp_path / "in", 6), session, stop=lambda: len(engine.asked) >= 10))
    left = [o for o in outcomes if o.state is flow.State.LEFT]
    assert left
    assert len(left) + sum(o.state is flow.State.DONE for o in outcomes) <= 6
    again = Recording()
    with opened(config, tmp_path / "out", again, monkeypatch) as session:
        outcomes = list(flow.run(pages(tmp_path / "in", 6), session))
        assert session.totals.resumed > 0
    assert {o.state for o in outcomes} <= {flow.State.DONE, flow.State.UNCHANGED}
    asked_twice = {r.id for r in engine.asked} & {r.id for r in again.asked}
    assert not asked_twice


class Closing(flow.Watcher):
    def __init__(self) -> None:
        self.seen: list[flow.Outcome] = []

    def closed(self, outcome: flow.Outcome) -> None:
        self.seen.append(outcome)


def test_a_dead_engine_gives_every_issue_back_and_its_lock(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watcher = Closing()
    with opened(config, tmp_path / "out", Recording(die_after=25), monkeypatch) as session:
        with pytest.raises(EngineError):
            list(flow.run(pages(tmp_path / "in", 6), session, watcher))
        assert any(o.state is flow.State.LEFT and o.code is ExitCode.ENGINE for o in watcher.seen)
        assert not list((tmp_path / "out" / ".work" / "locks").glob("*"))


def test_an_issue_another_process_has_is_waited_for_or_refused(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = pages(tmp_path / "in", 2)
    out = tmp_path / "out"
    with opened(config, out, Recording(), monkeypatch) as other:
        slug = bundle.issue_slug(Draft(flow.Source(path=str(first)), other).source)
        assert other.locks.take(slug) is None
        with opened(config, out, Recording(), monkeypatch) as session:
            outcomes = {Path(o.path).name: o for o in flow.run([first, second], session, wait=False)}
        assert outcomes["000.txt"].code is ExitCode.LOCKED
        assert outcomes["001.txt"].state is flow.State.DONE
        waited: list[str] = []

        class Frees(flow.Watcher):
            def waiting(self, label: str, owner: str) -> None:
                waited.append(owner)
                other.locks.release(slug)

        with opened(config, out, Recording(), monkeypatch) as session:
            (outcome,) = flow.run([first], session, Frees())
        assert outcome.state is flow.State.DONE
        assert "process" in waited[0]


def test_the_very_same_page_in_two_folders_is_done_once(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (one,) = pages(tmp_path / "a", 1)
    (two,) = pages(tmp_path / "b", 1)
    with opened(config, tmp_path / "out", Recording(), monkeypatch) as session:
        outcomes = list(flow.run([one, two], session))
    assert sorted(o.state for o in outcomes) == [flow.State.DONE, flow.State.UNCHANGED]
