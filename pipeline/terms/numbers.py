"""Numbers as values, in Chinese and English: read, compare, write.

>>> from pipeline.terms.numbers import read_zh, read_en, render_en, matches
>>> render_en(read_zh("新增20亿元")[0])
'2 billion yuan'
>>> matches(read_zh("3.5万亩")[0], read_en("35,000 mu")[0])
True
"""

from __future__ import annotations

from pipeline.terms.numbers_en import read_en
from pipeline.terms.numbers_render import render_en
from pipeline.terms.numbers_zh import read_zh
from pipeline.terms.quantity import Approx, Kind, Quantity, matches, ymd

__all__ = ["Approx", "Kind", "Quantity", "matches", "read_en", "read_zh", "render_en", "ymd"]
