"""What the archive keeps of one bundle."""

from __future__ import annotations

from pathlib import Path

from pipeline.bundle import layout, reader
from pipeline.bundle.html.words import KINDS
from pipeline.records import Field, Owner, Record, slice_text


class ArticleText(Record, frozen=True):
    """One unit's text as the search sees it."""

    n: int
    """Number on the issue's page."""
    en: str
    """English headline; where there is none, the kind and the first English passage."""
    zh: str
    """Chinese headline."""
    body_en: str
    """The passages' English, one a line, empty where there is none."""
    body_zh: str
    """The same passages' Chinese, one a line."""


class IssueRow(Record, frozen=True):
    """One line of the list of issues."""

    slug: str
    """Folder of the bundle, beside the front page."""
    name: str
    """The source file's name."""
    title: str
    """What the page prints as its own name; empty where it is not known."""
    headlines: tuple[str, ...]
    """The first English headlines."""
    articles: int
    sentences: int
    check: int
    dont_quote: int
    approved: int
    open_check: int
    """Passages to check in articles nobody has approved."""
    open_dont_quote: int


class Entry(Record, frozen=True):
    row: IssueRow
    articles: tuple[ArticleText, ...]


_HEADLINES = 3


def read_entry(folder: Path) -> Entry:
    """Read what the archive needs from a bundle.

    Raises:
        InputError: the folder is no bundle, or a file of it is missing or malformed.
    """
    top = reader.manifest(folder)
    articles: list[ArticleText] = []
    for item in top.articles:
        file = reader.load(folder, item.file, layout.ArticleFile)
        articles.append(
            ArticleText(
                n=item.number,
                en=item.headline_en or _untitled(item, file),
                zh=item.headline_zh,
                body_en="\n".join(" ".join(p.en.split()) for p in file.passages),
                body_zh="\n".join(" ".join(p.zh.split()) for p in file.passages),
            )
        )
    unread = [a for a in top.articles if a.approved_by is None]
    row = IssueRow(
        slug=folder.name,
        name=top.source.name,
        title=_title(folder),
        headlines=tuple([a.headline_en for a in top.articles if a.headline_en][:_HEADLINES]),
        articles=len(top.articles),
        sentences=top.counts.sentences,
        check=top.counts.check,
        dont_quote=top.counts.dont_quote,
        approved=top.counts.approved,
        open_check=sum(a.check for a in unread),
        open_dont_quote=sum(a.dont_quote for a in unread),
    )
    return Entry(row=row, articles=tuple(articles))


def _untitled(item: layout.ArticleEntry, file: layout.ArticleFile) -> str:
    first = next((p.en for p in file.passages if p.field is Field.SENTENCE and p.en), "")
    return f"{KINDS[item.kind]}: {first}"[:90].rstrip(": ")


def _title(folder: Path) -> str:
    segmentation = reader.load(folder, layout.SEGMENTATION, layout.SegmentationFile)
    spans = [e.span for e in segmentation.ledger if e.owner is Owner.FURNITURE and e.role == "masthead"]
    if not spans:
        return ""
    text = (folder / layout.SOURCE_TEXT).read_bytes().decode("utf-8", "replace")
    return " ".join(slice_text(text, spans[:1]).split())[:80]
