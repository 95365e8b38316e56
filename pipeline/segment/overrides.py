"""An editor's corrections to a segmentation, in a small YAML file beside the issue.

Everything is addressed by content (any characters that stand in the paragraph or heading, white
space aside), so the corrections survive reruns::

    overrides:
      - body: 办一件实事            # this body belongs ...
        headline: 剪彩之后          # ... to this headline
      - retitle: 古渡新声           # this line is the headline of the item it stands in
        subtitle: 记者探访          # (and this one its subtitle; kicker and column likewise)
      - split: 本周天气             # a new item begins at this paragraph
      - merge: 他还说               # the item that begins here continues the one before
      - furniture: 扫码阅读         # this is page furniture
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from pipeline.errors import ConfigError
from pipeline.yamlfile import read_yaml

KINDS: Final = ("body", "retitle", "split", "merge", "furniture")
"""Keys that say what a rule does; each rule has one of them."""
_PARTNERS: Final = {"body": ("headline",), "retitle": ("kicker", "subtitle", "column")}
_SHAPES: Final = (
    "Each rule is 'body' with 'headline', 'retitle' (with 'kicker', 'subtitle', 'column' as needed), 'split', 'merge' or 'furniture'."
)


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One correction."""

    body: str | None = None
    headline: str | None = None
    retitle: str | None = None
    kicker: str | None = None
    subtitle: str | None = None
    column: str | None = None
    split: str | None = None
    merge: str | None = None
    furniture: str | None = None

    @property
    def kinds(self) -> list[str]:
        """Which of ``KINDS`` it names; exactly one in a sound rule."""
        return [kind for kind in KINDS if getattr(self, kind) is not None]


class Overrides(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All corrections to one issue."""

    overrides: tuple[Rule, ...] = ()

    def keys(self, field: str) -> list[str]:
        """The texts that rules of one kind look for."""
        return [squeeze(getattr(rule, field)) for rule in self.overrides if getattr(rule, field) is not None]

    def folded(self, fold: Callable[[str], str]) -> Overrides:
        """The same rules with every text put through ``fold``, as the page they are looked for in was."""
        changed = (
            Rule(**{name: None if (text := getattr(rule, name)) is None else fold(text) for name in Rule.__struct_fields__})
            for rule in self.overrides
        )
        return Overrides(overrides=tuple(changed))


def squeeze(text: str) -> str:
    """``text`` without white space, as rules are matched."""
    return re.sub(r"\s+", "", text)


def beside(issue_path: Path) -> Path | None:
    """The overrides file that belongs to an issue file, ``<stem>.overrides.yaml``, if there is one."""
    path = issue_path.with_name(f"{issue_path.stem}.overrides.yaml")
    return path if path.is_file() else None


def load(path: Path) -> Overrides:
    """Read an overrides file.

    Raises:
        ConfigError: the file is missing, not YAML, or a rule is incomplete or has an unknown key.
    """
    try:
        data = read_yaml(path)
        found = msgspec.convert({} if data is None else data, Overrides)
    except (OSError, ValueError) as exc:  # msgspec's and UnicodeDecodeError among them
        reason = " ".join(str(exc).split())[:300]
        raise ConfigError(f"{path}: {reason}", hint=_SHAPES) from None
    for number, rule in enumerate(found.overrides, 1):
        given = {name: text for name in Rule.__struct_fields__ if (text := getattr(rule, name)) is not None}
        kind = rule.kinds[0] if len(rule.kinds) == 1 else None
        allowed = {kind, *_PARTNERS.get(kind or "", ())}
        whole = kind is not None and set(given) <= allowed and (kind != "body" or rule.headline is not None)
        if not whole or not all(squeeze(text) for text in given.values()):
            raise ConfigError(f"{path}: rule {number} is incomplete or says two things.", hint=_SHAPES)
    return found
