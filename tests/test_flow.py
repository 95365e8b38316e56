"""The whole job on a scripted engine: complete, resumable, isolated, and the same bytes every time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from pipeline import bundle, flow
from pipeline.bundle import corrections
from pipeline.config import Config, EngineConfig, RepairConfig, load
from pipeline.engines import open_engine
from pipeline.engines.base import Finish, Reply, Request, Task
from pipeline.errors import EngineError, ExitCode
from pipeline.records import Correction, CorrectionKind, Field, Origin, SummaryStatus
from pipeline.resources import preset
from pipeline.review.desk import Desk, Wish
from pipeline.session import Session
from tests.pages import PAGE
from tests.scripted import Answer, ScriptedEngine

VOLATILE = {"volatile.json", "attestation.json", "SHA256SUMS"}


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


@pytest.fixture
def config() -> Config:
    return load(preset("rehearsal"))


def session(config: Config, out: Path, monkeypatch: pytest.MonkeyPatch, engine: ScriptedEngine | None = None) -> Session:
    monkeypatch.setattr("pipeline.session.open_engine", lambda *_: engine or open_engine(EngineConfig(name="rehearsal"), None, None))
    return Session(config, out)


def english(request: Request) -> str | Reply:
    """A faithful-looking answer: letters for Chinese, the digits kept."""
    if request.task is Task.SUMMARISE:
        return request.text.split("。")[0].replace("\n", "") + "。"
    return "The text says " + " ".join("".join(c if c.isascii() else f" {word(c)} " for c in request.text).split()) + "."


def word(char: str) -> str:
    """Some letters of its own for every character, so that nothing looks like a repetition."""
    code, letters = ord(char), ""
    while code:
        code, digit = divmod(code, 26)
        letters += chr(ord("a") + digit)
    return letters


def run(page: Path, config: Config, out: Path, monkeypatch: pytest.MonkeyPatch, answer: Answer = english) -> flow.Outcome:
    with session(config, out, monkeypatch, ScriptedEngine(answer)) as s:
        (outcome,) = flow.run([page], s)
    return outcome


def digests(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name not in VOLATILE
    }


def test_every_segment_is_translated_once_and_in_order(page: Path, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = run(page, config, tmp_path / "out", monkeypatch)
    assert outcome.state is flow.State.DONE
    result = bundle.read(Path(outcome.bundle))
    assert len([u for u in result.units if u.unit.kind == "article"]) == 2
    for unit in result.units:
        body = [t for t in unit.translations if t.segment.field is Field.SENTENCE]
        sentences = [s.text for b in unit.unit.blocks for s in b.sentences if b.kind == "paragraph"]
        assert [t.segment.text for t in body] == sentences
        assert all(t.target for t in unit.translations)


def test_equal_inputs_give_equal_bytes(page: Path, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = run(page, config, tmp_path / "one", monkeypatch)
    two = run(page, config, tmp_path / "two", monkeypatch)
    assert digests(Path(one.bundle)) == digests(Path(two.bundle))


@pytest.mark.parametrize("after", [0, 1, 3, 9])
def test_killed_and_resumed_equals_uninterrupted(
    after: int, page: Path, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run(page, config, tmp_path / "whole", monkeypatch)
    with session(config, tmp_path / "cut", monkeypatch, ScriptedEngine(english, die_after=after)) as s, pytest.raises(EngineError):
        list(flow.run([page], s))
    assert not list((tmp_path / "cut").glob("*/issue.json"))
    engine = ScriptedEngine(english)
    with session(config, tmp_path / "cut", monkeypatch, engine) as s:
        (resumed,) = flow.run([page], s)
        assert s.totals.resumed >= after
    assert digests(Path(whole.bundle)) == digests(Path(resumed.bundle))


def test_finished_work_is_not_touched_and_loads_no_engine(
    page: Path, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(page, config, tmp_path / "out", monkeypatch)
    before = {p: p.stat().st_mtime_ns for p in Path(first.bundle).rglob("*")}
    monkeypatch.setattr("pipeline.session.open_engine", lambda *_: pytest.fail("an engine was opened"))
    with Session(config, tmp_path / "out") as s:
        (again,) = flow.run([page], s)
    assert again.state is flow.State.UNCHANGED
    assert again.findings == first.findings
    assert before == {p: p.stat().st_mtime_ns for p in Path(first.bundle).rglob("*")}


def test_a_changed_setting_or_source_is_new_work(page: Path, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(page, config, tmp_path / "out", monkeypatch)
    other = msgspec.structs.replace(config, repair=RepairConfig(attempts=0))
    assert run(page, other, tmp_path / "out", monkeypatch).state is flow.State.DONE
    page.write_text(PAGE.replace("3200", "3300"), encoding="utf-8")
    assert run(page, other, tmp_path / "out", monkeypatch).state is flow.State.DONE


def test_what_an_editor_corrected_survives_a_rerun(page: Path, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    folder = Path(run(page, config, out, monkeypatch).bundle)
    desk = Desk(folder, who="M. Osei")
    t = desk.result().units[0].translations[0]
    desk.decide(Wish(kind=CorrectionKind.TEXT, segment=t.segment.id, before=t.target, after="By Hand"))
    desk.decide(Wish(kind=CorrectionKind.TERM, source="青禾县", before=word("青"), after="Qinghe"))
    desk.decide(Wish(kind=CorrectionKind.APPROVAL, unit=t.segment.unit))
    assert run(page, config, out, monkeypatch).state is flow.State.UNCHANGED
    run(page, msgspec.structs.replace(config, repair=RepairConfig(attempts=0)), out, monkeypatch)
    again = bundle.read(folder)
    assert again.units[0].translations[0].target == "By Hand"
    assert again.units[0].translations[0].origin is Origin.HUMAN
    assert again.approvals == (), "nobody has vouched for the new run's other sentences"


def test_a_term_set_in_a_review_is_new_work_for_the_issues_that_hold_it(
    page: Path, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    other = tmp_path / "other.txt"
    other.write_text(PAGE.split("\n\n")[0], encoding="utf-8")

    def states() -> dict[str, flow.State]:
        with session(config, out, monkeypatch, ScriptedEngine(english)) as s:
            return {Path(o.path).name: o.state for o in flow.run([page, other], s)}

    assert set(states().values()) == {flow.State.DONE}
    when = "2026-04-17T09:10:00Z"
    wish = Correction(
        kind=CorrectionKind.TERM, issue="x", who="M. Osei", when=when, source="老年食堂", before="a", after="Seniors' Canteen"
    )
    corrections.save(out, [wish])
    assert states() == {"page.txt": flow.State.DONE, "other.txt": flow.State.UNCHANGED}
    assert set(states().values()) == {flow.State.UNCHANGED}


def test_one_bad_file_costs_one_file(page: Path, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    with session(config, tmp_path / "out", monkeypatch, ScriptedEngine(english)) as s:
        outcomes = list(flow.run([empty, page, tmp_path / "missing.txt"], s))
    states = {Path(o.path).name: (o.state, o.code) for o in outcomes}
    assert states["page.txt"] == (flow.State.DONE, ExitCode.DONE)
    assert states["empty.txt"] == (flow.State.FAILED, ExitCode.INPUT)
    assert states["missing.txt"] == (flow.State.FAILED, ExitCode.INPUT)


def test_a_bug_in_one_passage_costs_that_passage(page: Path, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline import desks as desks_module

    real = desks_module.checks.run

    def buggy(item: object, *rest: object) -> object:
        if "冷库6座" in item.segment.text:  # type: ignore[attr-defined]
            raise RuntimeError("planted")
        return real(item, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(desks_module.checks, "run", buggy)
    outcome = run(page, config, tmp_path / "out", monkeypatch)
    assert outcome.failed_units == 1
    result = bundle.read(Path(outcome.bundle))
    lost = [f for u in result.units for f in u.findings if f.check == "failed"]
    assert len(lost) == 1
    assert "planted" in lost[0].message


def test_a_failed_check_is_tried_again_and_the_better_text_wins(
    page: Path, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def loses_a_number_first(request: Request) -> str | Reply:
        whole = english(request)
        if "86" in request.text and request.task is Task.TRANSLATE:
            asked.append(request.text)
            return str(whole).replace("86", "") if len(asked) == 1 else whole
        return whole

    generous = msgspec.structs.replace(config, repair=RepairConfig(attempts=1, token_budget=5.0))
    outcome = run(page, generous, tmp_path / "out", monkeypatch, loses_a_number_first)
    result = bundle.read(Path(outcome.bundle))
    (found,) = [t for u in result.units for t in u.translations if "86" in t.segment.text and t.segment.field is Field.SENTENCE]
    assert len(found.attempts) == 2
    assert found.chosen == 1
    assert "86" in found.target


def test_a_cut_output_is_shown(page: Path, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(request: Request) -> str | Reply:
        if "86" in request.text and request.task is Task.TRANSLATE:
            return Reply(id=request.id, text="There are 86 old", finish=Finish.LENGTH, prompt_tokens=5, output_tokens=5)
        return english(request)

    outcome = run(page, config, tmp_path / "out", monkeypatch, cut)
    result = bundle.read(Path(outcome.bundle))
    (found,) = [t for u in result.units for t in u.translations if "86" in t.segment.text and t.segment.field is Field.SENTENCE]
    assert any(f.check.startswith("cut") for f in found.findings)
    assert outcome.findings


def test_an_engine_error_on_one_request_leaves_an_honest_gap(
    page: Path, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(request: Request) -> str | Reply:
        if "86" in request.text and request.task is Task.TRANSLATE:
            return Reply(id=request.id, text="", finish=Finish.ERROR, prompt_tokens=0, output_tokens=0, error="no memory")
        return english(request)

    outcome = run(page, config, tmp_path / "out", monkeypatch, failing)
    assert outcome.failed_units == 1
    result = bundle.read(Path(outcome.bundle))
    (found,) = [t for u in result.units for t in u.translations if "86" in t.segment.text and t.segment.field is Field.SENTENCE]
    assert found.origin is Origin.NONE
    assert found.findings


def test_short_items_have_no_padded_summary(page: Path, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long_only = msgspec.structs.replace(config, summarise=msgspec.structs.replace(config.summarise, min_chars=100_000))
    outcome = run(page, long_only, tmp_path / "out", monkeypatch)
    result = bundle.read(Path(outcome.bundle))
    assert {u.summary.status for u in result.units} == {SummaryStatus.TOO_SHORT}


def test_the_same_page_twice_in_one_window(page: Path, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    twin = tmp_path / "twin.txt"
    twin.write_text(PAGE, encoding="utf-8")
    engine = ScriptedEngine(english)
    with session(config, tmp_path / "out", monkeypatch, engine) as s:
        outcomes = list(flow.run([page, twin], s))
    assert [o.state for o in outcomes] == [flow.State.DONE] * 2
    assert len({o.bundle for o in outcomes}) == 2
    assert len(engine.asked) == len({r.id for r in engine.asked})


@pytest.fixture(autouse=True)
def no_user_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PIPELINE_MODELS", str(tmp_path / "models"))
    yield


def test_an_override_changes_one_pairing_and_only_that_is_decoded_again(
    page: Path, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(page, config, tmp_path / "out", monkeypatch)
    headlines = {u.unit.headline.text for u in bundle.read(Path(first.bundle)).units if u.unit.headline}
    assert len(headlines) == 2
    rule = "overrides:\n  - body: 本报讯 记者陈立明报道\n    headline: 柳河镇：老年食堂开张 老人吃上热乎饭\n"
    page.with_suffix(".overrides.yaml").write_text(rule, encoding="utf-8")
    engine = ScriptedEngine(english)
    with session(config, tmp_path / "out", monkeypatch, engine) as s:
        (again,) = flow.run([page], s)
    assert again.state is flow.State.DONE
    units = bundle.read(Path(again.bundle)).units
    changed = next(u.unit for u in units if "苹果" in u.unit.blocks[0].text)
    assert changed.headline is not None
    assert changed.headline.text == "柳河镇：老年食堂开张 老人吃上热乎饭"
    body = {r.text for r in engine.asked if "冷库" in r.text or "食堂每天" in r.text}
    assert not body, "bodies were decoded before and are taken from the journal"


@pytest.mark.parametrize(
    ("rule", "asked_again"),
    [
        ("{retitle: 苹果采摘节引来游客}", 0),
        ("{body: 本报讯 记者陈立明报道, headline: 柳河镇：老年食堂开张}", 0),
        ("{retitle: 金秋采摘正当时 果农忙得笑开颜 青禾县：苹果采摘节引来游客1.2万人次}", 1),
    ],
)
def test_only_the_text_that_an_override_changes_is_asked_for_again(
    *, rule: str, asked_again: int, page: Path, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines that change their places are in the journal; two lines made one headline are a text of their own."""
    page.write_text(PAGE.replace("金秋采摘正当时\n", "金秋采摘正当时 果农忙得笑开颜"), encoding="utf-8")
    first, second = ScriptedEngine(english), ScriptedEngine(english)
    with session(config, tmp_path / "out", monkeypatch, first) as s:
        (before,) = flow.run([page], s)
    shown = [[(u.unit.headline, u.unit.subtitle) for u in bundle.read(Path(before.bundle)).units]]
    page.with_suffix(".overrides.yaml").write_text(f"overrides:\n  - {rule}\n", encoding="utf-8")
    with session(config, tmp_path / "out", monkeypatch, second) as s:
        (after,) = flow.run([page], s)
    assert len(first.asked) > 10
    assert len(second.asked) == asked_again
    assert all("果农忙得笑开颜" in r.text and "苹果采摘节" in r.text for r in second.asked)
    shown.append([(u.unit.headline, u.unit.subtitle) for u in bundle.read(Path(after.bundle)).units])
    assert shown[0] != shown[1]
    assert all(t.target for u in bundle.read(Path(after.bundle)).units for t in u.translations)
