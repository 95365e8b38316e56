"""An editor's corrections to a segmentation, in a small YAML file beside the issue.

Everything is addressed by content (any characters that stand in the paragraph or heading, white
space aside), so the corrections survive reruns::

    overrides:
      - body: 办一件实事            # this body ...
        headline: 剪彩之后          # ... belongs to this headline
      - split: 本周天气             # a new item begins at this paragraph
      - merge: 他还说               # the item that begins here continues the one before
      - furniture: 扫码阅读         # this is page furniture
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from pipeline.errors import ConfigError


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One correction; ``body`` goes with ``headline``, the others stand alone."""

    body: str | None = None
    headline: str | None = None
    split: str | None = None
    merge: str | None = None
    furniture: str | None = None
    retitle: str | None = None


class Overrides(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All corrections to one issue."""

    overrides: tuple[Rule, ...] = ()

    def keys(self, field: str) -> list[str]:
        """The texts that rules of one kind look for."""
        return [squeeze(getattr(rule, field)) for rule in self.overrides if getattr(rule, field) is not None]


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
    # Imported here: most issues have no overrides.
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        data: Any = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        found = msgspec.convert({} if data is None else data, Overrides)
    except (OSError, UnicodeDecodeError, YAMLError, msgspec.ValidationError, ValueError) as exc:
        reason = " ".join(str(exc).split())[:300]
        raise ConfigError(f"{path}: {reason}", hint="Each rule has body and headline, or split, merge or furniture.") from None
    for number, rule in enumerate(found.overrides, 1):
        alone = [v for v in (rule.split, rule.merge, rule.furniture) if v is not None]
        pair = rule.body is not None and rule.headline is not None
        texts = [v for v in (rule.body, rule.headline, *alone) if v is not None]
        if ((len(alone) != 1 or rule.body or rule.headline) and (alone or not pair)) or not all(map(squeeze, texts)):
            raise ConfigError(
                f"{path}: rule {number} is incomplete or says two things.",
                hint="Give body and headline, or one of split, merge and furniture.",
            )
    return found
