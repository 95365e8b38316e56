"""What a translation memory holds, and what counts as the same."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from pipeline.records import Record


class Maker(StrEnum):
    """Who wrote a target text."""

    HUMAN = "human"
    MACHINE = "machine"


class Entry(Record, frozen=True):
    """One remembered translation."""

    source: str
    target: str
    field: str
    """``Field`` value of the segment: a headline's English does not serve for a sentence."""
    maker: Maker
    key: str = ""
    """What shaped a machine's text (``key_of``); empty for a person's."""
    context: str = ""
    """``context_of`` the Chinese as a machine saw it; empty for a person's."""
    who: str = ""
    """The person, or the model's id."""
    recorded: str = ""
    """UTC, RFC 3339."""
    issue: str = ""
    segment: str = ""
    signature: str = ""


class Match(Record, frozen=True):
    """A remembered translation of a similar text."""

    entry: Entry
    similarity: float
    """1 - normalised Levenshtein distance in characters, 0 to 1."""


def key_of(parts: Mapping[str, str]) -> str:
    """Digest of everything that shapes a machine translation; equal only if all of ``parts`` are equal.

    Name at least the weights' digest, the prompt's, the configuration section's and the terms'.
    """
    canonical = json.dumps(dict(parts), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def context_of(projected: str) -> str:
    """Digest of a text with the names, terms and numbers of its issue put into it as English.

    Two issues may give one name two spellings; a machine's text serves only where they agree.
    """
    return hashlib.sha256(projected.encode("utf-8", "surrogatepass")).hexdigest()


def normalise(text: str) -> str:
    """What counts as the same Chinese: composed characters, without white space (line breaks are layout)."""
    # White space goes first: without it marks may meet that compose or change places.
    return unicodedata.normalize("NFC", "".join(text.split()))
