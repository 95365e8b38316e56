"""Issue to units: lines, paragraphs, furniture, boundaries, headline pairing, the character ledger.

``stage.py`` is the whole stage on one screen; ``docs/segmentation.md`` explains the evidence.
"""

from __future__ import annotations

from pipeline.config import SegmentConfig
from pipeline.records import Issue, Segmentation
from pipeline.segment.outline import outline, reference
from pipeline.segment.overrides import Overrides

__all__ = ["Overrides", "outline", "reference", "segment"]


def segment(issue: Issue, config: SegmentConfig, overrides: Overrides | None = None) -> Segmentation:
    """Divide an issue into its units; every source character gets exactly one owner.

    ``overrides`` are an editor's corrections; a rule that finds nothing to act on is a finding.
    """
    # Imported here: the work is done on arrays, and numpy loads more slowly than a page is divided.
    from pipeline.segment.stage import divide

    return divide(issue, config, overrides or Overrides())
