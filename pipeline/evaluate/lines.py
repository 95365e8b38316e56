"""Bare lines of a test set as the passages that the job's own code works on."""

from __future__ import annotations

from pipeline.records import Field, Segment


def line_segment(number: int, text: str) -> Segment:
    """A line of Chinese as the one sentence of a unit of its own."""
    return Segment(id=f"{number}.sentence.0.0", unit=str(number), field=Field.SENTENCE, block=0, index=0, text=text)
