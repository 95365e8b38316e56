"""The issue as lines: visible text, where it stood, how wide it is, what surrounds it.

All matching is done on a *matching text* of the same length as the source: traditional characters
folded to simplified ones, full-width letters and digits to ASCII, corner quotes to curly ones.
Offsets are therefore shared, and what is shown always comes from the source itself.

Widths are in half cells: a Chinese character takes 2, a Latin letter, digit or space takes 1
(Unicode Standard Annex 11, East Asian Width).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from pipeline.segment.grams import Ints

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
# Characters that only traditional text uses, among the most frequent of all.
_TRADITIONAL: Final = re.compile(
    "[這個們來時會後對發國學為說過還動與關點開長經問間無實現體應見電當機從樣兩業產線報訊員記縣鄉鎮農區據數萬億]"
)


class Line(msgspec.Struct):
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
        """Whether it is all of a piece: no space stands in it, of whatever kind, and nothing invisible."""
        return self.offsets is None and " " not in self.text and self.text.isprintable()


_SPREAD: Final = re.compile(r"[^\x00-\x7f\u3000](?: [^\x00-\x7f\u3000]){5,}")
"""Characters that justified setting has spread, a space after each: they are read as if there were none."""


def is_traditional(text: str) -> bool:
    """Whether a page is written in traditional characters."""
    return len(_TRADITIONAL.findall(text)) * 200 > len(text)


def fold(text: str, *, traditional: bool) -> str:
    """Return ``text`` as a page of that kind is folded for matching; always of the same length."""
    # Taken from a table, all characters at once, much more quickly than ``str.translate`` copies one after the other.
    chars = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    folded = _fold_table()[chars].tobytes().decode("utf-32-le", "surrogatepass")
    return _simplified(folded) if traditional else folded


@cache
def _fold_table() -> NDArray[np.uint32]:
    table = np.arange(0x110000, dtype=np.uint32)
    table[list(_FOLDED)] = list(_FOLDED.values())
    return table


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
    raws = folded.splitlines(keepends=True)
    if not raws:
        return []
    texts = list(map(str.strip, raws))
    sizes, whole = _lengths(texts), _lengths(raws)
    ends = np.cumsum(whole)
    starts = ends - whole
    leads = np.where(sizes, whole - _lengths(map(str.lstrip, raws)), 0)
    chars = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), np.uint32)
    narrow = np.zeros(len(chars) + 1, np.int64)
    np.cumsum(_narrow(chars), out=narrow[1:])
    firsts = starts + leads
    cells = 2 * sizes - narrow[firsts + sizes] + narrow[firsts]
    indents = 2 * leads - narrow[firsts] + narrow[starts]
    shown = sizes > 0
    odd: dict[int, tuple[int, ...]] = {}
    invisible = [hit.start() for hit in INVISIBLE.finditer(folded)]
    spaces = np.bincount(np.searchsorted(ends, np.flatnonzero(chars == ord(" ")), "right"), minlength=len(raws))
    for i in sorted({*np.searchsorted(ends, invisible, "right").tolist(), *np.flatnonzero(3 * spaces > sizes).tolist()}):
        kept = _visible(texts[i])
        if len(kept) < len(texts[i]):
            odd[i] = tuple([int(firsts[i]) + k for k in kept])
            texts[i] = "".join([texts[i][k] for k in kept])
            cells[i], shown[i] = width(texts[i]), bool(kept)
    turns = chars[ends - 1] == ord("\f")
    # Lines that show nothing are empty ones, but for what stands before a page turn.
    empty: Ints = np.cumsum(~shown & ~turns)
    at = np.flatnonzero(shown)
    rows = zip(
        firsts[at].tolist(),
        (firsts + sizes)[at].tolist(),
        map(texts.__getitem__, at.tolist()),
        map(odd.get, at.tolist()),
        cells[at].tolist(),
        np.diff(empty[at], prepend=0).tolist(),
        indents[at].tolist(),
        (np.cumsum(turns) - turns)[at].tolist(),
        strict=True,
    )
    return [Line(*row) for row in rows]


def _lengths(texts: Iterable[str]) -> Ints:
    return np.fromiter(map(len, texts), np.int64)


def _narrow(chars: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which characters are as wide as a Latin letter, as ``width`` counts them."""
    out: NDArray[np.bool_] = (chars - 0x20 < 0x7F - 0x20) | (chars == 0xA0) | (chars - 0x2002 < 0x200B - 0x2002)
    return out


def _visible(text: str) -> list[int]:
    """Which characters of a line are shown, white space at its ends and what spreads its letters aside."""
    spread = _SPREAD.finditer(text) if text.count(" ") * 3 > len(text) else ()
    between = {i for hit in spread for i in range(hit.start() + 1, hit.end(), 2)}
    kept = [i for i, c in enumerate(text) if i not in between and INVISIBLE.match(c) is None]
    low, high = 0, len(kept)
    while low < high and text[kept[low]].isspace():
        low += 1
    while low < high and text[kept[high - 1]].isspace():
        high -= 1
    return kept[low:high]
