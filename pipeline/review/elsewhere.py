"""Which other bundles hold the error that an editor has just corrected."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from pipeline.bundle import archive, layout, reader
from pipeline.bundle.corrections import whole_words
from pipeline.errors import PipelineError
from pipeline.records import Correction, CorrectionKind

_LOOKED_AT: Final = 300
"""Articles that hold the Chinese and are opened to see their English."""


class Elsewhere(msgspec.Struct, frozen=True):
    """An article of another bundle with the same error."""

    slug: str
    number: int
    title: str
    passages: int
    """Passages in it that hold the error."""


def same_error(outputs: Path, correction: Correction, here: str) -> tuple[Elsewhere, ...]:
    """Return the articles of other bundles that a rerun should set right, those with most passages first.

    A corrected sentence is looked for word by word, with any English but the new; a name or term
    wherever its Chinese stands beside the English that was wrong.
    """
    if correction.kind not in (CorrectionKind.TEXT, CorrectionKind.NAME, CorrectionKind.TERM) or not correction.source:
        return ()
    out: list[Elsewhere] = []
    for hit in archive.search(outputs, correction.source, _LOOKED_AT):
        if hit.slug == here:
            continue
        try:
            top = reader.manifest(outputs / hit.slug)
            file = next(a.file for a in top.articles if a.number == hit.number)
            article = reader.load(outputs / hit.slug, file, layout.ArticleFile)
        except (PipelineError, OSError, StopIteration):
            continue  # a bundle that is being replaced; it has no lasting error to list
        wrong = sum(_holds(p, correction) for p in article.passages)
        if wrong:
            out.append(Elsewhere(slug=hit.slug, number=hit.number, title=hit.title_en or hit.title_zh, passages=wrong))
    return tuple(sorted(out, key=lambda e: (-e.passages, e.slug, e.number)))


def _holds(passage: layout.Aligned, correction: Correction) -> bool:
    if correction.kind is CorrectionKind.TEXT:
        return passage.zh == correction.source and passage.en != correction.after
    old = whole_words(correction.before)
    return correction.source in passage.zh and old is not None and old.search(passage.en) is not None
