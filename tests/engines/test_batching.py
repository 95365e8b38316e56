"""Batches: nothing lost, nothing over budget, order kept."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.engines.batching import LIMIT_STEP, pack, rounded_limit

LENGTHS = st.lists(st.integers(1, 300), max_size=60)


@given(LENGTHS, st.integers(1, 600), st.integers(1, 12))
def test_every_item_is_in_exactly_one_batch_and_no_batch_is_over_budget(lengths: list[int], tokens: int, rows: int) -> None:
    items = list(enumerate(lengths))
    batches = list(pack(items, length=lambda i: i[1], group=lambda i: 0, tokens=tokens, rows=lambda i: rows))
    assert [i for batch in batches for i in batch] == items
    for batch in batches:
        assert 1 <= len(batch) <= rows
        assert len(batch) == 1 or max(size for _, size in batch) * len(batch) <= tokens
    for batch, after in pairwise(batches):
        # No batch ends before it is full: small remnants cost a pass of the model each.
        assert len(batch) == rows or max(size for _, size in [*batch, after[0]]) * (len(batch) + 1) > tokens


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 2)), max_size=40))
def test_a_batch_never_mixes_groups(items: list[tuple[int, int]]) -> None:
    for batch in pack(items, length=lambda i: i[0], group=lambda i: i[1], tokens=200, rows=lambda i: 8):
        assert len({group for _, group in batch}) == 1


def test_pack_takes_no_more_than_one_item_ahead() -> None:
    taken = 0

    def stream():  # type: ignore[no-untyped-def]
        nonlocal taken
        for _ in range(100):
            taken += 1
            yield 10

    next(pack(stream(), length=lambda n: n, group=lambda n: 0, tokens=40, rows=lambda n: 100))
    assert taken == 5


@given(st.integers(1, 4000), st.integers(1, 1024))
def test_a_rounded_limit_never_cuts_below_what_was_asked_for(asked: int, ceiling: int) -> None:
    limit = rounded_limit(asked, ceiling)
    assert limit == ceiling or (limit >= asked and limit % LIMIT_STEP == 0 and limit - asked < LIMIT_STEP)
