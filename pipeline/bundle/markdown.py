"""``issue.md``: the issue as plain reading matter, English first, Chinese under it."""

from __future__ import annotations

import re
from typing import Final

from pipeline.bundle import disclosure
from pipeline.bundle.view import LABEL_WORDS, UnitView, plain, views
from pipeline.records import BlockKind, Field, IssueResult, Label, SummaryStatus, Translation

_NEEDS: Final = re.compile(r"[\\`*_{}\[\]<>~&|$^@]|^\s*(?:[#+\-=>]|\d+[.)])|://|www\.")


def escape(text: str) -> str:
    """Return ``text`` as Markdown that renders as exactly that text, whatever it holds."""
    flat = plain(text).strip()
    if not _NEEDS.search(flat):
        return flat
    flat = flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    flat = re.sub(r"([\\`*_{}\[\]~|$^@])", r"\\\1", flat)
    flat = re.sub(r"^([#+\-=])", r"\\\1", flat)
    flat = re.sub(r"^(\d+)([.)])", r"\1\\\2", flat)
    return flat.replace("://", ":\u200b//").replace("www.", "www\u200b.")


def _mark(translation: Translation | None) -> str:
    word = LABEL_WORDS[translation.label] if translation else ""
    return f" **[{word}]**" if word else ""


def _english(translation: Translation) -> str:
    return (escape(translation.target) or "*(no English)*") + _mark(translation)


def _heading(view: UnitView) -> list[str]:
    headline = view.get(Field.HEADLINE)
    title = _english(headline) if headline else f"({view.result.unit.kind.value} without a headline)"
    out = [f"## {view.number}. {title}", ""]
    for field in (Field.COLUMN, Field.KICKER, Field.HEADLINE, Field.SUBTITLE, Field.BYLINE, Field.CREDIT):
        passage = view.passage(field)
        if passage is None:
            continue
        found = view.get(field)
        english = f" — {_english(found)}" if found and field is not Field.HEADLINE else ""
        out.append(f"- {field.value.capitalize()}: {escape(passage.text)}{english}")
    return [*out, ""]


def _summary(view: UnitView) -> list[str]:
    summary = view.result.summary
    if summary.status is not SummaryStatus.WRITTEN:
        words = {
            SummaryStatus.TOO_SHORT: "Too short to summarise.",
            SummaryStatus.FAILED: "The summary failed.",
            SummaryStatus.OFF: "Summaries were switched off.",
        }
        return [f"*{words[summary.status]}*", ""]
    english = " ".join(_english(t) for t in view.summary())
    return [f"> **Summary.** {english}", ">", f"> {escape(summary.text)}", ""]


def _body(view: UnitView) -> list[str]:
    out: list[str] = []
    for block, translations in view.body():
        english = " ".join(_english(t) for t in translations) or "*(no English)*"
        if block.kind is BlockKind.SUBHEAD:
            out += [f"### {english}", "", f"*{escape(block.text)}*", ""]
        else:
            out += [english, "", escape(block.text), ""]
    return out


def _findings(view: UnitView) -> list[str]:
    r = view.result
    found = [*r.findings, *r.summary.findings, *(f for t in r.translations for f in t.findings)]
    shown = [f for f in found if f.alarm]
    if not shown:
        return []
    lines = [f"- {escape(f.message)}" + (f" ({escape(f.source)} → {escape(f.target)})" if f.source or f.target else "") for f in shown]
    return ["**To check**", "", *lines, ""]


def render(result: IssueResult) -> str:
    """Return the whole issue as CommonMark."""
    units = views(result)
    doubtful = sum(t.label is not Label.READ for v in units for t in v.result.translations)
    out = [
        f"# {escape(result.issue.source.name)}",
        "",
        f"*{escape(disclosure.for_issue(units, result.provenance))}*",
        "",
        f"{len(units)} items, {doubtful} passages to check.",
        "",
    ]
    for finding in result.findings:
        if finding.alarm:
            out.append(f"- {escape(finding.message)}")
    if out[-1]:
        out.append("")
    for view in units:
        out += [*_heading(view), *_summary(view), *_body(view), *_findings(view)]
        out += [f"*{escape(disclosure.for_unit(view, result.provenance))}*", ""]
    return "\n".join(out)
