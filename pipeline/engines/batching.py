"""Batches for engines that want them: neighbours of like length, bounded by tokens.

Pure functions; nothing here knows a model.  Lengths are source tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Final, TypeVar

T = TypeVar("T")

LIMIT_STEP: Final = 32


def rounded_limit(max_tokens: int, ceiling: int) -> int:
    """Output limit a batch decodes with, in tokens: ``max_tokens`` rounded up to a multiple of ``LIMIT_STEP``.

    Every request decodes under its own rounded limit, alone or batched, so its search does not depend on
    whom it shares a batch with; requests of like length still meet in one batch.
    """
    return max(1, min(ceiling, -(-max_tokens // LIMIT_STEP) * LIMIT_STEP))


def pack(
    items: Iterable[T],
    *,
    length: Callable[[T], int],
    group: Callable[[T], Hashable],
    tokens: int,
    rows: Callable[[T], int],
) -> Iterator[list[T]]:
    """Cut a stream into batches of neighbours, lazily.

    Args:
        items: Best sorted by length; taken one at a time, so the stream may grow while it is read.
        length: Source tokens of an item.
        group: Items may share a batch only where this is equal.
        tokens: Budget of one batch, padding included: items times the longest of them.
        rows: Most items in a batch that holds this one; equal within a group.

    Yields:
        Non-empty batches; an item over the budget gets one of its own.
    """
    batch: list[T] = []
    longest = 0
    key: Hashable = None
    for item in items:
        size = length(item)
        mine = group(item)
        if batch and (mine != key or len(batch) >= rows(item) or max(longest, size) * (len(batch) + 1) > tokens):
            yield batch
            batch, longest = [], 0
        key = mine
        longest = max(longest, size)
        batch.append(item)
    if batch:
        yield batch
