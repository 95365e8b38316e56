"""The composer itself: pages repeat under their seed, and every kind of noise really comes."""

from __future__ import annotations

import random
import re
from itertools import pairwise

import pytest

from pipeline.config import SegmentConfig
from pipeline.segment import segment
from tests.composer import noise
from tests.composer.composer import compose
from tests.composer.wrapping import wrap
from tests.segment.compare import check_laws, issue_of


def test_equal_seeds_give_equal_pages_and_the_switch_changes_them() -> None:
    assert compose(7, every_noise=True).text == compose(7, every_noise=True).text
    assert sum(compose(s, every_noise=True).text != compose(s).text for s in range(40)) > 30


def test_every_kind_of_noise_comes() -> None:
    pages = [compose(seed, every_noise=True) for seed in range(150)]
    texts = [p.text for p in pages]
    units = [u for p in pages for u in p.units]
    for pattern in (
        r"下[转轉]第",
        r"上接第",
        r"[详詳][见見]",
        r"[A-Za-z]-\n",
        r"[\u200b\ufeff\u2060\u00ad]",
        r"^(?:[\u4e00-\u9fff][ 　]){2,}[\u4e00-\u9fff]$",
    ):
        assert sum(bool(re.search(pattern, text, re.M)) for text in texts) >= 5, pattern
    assert sum(u["kind"] == "brief" for u in units) >= 10
    assert sum(u["headline"] is None and u["kind"] == "article" for u in units) >= 10
    assert sum(u["column"] in noise.BRIEF_LABELS for u in units) >= 20
    assert sum(bool(u["paragraphs"]) and re.fullmatch(r".{4}年.{1,2}月.{1,2}日", u["paragraphs"][-1]) is not None for u in units) >= 10


def test_a_cut_word_is_whole_again_without_its_hyphen() -> None:
    text = "大棚里的传感器通过Internet把温度和湿度传到手机上"
    lines = wrap(text, 13, cut=random.Random(0))
    assert any(re.search(r"[A-Za-z]-?$", a) and re.match(r"[a-z]", b) for a, b in pairwise(lines))
    assert "".join(line.removesuffix("-") for line in lines) == text


@pytest.mark.parametrize("seeds", [range(0, 30), range(30, 60)])
def test_pages_with_every_noise_keep_the_laws(seeds: range) -> None:
    for seed in seeds:
        issue = issue_of(compose(seed, every_noise=True).text)
        check_laws(issue, segment(issue, SegmentConfig()))
