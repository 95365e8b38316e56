"""Whether an English name can be the reading of some Chinese in the source.

Used from the English side: a word that is built like pinyin, but that no characters of the source
read as, is a name the source does not have.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from pipeline.checks.text import HAN, word_table

_FINALS: Final = "iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|uo|ui|ue|üe|er|a|o|e|i|u|ü|v"
_SYLLABLE: Final = rf"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])(?:{_FINALS})|a[io]?|ang?|en|er?|ou)"

SURNAMES: Final = word_table("""
    ai an bai bao bi bian bo cai cao cen chai chang chao che chen cheng chi chu cui dai deng di ding dong dou du duan
    fan fang fei feng fu gan gao ge geng gong gou gu guan guo hai han hao he hong hou hu hua huang huo ji jia jian
    jiang jiao jin jing ju kang ke kong kuang lai lan lang lei leng li lian liang liao lin ling liu long lou lu luan
    luo lü lyu ma mao mei meng mi miao min mo mou mu ning niu ou pan pang pei peng pi pu qi qian qiao qin qiu qu quan
    ran ren rong ruan shan shang shao shen sheng shi shu si song su sui sun tan tang tao teng tian tong tu wan wang
    wei wen weng wu xi xia xiang xiao xie xin xing xiong xu xue yan yang yao ye yi yin ying you yu yuan yue yun zang
    zeng zhai zhan zhang zhao zheng zhi zhong zhou zhu zhuang zhuo zong zou zu zuo nian
""")
"""Pinyin of Chinese family names in common use."""


@lru_cache(maxsize=50_000)  # a language has few words
def syllables(word: str) -> int:
    """Fewest syllables ``word`` can be cut into; 0 when it cannot."""
    word = word.lower()
    for count in (1, 2, 3):
        if re.fullmatch(rf"(?:{_SYLLABLE}'?){{{count}}}", word):
            return count
    return 0


def readable(word: str, source: str) -> bool:
    """Some run of Han characters in ``source`` reads as ``word`` (tones, case, apostrophes and spaces aside)."""
    wanted = re.sub(r"[^a-zü]", "", word.lower()).replace("ü", "v")
    chars = [c for c in source if HAN.match(c)]
    return any(_from(chars, start, wanted) for start in range(len(chars)))


def _from(chars: list[str], at: int, wanted: str) -> bool:
    if not wanted:
        return True
    if at >= len(chars):
        return False
    return any(wanted.startswith(r) and _from(chars, at + 1, wanted[len(r) :]) for r in _readings(chars[at]))


@lru_cache(maxsize=8192)
def _readings(char: str) -> frozenset[str]:
    """All toneless readings of a character, with ü written as v, and as u or yu as passports do."""
    # Imported here: the tables are large and most sentences never ask.
    from pypinyin import Style, pinyin

    plain = {r for r in pinyin(char, style=Style.NORMAL, heteronym=True, v_to_u=False)[0] if r.isascii()}
    return frozenset(plain | {r.replace("v", "u") for r in plain} | {r.replace("v", "yu") for r in plain if "v" in r})
