"""The issue as lines: visible text, where it stood, how wide it is, what surrounds it.

All matching is done on a *matching text* of the same length as the source: traditional characters
folded to simplified ones, full-width letters and digits to ASCII, corner quotes to curly ones.
Offsets are therefore shared, and what is shown always comes from the source itself.

Widths are in half cells: a Chinese character takes 2, a Latin letter, digit or space takes 1
(Unicode Standard Annex 11, East Asian Width).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_INVISIBLE_CHARS: Final = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff"
)
INVISIBLE: Final = re.compile(f"[{_INVISIBLE_CHARS}]")
LAYOUT: Final = re.compile(rf"[\s{_INVISIBLE_CHARS}]+")
"""White space, line ends, zero-width and control characters: what may be dropped without a loss."""

_NARROW: Final = re.compile(r"[\x20-\x7e\xa0\u2002-\u200a]")
_FULLWIDTH: Final = (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF05, 0xFF0B, 0xFF0E)
_FOLDED: Final = {c: c - 0xFEE0 for c in _FULLWIDTH} | str.maketrans("「」『』﹁﹂﹃﹄", "“”‘’“”‘’")
_FOLDS: Final = re.compile(f"[{''.join(map(chr, _FOLDED))}]")
# Characters that only traditional text uses, among the most frequent of all.
_TRADITIONAL: Final = re.compile(
    "[這個們來時會後對發國學為說過還動與關點開長經問間無實現體應見電當機從樣兩業產線報訊員記縣鄉鎮農區據數萬億]"
)


@dataclass(slots=True)
class Line:
    """One line that shows something.

    ``text`` is its visible matching text without the white space around it; ``offsets`` gives the
    source offset of each of its characters, or is ``None`` where they simply follow ``start``.
    """

    start: int
    end: int
    text: str
    offsets: tuple[int, ...] | None
    cells: int
    """Width in half cells, spaces inside included."""
    gap: int
    """Empty lines before it."""
    indent: int
    """White space before its text, in half cells."""
    page: int
    """Index of the page it stands on; form feeds turn pages."""

    @property
    def plain(self) -> bool:
        """Whether no space stands in it, of whatever kind."""
        return " " not in self.text and "\u3000" not in self.text and self.text.isprintable()


_SPREAD: Final = re.compile(r"[^\x00-\x7f\u3000](?: [^\x00-\x7f\u3000]){5,}")
"""Characters that justified setting has spread, a space after each: they are read as if there were none."""


def is_traditional(text: str) -> bool:
    """Whether a page is written in traditional characters."""
    return len(_TRADITIONAL.findall(text)) * 200 > len(text)


def fold(text: str, *, traditional: bool) -> str:
    """Return ``text`` as a page of that kind is folded for matching; always of the same length."""
    # A search skips over what stays much more quickly than ``str.translate`` copies it.
    folded = _FOLDS.sub(_fold_one, text)
    return _simplified(folded) if traditional else folded


def _fold_one(hit: re.Match[str]) -> str:
    return chr(_FOLDED[ord(hit.group())])


def _simplified(text: str) -> str:
    # Imported here: simplified pages never need the converter.
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    out = convert(text)
    if len(out) == len(text):
        return str(out)
    # A phrase table changed a length somewhere: go line by line, and leave the odd line as it is.
    lines = text.splitlines(keepends=True)
    folded = (str(convert(line)) for line in lines)
    return "".join(new if len(new) == len(old) else old for new, old in zip(folded, lines, strict=True))


def width(text: str) -> int:
    """Width of a string in half cells."""
    return 2 * len(text) - len(_NARROW.findall(text))


def split_lines(folded: str) -> list[Line]:
    """Split matching text into its visible lines, in order."""
    out: list[Line] = []
    position = gap = page = 0
    for raw in folded.splitlines(keepends=True):
        start = position
        position += len(raw)
        if raw[-1] == "\f":
            visible = raw.strip()
            line = _line(raw, visible, start, gap, page) if visible else None
            if line is not None and line.text:
                out.append(line)
                gap = 0
            page += 1
            continue
        visible = raw.strip()
        if not visible:
            gap += 1
            continue
        shown = _line(raw, visible, start, gap, page)
        if shown.text:
            out.append(shown)
            gap = 0
        else:
            gap += 1
    return out


def _line(raw: str, visible: str, start: int, gap: int, page: int) -> Line:
    lead = raw.find(visible)
    indent = width(raw[:lead]) if lead else 0
    first = start + lead
    spread = visible.count(" ") * 3 > len(visible)
    if not spread and INVISIBLE.search(visible) is None:
        return Line(first, first + len(visible), visible, None, 2 * len(visible) - len(_NARROW.findall(visible)), gap, indent, page)
    between = {i for hit in _SPREAD.finditer(visible) for i in range(hit.start() + 1, hit.end(), 2)} if spread else frozenset()
    kept = [i for i, c in enumerate(visible) if i not in between and INVISIBLE.match(c) is None]
    while kept and visible[kept[0]].isspace():
        kept.pop(0)
    while kept and visible[kept[-1]].isspace():
        kept.pop()
    shown = "".join(visible[i] for i in kept)
    return Line(first, first + len(visible), shown, tuple(first + i for i in kept), width(shown), gap, indent, page)
