"""The items as written, gathered into pages, and the answer each page should give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ITEMS = Path(__file__).with_name("items")
HALF = str.maketrans("，：；（）？！", ",:;()?!")
"""What papers set in half-width punctuation print instead."""
_FIELDS = {"K": "kicker", "H": "headline", "S": "subtitle", "C": "column"}
_NOT_A_NAME = re.compile(
    r"^(?:文[:：|]|[图摄])|(?:本报|快报|周报|农民新报|证券财经报)?(?:特约)?(?:记者|記者|通讯员|实习生)"
    r"|^(?:县长|◎|□|■|文/图|文|图|摄|著)$|(?<=.)摄$"
)


@dataclass
class Item:
    """One item as written: fields, then body lines with their marks."""

    kind: str
    fields: dict[str, str] = field(default_factory=dict)
    byline: str = ""
    """As printed."""
    byline_gold: str = ""
    place: str = "head"
    """Where the byline is printed: ``head``, ``end``, ``tail`` (in brackets after the last word) or ``in`` (in the text)."""
    authors: list[str] = field(default_factory=list)
    told: bool = False
    """The authors are told, and not read from the byline."""
    body: list[str] = field(default_factory=list)
    rows: bool = False
    """The body is a list or table, every line of it a paragraph."""


@dataclass
class Page:
    name: str
    style: str
    options: dict[str, str]
    set: str = ""
    top: list[str] = field(default_factory=list)
    bottom: list[str] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)

    def number(self, option: str, default: int) -> int:
        return int(re.sub(r"\D", "", self.options.get(option, str(default))))


def _names(byline: str) -> list[str]:
    parts = [_NOT_A_NAME.sub("", part) for part in re.split(r"[\s、]+", byline)]
    return [part for part in parts if part]


def read(path: Path) -> Iterator[Page]:
    """The pages written in one file."""
    page, item = None, None
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#page "):
            if page:
                yield page
            number, name, *options = line.split()[1:]
            given = dict(option.split("=", 1) for option in options)
            page, item = Page(f"{number}-{name}", given.pop("layout"), given, path.stem.partition("-")[0]), None
        elif page is None or not line:
            continue
        elif line.startswith(("top: ", "bottom: ")):
            where, _, text = line.partition(": ")
            (page.top if where == "top" else page.bottom).append(text)
        elif line.startswith("=== "):
            page.items.append(item := Item(line[4:]))
        elif item is None:
            raise ValueError(line)
        elif (m := re.match(r"([KHSC]): (.*)", line)) and not item.body:
            item.fields[_FIELDS[m[1]]] = m[2]
        elif (m := re.match(r"B(?:@(end|tail|in))?: ?(.*)", line)) and not item.body:
            item.place = m[1] or "head"
            item.byline, _, gold = m[2].partition(" => ")
            item.byline_gold = gold or item.byline
        elif m := re.match(r"A: ?(.*)", line):
            item.authors, item.told = m[1].split("、") if m[1] else [], True
        elif line.strip() == "%%":
            item.rows = True
        else:
            item.body.append(line)
    if page:
        yield page


def pages(prefix: str = "") -> list[Page]:
    """Every page whose file name starts with ``prefix``, in order."""
    return [page for path in sorted(ITEMS.glob(f"{prefix}*.txt")) for page in read(path)]


def answer(page: Page) -> list[dict[str, Any]]:
    """The units of ``page`` in the reference format."""
    units = []
    half = HALF if page.options.get("punct") == "half" else {}
    for item in page.items:
        if item.kind == "verse":
            lines = [line[1:] for line in item.body]
            paragraphs = [stanza.replace("\n", "") for stanza in "\n".join(lines).split("\n\n")]
        else:
            paragraphs = [line for line in item.body if not line.startswith(("## ", "%% "))]
        byline = item.byline_gold
        if len(paragraphs) > 1 and re.match(r"（作者", paragraphs[-1]):
            # What a paper adds about the author goes with the byline.
            byline = f"{byline} {paragraphs.pop()[1:-1]}"
        units.append(
            {
                "kind": item.kind,
                **{
                    name: item.fields.get(name, "").translate(half).replace(" / ", " ").removeprefix("——") or None
                    for name in _FIELDS.values()
                },
                "byline": byline or None,
                "authors": item.authors if item.told else _names(item.byline_gold),
                "credit": "渝州都市报" if page.style == "epaper_meta" else None,
                "subheads": [line[3:].replace(" / ", " ").translate(half) for line in item.body if line.startswith("## ")],
                "paragraphs": [text.translate(half) for text in paragraphs],
            }
        )
    return units


# Setting lines.
