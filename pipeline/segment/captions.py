"""How captions open."""

from __future__ import annotations

import re
from typing import Final

_CAPTION: Final = re.compile(
    r"^(?:▲|△|▼|◀|▶|[(（]?[①②③④⑤⑥⑦⑧⑨][)）]?)?\s?(?:图\s?[①②③④⑤⑥一二三四\d]{0,2}\s?[:：为]|(?:上|下|左|右|本|组|小|大|主|题)图[为:：是中]?|图片(?:为|说明)|照片为)|^[▲△▼]"
)


def is_caption(text: str) -> bool:
    """Whether a paragraph opens as captions do (``图为…``, ``上图：…``, ``▲…``)."""
    return _CAPTION.match(text) is not None
