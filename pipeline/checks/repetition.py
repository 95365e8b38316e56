"""Text that goes round in circles, the usual failure of a small model."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from operator import eq

from pipeline.checks.base import Reading, finding, shorten
from pipeline.checks.text import HAN_CLASS, HAN_RUN
from pipeline.config import ChecksConfig
from pipeline.records import Finding, Severity

NAME = "repetition"

_LONG_SOURCE = 4
"""Han characters that may come twice before a long English stretch may."""
_LONGEST_ECHO = 8
"""Words in the longest phrase looked for straight after itself."""
_SAID_TWICE = re.compile(rf"([{HAN_CLASS}]{{2,}})[，、！,!。 ]\1")
_DOUBLING = frozenset({"had", "that", "very", "so", "no", "bye", "ha", "go", "step", "day", "is", "well", "win"})


def check(reading: Reading, config: ChecksConfig) -> Iterator[Finding]:
    """Report a phrase that recurs more often than the source gives cause for."""
    repeated = _echo(reading) or _recurring(reading, config)
    if repeated:
        severity = Severity.ERROR if len(repeated.split()) >= config.repeat_ngram else Severity.WARNING
        yield finding(
            reading,
            NAME,
            severity,
            f"The English repeats itself: “{shorten(repeated)}”.",
            source=shorten(reading.source),
            target=shorten(repeated),
        )


def _echo(reading: Reading) -> str:
    """A phrase straight after itself: "the the", "came to help, came to help"."""
    tokens = reading.words
    if not any(map(eq, tokens, tokens[1:])) and not _pair_again(reading):
        return ""
    last: dict[str, int] = {}
    for at, word in enumerate(tokens):
        before = last.get(word, -1)
        last[word] = at
        size = at - before
        if before < 0 or size > _LONGEST_ECHO or tokens[before:at] != tokens[at : at + size]:
            continue
        phrase = tokens[before:at]
        # Numbers and letters in a row ("5, 5, 6", "A A") are no fault.
        if not any(len(t) > 1 and t.isalpha() for t in phrase):
            continue
        times = 2
        while tokens[before : before + size] == tokens[before + times * size : before + (times + 1) * size]:
            times += 1
        if size == 1 and times == 2 and word in _DOUBLING:
            continue
        # 团团 is Tuan Tuan; and who says 太好了，太好了 says it twice in English.
        pair = size == 1 and times == 2
        name = pair and f"{word.capitalize()} {word.capitalize()}" in reading.plain
        joined = pair and f"{word}-{word}" in reading.lower
        if not name and not joined and not (times == 2 and size <= _LONG_SOURCE and _SAID_TWICE.search(reading.source)):
            return " ".join(phrase * times)
    return ""


def _pair_again(reading: Reading) -> bool:
    """Some pair of words comes again so soon that a phrase could stand straight after itself there: it repeats each of its pairs."""
    pairs = reading.pairs
    # Two, the shortest phrase that has a pair.
    return any(pairs[at] in pairs[at + 2 : at + _LONGEST_ECHO + 1] for at in reading.pairs_to_come)


def _recurring(reading: Reading, config: ChecksConfig) -> str:
    tokens = reading.words
    n = config.repeat_ngram
    if len(tokens) < n * config.repeat_times or not _run_again(reading.pairs_to_come, n - 1):
        return ""  # a phrase that comes again repeats each of its pairs
    counts = Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))
    gram, times = counts.most_common(1)[0]
    if times >= config.repeat_times and times > _source_repeats(reading.source):
        return " ".join(gram)
    # A long stretch that comes twice is a loop even at two turns, unless the source is built that way.
    long = 2 * n
    half = len(tokens) // 2
    if half >= long and tokens[:half] == tokens[half:]:
        return " ".join(tokens[:half])  # everything twice is no parallel structure
    if _source_repeats(reading.source, _LONG_SOURCE) >= 2:
        return ""
    seen: set[tuple[str, ...]] = set()
    for i in range(len(tokens) - long + 1):
        stretch = tuple(tokens[i : i + long])
        if stretch in seen:
            return " ".join(stretch)
        seen.add(stretch)
    return ""


def _run_again(places: list[int], size: int) -> bool:
    """So many of ``places`` follow each other without a gap."""
    return any(last - first == size - 1 for first, last in zip(places, places[size - 1 :], strict=False))


def _source_repeats(source: str, size: int = 2) -> int:
    """How often the commonest run of ``size`` Han characters occurs: a source full of one name may repeat it."""
    runs = Counter(run[i : i + size] for run in HAN_RUN.findall(source) for i in range(len(run) - size + 1))
    return runs.most_common(1)[0][1] if runs else 0
