"""One unit's Chinese summary, as a job of the decoding loop.

A body longer than the engine can read at once is summarised in parts cut at paragraphs, each part
to its share of the length, and the parts' summaries are summarised again (map and reduce); no text
is left out silently.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from pipeline.checks.summary import sentences
from pipeline.config import SummariseConfig
from pipeline.decoding import Job
from pipeline.engines.base import Finish, Limits, Reply, Request, Task
from pipeline.records import Attempt, Finding, Severity, Summary, SummarySentence, SummaryStatus, Unit, UnitKind
from pipeline.segment.sentences import split_for_model
from pipeline.summarise import prompts

Check = Callable[[str, Unit], tuple[Finding, ...]]
Support = Callable[[Sequence[str], Unit], tuple[SummarySentence, ...]]

_TOKENS_PER_CHAR: Final = 1.4
"""Room for the summary; Chinese costs 0.7 to 1.1 tokens a character in the models used."""
_OVERRUN: Final = 1.6
"""Times the length asked for after which the model is stopped; the summary then ends with its last whole sentence."""
_TOLERANCE: Final = 1.25
"""Times the length asked for up to which whole sentences are kept; the first always is."""
_PROMPT_MARGIN: Final = 160
_ENDS: Final = ("。", "！", "？", "”", "…", "）", "」")


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a summary needs besides its unit."""

    family: str
    config: SummariseConfig
    limits: Limits
    beam: int
    check: Check
    support: Support
    count_tokens: Callable[[Sequence[str]], tuple[int, ...]]
    signature: str


def body_text(unit: Unit) -> str:
    """The unit's paragraphs, one a line."""
    return "\n".join(block.text for block in unit.paragraphs)


def target_length(body: int, config: SummariseConfig) -> int:
    """Characters asked for: a share of the body's length, within the configured bounds."""
    return max(config.shortest, min(config.longest, round(body * config.ratio)))


def summarise(unit: Unit, desk: Desk) -> Job[Summary]:
    """Write the summary, retrying once when it fails a check."""
    body = body_text(unit)
    if not desk.config.enabled:
        return Summary(unit=unit.id, status=SummaryStatus.OFF)
    if len(body) < desk.config.min_chars or unit.kind in (UnitKind.CAPTION, UnitKind.VERSE, UnitKind.ADVERTISEMENT):
        return Summary(unit=unit.id, status=SummaryStatus.TOO_SHORT)
    limit = target_length(len(body), desk.config)
    attempts: list[Attempt] = []
    found: list[tuple[Finding, ...]] = []
    for number, penalty in enumerate((1.0, 1.1)):
        text, attempt, cut = yield from _write(body, limit, penalty, desk)
        findings = _check(text, attempt, limit, unit, desk, cut=cut)
        attempts.append(msgspec.structs.replace(attempt, strategy=("first", "penalty")[number], failed=tuple(f.check for f in findings)))
        found.append(findings)
        if not any(f.alarm for f in findings):
            break
    best = min(range(len(attempts)), key=lambda i: (not attempts[i].text, sum(f.alarm for f in found[i]), i))
    text = attempts[best].text
    return Summary(
        unit=unit.id,
        status=SummaryStatus.WRITTEN if text else SummaryStatus.FAILED,
        text=text,
        sentences=desk.support(sentences(text), unit) if text else (),
        attempts=tuple(attempts),
        chosen=best,
        findings=found[best],
        signature=desk.signature,
    )


def _write(body: str, limit: int, penalty: float, desk: Desk) -> Job[tuple[str, Attempt, int]]:
    """One try: the summary, how it came about, and the source tokens the engine left out (none, unless a limit is very small)."""
    replies: list[Reply] = []
    text = body
    while True:
        parts = _parts(text, desk)
        if len(parts) == 1:
            replies.append((yield _request(parts[0], limit, penalty, desk)))
            whole = _ended(replies[-1])
            final = _within(whole, limit * _TOLERANCE)
            if len(final) < len(whole):
                replies[-1] = msgspec.structs.replace(replies[-1], finish=Finish.LENGTH)
            break
        share = max(desk.config.shortest, limit * 2 // len(parts))
        shorter: list[str] = []
        for part in parts:
            replies.append((yield _request(part, share, penalty, desk)))
            shorter.append(_ended(replies[-1]))
        joined = "\n".join(s for s in shorter if s)
        if not joined or len(joined) >= len(text):
            # The model does not shorten: what it made of every part is all there is, rather than going round for ever.
            final = _tidy(joined)
            break
        text = joined
    finish = next((f.value for f in (Finish.ERROR, Finish.RUNAWAY, Finish.LENGTH) if any(r.finish is f for r in replies)), "stop")
    attempt = Attempt(
        strategy="",
        text=final,
        finish=finish,
        prompt_tokens=sum(r.prompt_tokens for r in replies),
        output_tokens=sum(r.output_tokens for r in replies),
        score=replies[-1].score,
    )
    return final, attempt, sum(r.input_cut for r in replies)


def _ended(reply: Reply) -> str:
    """The reply's text; one that hit its limit ends with its last whole sentence, if it has one."""
    text = _tidy(reply.text)
    return (_whole(text) or text) if reply.finish is Finish.LENGTH else text


def _parts(text: str, desk: Desk) -> tuple[str, ...]:
    """Cut a text the engine cannot read at once into parts of like size, at paragraphs where they fit, else inside them.

    A seq2seq model reads up to its own limit; a chat model's context also holds the prompt and the summary.
    """
    room = desk.limits.max_input_tokens
    if desk.family == "instruct":
        room -= _PROMPT_MARGIN + int(desk.config.longest * _TOKENS_PER_CHAR * 2)
    room = max(1, room)

    def size(piece: str) -> int:
        return desk.count_tokens([piece])[0]

    whole = size(text)
    if whole <= room:
        return (text,)
    share = -(-whole // -(-whole // room))
    parts: list[str] = []
    for line in text.split("\n"):
        for number, piece in enumerate(_pieces(line, room, size)):
            longer = f"{parts[-1]}{'' if number else chr(10)}{piece}" if parts else piece
            # A part grows while that brings it nearer to its share.
            if parts and size(longer) <= min(room, 2 * share - size(parts[-1])):
                parts[-1] = longer
            else:
                parts.append(piece)
    return tuple(parts)


def _pieces(paragraph: str, room: int, size: Callable[[str], int]) -> tuple[str, ...]:
    tokens = size(paragraph)
    if tokens <= room or len(paragraph) == 1:
        return (paragraph,)
    # Tokens are spread unevenly over a text, so a piece may still be too long.
    pieces = split_for_model(paragraph, max(1, min(len(paragraph) - 1, room * len(paragraph) // tokens)))
    return tuple(smaller for piece in pieces for smaller in _pieces(piece, room, size))


def _request(text: str, limit: int, penalty: float, desk: Desk) -> Request:
    return Request(
        id="",
        task=Task.SUMMARISE,
        text=text,
        messages=prompts.messages(text, limit) if desk.family == "instruct" else (),
        max_tokens=int(limit * _TOKENS_PER_CHAR * _OVERRUN),
        beam=desk.beam,
        repetition_penalty=penalty,
    )


def _tidy(text: str) -> str:
    """One paragraph, without the label a model likes to put in front."""
    text = "".join(text.split("\n")).strip()
    for label in ("摘要：", "摘要:", "概括：", "报道概括："):
        text = text.removeprefix(label)
    return text.strip()


def _whole(text: str) -> str:
    """The text without an unfinished last sentence; nothing when no sentence is finished."""
    kept = list(sentences(text))
    while kept and not kept[-1].endswith(_ENDS):
        kept.pop()
    return "".join(kept)


def _within(text: str, most: float) -> str:
    """The leading whole sentences of at most so many characters: the most important come first, as the prompt asks."""
    kept = ""
    for sentence in sentences(text):
        if kept and len(kept) + len(sentence) > most:
            break
        kept += sentence
    return kept or text


def _check(text: str, attempt: Attempt, limit: int, unit: Unit, desk: Desk, *, cut: int) -> tuple[Finding, ...]:
    def finding(check: str, severity: Severity, message: str) -> Finding:
        return Finding(check=check, severity=severity, message=message, unit=unit.id, source=text[:60])

    if not text:
        return (finding("summary_empty", Severity.ERROR, "No summary was produced."),)
    found = desk.check(text, unit)
    out: list[Finding] = []
    if cut:
        out.append(finding("summary_source_cut", Severity.WARNING, f"{cut} tokens of the article did not fit the model and were left out."))
    if attempt.finish == Finish.LENGTH and text.endswith(_ENDS):
        out.append(
            finding(
                "summary_trimmed",
                Severity.INFO,
                "The model wrote more than was asked for; the summary ends with the last whole sentence that fits.",
            )
        )
    elif attempt.finish != Finish.STOP and not any(f.check == "summary_cut_off" for f in found):
        out.append(finding("summary_cut", Severity.WARNING, "The summary breaks off before its end."))
    if len(text) > limit * 2:
        out.append(
            finding("summary_long", Severity.INFO, f"The summary has {len(text)} characters, more than twice the {limit} asked for.")
        )
    return (*out, *found)
