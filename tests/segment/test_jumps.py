"""Items that go on on another page: both parts linked where both are in the issue, else each with its jump on record."""

from __future__ import annotations

import pytest

from pipeline.config import SegmentConfig
from pipeline.records import JumpDirection, Owner, Segmentation, decode, encode
from pipeline.segment import outline, segment
from pipeline.segment.jumps import direction
from tests.segment.compare import check_laws, issue_of

FIRST = """清河日报　2026年5月2日 星期六　第1版

全县春灌工作全面展开

本报讯（记者 李明）连日来，清河县各乡镇抢抓
农时，组织群众清淤渠道、检修闸门，确保春灌
用水及时足额到田。

在石桥镇柳湾村，水管员赵刚沿着干渠巡查，
逐段测量水位。“今年水量足，渠道也刚衬砌过，”
赵刚说，“地头的农户都夸（下转第3版）

梨花节开幕

本报讯（记者 王芳）4月6日，双塔乡万亩梨园进
入盛花期，为期十天的梨花节开幕，当天接待游
客两万人次。
"""
THIRD = """
第3版　综合新闻

（上接第1版）水到得比往年快了两天。”截至目前，
全县已灌溉农田五万亩，占计划的六成，春灌工作
预计月底结束。水管员赵刚还将继续巡查渠道。

新校车上路

本报讯（记者 张涛）新学期，二十辆电动校车在
清河县的乡间公路上跑了起来，家长在手机上就能
看到孩子到了哪一站。
"""


def made_of(text: str) -> Segmentation:
    issue = issue_of(text)
    made = segment(issue, SegmentConfig())
    check_laws(issue, made)
    assert decode(encode(made), Segmentation) == made
    assert outline(made, issue)
    return made


def test_both_parts_are_units_that_name_each_other() -> None:
    made = made_of(FIRST + THIRD)
    begun, fair, ended, bus = made.units
    assert [u.headline.text if u.headline else None for u in made.units] == ["全县春灌工作全面展开", "梨花节开幕", None, "新校车上路"]
    assert [(j.direction, j.page, j.unit) for j in begun.jumps] == [(JumpDirection.TO, "3", ended.id)]
    assert [(j.direction, j.page, j.unit) for j in ended.jumps] == [(JumpDirection.FROM, "1", begun.id)]
    assert not fair.jumps
    assert not bus.jumps
    assert not [f for f in made.findings if f.check == "pairing"]


@pytest.mark.parametrize(("text", "way", "page"), [(FIRST, JumpDirection.TO, "3"), (THIRD, JumpDirection.FROM, "1")])
def test_one_part_alone_has_its_jump_on_record(text: str, way: JumpDirection, page: str) -> None:
    (jump,) = [j for u in made_of(text).units for j in u.jumps]
    assert (jump.direction, jump.page, jump.unit) == (way, page, None)


def test_a_jump_on_a_line_of_its_own_parts_items() -> None:
    made = made_of(FIRST.replace("都夸（下转第3版）", "都夸\n▶▶▶下转A3版"))
    assert [(j.direction, j.page) for j in made.units[0].jumps] == [(JumpDirection.TO, "A3")]
    assert len(made.units) == 2
    assert [e.role for e in made.ledger if e.owner is Owner.FURNITURE].count("jump") == 1


def test_a_mere_reference_is_no_jump() -> None:
    assert direction("（相关报道见第四版）") is None
    assert direction("（紧接第一版）") is JumpDirection.FROM
    assert direction("→转02版") is JumpDirection.TO
