"""The decoding loop: every job gets exactly its replies, whatever the order, the engine or the interruptions."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.decoding import Job, Loop, request_key
from pipeline.engines.base import Finish, Reply, Request, Task
from pipeline.errors import EngineError
from pipeline.journal import FileJournal
from tests.scripted import ScriptedEngine


def ask(*texts: str) -> Job[list[str]]:
    """A job that asks for each text in turn and returns the answers."""
    out = []
    for text in texts:
        reply = yield Request(id="", task=Task.TRANSLATE, text=text)
        out.append(reply.text)
    return out


def upper(request: Request) -> str:
    return request.text.upper()


@given(st.lists(st.lists(st.text("abc", max_size=3), max_size=4), max_size=12), st.booleans())
def test_every_job_gets_its_own_replies_in_its_own_order(jobs: list[list[str]], continuous: bool) -> None:
    loop: Loop[list[str]] = Loop(ScriptedEngine(upper, continuous=continuous))
    for number, texts in enumerate(jobs):
        loop.submit(str(number), ask(*texts))
    results = dict(loop.run())
    assert results == {str(n): [t.upper() for t in texts] for n, texts in enumerate(jobs)}
    assert loop.in_work == 0


def test_equal_requests_are_decoded_once() -> None:
    engine = ScriptedEngine(upper)
    loop: Loop[list[str]] = Loop(engine)
    for number in range(5):
        loop.submit(str(number), ask("same"))
    assert [v for _, v in loop.run()] == [["SAME"]] * 5
    assert len(engine.asked) == 1


def test_jobs_submitted_while_running_are_run() -> None:
    loop: Loop[list[str]] = Loop(ScriptedEngine(upper))
    loop.submit("a", ask("x"))
    seen = {}
    for key, value in loop.run():
        seen[key] = value
        if key == "a":
            loop.submit("b", ask("y", "z"))
    assert seen == {"a": ["X"], "b": ["Y", "Z"]}


def test_a_batch_engine_gets_all_that_is_ready_at_once_longest_first() -> None:
    engine = ScriptedEngine(upper, continuous=False)
    loop: Loop[list[str]] = Loop(engine)
    for number in range(60):
        loop.submit(str(number), ask("y" * (number + 1)))
    results = dict(loop.run())
    assert all(results[str(n)] == ["Y" * (n + 1)] for n in range(60))
    assert [[len(text) for text in batch] for batch in engine.batches] == [list(range(60, 0, -1))]


def test_an_interrupted_loop_goes_on_from_its_journal(tmp_path: Path) -> None:
    texts = [f"t{n}" for n in range(10)]
    with FileJournal(tmp_path / "j.sqlite") as journal:
        loop: Loop[list[str]] = Loop(ScriptedEngine(upper, die_after=4), journal)
        for t in texts:
            loop.submit(t, ask(t))
        with pytest.raises(EngineError):
            list(loop.run())
    engine = ScriptedEngine(upper)
    with FileJournal(tmp_path / "j.sqlite") as journal:
        again: Loop[list[str]] = Loop(engine, journal)
        for t in texts:
            again.submit(t, ask(t))
        assert dict(again.run()) == {t: [t.upper()] for t in texts}
    assert len(engine.asked) == 6


def test_a_failed_reply_is_not_kept(tmp_path: Path) -> None:
    def failing(request: Request) -> Reply:
        return Reply(id=request.id, text="", finish=Finish.ERROR, prompt_tokens=0, output_tokens=0, error="no")

    with FileJournal(tmp_path / "j.sqlite") as journal:
        loop: Loop[list[str]] = Loop(ScriptedEngine(failing), journal)
        loop.submit("a", ask("x"))
        assert dict(loop.run()) == {"a": [""]}
        again: Loop[list[str]] = Loop(ScriptedEngine(upper), journal)
        again.submit("a", ask("x"))
        assert dict(again.run()) == {"a": ["X"]}


@pytest.mark.parametrize(
    ("field", "value"),
    [("text", "b"), ("max_tokens", 9), ("beam", 4), ("repetition_penalty", 1.2), ("no_repeat_ngram", 3), ("seed", 7), ("stop", ("x",))],
)
def test_whatever_shapes_a_reply_changes_its_key(field: str, value: object) -> None:
    engine = ScriptedEngine(upper)
    request = Request(id="1", task=Task.TRANSLATE, text="a")
    assert request_key(engine, request) != request_key(engine, msgspec.structs.replace(request, **{field: value}))


def test_another_model_has_other_keys_and_the_id_none() -> None:
    request = Request(id="1", task=Task.TRANSLATE, text="a")
    assert request_key(ScriptedEngine(upper, model="a"), request) != request_key(ScriptedEngine(upper, model="b"), request)
    assert request_key(ScriptedEngine(upper), request) == request_key(ScriptedEngine(upper), msgspec.structs.replace(request, id="2"))
