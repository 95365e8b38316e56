"""Speech whose speaker the English has lost.

A long quotation before "X说" is where small models drop the speaker: the words then read as the
newspaper's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.base import Reading, finding, shorten
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity

NAME = "attribution"

_SAYS_AFTER = re.compile(
    r"[”」』][^，。！？；“「『]{0,40}?(?:说|道|表示|介绍|告诉[^，。！：]{0,6}|感慨|坦言|回忆|补充|认为|强调|指出|笑言|直言|喊|答)(?:道|到|着)?(?=[，。！：；]|\Z)"
)
_OPENS = re.compile(r"[：:，,]\s*[“「『]")
_SAYS_BEFORE = re.compile(rf"(?:说|道|表示|介绍|告诉[^，。]{{1,6}}|感慨|坦言|回忆|补充|强调|指出)(?:道|着)?{_OPENS.pattern}")
# The verb ends its clause: ”走出一条发展道路 holds 道 and says nothing.
_SAYS_EN = re.compile(
    r"\b(?:sa(?:id|ys?|ying)|told|tells?|telling|express\w*|explain\w*|"
    r"add(?:ed|s|ing)|stress\w*|emphasi[sz]\w*|not(?:ed|es|ing)|point\w* out|"
    r"stat(?:ed|es|ing)|"
    r"introduc\w*|describ\w*|recall\w*|remember\w*|sigh\w*|exclaim\w*|remark\w*|comment\w*|admit\w*|think\w*|thought|believ\w*|felt|feels?|"
    r"according to|call\w*|shout\w*|cri(?:ed|es)|repl\w+|answer\w*|ask\w*|smil\w*|laugh\w*|gush\w*|lament\w*|marvel\w*|observ\w*|report\w*|"
    r"revealed|reveals|suggest\w*|urg\w+|announc\w*|recount\w*|continu\w*|went on|wrote|writes|joke\w*|joking\w*|spoke|speak\w*|whisper\w*|"
    r"enthus\w*|prais\w*|concluded|declar\w*|insist\w*|maintain\w*|mention\w*|confess\w*|beam\w*|quipped|pointed|shar(?:ed|es|ing)|thank\w*)\b",
    re.IGNORECASE,
)
# The commonest of them, which settle it without the full pattern.
_SAYS_SURE = frozenset({"said", "say", "says", "saying", "told", "tells", "added", "explained", "noted", "recalled", "thinks", "thought"})


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report a quotation with a verb of saying in the Chinese and none in the English."""
    if not reading.running:
        return
    if not reading.marked:
        return
    after = _SAYS_AFTER.search(reading.source)
    before = _SAYS_BEFORE.search(reading.source) if _OPENS.search(reading.source) else None
    says = min(filter(None, (after, before)), key=lambda m: m.start(), default=None)
    if says and _SAYS_SURE.isdisjoint(reading.word_set) and not _SAYS_EN.search(reading.plain):
        shown = says.group(0).strip("”」』“「『，。：:,")
        yield finding(
            reading,
            NAME,
            Severity.WARNING,
            f"The Chinese says who speaks ({shorten(shown)}); the English does not.",
            source=shown,
            target=shorten(reading.target),
        )
