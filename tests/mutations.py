"""Damaged inputs under a seed: pages that are cut, shuffled, re-encoded and spliced, whatever door they go through."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from pipeline.config import IngestConfig, SegmentConfig
from pipeline.errors import PipelineError
from pipeline.ingest import from_bytes
from pipeline.segment import segment
from tests.composer.composer import compose
from tests.ingest import htmlpages
from tests.segment.compare import check_laws

_CODECS: Final = ("gb18030", "gbk", "big5", "big5hkscs", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32", "latin-1", "shift_jis")
_HTML: Final = ("FOUNDER", "PEOPLE", "TABLES", "SEVERAL", "INDEX", "PLAIN")
_ODD: Final = "\u200b\ufeff\x00\x0c\u2028\u0085\u3000“”（）【】《》…——\ud7ff\U0001f600\u0300\u202e"


def case(seed: int) -> tuple[str, bytes]:
    """One damaged input: a name and its bytes; equal seeds give equal bytes."""
    rnd = random.Random(f"mutation {seed}")
    kind = rnd.random()
    if kind < 0.08:
        name, data = "page.html", str(getattr(htmlpages, rnd.choice(_HTML))).encode()
    elif kind < 0.13:
        name, data = "page.pdf", _pdf(rnd)
    else:
        name, data = "page.txt", compose(rnd.randrange(600), every_noise=rnd.random() < 0.5).text.encode()
    for _ in range(rnd.randint(1, 4)):
        data = rnd.choice(_WAYS)(data, rnd)
    return name, data


def outcome(seed: int) -> str:
    """What becomes of one damaged input: ``read``, or the class of the error that refuses it.

    Raises:
        AssertionError: a law of the segmentation is broken, or an error says not what to do next.
    """
    name, data = case(seed)
    try:
        issue = from_bytes(name, data, IngestConfig())
    except PipelineError as exc:
        assert exc.hint, str(exc)
        return type(exc).__name__
    check_laws(issue, segment(issue, SegmentConfig()))
    return "read"


def _pdf(rnd: random.Random) -> bytes:
    from tests.ingest.pdfs import draw, put

    lines = compose(rnd.randrange(600)).text.split("\n")
    return draw(lambda canvas: [put(canvas, x, 800, lines[at : at + 50]) for x, at in ((40, 0), (300, 50))] and None)


def _cut(data: bytes, rnd: random.Random) -> bytes:
    a, b = sorted(rnd.randrange(len(data) + 1) for _ in range(2))
    return rnd.choice((data[:a] + data[b:], data[:b], data[a:]))


def _shuffle(data: bytes, rnd: random.Random) -> bytes:
    lines = data.split(b"\n")
    a, b = sorted(rnd.randrange(len(lines) + 1) for _ in range(2))
    part = lines[a:b]
    rnd.shuffle(part)
    return b"\n".join([*lines[:a], *part, *lines[b:]])


def _recode(data: bytes, rnd: random.Random) -> bytes:
    return data.decode("utf-8", "replace").encode(rnd.choice(_CODECS), "ignore")


def _splice(data: bytes, rnd: random.Random) -> bytes:
    at = rnd.randrange(len(data) + 1)
    odd = "".join(rnd.choice(_ODD) for _ in range(rnd.randint(1, 6))).encode()
    raw = bytes(rnd.randrange(256) for _ in range(rnd.randint(1, 12)))
    other = compose(rnd.randrange(600)).text.encode(rnd.choice(("utf-8", "gb18030")))
    start = rnd.randrange(len(other))
    return data[:at] + rnd.choice((odd, raw, other[start : start + 400])) + data[at:]


def _flip(data: bytes, rnd: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rnd.randint(1, 20)):
        if out:
            out[rnd.randrange(len(out))] = rnd.randrange(256)
    return bytes(out)


def _repeat(data: bytes, rnd: random.Random) -> bytes:
    lines = data.split(b"\n")
    at = rnd.randrange(len(lines))
    return b"\n".join([*lines[:at], *[lines[at]] * rnd.randint(2, 60), *lines[at:]])


def _unbreak(data: bytes, rnd: random.Random) -> bytes:
    old, new = rnd.choice(
        ((b"\n", b""), (b"\n", b"\r"), (b"\n", b"\n\n"), ("。".encode(), b""), ("。".encode(), b"\n"), ("，".encode(), "“".encode()))
    )
    return data.replace(old, new)


_WAYS: Final[tuple[Callable[[bytes, random.Random], bytes], ...]] = (_cut, _shuffle, _recode, _splice, _flip, _repeat, _unbreak)
