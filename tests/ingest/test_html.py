"""The HTML door: what a reader sees becomes the text, and what the elements say of it is not guessed again."""

from __future__ import annotations

import random
from typing import Any

import pytest

from pipeline.config import IngestConfig, SegmentConfig
from pipeline.errors import DamagedFileError, PipelineError
from pipeline.ingest import from_bytes
from pipeline.records import Issue, Owner, Segmentation, decode, encode
from pipeline.segment import Overrides, reference, segment
from pipeline.segment.overrides import Rule
from tests.ingest import htmlpages
from tests.segment.compare import check_laws, squeeze


def cut(html: str, rules: Overrides | None = None) -> tuple[Issue, Segmentation, list[dict[str, Any]]]:
    issue = from_bytes("page.html", html.encode(), IngestConfig(min_han=10))
    made = segment(issue, SegmentConfig(), rules)
    check_laws(issue, made)
    assert decode(encode(issue), Issue) == issue
    return issue, made, reference(made)["units"]


def short(unit: dict[str, Any]) -> dict[str, Any]:
    return {k: squeeze(v) for k, v in unit.items() if v and k != "kind"}


def test_founder_layout() -> None:
    _, made, units = cut(htmlpages.FOUNDER)
    assert [short(u) for u in units] == [
        {
            "kicker": "清河县盘活老码头",
            "headline": "古渡口建成民俗馆",
            "subtitle": "退休船工当起讲解员",
            "byline": "本报记者李明记者周雨摄",
            "authors": ["李明", "周雨"],
            "subheads": ["铁锚有了新家"],
            "paragraphs": [
                "河面上起了雾，船头轻轻一点，水纹一圈圈荡开。",
                "去年县里办起渡口民俗馆，请他当讲解员“一个月能拿四百元工资”。",
                "馆里最老的物件是一只铁锚，重126公斤，捐它的人家姓周。",
            ],
        }
    ]
    assert made.units[0].pairing is not None
    assert (made.units[0].pairing.how, made.units[0].pairing.confidence) == ("stated", 1.0)
    assert made.findings == ()


def test_article_with_headings_and_publishing_comments() -> None:
    _, made, units = cut(htmlpages.PEOPLE)
    assert [short(u) for u in units] == [
        {
            "kicker": "云岭县改造废弃铁路",
            "headline": "旧铁路长出新风景",
            "subtitle": "十公里步道串起六个村",
            "byline": "本报记者周雨",
            "authors": ["周雨"],
            "paragraphs": ["一条旧铁路穿过云岭县城，十年没有火车经过", "去年春天，县里把它改成步道，铁轨留着。"],
        },
        {"byline": "孙远摄", "authors": ["孙远"], "paragraphs": ["图为步道一角。"]},
    ]
    assert not [e for e in made.ledger if e.owner is Owner.RESIDUE]


def test_tables_and_line_breaks() -> None:
    _, _, units = cut(htmlpages.TABLES)
    assert [short(u) for u in units] == [
        {
            "kicker": "入冬抢烘三万吨",
            "headline": "烘干塔建到田埂上",
            "subtitle": "石桥镇农户不再为阴雨发愁",
            "byline": "记者李明",
            "authors": ["李明"],
            "paragraphs": [
                "本报讯（记者李明）入冬以来，清河县把粮食烘干服务送到田头。",
                "“往年遇上阴雨，粮食堆在院里发愁。”石桥镇农民赵卫国说。",
            ],
        }
    ]


def test_several_articles_on_one_page() -> None:
    _, made, units = cut(htmlpages.SEVERAL)
    assert [u["headline"] for u in units] == ["夜校亮起灯", "停水通知", None]
    assert [str(u.kind) for u in made.units] == ["article", "notice", "caption"]
    assert [len(u["paragraphs"]) for u in units] == [2, 1, 1]
    assert units[0]["authors"] == ["王芳"]


def test_an_index_page_is_a_list_of_headlines() -> None:
    _, _, units = cut(htmlpages.INDEX)
    assert [u["headline"] for u in units] == ["烘干塔建到田埂上", "旧铁路长出新风景", "古渡口建成民俗馆"]
    assert not any(u["paragraphs"] for u in units)


def test_a_page_that_says_little_is_cut_by_its_text() -> None:
    _, _, units = cut(htmlpages.PLAIN)
    assert [(u["headline"], u["authors"], len(u["paragraphs"])) for u in units] == [("夜校亮起灯", ["王芳"], 2)]


def test_overrides_act_on_stated_articles() -> None:
    _, _, units = cut(htmlpages.SEVERAL, Overrides(overrides=(Rule(body="因管网检修", headline="夜校亮起灯"),)))
    assert next(u["headline"] for u in units if "因管网检修" in "".join(u["paragraphs"])) == "夜校亮起灯"
    _, made, units = cut(htmlpages.FOUNDER, Overrides(overrides=(Rule(furniture="铁锚有了新家"),)))
    assert units[0]["subheads"] == []
    assert not [f for f in made.findings if f.check == "override"]


def test_scripts_and_hidden_text_are_not_read() -> None:
    page = htmlpages.FOUNDER.replace(
        "<founder-content>", '<script>var a="不可见";</script><p style="display:none">看不见的段落</p><founder-content>'
    )
    issue, _, units = cut(page)
    assert "不可见" not in issue.text
    assert "看不见" not in issue.text
    assert len(units) == 1


def test_elements_that_nest_deeply_lose_nothing() -> None:
    """Old pages open ``font`` elements and never close them; a parser's ordinary limit is 256."""
    text = "石桥镇的夜校坐满了人，走廊里还站着来旁听的老人。"
    page = "<html><body>{}<p>" + text + "</p>{}<p>课表上有电工、育苗和普通话。</p></body></html>"
    issue = cut(page.format("<div>" * 1500, "</div>" * 1500))[0]
    assert issue.text.split() == [text, "课表上有电工、育苗和普通话。"]
    with pytest.raises(DamagedFileError):
        cut(page.format("<div>" * 5000, "</div>" * 5000))


@pytest.mark.parametrize("name", ["FOUNDER", "PEOPLE", "TABLES", "SEVERAL", "INDEX", "PLAIN"])
def test_mutated_pages_keep_the_laws(name: str) -> None:
    page = getattr(htmlpages, name)
    for seed in range(25):
        rnd = random.Random(seed)
        text = page
        for _ in range(rnd.randint(1, 8)):
            a, b = sorted(rnd.randrange(len(text)) for _ in range(2))
            b = min(b, a + 60)
            text = rnd.choice((text[:a] + text[b:], text[:b] + text[a:b] + text[b:], text[:a] + text[a:b][::-1] + text[b:]))
        try:
            issue = from_bytes("page.html", ("<html>" + text).encode(), IngestConfig(min_han=10))
        except PipelineError:
            continue
        check_laws(issue, segment(issue, SegmentConfig()))
