"""Records survive the round trip through JSON and stay immutable."""

import msgspec
import pytest

from pipeline.records import Finding, LedgerEntry, Owner, Segmentation, Severity, Span, decode, encode


def sample() -> Segmentation:
    return Segmentation(
        issue="a" * 16,
        units=(),
        ledger=(LedgerEntry(span=Span(0, 3), owner=Owner.RESIDUE),),
        findings=(Finding(check="residue", severity=Severity.WARNING, message="three characters", span=Span(0, 3)),),
    )


def test_round_trip() -> None:
    assert decode(encode(sample()), Segmentation) == sample()


def test_frozen() -> None:
    with pytest.raises(AttributeError):
        sample().issue = "b"  # type: ignore[misc]


def test_unknown_field_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        decode(b'{"issue":"a","units":[],"ledger":[],"extra":1}', Segmentation)
