"""One segment's way from Chinese to English, as a job of the decoding loop.

The first pass tries each segment once.  Which failures are tried again, and how, is decided after
the whole issue's first pass (``pipeline.translate.repair``), so that the extra cost is bounded and
does not depend on the order in which replies arrive.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Final

import msgspec

from pipeline.checks import CheckInput, label, rank
from pipeline.config import TranslateConfig
from pipeline.decoding import Job
from pipeline.engines.base import Constraint, Finish, Reply, Request, Task
from pipeline.records import (
    Attempt,
    Field,
    Finding,
    Label,
    NameEntry,
    Origin,
    Projection,
    Record,
    Remembered,
    Segment,
    Translation,
)
from pipeline.segment.sentences import split_for_model
from pipeline.translate import prompts
from pipeline.translate.wording import enclosed, glossed, has_han, join, joined_lines, requote, run_on, speaker_first, tidy

Check = Callable[[CheckInput], tuple[Finding, ...]]


class Strategy(Record, frozen=True):
    """One way of asking."""

    name: str
    project: bool = True
    figures: bool = False
    """Write every number as English, not only those that are usually got wrong."""
    glosses: tuple[tuple[str, str], ...] = ()
    """Chinese words and the English to write in their places."""
    reorder: bool = False
    """Put a speaker that follows the quotation in front of it."""
    max_chars: int = 0
    """Split the text more finely than usual; 0 keeps the configured length."""
    emphatic: bool = False
    beam: int = 0
    """0 keeps the engine's configured beam."""
    repetition_penalty: float = 1.0
    no_repeat_ngram: int = 0


FIRST: Final = Strategy(name="first")


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a translation needs besides its segment; built once per issue."""

    family: str
    config: TranslateConfig
    beam: int
    check: Check
    remedy: Callable[[Finding], str | None]
    """English for a single word that a finding says was got wrong."""
    project: Callable[[str, bool], Projection]
    """Put known English into a text; with every number, or only those that are usually got wrong."""
    settled: Callable[[str], str | None]
    """English for a passage that the tables cover whole."""
    compose: Callable[[str], str | None]
    """English from the tables alone, when they cover the whole text."""
    recall: Callable[[Segment], tuple[Origin, Remembered] | None]
    """The translation memory's text for exactly this passage, and whether a person wrote it."""
    similar: Callable[[Segment], tuple[Remembered, ...]]
    """What people wrote for similar passages, the most similar first."""
    show_similar: bool
    """Whether an instruct model sees the first of them as a worked example."""
    dateline: Callable[[str], tuple[int, str]]
    """Length of a standing opening (本报讯 …) and its English; ``(0, "")`` for none."""
    names: Callable[[str], tuple[NameEntry, ...]]
    """Name sheet entries that occur in a text."""
    count_tokens: Callable[[Sequence[str]], tuple[int, ...]]
    signature: str


_RULED: Final = frozenset({Field.BYLINE, Field.CREDIT, Field.KICKER})


def first_pass(segment: Segment, desk: Desk) -> Job[Translation]:
    """Translate a segment without a model where that is possible, else with one try."""
    settled = _settled(segment, desk)
    if settled is not None:
        return settled
    attempt, projection, findings = yield from attempt_once(segment, FIRST, desk)
    return build(segment, (attempt,), (findings,), projection, desk)


def _settled(segment: Segment, desk: Desk) -> Translation | None:
    recalled = desk.recall(segment)
    if recalled is not None and (served := _served(segment, *recalled, desk)) is not None:
        return served
    if not has_han(segment.text):
        return Translation(segment=segment, target=segment.text, origin=Origin.COPIED, label=Label.READ, signature=desk.signature)
    composed = desk.settled(segment.text) or (desk.compose(segment.text) if segment.field in _RULED else None)
    if composed:
        return Translation(segment=segment, target=composed, origin=Origin.RULE, label=Label.READ, signature=desk.signature)
    return None


def _served(segment: Segment, origin: Origin, remembered: Remembered, desk: Desk) -> Translation | None:
    """A remembered text; a model's only if today's checks and this issue's names have nothing against it."""
    made = Translation(
        segment=segment, target=remembered.target, origin=origin, label=Label.READ, signature=desk.signature, remembered=(remembered,)
    )
    if origin is Origin.HUMAN:
        return made
    projection = desk.project(segment.text, FIRST.figures)
    findings = desk.check(CheckInput(segment=segment, target=made.target, projection=projection, names=desk.names(segment.text)))
    if any(f.alarm for f in findings):
        return None
    return msgspec.structs.replace(made, findings=findings, projection=projection if projection.replacements else None)


def attempt_once(
    segment: Segment, strategy: Strategy, desk: Desk
) -> Generator[Request, Reply, tuple[Attempt, Projection | None, tuple[Finding, ...]]]:
    """Ask for one segment in one way; long segments go in pieces that are joined again.

    Returns:
        The attempt, what was put into the source, and what the checks say of it.
    """
    max_chars = strategy.max_chars or desk.config.max_source_chars
    opening, opening_english = desk.dateline(segment.text) if segment.field is Field.SENTENCE else (0, "")
    text = segment.text[opening:] if not strategy.reorder else speaker_first(segment.text[opening:])
    if segment.field in prompts.DISPLAY:
        text = joined_lines(text)
    # Small models drop the marks around a text that is one quotation; nothing is to be said about them anyway.
    inside = enclosed(text) if segment.field in (Field.SENTENCE, Field.SUMMARY) else None
    replies: list[Reply] = []
    pieces = split_for_model(text if inside is None else inside, max_chars)
    for piece in pieces:
        source = desk.project(piece, strategy.figures).text if strategy.project else piece
        source = glossed(source, strategy.glosses)
        replies.append((yield _request(segment, source, strategy, desk)))
    english = join(run_on(pieces, requote(pieces, [prompts.unlabelled(r.text) for r in replies])))
    if inside is not None and english:
        english = f"“{(enclosed(english) or english)}”"
    target = join([opening_english, tidy(english, segment.field)])
    attempt = Attempt(
        strategy=strategy.name,
        text=target,
        finish=_worst(replies),
        prompt_tokens=sum(r.prompt_tokens for r in replies),
        output_tokens=sum(r.output_tokens for r in replies),
        score=_mean_score(replies),
    )
    # Offsets of a reordered text do not point into the segment; only the plain projection is recorded.
    projection = desk.project(segment.text, strategy.figures) if strategy.project and not strategy.reorder else None
    item = CheckInput(
        segment=segment,
        target=target,
        finish=attempt.finish,
        input_cut=sum(r.input_cut for r in replies),
        projection=projection,
        names=desk.names(segment.text),
        score=attempt.score,
        doubts=tuple(doubt for r in replies for doubt in r.doubts),
    )
    findings = desk.check(item)
    return msgspec.structs.replace(attempt, failed=tuple(dict.fromkeys(f.check for f in findings))), projection, findings


def build(
    segment: Segment,
    attempts: tuple[Attempt, ...],
    findings: tuple[tuple[Finding, ...], ...],
    projection: Projection | None,
    desk: Desk,
) -> Translation:
    """Choose the best attempt: fewest and mildest findings, then the first of all, then the higher score, then the earlier one.

    What cures nothing is no reason to leave the first answer: scores under different prompts say little about each other.
    """
    order = sorted(range(len(attempts)), key=lambda i: (not attempts[i].text, rank(findings[i]), i > 0, -(attempts[i].score or 0.0), i))
    best = order[0]
    target = attempts[best].text
    return Translation(
        segment=segment,
        target=target,
        origin=Origin.MODEL if target else Origin.NONE,
        label=label(findings[best]),
        attempts=attempts,
        chosen=best,
        projection=projection if projection and projection.replacements else None,
        findings=findings[best],
        signature=desk.signature,
        remembered=desk.similar(segment),
    )


def _request(segment: Segment, text: str, strategy: Strategy, desk: Desk) -> Request:
    tokens = desk.count_tokens([text])[0]
    instruct = desk.family == "instruct"
    return Request(
        id="",
        task=Task.TRANSLATE,
        text=text,
        messages=prompts.messages(text, segment.field, examples=desk.config.examples, emphatic=strategy.emphatic, like=_like(segment, desk))
        if instruct
        else (),
        constraint=Constraint.NO_HAN if desk.config.forbid_han else Constraint.NONE,
        max_tokens=int(tokens * desk.config.output_ratio) + desk.config.output_margin,
        beam=strategy.beam or desk.beam,
        repetition_penalty=strategy.repetition_penalty,
        no_repeat_ngram=strategy.no_repeat_ngram,
    )


def _like(segment: Segment, desk: Desk) -> tuple[tuple[str, str], ...]:
    """The most similar passage a person translated, with its English put in as the model sees it everywhere."""
    shown = desk.similar(segment)[:1] if desk.show_similar else ()
    return tuple((desk.project(r.source, FIRST.figures).text, r.target) for r in shown)


def _worst(replies: Sequence[Reply]) -> str:
    order = (Finish.ERROR, Finish.RUNAWAY, Finish.LENGTH)
    found = {r.finish for r in replies}
    return next((f.value for f in order if f in found), Finish.STOP.value)


def _mean_score(replies: Sequence[Reply]) -> float | None:
    scored = [(r.score, max(1, r.output_tokens)) for r in replies if r.score is not None]
    if not scored:
        return None
    return round(sum(s * n for s, n in scored) / sum(n for _, n in scored), 4)
