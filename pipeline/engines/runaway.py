"""Recognising an output that has begun to loop."""

from __future__ import annotations

from typing import Final

_TIMES: Final = 3
_SHORTEST: Final = 12
_LONGEST: Final = 160


def looping(text: str) -> bool:
    """True when ``text`` ends in the same 12 to 160 characters three times over, or one character 24 times."""
    if len(text) >= 2 * _SHORTEST and len(set(text[-2 * _SHORTEST :])) == 1:
        return True
    for period in range(_SHORTEST, min(_LONGEST, len(text) // _TIMES) + 1):
        tail = text[-period:]
        if text[-2 * period : -period] == tail and text[-3 * period : -2 * period] == tail:
            return True
    return False
