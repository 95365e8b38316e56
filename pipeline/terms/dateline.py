"""The standing opening of a report (本报讯 记者X报道：) in English, by rule: a model has nothing to add to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pipeline.records import NameEntry
from pipeline.terms.lexicon import Lexicon
from pipeline.terms.numbers import Kind, read_zh, render_en

_OWN: Final = re.compile(r"\s*本报讯\s*[（(]?\s*(?P<who>[^：:，。）)]{0,60}?)\s*(?:报道)?\s*[）)：:]\s*")
_AGENCY: Final = re.compile(
    r"\s*(?P<agency>[一-鿿]{2,6}社)(?P<where>[一-鿿]{2,8}?)(?P<date>\d{1,2}月\d{1,2}日)电\s*(?:[（(](?P<who>[^）)]{0,40})[）)])?\s*"
)
_GROUP: Final = re.compile(r"(记者|通讯员|实习生)")
_OFFICE: Final = {"记者": ("reporter", "reporters"), "通讯员": ("correspondent", "correspondents"), "实习生": ("intern", "interns")}
_NOT_NAMES: Final = re.compile(r"[\s、，,：:·•]|本报|特约|实习|首席|报道")


def read_dateline(text: str, lexicon: Lexicon, names: Sequence[NameEntry]) -> tuple[int, str]:
    """How many characters of ``text`` are its dateline, and their English; ``(0, "")`` where it has none.

    Every name in it must be on the name sheet and every place in the tables: what is not known by
    rule is left to the model.
    """
    if found := _OWN.match(text):
        english = _own(found["who"], names)
    elif found := _AGENCY.match(text):
        english = _agency(found, lexicon, names)
    else:
        return 0, ""
    return (found.end(), english) if english else (0, "")


def _own(who: str, names: Sequence[NameEntry]) -> str:
    if not who:
        return "Our newspaper reports:"
    said = _people(who, names)
    return f"Our {' and our '.join(said)} {'report' if len(said) > 1 or ' and ' in said[0] else 'reports'}:" if said else ""


def _people(who: str, names: Sequence[NameEntry]) -> list[str]:
    """Offices with their people (``reporter Zhou Lixin``); empty where somebody is not on the name sheet."""
    parts = _GROUP.split(who)
    said: list[str] = []
    if _NOT_NAMES.sub("", parts[0]):
        return []
    for office, listed in zip(parts[1::2], parts[2::2], strict=True):
        people = sorted((listed.find(n.source), n) for n in names if n.source in listed and n.kind == "person")
        left = listed
        for _, n in people:
            left = left.replace(n.source, "", 1)
        if not people or _NOT_NAMES.sub("", left):
            return []
        targets = [n.target for _, n in people]
        joined = targets[0] if len(targets) == 1 else ", ".join(targets[:-1]) + " and " + targets[-1]
        said.append(f"{_OFFICE[office][len(targets) > 1]} {joined}")
    return said


def _agency(found: re.Match[str], lexicon: Lexicon, names: Sequence[NameEntry]) -> str:
    agency, where = lexicon.get(found["agency"]), lexicon.get(found["where"])
    dates = [q for q in read_zh(found["date"]) if q.kind is Kind.DATE]
    people = _people(found["who"], names) if found["who"] else []
    if agency is None or where is None or not dates or (found["who"] and not people):
        return ""
    by = f" ({', '.join(people)})" if people else ""
    return f"{agency.preferred}, {where.preferred}, {render_en(dates[0])}{by} —"
