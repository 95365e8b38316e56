"""Known English in the source: right words, right order, nothing lost, offsets that hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import NameEntry, Projection
from pipeline.terms import Figures, Lexicon, compose, default_files, project, settled
from pipeline.terms.dateline import read_dateline
from pipeline.terms.lexicon import Term

LEXICON = Lexicon(
    Term(zh=zh, en=en, kind=kind)
    for zh, en, kind in (
        ("清河县", "Qinghe County", "place"),
        ("石桥乡", "Shiqiao Township", "place"),
        ("柳湾村", "Liuwan Village", "place"),
        ("农业农村局", "Bureau of Agriculture and Rural Affairs", "org"),
        ("党委组织部", "the Organization Department of the Party Committee", "org"),
        ("局长", "director", "title"),
        ("党委副书记", "deputy Party secretary", "title"),
        ("镇长", "town head", "title"),
        ("村党支部书记", "village Party branch secretary", "title"),
        ("清河日报", "Qinghe Daily", "media"),
        ("高质量发展", "high-quality development", "term"),
    )
)


def name(source: str, target: str) -> NameEntry:
    return NameEntry(source=source, target=target, kind="person", decided_by="pinyin", first_segment="", count=1)


NAMES = (name("周立新", "Zhou Lixin"), name("马秀兰", "Ma Xiulan"), name("贺兰·托合提", "Helan Tuoheti"))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("投入20亿元用于高质量发展。", "投入 2 billion yuan 用于 high-quality development。"),
        ("清河县石桥乡柳湾村的蒜苗", "Liuwan Village, Shiqiao Township, Qinghe County 的蒜苗"),
        (
            "清河县农业农村局局长周立新说：“好。”",
            "Zhou Lixin, director of the Qinghe County Bureau of Agriculture and Rural Affairs, 说：“好。”",
        ),
        ("局长周立新说", "director Zhou Lixin 说"),
        ("石桥乡党委副书记、镇长马秀兰表示", "Ma Xiulan, deputy Party secretary and town head of Shiqiao Township, 表示"),
        ("柳湾村村党支部书记周立新，今年50岁", "Zhou Lixin, village Party branch secretary of Liuwan Village，今年 50 years old"),
        ("种蒜3.5万亩", "种蒜 35,000 mu"),
        ("清河县党委组织部开会", "Organization Department of the Qinghe County Party Committee 开会"),
        ("要走一个多小时，近两个半小时", "要走 more than one hour，nearly 2.5 hours"),
        ("问题48个，", "问题48个，"),
        ("每亩地租金十元，每斤卖5元", "per mu 租金十元，per jin 卖 5 yuan"),
        ("“周立新”", "“Zhou Lixin”"),
        ("没有任何已知的词。", "没有任何已知的词。"),
        ("完善州县镇（街道）三级网络", "完善 three-level (prefecture, county and town/subdistrict) 网络"),
        ("自治区、市、县三级联动", "three-level (region, city and county) 联动"),
        ("区地县三级联动", "three-level (region, prefecture and county) 联动"),
        ("市区两级财政", "two-level (city and district) 财政"),
        ("本市县乡两级干部", "本市 two-level (county and township) 干部"),
        ("省级、市级的三级医院", "省级、市级的三级医院"),
        ("县乡村四级", "县乡村四级"),
        ("成绩是2小时11分5秒，另一半", "成绩是2小时11分5秒，另一半"),
        ("以2分01秒38夺冠，11秒09第二", "以2分01秒38夺冠，11秒09第二"),
        ("民国二十六年办学", "民国二十六年办学"),
        ("三个“90后”徒弟", "三个“90后”徒弟"),
        ("3月15日，清河县来了客人", "On March 15，Qinghe County 来了客人"),
        ("食堂3月15日开张", "食堂 March 15 开张"),
    ],
)
def test_projection(source: str, expected: str) -> None:
    assert project(source, LEXICON, NAMES).text == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("本报通讯员 马秀兰", "By Ma Xiulan, correspondent"),
        ("本报记者 周立新 马秀兰", "By Zhou Lixin and Ma Xiulan, staff reporters"),
        ("记者 马秀兰 实习生 周立新", "By Ma Xiulan and Zhou Lixin"),
        ("通讯员马秀兰、周立新", "By Ma Xiulan and Zhou Lixin, correspondents"),
        ("本报记者 周立新摄", "Photo by Zhou Lixin, staff reporter"),
        ("周立新", "By Zhou Lixin"),
        ("清河日报", "Qinghe Daily"),
        ("清河县", "Qinghe County"),
        ("清河县石桥乡", "Shiqiao Township, Qinghe County"),
        ("清河县的春天", None),
        ("某某某", None),
        ("本报记者", None),
    ],
)
def test_compose(source: str, expected: str | None) -> None:
    assert compose(source, LEXICON, NAMES) == expected


def test_names_win_over_terms_and_the_longest_over_the_short() -> None:
    lexicon = Lexicon([Term(zh="周立新", en="WRONG", kind="term"), Term(zh="立新村", en="Lixin Village", kind="place")])
    assert "Zhou Lixin" in project("周立新来了", lexicon, NAMES).text
    assert project("立新村来了", lexicon, NAMES).text == "Lixin Village 来了"


def check(source: str, projection: Projection) -> None:
    at = 0
    for r in projection.replacements:
        assert r.start >= at
        assert source[r.start : r.end] == r.source
        at = r.end


@given(st.text("清河县石桥乡柳湾村农业农村局局长周立新马秀兰贺兰·托合提说，。“”、0123456789万亿元亩余 ", max_size=60))
def test_offsets_hold_and_what_is_not_replaced_stays(source: str) -> None:
    projection = project(source, LEXICON, NAMES)
    check(source, projection)
    rest = source
    for r in reversed(projection.replacements):
        rest = rest[: r.start] + rest[r.end :]
    kept = [c for c in rest if not c.isspace() and not c.isascii()]
    text = iter(projection.text)
    assert all(c in text for c in kept), "untouched Chinese must stay, in order"


@pytest.mark.parametrize(
    ("text", "rest", "english"),
    [
        ("本报讯 记者周立新报道：3月15日，好。", "3月15日，好。", "Our reporter Zhou Lixin reports:"),
        ("本报讯 通讯员马秀兰、周立新报道：好。", "好。", "Our correspondents Ma Xiulan and Zhou Lixin report:"),
        ("本报讯（记者 周立新 通讯员 马秀兰）好。", "好。", "Our reporter Zhou Lixin and our correspondent Ma Xiulan report:"),
        ("本报讯(记者 周立新 实习生 马秀兰)好。", "好。", "Our reporter Zhou Lixin and our intern Ma Xiulan report:"),
        ("本报讯 记者某某某报道：好。", "本报讯 记者某某某报道：好。", ""),
        ("周立新报道：好。", "周立新报道：好。", ""),
        ("他说：本报讯已发。", "他说：本报讯已发。", ""),
    ],
)
def test_datelines(text: str, rest: str, english: str) -> None:
    length, said = read_dateline(text, LEXICON, NAMES)
    assert (text[length:], said) == (rest, english)


@pytest.mark.parametrize(
    ("text", "rest", "english"),
    [
        ("新华社东京2月17日电（记者周立新）火箭升空。", "火箭升空。", "Xinhua News Agency, Tokyo, February 17 (reporter Zhou Lixin) —"),
        ("新华社乌鲁木齐2月17日电 好。", "好。", "Xinhua News Agency, Urumqi, February 17 —"),
        ("新华社东京2月17日电（记者某某）好。", "新华社东京2月17日电（记者某某）好。", ""),
        ("新华社无名市2月17日电 好。", "新华社无名市2月17日电 好。", ""),
    ],
)
def test_an_agency_s_dateline_keeps_its_reporter(text: str, rest: str, english: str) -> None:
    length, said = read_dateline(text, Lexicon.load(default_files()), NAMES)
    assert (text[length:], said) == (rest, english)


def test_a_place_keeps_its_last_character_and_common_nouns_stay() -> None:
    lexicon = Lexicon(
        Term(zh=zh, en=en, kind=kind)
        for zh, en, kind in (
            ("清河州", "Qinghe Prefecture", "place"),
            ("州税务局", "the prefectural tax bureau", "org"),
            ("税务局", "the tax bureau", "org"),
            ("牧民", "herders", "term"),
        )
    )
    assert project("清河州税务局为牧民服务", lexicon, ()).text == "Qinghe Prefecture tax bureau 为牧民服务"


def test_every_number_is_written_where_it_is_asked_for() -> None:
    text = "他养了三头牛，编号A12，第二天卖了48个西瓜。"
    assert project(text, LEXICON, NAMES).text == text
    assert project(text, LEXICON, NAMES, figures=Figures.NONE).text == text
    written = project("养了三头牛，卖了48个西瓜", LEXICON, NAMES, figures=Figures.ALL)
    assert [r.target for r in written.replacements] == ["three", "48"]


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("上证指数 2823.11 -0.50%", "Shanghai Composite Index 2823.11 -0.50%"),
        ("北证50 639.11 -1.02%", "BSE 50 Index 639.11 -1.02%"),
        ("特此公告。", "Notice is hereby given."),
        ("公 告", "Public Notice"),
        ("特此公告，请知悉。", None),
        ("上证指数跌至 2823.11", None),
        ("乡村振兴", None),  # a term in running text is no line of its own
    ],
)
def test_what_the_tables_cover_whole_needs_no_model(text: str, english: str | None) -> None:
    assert settled(text, Lexicon.load(default_files())) == english
