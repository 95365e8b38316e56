"""The translation memory in runs: what is recalled, what is kept, and that no death loses or doubles it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import msgspec
import pytest

from pipeline import bundle, flow
from pipeline.bundle import corrections
from pipeline.bundle.html import render
from pipeline.cli import main
from pipeline.config import Config, EngineConfig, MemoryConfig
from pipeline.desk_memory import NAME, DeskMemory, settle_memory
from pipeline.engines.base import Request
from pipeline.memory import Maker, Memory
from pipeline.records import Correction, CorrectionKind, IssueResult, Label, Origin, Translation
from pipeline.review.desk import Desk, Wish
from pipeline.session import Session
from tests.pages import PAGE
from tests.scripted import ScriptedEngine
from tests.test_flow import digests, english

SHARED = "食堂的蔬菜由村里的合作社供应，既新鲜又便宜。"
"""A sentence of the first page that the second has too."""
OTHER = f"""本报讯 通讯员钱小满报道：近日，青禾县杨树镇也办起了一家食堂，来吃饭的老人不少。{SHARED}

老人们说，饭菜合口味，价钱也不高，以后还要常来。食堂的蔬菜由镇里的合作社供应，既新鲜又便宜。

杨树镇办起食堂
"""
UNRELATED = "本报讯 通讯员李春生报道：昨天夜里，青禾县北部山区下了一场小雪，路面没有结冰，车辆通行正常，学校照常上课。\n\n青禾北部降小雪\n"


@pytest.fixture
def pages(tmp_path: Path) -> dict[str, Path]:
    texts = {"page": PAGE, "other": OTHER, "unrelated": UNRELATED}
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    return {name: tmp_path / f"{name}.txt" for name in texts}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture(autouse=True)
def no_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "model", lambda self, config: (None, None))


def config(**memory: object) -> Config:
    return Config(translate_engine=EngineConfig(name="llamacpp"), memory=msgspec.convert(memory, MemoryConfig))


def run(
    sources: list[Path], out: Path, monkeypatch: pytest.MonkeyPatch, settings: Config | None = None, *, model: str = "script"
) -> tuple[ScriptedEngine, dict[str, flow.Outcome]]:
    """A whole run to its clean end, as the commands do it."""
    engine = ScriptedEngine(english, model=model)
    monkeypatch.setattr("pipeline.session.open_engine", lambda *_: engine)
    settings = settings or config()
    with Session(settings, out) as session:
        outcomes = {Path(o.path).stem: o for o in flow.run(sources, session, window=1)}
    settle_memory(settings.memory, out)
    return engine, outcomes


def result(outcome: flow.Outcome) -> IssueResult:
    return bundle.read(Path(outcome.bundle))


def passage(outcome: flow.Outcome, zh: str) -> Translation:
    return next(t for u in result(outcome).units for t in u.translations if t.segment.text == zh)


def correct(outcome: flow.Outcome, zh: str, after: str, memory: Path | None) -> None:
    t = passage(outcome, zh)
    desk = Desk(Path(outcome.bundle), who="M. Osei", memory=memory)
    desk.decide(Wish(kind=CorrectionKind.TEXT, segment=t.segment.id, before=t.target, after=after))


def held(out: Path) -> list[tuple[str, str, str]]:
    with Memory.open(out / NAME) as memory:
        return sorted((e.maker.value, e.source, e.target) for e in memory.entries())


RIGHT = "The canteen’s vegetables come from the village cooperative and are fresh and cheap."


def test_a_persons_text_is_used_for_the_same_sentence_in_later_issues(
    pages: dict[str, Path], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = list(pages.values())
    _, first = run(every, out, monkeypatch)
    correct(first["page"], SHARED, RIGHT, out / NAME)
    engine, again = run(every, out, monkeypatch)
    # Its own issue has it already; only the other issue with that sentence is new work.
    assert {name: o.state.value for name, o in again.items()} == {"page": "unchanged", "other": "done", "unrelated": "unchanged"}
    assert engine.asked == []
    served = passage(again["other"], SHARED)
    assert (served.target, served.origin, served.label, served.attempts) == (RIGHT, Origin.HUMAN, Label.READ, ())
    (source,) = served.remembered
    assert (source.who, source.similarity, source.issue) == ("M. Osei", 1.0, result(first["page"]).issue.id)
    made = result(again["other"])
    assert made.provenance.memory_sha256
    assert "corrected by a person elsewhere" in render(made)
    assert {o.state for o in run(every, out, monkeypatch)[1].values()} == {flow.State.UNCHANGED}


def test_similar_passages_are_shown_beside_the_draft(pages: dict[str, Path], out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, first = run([pages["page"]], out, monkeypatch)
    correct(first["page"], SHARED, RIGHT, out / NAME)
    engine, second = run([pages["other"]], out, monkeypatch)
    near = passage(second["other"], SHARED.replace("村里", "镇里"))
    assert near.origin is Origin.MODEL
    (shown,) = near.remembered
    assert (shown.source, shown.target) == (SHARED, RIGHT)
    assert 0.9 < shown.similarity < 1
    assert "translated before" in render(result(second["other"]))
    assert not any(RIGHT in m.content for r in engine.asked for m in r.messages)
    assert not any(t.remembered for t in every_passage(run([pages["unrelated"]], out, monkeypatch)[1]["unrelated"]))


def every_passage(outcome: flow.Outcome) -> list[Translation]:
    return [t for u in result(outcome).units for t in u.translations]


def test_an_example_in_the_prompt_only_where_the_desk_wants_it(pages: dict[str, Path], out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, first = run([pages["page"]], out, monkeypatch)
    correct(first["page"], SHARED, RIGHT, out / NAME)
    engine, _ = run([pages["other"]], out, monkeypatch, config(examples=True))

    def shows(request: Request) -> bool:
        return any(m.role == "assistant" and m.content == RIGHT for m in request.messages)

    (request,) = [r for r in engine.asked if shows(r)]
    assert "镇里的" in request.text


def test_a_models_text_is_kept_but_served_only_where_the_desk_wants_it(
    pages: dict[str, Path], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, first = run([pages["page"]], out, monkeypatch)
    assert ("machine", SHARED, passage(first["page"], SHARED).target) in held(out)
    _, kept = run([pages["other"]], out, monkeypatch)
    assert passage(kept["other"], SHARED).origin is Origin.MODEL
    _, served = run([pages["other"]], out / "b", monkeypatch, config(machine="serve", path=str(out / NAME)))
    found = passage(served["other"], SHARED)
    assert found.origin is Origin.MEMORY
    assert found.target == passage(first["page"], SHARED).target
    assert found.remembered[0].who == "script"


def test_an_old_models_text_is_not_served_as_a_new_ones(pages: dict[str, Path], out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serving = config(machine="serve")
    run([pages["page"]], out, monkeypatch, serving)
    _, later = run([pages["other"]], out, monkeypatch, serving, model="another")
    assert passage(later["other"], SHARED).origin is Origin.MODEL
    reworded = msgspec.structs.replace(serving, translate=msgspec.structs.replace(serving.translate, examples=0))
    _, later = run([pages["other"]], out, monkeypatch, reworded)
    assert passage(later["other"], SHARED).origin is Origin.MODEL


def test_a_remembered_text_that_the_checks_doubt_is_translated_again(
    pages: dict[str, Path], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving = config(machine="serve")
    run([pages["page"]], out, monkeypatch, serving)
    with sqlite3.connect(out / NAME) as db:
        db.execute("UPDATE entry SET target = ? WHERE source = ?", ("The 蔬菜 is fresh.", SHARED))
    _, later = run([pages["other"]], out, monkeypatch, serving)
    assert passage(later["other"], SHARED).origin is Origin.MODEL


def test_done_again_an_issue_comes_out_the_same(pages: dict[str, Path], out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serving = config(machine="serve")
    _, first = run([pages["page"]], out, monkeypatch, serving)
    before, memory = digests(Path(first["page"].bundle)), held(out)
    engine = ScriptedEngine(english)
    monkeypatch.setattr("pipeline.session.open_engine", lambda *_: engine)
    with Session(serving, out) as session:
        list(flow.run([pages["page"]], session, force=True))
    assert digests(Path(first["page"].bundle)) == before
    assert held(out) == memory


class Killed(BaseException):
    """Nothing handles it, as nothing handles a kill."""


@pytest.mark.parametrize("moment", ["before the bundle", "after the bundle"])
def test_a_death_around_publishing_loses_nothing_and_doubles_nothing(
    pages: dict[str, Path], out: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    run([pages["page"]], out / "whole", monkeypatch)
    wanted = held(out / "whole")
    with monkeypatch.context() as patch:

        def die(*_: object, **__: object) -> None:
            raise Killed

        patch.setattr(DeskMemory, "record", die) if moment == "after the bundle" else patch.setattr("pipeline.line.bundle.write", die)
        with pytest.raises(Killed):
            run([pages["page"]], out, patch)
    with Memory.open(out / NAME) as memory:
        assert len(memory) == 0
        assert len(memory.due()) == 1
    _, again = run([pages["page"]], out, monkeypatch)
    assert again["page"].state is (flow.State.UNCHANGED if moment == "after the bundle" else flow.State.DONE)
    assert held(out) == wanted
    with Memory.open(out / NAME) as memory:
        assert memory.due() == ()


def test_a_correction_saved_and_not_learned_is_learned_by_the_next_run(
    pages: dict[str, Path], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, first = run([pages["page"]], out, monkeypatch)
    correct(first["page"], SHARED, RIGHT, None)  # saved beside the bundles; no memory heard of it
    for _ in range(2):
        _, later = run([pages["other"]], out, monkeypatch)
    assert passage(later["other"], SHARED).target == RIGHT
    assert [e for e in held(out) if e[0] == Maker.HUMAN.value] == [("human", SHARED, RIGHT)]


def test_killed_and_resumed_is_as_uninterrupted_even_where_model_texts_are_served(
    pages: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving = config(machine="serve")
    sources = [pages["page"], pages["other"]]
    _, whole = run(sources, tmp_path / "whole", monkeypatch, serving)
    monkeypatch.setattr("pipeline.session.open_engine", lambda *_: ScriptedEngine(english))
    with Session(serving, tmp_path / "cut") as session:  # the first issue only, and no clean end
        list(flow.run(sources[:1], session))
    _, resumed = run(sources, tmp_path / "cut", monkeypatch, serving)
    for name in ("page", "other"):
        assert digests(Path(resumed[name].bundle)) == digests(Path(whole[name].bundle))
    assert held(tmp_path / "cut") == held(tmp_path / "whole")


def test_an_own_correction_stays_a_correction_when_the_issue_is_done_again(
    pages: dict[str, Path], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, first = run([pages["page"]], out, monkeypatch)
    correct(first["page"], SHARED, RIGHT, out / NAME)
    _, again = run([pages["page"]], out, monkeypatch, model="another")
    found = passage(again["page"], SHARED)
    assert (found.target, found.origin) == (RIGHT, Origin.HUMAN)
    (kept,) = result(again["page"]).corrections
    assert kept.after == RIGHT


def test_turned_off_it_leaves_no_trace(pages: dict[str, Path], out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run([pages["page"]], out, monkeypatch, config(enabled=False))
    assert not (out / NAME).exists()
    correction = Correction(
        kind=CorrectionKind.TEXT,
        issue="x",
        who="W",
        when="2026-01-01T00:00:00Z",
        unit="u",
        segment="u.sentence.0.0",
        source=SHARED,
        after="X",
    )
    corrections.save(out, [correction])
    _, later = run([pages["other"]], out, monkeypatch, config(enabled=False))
    assert passage(later["other"], SHARED).origin is Origin.MODEL


def test_a_memory_that_cannot_be_written_costs_no_bundle(pages: dict[str, Path], out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = out.parent / "a-file"
    blocked.write_text("x")
    engine = ScriptedEngine(english)
    monkeypatch.setattr("pipeline.session.open_engine", lambda *_: engine)
    with Session(config(path=str(blocked / "m.sqlite")), out) as session:
        (outcome,) = flow.run([pages["page"]], session)
    assert outcome.state is flow.State.DONE


def test_the_memory_goes_to_other_tools_and_back(
    pages: dict[str, Path], out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, first = run([pages["page"]], out, monkeypatch)
    correct(first["page"], SHARED, RIGHT, out / NAME)
    assert main(["memory", "export", str(tmp_path / "desk.tmx"), "-o", str(out)]) == 0
    assert main(["memory", "import", str(tmp_path / "desk.tmx"), "-o", str(tmp_path / "new")]) == 0
    assert held(tmp_path / "new") == held(out)
    with Memory.open(out / NAME) as one, Memory.open(tmp_path / "new" / NAME) as two:
        assert one.digest == two.digest
    assert main(["memory", "show", "-o", str(out)]) == 0
    assert "1 texts by people" in capsys.readouterr().out
    assert main(["memory", "show", "-o", str(tmp_path / "none")]) == 0


def test_a_bundle_made_before_a_correction_elsewhere_is_still_reproducible(
    pages: dict[str, Path], out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("page", "other"):
        assert main(["translate", str(pages[name]), "-c", "rehearsal", "-o", str(out), "--quiet"]) in (0, 3)
    (page,), (other,) = (list(out.glob(f"{name}-*")) for name in ("page", "other"))
    done = flow.Outcome(path="", state=flow.State.DONE, bundle=str(page))
    correct(done, SHARED, RIGHT, out / NAME)
    assert main(["verify", str(other), "-c", "rehearsal", "--sample", "50"]) == 0, capsys.readouterr().out
