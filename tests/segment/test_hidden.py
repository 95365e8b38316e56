"""Bodies that nothing marks apart, found by what the page shows and by the headlines, which stand apart."""

from __future__ import annotations

from pipeline.config import SegmentConfig
from pipeline.records import Segmentation
from pipeline.segment import segment
from tests.segment.compare import check_laws, issue_of

BODIES = (
    "　　深秋时节，走进云岭县东岭乡，漫山红叶映着新修\n的柏油路。返乡创业的青年赵海燕正在自家民宿里招\n呼客人。\n"
    "　　“周末的房间早就订满了。”赵海燕说，今年前十\n个月，她家的收入已经超过二十万元。\n"
    "　　东岭乡党委书记李强介绍，全乡依托红叶资源发展\n民宿四十二家，带动三百多人就业。\n",
    "　　近日，云岭县人民医院引进的核磁共振设备投入使\n用，群众在家门口就能做检查。\n"
    "　　院长孙丽华介绍，设备投用两周，已为二百余名患\n者完成检查，平均等候时间缩短到一天。\n",
    "　　读书的好处，古人说得很多了。今天再谈读书，还\n要谈谈怎么读。\n"
    "　　手机里的碎片消息看得再多，也代替不了一本书读\n到底。静下心来，一页一页地读，才能读出滋味。\n"
    "　　领导干部尤其要读书。把书读进去，再到实践里走\n出来，工作才有底气。\n",
    "　　云岭县第三届职工运动会10月20日闭幕，来自四\n十个单位的六百名运动员参加了九个大项的比赛。\n"
    "　　经过三天角逐，县教育局代表队获得团体第一名，\n县医院和供电公司代表队分获第二、第三名。\n",
)
HEADS = (
    "红叶引来八方客\n东岭乡民宿带动三百人就业\n本报记者 周明\n\n家门口就能做核磁检查\n本报通讯员 吴静\n\n"
    "职工运动会闭幕\n本报记者 郑凯\n\n读书要读到底\n□秦文\n"
)


def made_of(text: str) -> Segmentation:
    issue = issue_of(text)
    made = segment(issue, SegmentConfig())
    check_laws(issue, made)
    return made


def test_articles_without_any_dateline_are_told_apart_and_paired() -> None:
    for text in ("\n".join(BODIES) + "\n" + HEADS, HEADS + "\n" + "\n".join(BODIES)):
        made = made_of(text)
        assert [u.headline.text if u.headline else None for u in made.units] == [
            "红叶引来八方客",
            "家门口就能做核磁检查",
            "读书要读到底",
            "职工运动会闭幕",
        ]
        assert [u.authors for u in made.units] == [("周明",), ("吴静",), ("秦文",), ("郑凯",)]
        assert [len(u.paragraphs) for u in made.units] == [3, 2, 3, 2]


def test_an_essay_below_a_report_is_not_its_last_paragraphs() -> None:
    """Nothing but the wording tells: a report does not say I, and the river is not the school bus."""
    made = made_of(
        "本报讯（记者 张涛）新学期，二十辆崭新的电动校车在清河县的乡间公路上跑了起来。\n\n"
        "车上装有定位和防遗忘报警，家长在手机上就能看到孩子到了哪一站。\n\n“再也不用天不亮就起来送娃。”家长罗玉芳说。\n\n"
        "我总记得外婆家门前的那条小河，河水清得能看见石头上的花纹。\n\n夏天的傍晚，外婆坐在河边洗衣，我就在浅滩上捉鱼。\n\n"
        "后来小河改了道，外婆也搬进了城，她却总说城里的水没有河水甜。\n\n"
        "电动校车开上乡间路\n\n门前的小河\n□秦文\n"
    )
    assert [(u.headline.text if u.headline else None, len(u.paragraphs)) for u in made.units] == [
        ("电动校车开上乡间路", 3),
        ("门前的小河", 3),
    ]


def test_a_body_and_a_headline_left_over_are_a_pair_and_the_editor_is_told() -> None:
    made = made_of(
        "本报讯（记者 王芳）清河县今年新建高标准农田两万亩，粮食总产再创新高。\n\n图为村民在晾晒辣椒。\n李明 摄\n\n"
        "站台上的灯一盏盏亮了，送行的人还没有走。\n\n列车开出很远，我回头，仍望得见那一点光。\n\n"
        "高标准农田保丰收\n\n暮色\n□秦文\n"
    )
    last = made.units[-1]
    assert last.headline is not None
    assert last.headline.text == "暮色"
    assert any(f.check == "pairing" and f.unit == last.id for f in made.findings)
