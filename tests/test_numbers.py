"""Numbers are read by value in both languages, written as a newspaper would, and compared exactly."""

import re
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.terms.anchors_en import anchors
from pipeline.terms.numbers import Approx, Kind, Quantity, matches, read_en, read_zh, render_en
from pipeline.terms.numerals import EN_ORDINALS, EN_SCALES, EN_WORDS, parse_en, parse_zh
from pipeline.terms.patterns_en import AFTER_ARTICLE, TIMES_WORD

# text, value, upper, unit, approximation
ZH = [
    ("新增20亿元", 2_000_000_000, None, "yuan", ""),
    ("用好 100 亿元基金", 10_000_000_000, None, "yuan", ""),
    ("播种3.5万亩", 35_000, None, "mu", ""),
    ("1亿2000万元", 120_000_000, None, "yuan", ""),
    ("1.5万亿元", 1_500_000_000_000, None, "yuan", ""),
    ("2万5千人", 25_000, None, "person", ""),
    ("收入 300 多万元", 3_000_000, None, "yuan", "more"),
    ("产奶2吨多", 2, None, "ton", "more"),
    ("种植1000 余亩", 1000, None, "mu", "more"),
    ("近十万头（只）牲畜", 100_000, None, "head", "nearly"),
    ("将近五个小时", 5, None, "hour", "nearly"),
    ("一个多小时", 1, None, "hour", "more"),
    ("近一个半小时", Fraction(3, 2), None, "hour", "nearly"),
    ("两年半", Fraction(5, 2), None, "year", ""),
    ("半小时", Fraction(1, 2), None, "hour", ""),
    ("不到30分钟", 30, None, "minute", "less"),
    ("800元左右", 800, None, "yuan", "about"),
    ("约二百米", 200, None, "m", "about"),
    ("十元", 10, None, "yuan", ""),
    ("一千二百余头", 1200, None, "head", "more"),
    ("百余名学员", 100, None, "person", "more"),
    ("几百公里", 100, None, "km", "several"),
    ("数十万人", 100_000, None, "person", "several"),
    ("五六百只羊", 500, 600, "head", "about"),
    ("十七八岁", 17, 18, "year_old", "about"),
    ("三四十人", 30, 40, "person", "about"),
    ("3至5万亩", 30_000, 50_000, "mu", ""),
    ("10到15天", 10, 15, "day", ""),
    ("千亩良田", 1000, None, "mu", ""),
    ("提高3.2个百分点", Fraction(16, 5), None, "percentage_point", ""),
    ("８元/公斤", 8, None, "yuan", ""),
    ("最近3年", 3, None, "year", ""),
    ("节约20元", 20, None, "yuan", ""),
]


@pytest.mark.parametrize(("text", "value", "upper", "unit", "approx"), ZH, ids=[row[0] for row in ZH])
def test_reads_chinese_quantities_by_value(text: str, value: int, upper: int | None, unit: str, approx: str) -> None:
    (q,) = read_zh(text)
    assert (q.value, q.upper, q.unit, q.approx.value) == (value, upper, unit, approx)
    assert text[q.start : q.end] == q.text


KINDS = [
    ("增长12.5%", Kind.PERCENT, Fraction(25, 2)),
    ("百分之六十", Kind.PERCENT, 60),
    ("三成以上", Kind.PERCENT, 30),
    ("两成", Kind.PERCENT, 20),
    ("2成多", Kind.PERCENT, 20),
    ("千分之五", Kind.PERCENT, Fraction(1, 2)),
    ("三分之二", Kind.FRACTION, Fraction(2, 3)),
    ("是去年的2.5倍", Kind.MULTIPLE, Fraction(5, 2)),
    ("翻两番", Kind.MULTIPLE, 4),
    ("第14届", Kind.ORDINAL, 14),
    ("二十届", Kind.ORDINAL, 20),
    ("一季度", Kind.ORDINAL, 1),
    ("11月19日", Kind.DATE, 1119),
    ("2024年11月13日", Kind.DATE, 20241113),
    ("二〇二四年", Kind.DATE, 20240000),
    ("13日，", Kind.DATE, 13),
    ("9月下旬", Kind.DATE, 900),
    ("20世纪90年代", Kind.DATE, 19900000),
    ("上午10时30分", Kind.TIME, 630),
    ("下午3点半", Kind.TIME, 930),
    ("8:30", Kind.TIME, 510),
    ("电话0900-1234567", Kind.CODE, 0),
    ("5G基站", Kind.CODE, 0),
    ("书号9787000000012，", Kind.CODE, 0),
    ("自公告之日起30日，", Kind.CARDINAL, 30),
    ("为期10日，", Kind.CARDINAL, 10),
    ("票号30800053", Kind.CODE, 0),
    ("邮编：831100", Kind.CODE, 0),
    ("QQ群号：82345678", Kind.CODE, 0),
    ("发放电话50000部", Kind.CARDINAL, 50000),
    ("总数123456789株", Kind.CARDINAL, 123456789),
]


@pytest.mark.parametrize(
    ("zh", "value", "unit"),
    [
        ("年发电1.1亿千瓦时", 110_000_000, "kwh"),
        ("用电3万千瓦时", 30_000, "kwh"),
        ("装机1.2亿千瓦", 120_000_000, "kw"),
        ("重500千克", 500, "kg"),
        ("五百千瓦的机组", 500, "kw"),
        ("产量5千吨", 5000, "ton"),
    ],
)
def test_the_thousand_of_a_unit_is_no_numeral(zh: str, value: int, unit: str) -> None:
    (q,) = read_zh(zh)
    assert (q.value, q.unit) == (value, unit)


def test_nothing_times_ten_thousand_is_nothing() -> None:
    assert [parse_zh(text) for text in ("0万", "零亿", "万", "10万", "一亿零三万")] == [0, 0, 10_000, 100_000, 100_030_000]


def test_a_clock_of_24_hours_tells_morning_from_evening() -> None:
    stop = read_zh("定于12月5日8时至20时停水")
    assert [(q.value, q.part) for q in stop if q.kind is Kind.TIME] == [(480, "am"), (1200, "pm")]
    evening, late = (next(q for q in read_en(text) if q.kind is Kind.TIME) for text in ("at 8 p.m.", "at 8:00"))
    assert not matches(stop[1], evening)
    assert matches(stop[1], late)
    (open_,) = read_zh("下午3时开门")
    assert (open_.value, open_.part) == (900, "pm")
    assert [q.part for q in read_zh("3时到5时") if q.kind is Kind.TIME] == ["", ""]


@pytest.mark.parametrize(("text", "kind", "value"), KINDS, ids=[row[0] for row in KINDS])
def test_tells_kinds_apart(text: str, kind: Kind, value: int) -> None:
    (q,) = read_zh(text)
    assert (q.kind, q.value) == (kind, value)


@pytest.mark.parametrize(
    "text",
    [
        "走进千家万户，千方百计增收",
        "十分重要，万一下雨",
        "三农工作",
        "一方面要统一思想，另一方面要进一步改进",
        "村“两委”班子",
        "来到三工镇",
        "百年老店",
        "一系列一体化举措",
        "四面八方的宾客",
        "半导体产业",
        "万众一心",
        "过半",
        "之一",
        "一二三产融合",
    ],
)
def test_words_that_hold_numerals_are_no_numbers(text: str) -> None:
    assert read_zh(text) == ()


def test_a_date_range_across_months() -> None:
    (q,) = read_zh("10月28日—11月1日")
    assert (q.kind, q.value, q.upper) == (Kind.DATE, 1028, 1101)
    assert render_en(q) == "from October 28 to November 1"


def test_names_are_skipped_where_the_caller_says_so() -> None:
    assert read_zh("二二二团有3个连", skip=[(0, 4)])[0].text == "3个"
    assert read_zh("五家渠市", skip=[(0, 4)]) == ()


def test_one_with_a_counter_is_weak() -> None:
    assert [q.weak for q in read_zh("他是一名牧民，养了一峰骆驼")] == [True, True]
    assert [q.weak for q in read_zh("他养了1峰骆驼")] == [False]


RENDERED = [
    ("20亿元", "2 billion yuan"),
    ("3.5万亩", "35,000 mu"),
    ("近十万头", "nearly 100,000 head"),
    ("300 多万元", "more than 3 million yuan"),
    ("不到30分钟", "less than 30 minutes"),
    ("近三年来", "the past three years"),
    ("一个多小时", "more than one hour"),
    ("几百公里", "hundreds of kilometers"),
    ("三分之二", "two-thirds"),
    ("20%—30%", "20 to 30 percent"),
    ("2000万至3000万元", "20 to 30 million yuan"),
    ("第3届", "third session"),
    ("上午10时30分", "10:30 a.m."),
    ("2025年底", "the end of 2025"),
    ("5月中旬", "mid-May"),
    ("200余户", "more than 200 households"),
    ("前三季度", "the first three quarters"),
    ("2024年11月13日", "November 13, 2024"),
    ("三月左右", "around March"),
    ("0.05毫米", "0.05 millimeters"),
]


@pytest.mark.parametrize(("zh", "en"), RENDERED, ids=[row[0] for row in RENDERED])
def test_renders_newspaper_english(zh: str, en: str) -> None:
    (q,) = read_zh(zh)
    assert render_en(q) == en
    (back,) = read_en(en)
    assert matches(q, back)


def test_a_counter_is_left_out_before_a_noun() -> None:
    (q,) = read_zh("5名")
    assert render_en(q) == "five people"
    assert render_en(q, noun_follows=True) == "five"


EN = [
    ("RMB 20bn", 20_000_000_000, "yuan"),
    ("¥1,500", 1500, "yuan"),
    ("US$5.2 million", 5_200_000, "usd"),
    ("a hundred and twenty households", 120, "household"),
    ("five hundred thousand", 500_000, ""),
    ("2.5-kilogram bags", Fraction(5, 2), "kg"),
    ("a 5,000-mu base", 5000, "mu"),
    ("an hour and a half", Fraction(3, 2), "hour"),
    ("two and a half years", Fraction(5, 2), "year"),
    ("a 35-year-old herder", 35, "year_old"),
    ("70-odd camels", 70, ""),
    ("twenty-five trees", 25, ""),
    ("half a year", Fraction(1, 2), "year"),
]


@pytest.mark.parametrize(("text", "value", "unit"), EN, ids=[row[0] for row in EN])
def test_reads_english_quantities(text: str, value: int, unit: str) -> None:
    (q,) = read_en(text)
    assert (q.value, q.unit) == (value, unit)


AGREE = [
    ("20亿元", "2 billion yuan", True),
    ("20亿元", "20 billion yuan", False),
    ("20亿元", "2,000 million yuan", True),
    ("20亿元", "$2 billion", False),
    ("3.5万亩", "about 2,333 hectares", True),
    ("3.5万亩", "3,500 mu", False),
    ("30分钟", "half an hour", True),
    ("70多公里", "over 70 km", True),
    ("70多公里", "over 70 meters", False),
    ("100斤", "50 kilograms", True),
    ("三成", "30 percent", True),
    ("三成", "30 Pct", True),
    ("三季度", "Q3", True),
    ("三季度", "Q2", False),
    ("三成", "three-tenths", True),
    ("翻一番", "doubled", True),
    ("3倍", "three times", True),
    ("3倍", "300 percent", True),
    ("3倍", "13 times", False),
    ("11月19日", "Nov. 19", True),
    ("11月19日", "November 18", False),
    ("2024年11月19日", "November 19", True),
    ("2024年", "2023", False),
    ("9月下旬", "late September", True),
    ("十几个", "more than ten", True),
    ("3至5公斤", "3 kilograms", False),
    ("下午3时30分", "3:30 p.m.", True),
    ("下午3时30分", "3:30 a.m.", False),
    ("半年", "six months", True),
    ("5G", "5G", True),
    ("5G", "4G", False),
    ("2000人", "2,000", True),
    ("第3期", "issue 3", True),
    ("近三年来", "the past three years", True),
]


@pytest.mark.parametrize(("zh", "en", "agree"), AGREE, ids=[f"{z}={e}" for z, e, _ in AGREE])
def test_values_agree_or_not(zh: str, en: str, agree: bool) -> None:
    (a,), (b,) = read_zh(zh), read_en(en)
    assert matches(a, b) is agree
    assert matches(b, a) is agree


# ------------------------------------------------------------------ properties

UNITS = st.sampled_from(["元", "亩", "人", "公斤", "公里", "户", "吨", "小时", "名", "个"])
MARKS = st.sampled_from([("", ""), ("近", ""), ("约", ""), ("", "左右"), ("不到", ""), ("超过", ""), ("至少", "")])


@given(st.integers(1, 10**13), UNITS, MARKS)
def test_what_is_rendered_is_read_back(value: int, unit: str, mark: tuple[str, str]) -> None:
    (q,) = read_zh(f"{mark[0]}{value}{unit}{mark[1]}")
    assert q.value == value
    (back,) = read_en(render_en(q))
    assert matches(q, back)
    assert back.approx == q.approx


@given(st.integers(1, 9999), st.sampled_from(["万", "亿", "百万", "千万", "万亿"]), st.sampled_from(["", " ", "多", "余"]))
def test_large_units_scale_exactly(digits: int, scale: str, gap: str) -> None:
    factor = {"万": 10**4, "亿": 10**8, "百万": 10**6, "千万": 10**7, "万亿": 10**12}[scale]
    (q,) = read_zh(f"{digits}{gap}{scale}元")
    assert q.value == digits * factor
    assert (q.approx is Approx.MORE) is (gap in ("多", "余"))


def chinese(n: int) -> str:
    """An independent writer of Chinese numerals below 100 million."""
    if n >= 10_000:
        rest = n % 10_000
        return chinese(n // 10_000) + "万" + (("零" if rest < 1000 else "") + chinese(rest) if rest else "")
    out, zero = "", False
    for unit, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = n // unit % 10
        if digit:
            out += ("零" if zero and out else "") + "零一二三四五六七八九"[digit] + word
            zero = False
        else:
            zero = True
    return out


@given(st.integers(1, 99_999_999))
def test_chinese_numerals_are_read_exactly(n: int) -> None:
    assert parse_zh(chinese(n)) == n
    assert parse_zh(chinese(n).removeprefix("一") if chinese(n).startswith("一十") else chinese(n)) == n


@given(
    st.text(
        alphabet="零一二三四五六七八九十百千万亿两点半几数第上多余近约0123456789.,%：/—-至到年月日时分成倍元亩个名人家 　（只）abG",
        max_size=40,
    )
)
def test_any_string_reads_in_order_and_in_bounds(text: str) -> None:
    end = 0
    for q in read_zh(text):
        assert end <= q.start < q.end <= len(text)
        assert q.text == text[q.start : q.end]
        assert isinstance(render_en(q), str) and render_en(q)
        end = q.end


@given(st.text(alphabet="0123456789.,%-$¥ :/'abcdefghijklmnopqrstuvwxyzABMNOS", max_size=60))
@example("0A-0¥")
def test_any_english_reads_in_order_and_in_bounds(text: str) -> None:
    end = 0
    for q in read_en(text):
        assert 0 <= q.start < q.end <= len(text)
        assert end <= q.end
        end = q.end


@pytest.mark.parametrize(
    ("words", "value"), [("two hundred and five", 205), ("a thousand", 1000), ("three million", 3_000_000), ("fish", None), ("and", None)]
)
def test_english_number_words(words: str, value: int | None) -> None:
    assert parse_en(words) == value


def test_a_quantity_matches_itself() -> None:
    for text in ("20亿元", "三成", "11月19日", "5G", "翻一番", "第14届", "数百人"):
        q: Quantity = read_zh(text)[0]
        assert matches(q, q)


@given(
    st.lists(
        st.sampled_from(
            [
                "the",
                "a",
                "an",
                "half",
                "between",
                "US$5",
                "RMB",
                "5",
                "mid-2020",
                "late",
                "May",
                "Sept.",
                "twofold",
                "G30",
                "COVID-19",
                "x5km",
                "2nd",
                "both",
                "end",
                "of",
                "1990s",
                "twenty-one",
                "million",
                "noon",
                "Ürümqi",
            ]
        )
        | st.text("aE5 -$,.", max_size=4)
    )
)
def test_the_quick_search_for_numbers_finds_what_one_pattern_of_all_would(parts: list[str]) -> None:
    text = " ".join(parts)
    slow = [m.start() for m in _ANCHOR.finditer(text) if m[0].lower() not in ("a", "an") or AFTER_ARTICLE.match(text.lower(), m.end())]
    assert [at for at, _ in anchors(text)] == slow


_FULL = "January|February|March|April|May|June|July|August|September|October|November|December"
_SHORT = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
_ANCHOR = re.compile(
    r"\d|[¥￥€£$]|\b(?:RMB|CNY|US\$|HK\$)(?=\s?\d)|\b(?:early|mid|late)[\s-](?=[A-Z\d])"
    rf"|\b(?:{_FULL}|{_SHORT})(?=[\s,.;)-]|$)"
    r"|\b(?:an?|half|between|several|tens|dozens?|hundreds|thousands|millions|billions|noon|midnight|both|the\s+(?=\d{4}s))\b"
    rf"|\b(?:{'|'.join((*EN_WORDS, *EN_SCALES, *EN_ORDINALS, *TIMES_WORD))})\b"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten)fold\b"
    r"|\b(?:end|beginning)\s+of\s+(?=\d{4})|\b[A-Z]+-?\d+",
    re.IGNORECASE,
)
