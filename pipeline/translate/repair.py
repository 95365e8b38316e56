"""Which failed translations are tried again, and how, within a budget of extra tokens.

The choice depends only on the first pass's results, never on timing, so an interrupted and resumed
run repairs exactly what an uninterrupted one does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipeline.checks import rank
from pipeline.config import RepairConfig
from pipeline.decoding import Job
from pipeline.records import Attempt, Finding, Origin, Translation
from pipeline.translate.job import Desk, Strategy, attempt_once, build
from pipeline.translate.wording import speaker_first

_MISSING: Final = frozenset({"names", "quotes", "attribution"})
_SHORT: Final = frozenset({"length", "dropped", "empty", "cut_off"})
_RECKONED: Final = 1.1
_LOOP: Final = frozenset({"repetition"})


def strategies(translation: Translation, desk: Desk) -> tuple[Strategy, ...]:
    """Further ways of asking, the likeliest to cure what failed first."""
    failed = {f.check for f in translation.findings}
    text = translation.segment.text
    ways: list[Strategy] = []
    if failed & _MISSING and speaker_first(text) != text:
        ways.append(Strategy(name="speaker-first", reorder=True))
    if "numbers" in failed and desk.project(text, True).text != desk.project(text, False).text:
        ways.append(Strategy(name="figures", figures=True))
    if glosses := _glosses(translation, desk):
        ways.append(Strategy(name="gloss", glosses=glosses))
    if failed & _LOOP:
        ways.append(Strategy(name="penalty", repetition_penalty=1.15, no_repeat_ngram=4))
    if failed & _SHORT and len(text) > 40:
        ways.append(Strategy(name="pieces", max_chars=max(24, len(text) // 2)))
    if desk.family == "instruct":
        ways.append(Strategy(name="emphatic", emphatic=True))
    else:
        ways.append(Strategy(name="beam", beam=5, no_repeat_ngram=6))
    if len(text) > 40:
        ways.append(Strategy(name="pieces", max_chars=max(24, len(text) // 2)))
    ways.append(Strategy(name="penalty", repetition_penalty=1.1, no_repeat_ngram=4))
    ways.append(Strategy(name="plain", project=False))
    # dict keeps the first of equals, in order
    return tuple({w.name: w for w in ways}.values())


def _glosses(translation: Translation, desk: Desk) -> tuple[tuple[str, str], ...]:
    """Words that were got wrong and still stand in the source as Chinese, each with its English."""
    source = translation.projection.text if translation.projection is not None else translation.segment.text
    known = ((f.source, desk.remedy(f)) for f in translation.findings if f.source and f.source in source)
    return tuple(dict.fromkeys((zh, english) for zh, english in known if english))


def plan(translations: Sequence[Translation], config: RepairConfig) -> tuple[tuple[int, int], ...]:
    """Which translations are repaired, and with how many further tries at most: pairs of index and tries, worst first.

    The budget goes round: everything doubted gets a second try, worst first, before anything gets a
    third.  A try is reckoned to cost a tenth more than the first one: whole sentences are longer than clipped ones.
    """
    spent = [sum(a.prompt_tokens + a.output_tokens for a in t.attempts) for t in translations]
    budget = sum(spent) * config.token_budget
    wanted = [i for i, t in enumerate(translations) if needs_repair(t)]
    wanted.sort(key=lambda i: (-rank(translations[i].findings), i))
    tries = dict.fromkeys(wanted, 0)
    for _ in range(config.attempts):
        for index in wanted:
            cost = spent[index] * _RECKONED
            if cost <= budget:
                tries[index] += 1
                budget -= cost
    return tuple((index, number) for index, number in tries.items() if number)


def needs_repair(translation: Translation) -> bool:
    """True for model output with an alarm that asking in another way may cure."""
    if translation.origin not in (Origin.MODEL, Origin.NONE) or not translation.attempts:
        return False
    return _curable(translation.findings)


def _curable(findings: Sequence[Finding]) -> bool:
    """The model's own doubt is shown and not tried again: greedy output is its best guess already."""
    return any(f.alarm and f.check != "unsure" for f in findings)


def second_pass(translation: Translation, tries: int, desk: Desk) -> Job[Translation]:
    """Try again in other ways until the checks pass or the tries are used up; the best attempt wins."""
    attempts: list[Attempt] = [*translation.attempts]
    findings: list[tuple[Finding, ...]] = [translation.findings]
    projection = translation.projection
    for strategy in strategies(translation, desk)[:tries]:
        attempt, put, found = yield from attempt_once(translation.segment, strategy, desk)
        attempts.append(attempt)
        findings.append(found)
        projection = projection or put
        if not _curable(found):
            break
    return build(translation.segment, tuple(attempts), tuple(findings), projection, desk)
