"""What checks, labels and origins are called on the page: words for an editor, not for a programmer."""

from __future__ import annotations

from typing import Final

from pipeline.records import Label, NameEntry, Origin, SummaryStatus, UnitKind

LABELS: Final[dict[Label, str]] = {
    Label.READ: "Read",
    Label.CHECK: "Check",
    Label.DONT_QUOTE: "Don’t quote",
}

LABEL_MEANINGS: Final[dict[Label, str]] = {
    Label.READ: "Passed every check. Good enough to read; compare with the Chinese before you publish it.",
    Label.CHECK: "A check found something. The note says what to compare with the Chinese.",
    Label.DONT_QUOTE: "Probably wrong or incomplete. Do not use this English until someone has retranslated it.",
}

ORIGINS: Final[dict[Origin, str]] = {
    Origin.MODEL: "model draft",
    Origin.COPIED: "copied from the source",
    Origin.RULE: "from the name and term tables",
    Origin.MEMORY: "from the translation memory",
    Origin.HUMAN: "corrected by a person",
    Origin.NONE: "nothing usable was produced",
}

KINDS: Final[dict[UnitKind, str]] = {
    UnitKind.ARTICLE: "Article",
    UnitKind.CAPTION: "Photo caption",
    UnitKind.NOTICE: "Notice",
    UnitKind.VERSE: "Verse",
    UnitKind.ADVERTISEMENT: "Advertisement",
    UnitKind.BRIEF: "Brief",
}

SUMMARY_STATES: Final[dict[SummaryStatus, str]] = {
    SummaryStatus.WRITTEN: "",
    SummaryStatus.TOO_SHORT: "Too short to summarise; the text below is all there is.",
    SummaryStatus.FAILED: "No usable summary was produced.",
    SummaryStatus.OFF: "Summaries were switched off for this run.",
}

NAME_KINDS: Final[dict[str, str]] = {"person": "Person", "place": "Place", "org": "Organisation", "organisation": "Organisation"}

_CHECKS: Final[dict[str, str]] = {
    "numbers": "Number",
    "terms": "Term",
    "names": "Name",
    "quotes": "Quotation",
    "negation": "Negation",
    "seams": "Run together",
    "sense": "Word exchanged or lost",
    "untranslated": "Chinese left over",
    "added": "Added",
    "dropped": "Something missing",
    "length": "Length",
    "chatter": "Model chatter",
    "repetition": "Repetition",
    "unsure": "Model unsure",
    "cut_off": "Cut off",
    "empty": "No English",
    "wrong_script": "Wrong script",
    "residue": "Unassigned text",
    "encoding": "Encoding",
    "pairing": "Headline pairing",
}


def check_title(name: str) -> str:
    """Return the heading of a finding of check ``name``."""
    return _CHECKS.get(name) or name.replace("_", " ").replace("-", " ").strip().capitalize() or "Note"


def decided_by(entry: NameEntry) -> str:
    """Return in plain words how a name got its English."""
    how = entry.decided_by
    if how.startswith("table:"):
        return f"name table {how.removeprefix('table:')}"
    return {"pinyin": "spelled in pinyin", "transliteration": "transliterated", "human": "set by an editor"}.get(how, how)


def count(number: int, singular: str, plural: str = "") -> str:
    """Return ``number`` with its noun: ``1 article``, ``1,200 articles``."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
