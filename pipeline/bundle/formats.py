"""The formats a bundle can hold, by the names that ``bundle.formats`` takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pipeline.bundle import markdown
from pipeline.errors import ConfigError
from pipeline.records import IssueResult

Writer = Callable[[IssueResult], dict[str, bytes]]
"""A format: a result in, relative paths and contents out."""


def _markdown(result: IssueResult) -> dict[str, bytes]:
    return {"issue.md": markdown.render(result).encode("utf-8")}


def _html(result: IssueResult) -> dict[str, bytes]:
    # Imported here: the templates' engine is heavy, and a run may want no page.
    from pipeline.bundle import html

    return {"index.html": html.render(result).encode("utf-8")}


FORMATS: Final[dict[str, Writer]] = {
    "json": lambda _: {},  # always written
    "html": _html,
    "markdown": _markdown,
}


def render(result: IssueResult, names: tuple[str, ...]) -> dict[str, bytes]:
    """Return the files of the formats asked for, by path relative to the bundle.

    Raises:
        ConfigError: there is no format of that name.
        MissingExtraError: a format needs an optional package.
    """
    unknown = sorted(set(names) - set(FORMATS))
    if unknown:
        raise ConfigError(f"bundle.formats: there is no format '{unknown[0]}'.", hint=f"Choose from: {', '.join(FORMATS)}.")
    out: dict[str, bytes] = {}
    for name, make in FORMATS.items():
        if name in names:
            out.update(make(result))
    return out
