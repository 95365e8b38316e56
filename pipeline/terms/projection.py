"""Known English put into a Chinese source before decoding, and English composed from the tables alone.

Terms, names and amounts are found, the longest first, and neighbours that belong together are joined
the way English orders them: a chain of places from the smallest up, an office before or after its
holder.  A small model then only has to carry these words over.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import Final

from pipeline.records import NameEntry, Projection, Replacement
from pipeline.terms import levels
from pipeline.terms.lexicon import Lexicon
from pipeline.terms.numbers import Approx, Kind, Quantity, read_zh, render_en
from pipeline.terms.patterns_zh import ERA_YEAR

_BONUS: Final = {"person": 12, "place": 4, "org": 2}
"""What a kind is worth beyond its length when candidates overlap, in tenths of a character."""
_PIECE: Final = 6
"""What each further piece costs: one long phrase reads better than two short ones."""
_COMMON: Final = 2
"""Terms of up to this many characters are common nouns a model knows; putting them in only breaks up the sentence."""
_ROLE: Final = re.compile(
    r"本报讯|本报|特约|实习生|实习|首席|记者|通讯员|摄影报道|摄影|摄制|摄|报道|文并?[/／]?图|文字|图片|综合|□|[\s：:、，,。/／（）()|｜]+"
)
_DAY: Final = re.compile(r"[A-Z][a-z]+ \d{1,2}(?:, \d{4})?")
"""A single day, as it opens a sentence: English then says on it."""
_PARENTS: Final = (" of the Party Committee", " of the People's Congress", " of the People's Government")
"""Parents named after their place; the place goes before them, not before their departments."""
_PER_EN: Final = {"亩": "mu", "斤": "jin"}
_PER: Final = re.compile("每([亩斤])地?")
"""Rates in units that a model takes for acres and kilograms."""
_AS_WRITTEN: Final = re.compile("[时分].+秒|秒[0-9０-９]|时.+分|半数|一半|过半|大半|后$")
"""Times of several parts, which English does not turn into seconds, halves, and generations (90后): models know them."""
_FIGURES: Final = re.compile(r"[\d\s.,%+*/()-]*")
"""Figures and what stands between them, nothing to translate."""
_PLAIN_UNITS: Final = frozenset({"", "one", "person", "item", "household", "piece", "kind"})


class Figures(Enum):
    """Which numbers are written as English."""

    NONE = "none"
    HARD = "hard"
    """Those that small models get wrong."""
    ALL = "all"


def project(text: str, lexicon: Lexicon, names: Sequence[NameEntry], *, figures: Figures = Figures.HARD) -> Projection:
    """Put known English into ``text``.

    Args:
        text: a sentence or display line.
        lexicon: the term tables.
        names: the issue's name sheet; its entries win over the tables.
        figures: which amounts, dates and shares are written as English too.

    Returns:
        The new text and what was replaced, with offsets into ``text``.
    """
    chosen = _choose(_candidates(text, lexicon, names, figures))
    joined = tuple(_join(text, chosen))
    return Projection(text=_put_in(text, joined), replacements=joined)


def compose(text: str, lexicon: Lexicon, names: Sequence[NameEntry]) -> str | None:
    """English for a whole byline, credit or place line from tables and names alone; ``None`` where they do not cover it."""
    chosen = _choose(_candidates(text, lexicon, names, Figures.NONE))
    if not chosen:
        return None
    rest = "".join(_ROLE.sub("", gap) for gap in _gaps(text, chosen))
    if rest:
        return None
    people = [r.target for r in chosen if r.kind == "person"]
    others = [r for r in chosen if r.kind not in ("person", "title")]
    if people:
        return _byline(text, people, others)
    if len(chosen) == len(others) and not _ROLE.sub("", "".join(_gaps(text, chosen))):
        joined = tuple(_join(text, chosen))
        return joined[0].target if len(joined) == 1 else None
    return None


def settled(text: str, lexicon: Lexicon) -> str | None:
    """English for a passage that the tables cover whole: a standing line (特此公告。), or names and figures (上证指数 2823.11 -0.50%).

    Returns:
        ``None`` where they do not.
    """
    bare = re.sub(r"\s+", "", text)
    term = lexicon.get(bare.rstrip("。！"))
    if term is not None and not term.reference and term.preferred[0].isupper():
        return term.preferred + ("." if bare.endswith(("。", "！")) else "")
    if not any(c.isdigit() for c in text):
        return None
    chosen = _choose(_candidates(text, lexicon, (), Figures.NONE))
    rest = "".join(_gaps(text, chosen))
    if chosen and any(c.isdigit() for c in rest) and _FIGURES.fullmatch(rest):
        line = " ".join(_put_in(text, tuple(chosen)).split()).removeprefix("the ")
        return line[0].upper() + line[1:]
    return None


def _byline(text: str, people: Sequence[str], others: Sequence[Replacement]) -> str:
    listed = people[0] if len(people) == 1 else ", ".join(people[:-1]) + " and " + people[-1]
    many = len(people) > 1
    lead = "Photo by" if "摄" in text and "摄影报道" not in text else "By"
    office = ""
    if "实习生" in text:
        office = "" if "记者" in text or "通讯员" in text else ("interns" if many else "intern")
    elif "通讯员" in text and "记者" not in text:
        office = "correspondents" if many else "correspondent"
    elif "记者" in text and "通讯员" not in text:
        office = ("staff reporters" if many else "staff reporter") if "本报" in text else ("reporters" if many else "reporter")
    media = next((r.target for r in others if r.kind == "media"), "")
    return " ".join(p for p in (lead, listed) if p) + "".join(f", {p}" for p in (office, media) if p)


# ---------------------------------------------------------------- finding


def _candidates(text: str, lexicon: Lexicon, names: Sequence[NameEntry], figures: Figures) -> Iterator[Replacement]:
    for entry in names:
        at = text.find(entry.source)
        while at >= 0:
            end = at + len(entry.source)
            yield Replacement(start=at, end=end, source=entry.source, target=entry.target, kind=entry.kind, origin=entry.decided_by)
            at = text.find(entry.source, end)
    for hit in lexicon.find(text):
        term = hit.term
        if term.kind == "term" and len(term.zh) <= _COMMON and not term.always:
            continue
        yield Replacement(start=hit.start, end=hit.end, source=term.zh, target=term.preferred, kind=term.kind, origin=term.file)
    if figures is not Figures.NONE:
        for found in levels.find(text):
            source = text[found.start : found.end]
            yield Replacement(start=found.start, end=found.end, source=source, target=found.english, kind="term", origin="rule")
        for per in _PER.finditer(text):
            target = f"per {_PER_EN[per[1]]}"
            yield Replacement(start=per.start(), end=per.end(), source=per[0], target=target, kind="number", origin="rule")
        for quantity in read_zh(text):
            if ERA_YEAR.match(text, quantity.start):
                continue  # 1937 would stand behind the era's name
            if _worth_writing(quantity) or (figures is Figures.ALL and quantity.kind is not Kind.CODE):
                noun = _noun_follows(text, quantity)
                target = render_en(quantity, noun_follows=noun)
                if quantity.kind is Kind.DATE and not quantity.start and _DAY.fullmatch(target):
                    target = f"On {target}"
                yield Replacement(
                    start=quantity.start,
                    end=quantity.end,
                    source=text[quantity.start : quantity.end],
                    target=target,
                    kind="number",
                    origin="rule",
                )


def _worth_writing(q: Quantity) -> bool:
    """Amounts a model gets wrong: scales, Chinese units, shares, dates, approximations.  Bare small figures it does not."""
    if q.kind in (Kind.CODE, Kind.ORDINAL, Kind.TIME) or _AS_WRITTEN.search(q.text):
        return False
    if q.kind is not Kind.CARDINAL:
        return True
    written = q.text
    return (
        any(c in written for c in "万亿")
        or q.value.denominator > 1
        or (q.approx is not Approx.NONE and bool(q.unit))
        or (q.approx is not Approx.NONE and any(c.isdigit() for c in written))
        or (q.unit not in _PLAIN_UNITS and any(c.isdigit() or c in "百千" for c in written))
    )


def _noun_follows(text: str, q: Quantity) -> bool:
    """A counter is followed by what it counts; 人 is what it counts."""
    return not q.text.endswith(("人", "人次")) and "\u3400" <= text[q.end : q.end + 1] <= "\u9fff"


def _choose(candidates: Iterator[Replacement]) -> tuple[Replacement, ...]:
    """The best set that does not overlap: most characters covered, in few pieces, names first (weighted interval scheduling)."""
    ordered = sorted(candidates, key=lambda r: (r.end, r.start, r.kind))
    ends = [r.end for r in ordered]
    best: list[tuple[int, tuple[Replacement, ...]]] = [(0, ())]
    for number, r in enumerate(ordered):
        worth = (r.end - r.start) * 10 - _PIECE + _BONUS.get(r.kind, 0)
        # All that end where this one starts, or before.
        before = best[bisect_right(ends, r.start, 0, number)]
        with_it = (before[0] + worth, (*before[1], r))
        best.append(max(best[-1], with_it, key=lambda b: b[0]))
    return best[-1][1]


def _gaps(text: str, chosen: Sequence[Replacement]) -> list[str]:
    edges = [0, *(p for r in chosen for p in (r.start, r.end)), len(text)]
    return [text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]


# ---------------------------------------------------------------- joining neighbours


def _join(text: str, chosen: Sequence[Replacement]) -> Iterator[Replacement]:
    at = 0
    while at < len(chosen):
        run = [chosen[at]]
        while at + len(run) < len(chosen) and _belongs(text, run[-1], chosen[at + len(run)]):
            run.append(chosen[at + len(run)])
        phrase = _phrase(run)
        if phrase is None:
            yield chosen[at]
            at += 1
        else:
            start, end = run[0].start, run[phrase[0] - 1].end
            parts = tuple(run[: phrase[0]])
            yield Replacement(start=start, end=end, source=text[start:end], target=phrase[1], kind="phrase", origin="rule", parts=parts)
            at += phrase[0]


def _belongs(text: str, left: Replacement, right: Replacement) -> bool:
    gap = text[left.end : right.start]
    return not gap or (gap == "、" and left.kind == right.kind == "title")


def _phrase(run: Sequence[Replacement]) -> tuple[int, str] | None:
    """How many of the run make one phrase, and its English; ``None`` where the first stands by itself."""
    places = _count(run, 0, lambda r: r.kind == "place")
    orgs = _count(run, places, lambda r: r.kind == "org")
    titles = _count(run, places + orgs, lambda r: r.kind == "title")
    person = run[places + orgs + titles] if places + orgs + titles < len(run) and titles else None
    where = _place(run[:places])
    body = " ".join(r.target.removeprefix("the ") if where or number else r.target for number, r in enumerate(run[places : places + orgs]))
    of = _held_by(where, body) if orgs and places == 1 else ", ".join(p for p in (body, where) if p)
    if person is not None and person.kind == "person":
        office = _listed([r.target for r in run[places + orgs : places + orgs + titles]])
        held = f"{office} of {'the ' if orgs and not of.startswith('the ') else ''}{of}" if of else office
        # Without a place the office goes in front, as a paper has it: "director Ding Shiliang".
        target = f"{person.target}, {held}," if of else f"{office} {person.target}"
        return places + orgs + titles + 1, target
    if orgs and places:
        return places + orgs, of
    if places > 1:
        return places, where
    if titles > 1 and not places and not orgs:
        return titles, _listed([r.target for r in run[:titles]])
    return None


def _held_by(where: str, body: str) -> str:
    """A place's body: "Qinghe County Public Security Bureau", "Organization Department of the Qinghe County Party Committee"."""
    for parent in _PARENTS:
        if body.endswith(parent):
            return f"{body.removesuffix(parent)} of the {where}{parent.removeprefix(' of the')}"
    return f"{where} {body}".strip()


def _count(run: Sequence[Replacement], start: int, fits: Callable[[Replacement], bool]) -> int:
    number = 0
    while start + number < len(run) and fits(run[start + number]):
        number += 1
    return number


def _place(chain: Sequence[Replacement]) -> str:
    """Smallest first, as English has it: 阜康市甘河子镇 is "Ganhezi Town, Fukang City"."""
    return ", ".join(r.target for r in reversed(chain))


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


# ---------------------------------------------------------------- writing


def _put_in(text: str, replacements: Sequence[Replacement]) -> str:
    out: list[str] = []
    at = 0
    for r in replacements:
        out.append(text[at : r.start])
        before = out[-1][-1:] if out[-1] else (" " if r.start else "")
        target = r.target
        following = text[r.end : r.end + 1]
        if target.endswith(",") and following and not _wordlike(following):
            # The source's own punctuation closes the phrase.
            target = target[:-1]
        out.append((" " if before and _wordlike(before) else "") + target + (" " if following and _wordlike(following) else ""))
        at = r.end
    out.append(text[at:])
    return re.sub(r" {2,}", " ", "".join(out)).strip()


def _wordlike(char: str) -> bool:
    return char.isalnum()
