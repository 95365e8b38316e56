"""Typesetting for tests: hard wraps with line-breaking rules, and the noise of text taken off a page."""

from __future__ import annotations

import random
import re

NO_START = "，。、；：？！”’）》】%℃…"
NO_END = "“‘（《【"
_TOKEN = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?%?|——|……|.", re.S)


def cells(text: str) -> int:
    return sum(1 if c.isascii() else 2 for c in text)


def wrap(text: str, width: int, *, indent: int = 4, widths: list[int] | None = None, cut: random.Random | None = None) -> list[str]:
    """Break a paragraph into lines of ``width`` full-width cells, the first shorter by ``indent`` half cells.

    With ``cut``, long Latin words are cut at the end of a line, with a hyphen or without one.
    """
    lines: list[str] = []
    line = ""
    limit = 2 * width - indent
    for token in _TOKEN.findall(text):
        if cells(line) + cells(token) > limit and line and token[0] not in NO_START:
            room = limit - cells(line) - 1
            if cut is not None and len(token) >= 6 and token.isascii() and token.isalpha() and room >= 2:
                kept = min(room, len(token) - 2)
                lines.append(line + token[:kept] + cut.choice(("-", "-", "")))
                line, limit = token[kept:], 2 * width
                continue
            carry = ""
            while line and line[-1] in NO_END:
                carry, line = line[-1] + carry, line[:-1]
            lines.append(line)
            line = carry
            limit = 2 * (widths[min(len(lines), len(widths) - 1)] if widths else width)
        line += token
    if line:
        lines.append(line)
    return lines


def loosen(text: str, rnd: random.Random) -> str:
    """Stray spaces around numbers."""
    return re.sub(
        r"(?<=[\u4e00-\u9fff])(\d[\d.]*)(?=[\u4e00-\u9fff])", lambda m: rnd.choice((m.group(), f" {m.group()} ", f"{m.group()} ")), text
    )


def spread(line: str, rnd: random.Random) -> str:
    """Letter-space a line as justification does."""
    return " ".join(line) if rnd.random() < 0.5 and line.isalpha() else line
