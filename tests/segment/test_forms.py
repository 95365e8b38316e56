"""Items of the kinds that papers print beside their reports: briefs, notices, pictures, notes of the editor, section heads."""

from __future__ import annotations

import pytest

from pipeline.config import SegmentConfig
from pipeline.records import Segmentation, UnitKind
from pipeline.segment import furniture, people, segment
from pipeline.segment.forms import heads_picture, is_lead
from tests.segment.compare import check_laws, issue_of


def made_of(text: str) -> Segmentation:
    issue = issue_of(text)
    made = segment(issue, SegmentConfig())
    check_laws(issue, made)
    return made


def test_briefs_under_one_label_are_items_of_their_own() -> None:
    made = made_of(
        "简讯\n\n●近日，清河县图书馆举办亲子阅读活动，五十组家庭参加。（赵敏）\n"
        "●5月8日，石桥镇组织志愿者清理河道垃圾三吨。（李强 王洋）\n●清河县总工会为环卫工人送去防暑用品六百份。（通讯员 刘娜）\n\n"
        "县委召开常委会会议\n\n本报讯（记者 李明）5月9日，县委常委会召开会议，研究部署当前重点工作。\n"
    )
    briefs = [u for u in made.units if u.kind is UnitKind.BRIEF]
    assert [u.authors for u in briefs] == [("赵敏",), ("李强", "王洋"), ("刘娜",)]
    assert [u.column.text if u.column else None for u in briefs] == ["简讯"] * 3
    assert [u.headline for u in briefs] == [None] * 3
    assert made.units[-1].headline is not None
    assert made.findings == ()


def test_a_notice_keeps_its_articles_and_who_issued_it() -> None:
    made = made_of(
        "关于禁止燃放烟花爆竹的通告\n\n为保障公共安全，现将有关事项通告如下：\n一、县城规划区内全年禁止燃放烟花爆竹。\n"
        "二、违反规定的，由公安机关依法处理。\n特此通告。\n\n清河县人民政府\n2025年5月1日\n\n"
        "遗失声明\n张伟遗失身份证，证号末四位3321，声明作废。\n"
    )
    notice, lost = made.units
    assert [u.kind for u in made.units] == [UnitKind.NOTICE] * 2
    assert [p.text[:2] for p in notice.paragraphs[:-2]] == ["为保", "一、", "二、", "特此"]
    assert [p.text for p in notice.paragraphs[-2:]] == ["清河县人民政府", "2025年5月1日"]
    assert notice.byline is None
    assert lost.headline is not None
    assert lost.column is None


def test_a_picture_with_its_label_is_no_part_of_the_article_above() -> None:
    made = made_of(
        "老工匠的新课堂\n本报记者 李晓东\n\n编者按\n工匠精神需要传承，本期讲述一位老钳工的故事。\n\n"
        "清晨六点，七十岁的周师傅推开实训室的门，把二十台台钳擦得锃亮。\n\n如今，周师傅的学生已有六人获得省级技能大赛奖项。\n\n"
        "图片新闻\n5月19日，游客在清河县湿地公园乘船游览，当地大力发展生态旅游。\n新华社记者 刘潺摄\n"
    )
    article, picture = made.units
    assert [b.text for b in article.subheads] == ["编者按"]
    assert len(article.paragraphs) == 3
    assert (picture.kind, picture.headline, picture.authors) == (UnitKind.CAPTION, None, ("刘潺",))
    assert picture.column is not None
    assert picture.column.text == "图片新闻"


def test_verse_may_name_its_author_without_a_mark() -> None:
    made = made_of(
        "村口的灯\n罗明\n天黑得早了\n村口的灯就亮得早\n每一个晚归的人\n都有自己的影子领路\n\n影子越走越短\n家就越来越近\n\n"
        "南梁村\n老粮站变身乡村图书馆\n\n本报讯（通讯员 郑春勇）斑驳的红砖墙，高高的木屋梁，南梁村一座闲置二十年的粮站如今摆满了书架。\n"
    )
    poem, report = made.units
    assert (poem.kind, poem.authors, len(poem.paragraphs)) == (UnitKind.VERSE, ("罗明",), 2)
    assert report.kicker is not None
    assert report.kicker.text == "南梁村"


def test_a_label_may_stand_over_the_name_of_a_place() -> None:
    (unit,) = made_of("文明花开\n柳林镇\n枸杞烘干用上热泵\n\n本报讯（记者 袁霞）七月的柳林镇，枸杞红透枝头，烘干车间里不见煤烟。\n").units
    assert [p.text if p else None for p in (unit.column, unit.kicker, unit.headline)] == ["文明花开", "柳林镇", "枸杞烘干用上热泵"]


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("□李梅文", ("李梅文",)),
        ("本报记者 苗文 文/图", ("苗文",)),
        ("李明文 王芳摄", ("李明", "王芳")),
        ("本报记者 李明 文", ("李明",)),
        ("文/李明 图/王芳", ("李明", "王芳")),
        ("记者李文 通讯员王图", ("李文", "王图")),
    ],
)
def test_a_name_may_end_in_a_character_that_also_says_who_wrote(byline: str, names: tuple[str, ...]) -> None:
    assert people.authors(byline) == names


@pytest.mark.parametrize("text", ["民生·服务 A06", "综合新闻    责任编辑：张丽 校对：王芳", "第3版　综合新闻"])
def test_heads_of_sections_are_furniture(text: str) -> None:
    assert furniture.classify(text)


def test_leads_and_titles_of_pictures() -> None:
    assert is_lead("编者按")
    assert not is_lead("编者按语写得好")
    assert heads_picture("湿地之春", "5月19日，游客在湿地公园游览。")
    assert not heads_picture("父亲的脚印", "父亲留下一本发黄的巡线日志。")


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("县长 秦川", ("秦川",)),
        ("青禾实验小学五（3）班 史可欣", ("史可欣",)),
        ("谷雨 韩一诺", ("谷雨", "韩一诺")),
        ("沈石溪 著", ("沈石溪",)),
        ("石榴", ("石榴",)),
    ],
)
def test_who_signs_below_a_headline(line: str, authors: tuple[str, ...]) -> None:
    made = made_of(f"写在春天里的信\n{line}\n　　春天来的时候，河边的柳树最先知道。\n　　它把消息告诉了风，风又告诉了整个村庄。\n")
    assert [u.authors for u in made.units] == [authors]
    assert [u.headline.text if u.headline else None for u in made.units] == ["写在春天里的信"]


def test_sections_and_papers_beside_a_masthead_are_furniture() -> None:
    made = made_of(
        "国防新报\n2024年6月5日 星期三 第3版 基层传真\n体育 T12\n\n新兵团迎来首场考核\n"
        "　　本报讯（记者 马骁）6月3日，新兵团组织首场体能考核。\n"
        "　　考核设五个课目，及格率超过九成。\n"
    )
    assert [u.headline.text if u.headline else None for u in made.units] == ["新兵团迎来首场考核"]
    assert made.units[0].kicker is made.units[0].column is None


def test_reports_from_taiwan_name_their_reporter_in_brackets() -> None:
    made = made_of("捷運新線試車\n〔記者王思婷／台北報導〕捷運新線昨天起試車，預計明年通車。\n居民期待多年，市府說會加派人手趕工。\n")
    assert made.units[0].authors == ("王思婷",)


def test_a_salutation_opens_an_item_below_its_headline() -> None:
    letter = "　　我是柳树村的村民，村口的路灯坏了三个月，晚上出行不便。\n　　希望有关部门尽快修好。\n南岭县 钱小舟\n"
    made = made_of(f"路灯何时再亮\n编辑同志：\n{letter}\n公交站牌该换了\n编辑同志：\n{letter}")
    assert [u.headline.text if u.headline else None for u in made.units] == ["路灯何时再亮", "公交站牌该换了"]
    assert [u.authors for u in made.units] == [("钱小舟",)] * 2
