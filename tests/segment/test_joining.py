"""Lines joined to paragraphs: Latin words and numbers over a line end, hyphens, who-said lines, hanging marks."""

from __future__ import annotations

import pytest

from pipeline.config import SegmentConfig
from pipeline.records import Owner
from pipeline.segment import segment
from pipeline.segment.stretch import glue
from tests.segment.compare import check_laws, issue_of


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("引入Chat", "GPT辅助教学", "引入ChatGPT辅助教学"),
        ("学习world", "wide的经验", "学习world wide的经验"),
        ("名为interna-", "tional的交流", "名为international的交流"),
        ("因COVID-", "19停办", "因COVID-19停办"),
        ("参加e-", "sports比赛", "参加e-sports比赛"),
        ("请来well-", "known的专家", "请来well-known的专家"),
        ("下降了3.", "5%", "下降了3.5%"),
        ("共有12,", "000人", "共有12,000人"),
        ("官网www.", "qinghe.cn可查", "官网www.qinghe.cn可查"),
        ("使用AI", "GC工具", "使用AIGC工具"),
        ("县里今年", "新建三处", "县里今年新建三处"),
        ("Hello,", "world", "Hello, world"),
    ],
)
def test_lines_join_as_a_reader_would(before: str, after: str, joined: str) -> None:
    drop, space = glue(before, after, {"chatgpt", "well-known"})
    assert before[: len(before) - drop] + " " * space + after == joined


def test_a_dropped_hyphen_is_layout_and_no_finding() -> None:
    issue = issue_of("双语课堂受欢迎\n\n本报讯（记者 李明）县第一中学开设了名为interna-\ntional的双语课程，学生报名十分踊跃。\n")
    made = segment(issue, SegmentConfig())
    check_laws(issue, made)
    assert "international的双语课程" in made.units[0].blocks[0].text
    hyphens = [e for e in made.ledger if e.role == "hyphen"]
    assert [(e.owner, issue.text[e.span.start : e.span.end]) for e in hyphens] == [(Owner.LAYOUT, "-")]
    assert not [e for e in made.ledger if e.owner is Owner.RESIDUE]
    assert not [f for f in made.findings if f.check == "residue"]


def paragraphs(text: str) -> list[str]:
    issue = issue_of(text)
    made = segment(issue, SegmentConfig())
    check_laws(issue, made)
    return [p.text for u in made.units for p in u.paragraphs]


def test_who_said_it_stays_with_the_quotation() -> None:
    text = (
        "一枚印章管审批\n\n本报讯（通讯员 金静）沙泉县行\n政审批局揭牌以来，六枚公章被封\n存，企业开办时间压缩到两小时。\n\n"
        "个体户赵玉海上午递交材料，下午\n就领到了营业执照。“没想到跑一\n次就办成了，连印章都是免费刻的。”\n赵玉海说。\n"
    )
    assert [p[-5:] for p in paragraphs(text)] == ["到两小时。", "赵玉海说。"]


def test_a_paragraph_of_two_lines_does_not_set_the_column() -> None:
    """First lines lack two characters where the indent was lost; the column is as wide as the full lines."""
    text = (
        "年轻人为什么爱上夜校\n□吕军春\n\n五百元十二节课，学摄影、学古筝、学咖啡\n拉花，报名开启三分钟，名额一抢而空。\n\n"
        "年轻人爱上夜校，不为文凭，不为升职，图\n的是下班之后还有一段属于自己的时光。\n\n"
        "场地可以是文化馆，也可以是商场空铺，多\n开几个班，城市的夜晚就多几盏灯。\n"
    )
    assert [p[:4] for p in paragraphs(text)] == ["五百元十", "年轻人爱", "场地可以"]


def test_a_photographer_over_a_line_end_is_no_paragraph() -> None:
    issue = issue_of("图为清河县第三中学学生在实验室里观\n察水稻细胞，老师在一旁讲解。本报记者\n陶艳佳 摄\n")
    made = segment(issue, SegmentConfig())
    check_laws(issue, made)
    (unit,) = made.units
    assert [p.text[-3:] for p in unit.paragraphs] == ["讲解。"]
    assert unit.authors == ("陶艳佳",)
