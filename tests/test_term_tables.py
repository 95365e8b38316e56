"""The bundled term tables: complete, official, and silent where they would misfire."""

from __future__ import annotations

from collections import Counter

import pytest

from pipeline.terms import Lexicon
from pipeline.terms.lexicon import Term, default_files, read_table


@pytest.fixture(scope="module")
def rows() -> tuple[Term, ...]:
    return tuple(t for f in default_files() for t in read_table(f))


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load(default_files())


def test_no_row_is_given_twice_and_every_row_names_its_source(rows: tuple[Term, ...]) -> None:
    assert [zh for zh, n in Counter(t.zh for t in rows).items() if n > 1] == []
    assert [t.zh for t in rows if not t.source] == []
    assert {t.kind for t in rows} <= {"place", "org", "term", "title", "media", "unit", "slogan", "person"}
    assert [t.zh for t in rows if any("\u3400" <= c <= "\u9fff" for c in t.en)] == []


def test_the_divisions_are_all_there(rows: tuple[Term, ...]) -> None:
    levels = Counter(level for t in rows for level in ("province level", "prefecture level", "county level, Xinjiang") if level in t.note)
    assert levels["province level"] == 34
    assert levels["prefecture level"] == 333
    assert levels["county level, Xinjiang"] == 110
    xinjiang = Counter("自治县" if t.zh.endswith("自治县") else t.zh[-1] for t in rows if "county level, Xinjiang" in t.note)
    assert xinjiang == {"县": 62, "市": 29, "区": 13, "自治县": 6}


def test_no_row_does_what_the_rule_for_listed_offices_does(rows: tuple[Term, ...]) -> None:
    assert [t.zh for t in rows if t.kind == "title" and "、" in t.zh] == []


def test_there_are_terms_enough(rows: tuple[Term, ...]) -> None:
    files = ("party.tsv", "government.tsv", "legislature.tsv", "economy.tsv", "rural.tsv")
    assert sum(t.file in files for t in rows) >= 400


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("木垒哈萨克自治县", "Mori Kazakh Autonomous County"),
        ("木垒县", "Mori County"),
        ("呼图壁县", "Hutubi County"),
        ("玛纳斯县", "Manas County"),
        ("吉木萨尔县", "Jimsar County"),
        ("阜康市", "Fukang City"),
        ("昌吉回族自治州", "Changji Hui Autonomous Prefecture"),
        ("昌吉州", "Changji Prefecture"),
        ("昌吉", "Changji"),
        ("乌什县", "Wushi County"),
        ("伽师县", "Jiashi County"),
        ("喀什地区", "Kashgar Prefecture"),
        ("和田市", "Hotan City"),
        ("第八师石河子市", "Shihezi City of the 8th Division"),
        ("兵团第八师石河子市", "Shihezi City of the 8th Division of the XPCC"),
        ("自治区", "the autonomous region"),
        ("陕西省", "Shaanxi Province"),
        ("内蒙古自治区", "Inner Mongolia Autonomous Region"),
        ("湘西土家族苗族自治州", "Xiangxi Tujia and Miao Autonomous Prefecture"),
        ("台州市", "Taizhou"),
        ("六安市", "Lu'an"),
        ("农业农村局", "Agriculture and Rural Affairs Bureau"),
        ("县农业农村局", "the county agriculture and rural affairs bureau"),
    ],
)
def test_official_forms(lexicon: Lexicon, zh: str, en: str) -> None:
    term = lexicon.get(zh)
    assert term is not None
    assert term.en == en


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("他深入农户和田间查看苗情。", "和田"),
        ("产品从出海口运往各地。", "海口"),
        ("黄河南岸种满了树。", "河南"),
        ("天山东段下了雪。", "山东"),
        ("农业农村部门派人检查。", "农业农村部"),
        ("这位村民在小镇长大。", "镇长"),
        ("讲座让人大开眼界。", "人大"),
        ("两家公司形成都市圈。", "成都"),
        ("他不紧不慢地到处长叹。", "处长"),
    ],
)
def test_short_terms_are_silent_inside_other_words(lexicon: Lexicon, text: str, wrong: str) -> None:
    assert wrong not in [h.term.zh for h in lexicon.find(text)]
