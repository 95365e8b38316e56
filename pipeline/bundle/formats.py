"""The formats a bundle can hold, by the names that ``bundle.formats`` takes.

Each format's module is imported when the format is asked for: together they take longer to load
than a short run takes to write.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Final

from pipeline.errors import ConfigError, MissingExtraError
from pipeline.records import IssueResult

Writer = Callable[[IssueResult], dict[str, bytes]]
"""A format: a result in, relative paths and contents out."""


def _html(result: IssueResult) -> dict[str, bytes]:
    from pipeline.bundle import html

    return {"index.html": html.render(result).encode("utf-8")}


def _markdown(result: IssueResult) -> dict[str, bytes]:
    from pipeline.bundle import markdown

    return {"issue.md": markdown.render(result).encode("utf-8")}


def _xliff(result: IssueResult) -> dict[str, bytes]:
    from pipeline.bundle import xliff

    return {"issue.xlf": xliff.render(result)}


def _tmx(result: IssueResult) -> dict[str, bytes]:
    from pipeline.bundle import tmx

    return {"issue.tmx": tmx.render(result)}


def _ninjs(result: IssueResult) -> dict[str, bytes]:
    from pipeline.bundle import ninjs

    return ninjs.render(result)


def _jsonl(result: IssueResult) -> dict[str, bytes]:
    from pipeline.bundle import rows

    return {"issue.jsonl": rows.json_lines(result)}


def _parquet(result: IssueResult) -> dict[str, bytes]:
    from pipeline.bundle import rows

    return {"issue.parquet": rows.parquet(result)}


def _docx(result: IssueResult) -> dict[str, bytes]:
    from pipeline.bundle import docx

    return {"issue.docx": docx.render(result)}


FORMATS: Final[dict[str, Writer]] = {
    "json": lambda _: {},  # always written
    "html": _html,
    "markdown": _markdown,
    "xliff": _xliff,
    "tmx": _tmx,
    "ninjs": _ninjs,
    "jsonl": _jsonl,
    "parquet": _parquet,
    "docx": _docx,
}


def check(names: tuple[str, ...]) -> None:
    """Find out before a long job whether these formats can be written.

    Raises:
        ConfigError: there is no format of that name.
        MissingExtraError: a format needs an optional package.
    """
    unknown = sorted(set(names) - set(FORMATS))
    if unknown:
        raise ConfigError(f"bundle.formats: there is no format '{unknown[0]}'.", hint=f"Choose from: {', '.join(FORMATS)}.")
    if "docx" in names and find_spec("docx") is None:
        raise MissingExtraError("The Word format", "docx")


def render(result: IssueResult, names: tuple[str, ...]) -> dict[str, bytes]:
    """Return the files of the formats asked for, by path relative to the bundle.

    Raises:
        ConfigError: there is no format of that name.
        MissingExtraError: a format needs an optional package.
    """
    check(names)
    out: dict[str, bytes] = {}
    for name, make in FORMATS.items():
        if name in names:
            out.update(make(result))
    return out
