"""Written numerals to exact values: Arabic, Chinese and mixed (1亿2000万), and English words."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

Value = int | Fraction
"""An exact value.  Whole ones are ``int``: they compare and multiply in a tenth of the time."""

_DIGIT: Final = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "廿": 20}
_SMALL: Final = {"十": 10, "百": 100, "千": 1000}
_LARGE: Final = {"万": 10_000, "亿": 100_000_000}

_TOKEN: Final = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?|[零〇一二三四五六七八九两俩廿]+|[十百千]|[万亿]|点")


_LONGEST: Final = 80
"""Code points; a run of figures longer than that is no number."""
_SINGLE: Final = {**_DIGIT, **_SMALL, **_LARGE}
_COMMON: Final = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)([百千]?)([万亿]?)")
"""Figures with the place or places they are counted in: 3.5万, 2000, 20亿."""


def parse_zh(text: str) -> Value | None:
    """Return the value of a Chinese, Arabic or mixed numeral, or None where it is not one or is longer than any.

    A string of plain digits is read digit by digit (二〇二四 is 2024); a last digit after a multiplier
    takes the next lower place (两万三 is 23,000).
    """
    if len(text) > _LONGEST:
        return None
    if text.isascii() and text.isdecimal():
        return int(text)
    if (single := _SINGLE.get(text)) is not None:
        return single
    if (common := _COMMON.fullmatch(text)) and (value := exact(common[1], _SMALL.get(common[2], 1) * _LARGE.get(common[3], 1))):
        return value
    tokens = _TOKEN.findall(text.replace(" ", ""))
    if not tokens or sum(map(len, tokens)) != len(text.replace(" ", "")):
        return None
    if "点" in tokens:
        return _with_point(tokens)
    total: Value = 0
    group: Value = 0
    section: Value = 0
    number: Value | None = None
    last = 0
    for i, word in enumerate(tokens):
        if word in _SMALL:
            unit = _SMALL[word]
            if number is None and section and i and tokens[i - 1] in _SMALL:
                return None
            section += (1 if number is None else number) * unit
            number, last = None, unit
        elif word in _LARGE:
            bare = number is None and not (section or group or total)
            section += 1 if bare else number or 0
            if word == "万":
                group += section * _LARGE[word]
            else:
                total += (group + section) * _LARGE[word]
                group = 0
            section, number, last = 0, None, _LARGE[word]
        else:
            if number is not None:
                return None
            number = _plain(word)
            if number is None:
                return None
            if last > 10 and i == len(tokens) - 1 and len(word) == 1 and word in _DIGIT and word not in "零〇":
                number *= last // 10
    return total + group + section + (number or 0)


def exact(written: str, scale: int = 1) -> Value:
    """The value of Arabic digits with thousands separators and a decimal point, so many times."""
    whole, _, decimals = written.replace(",", "").partition(".")
    if not decimals:
        return int(whole) * scale
    # A quotient of integers alone tells a whole value (3.5万) in a tenth of a fraction's time.
    dividend, divisor = int(whole + decimals) * scale, 10 ** len(decimals)
    return Fraction(dividend, divisor) if dividend % divisor else dividend // divisor


def _plain(token: str) -> Value | None:
    if token[0].isdigit() and token.isascii():
        return exact(token)
    stripped = token.lstrip("零〇") or token[-1]
    if len(stripped) == 1:
        return _DIGIT[stripped]
    if "廿" in token:
        return 20 + _DIGIT[token[1]] if token[0] == "廿" and len(token) == 2 else None
    return int("".join(str(_DIGIT[c]) for c in token))


def _with_point(tokens: list[str]) -> Value | None:
    at = tokens.index("点")
    whole, rest = parse_zh("".join(tokens[:at])), tokens[at + 1 :]
    if whole is None or not rest or not all(c in _DIGIT for c in rest[0]):
        return None
    value = whole + Fraction(int("".join(str(_DIGIT[c]) for c in rest[0])), 10 ** len(rest[0]))
    for token in rest[1:]:
        scale = {**_SMALL, **_LARGE}.get(token)
        if scale is None:
            return None
        value *= scale
    return value


_ONES: Final = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS: Final = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
EN_SCALES: Final = {
    "hundred": 100, "thousand": 1000, "million": 10**6, "mn": 10**6, "billion": 10**9, "bn": 10**9, "trillion": 10**12,
}  # fmt: skip
_IRREGULAR: Final = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
EN_ORDINALS: Final = {_IRREGULAR.get(w, f"{w}th"): v for w, v in _ONES.items()} | {f"{w[:-1]}ieth": v for w, v in _TENS.items()}
EN_WORDS: Final = (*_ONES, *_TENS)


def parse_en(words: str) -> int | None:
    """Return the value of English number words ("two hundred and five", "twenty-one", "a thousand"), or None."""
    total, current, seen = 0, 0, False
    for word in words.lower().replace("-", " ").split():
        if word in _ONES:
            current += _ONES[word]
        elif word in _TENS:
            current += _TENS[word]
        elif word == "hundred":
            current = (current or 1) * 100
        elif word in EN_SCALES:
            total += (current or 1) * EN_SCALES[word]
            current = 0
        elif word in ("and", "a", "an"):
            continue
        else:
            return None
        seen = True
    return total + current if seen else None
