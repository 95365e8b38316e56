"""A sample of ``python -m bench.mutations``: damaged inputs are read with nothing lost, or refused with a hint."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.mutations import case, outcome


def test_damaged_inputs_are_read_or_refused() -> None:
    counts = Counter(outcome(seed) for seed in range(100))
    assert counts["read"] > 50
    assert len(counts) > 1


@pytest.mark.slow
def test_many_damaged_inputs_are_read_or_refused() -> None:
    counts = Counter(outcome(seed) for seed in range(100, 1600))
    assert counts["read"] > 750


def test_equal_seeds_give_equal_inputs() -> None:
    assert case(5) == case(5)
    assert len({case(seed)[1] for seed in range(50)}) > 45
