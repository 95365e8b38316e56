"""Patterns of numbers in Chinese newspaper text, read by ``numbers_zh``."""

from __future__ import annotations

import re
from typing import Final

from pipeline.terms.quantity import Approx
from pipeline.terms.units import ZH_UNIT_PATTERN, ZH_UNIT_STARTS, ZH_UNITS

S: Final = r"[ \u3000\xa0]{0,2}"
AR: Final = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
CNC: Final = "零〇一二三四五六七八九十百千万亿两廿"
_KILO: Final = "千[瓦克米伏帕卡焦赫]"
_CN: Final = rf"(?:(?!{_KILO})[{CNC}])+"
"""Chinese figures; the 千 of a unit is none: 1.1亿千瓦时, 500千克."""
CN: Final = rf"{_CN}(?:点[零〇一二三四五六七八九]+[万亿]*)?"
NUM: Final = rf"(?:{AR}(?:{S}[百千]?[万亿]+(?:{AR}{S}[百千]?[万千]+|{_CN})?|{S}(?!{_KILO})[百千](?![{CNC}]))?|{CN})"
DASH: Final = rf"{S}(?:—+|－|–|(?<![ \u3000\xa0])-|-(?=[ \u3000\xa0])|~|～|至|到){S}"
"""Between the ends of a range.  A hyphen after a space and before a figure is a minus sign: 2823.11 -0.50%."""
UNIT: Final = rf"(?=[{ZH_UNIT_STARTS}])(?:{ZH_UNIT_PATTERN})"

FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９．％：／∶", "0123456789.%:/:")

DIGITS: Final = frozenset("0123456789")
WIDE: Final = re.compile(r"[０-９．％／∶]|：\d")
_DASHES: Final = "—－–~～至到-"
RUN: Final = re.compile(rf"[\d{CNC}点,.\s{_DASHES}]{{0,80}}")
"""A numeral, or a range of them, with what may stand inside: the character after it tells what it can be."""
DASHED: Final = re.compile(rf"[\d{CNC}点,.\s]{{0,80}}[^{_DASHES}]{{0,8}}[{_DASHES}]")
"""A dash near enough to a numeral to make it the beginning of a range."""

TOO_LONG: Final = re.compile(rf"[{CNC}]{{30,}}")

# One class of characters first: so the engine skips the rest.
ANCHOR: Final = re.compile(
    rf"[\d{CNC}半几数成上第翻元](?:(?<=[\d{CNC}半])|(?<=[几数上])(?=[百千万亿])|(?<=[几数])(?=十)|(?<=成)(?=[百千]上[千万])"
    rf"|(?<=第)(?={S}[\d{CNC}])|(?<=翻)(?=了?[一两三四]番)|(?<=元)(?<![美欧日港亿万千百\d].)(?=月))"
)

# Words in which a numeral is no number.  Place and term names are masked by the caller (``skip``).
_WORDS: Final = """
千家万户 千方百计 千千万万 千军万马 千言万语 千差万别 千变万化 千山万水 千辛万苦 千丝万缕 万水千山 万众一心 万无一失 千古 千秋 千载 千层饼
万事 万物 万象 万里 万能 万分 万岁 万一 万国 万难 万全 万元户
百花 百姓 百货 百科 百业 百草 百鸟 百战 百年大计 百家 百尺竿头 百折不挠 百川 百炼 百闻 百忙 百倍信心 百合 百叶
十足 十全十美 十字 十佳 十万火急 五一 六一 七一 八一 九一八 五四 三八 一二三产 三产 二产 一产 一二线
一带一路 一国两制 一心一意 一五一十 一分为二 一举两得 一一 一穷二白 一清二楚 一来二去 一体化 一站式 一条龙 一条心
三农 三严三实 三会一课 三下乡 三心二意 三三两两 三番五次 三令五申 三位一体 三军 三资 三支一扶 三公 三重一大 三伏 三九 三夏 三秋 三思
四面八方 四通八达 四好 四季 四海 四个全面 四个意识 四个自信 五位一体 五谷 五湖四海 五彩 五颜六色 五星 五保 五险一金
六稳 六保 七彩 七夕 七上八下 八方 八仙 九牛一毛 二手 二次元 二维 二胎 数一数二 不三不四 乱七八糟
两个维护 两个确立 两会 两委 两岸 两手 两山 两不愁三保障 两新 两侧 两翼 两弹一星 双一流
第一书记 第一时间 第一现场 第一线 第二课堂 第三方
半壁 半天 半夜 半山 半途 半导体 半岛 半信半疑 多半 过半(?!数) 大半 事半功倍
一方面 进一步 下一步 下一代 新一代 一系列 一般 一定 一起 一样 一直 一些 一边 一旦 一律 一致 一切 一共 一再 一同 一向 统一 唯一 之一
"""
IDIOM: Final = re.compile("|".join(sorted(_WORDS.split(), key=len, reverse=True)) + "|十分(?!之)")

_COUNTED: Final = r" ?(?:小时|[元亩万亿美公吨斤人户名个千株头只件次本辆台部条克立平册票枚瓶份位家米度])"
CODE: Final = re.compile(
    r"(?:0\d{2,3}[-－—]\d{7,8}|1[3-9]\d{9}|400[-－—]?\d{3}[-－—]?\d{4}"
    r"|\d{5,8}(?=热线)|1[12]\d{3}(?=热线|专线|平台)|1[12]\d(?=报警|热线|急救)|\d{9,})"
    rf"(?!\d|[.,，]\d|{_COUNTED})"  # before a unit they are an amount
)
LABEL: Final = re.compile(
    r"(?:电话|手机|邮编|邮政编码|QQ|热线)[：:为是]? ?\Z|(?:号|号码|编码|代码)[：:] ?\Z|[票账帐卡证单编订批文书]号 ?\Z"
)
LABELLED: Final = re.compile(rf"\d{{5,}}(?!\d|[.,，]\d|{_COUNTED})")
"""What stands before a number that is a name, and such a number: 邮编：831100."""
LATIN: Final = re.compile(r"[A-Za-z]")
YEAR: Final = r"(?:1[89]|20|21)\d{2}|[一二][〇零九八][〇零一二三四五六七八九]{2}"
MONTH: Final = rf"(?:元|1[0-2]|0?[1-9](?!\d)|十[一二]?|[一二三四五六七八九](?![{CNC}]))"
DAY: Final = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|二十|[一二三四五六七八九])"
PART: Final = r"(?P<part{0}>上旬|中旬|下旬|初|中|底|末)?"


def _date_end(n: str) -> str:
    """One end of a date: year, month, day in any run that Chinese allows."""
    return (
        rf"(?:(?P<y{n}>{YEAR}){S}年{S}(?:(?P<m{n}>{MONTH}){S}月(?!亮|饼|球){S}(?:份|(?P<d{n}>{DAY}){S}[日号](?!线))?)?"
        rf"|(?P<M{n}>{MONTH}){S}月(?!亮|饼|球){S}(?:份|(?P<D{n}>{DAY}){S}[日号](?!线))?)" + PART.format(n)
    )


DATE: Final = re.compile(
    rf"(?:(?:(?P<yy>{YEAR})(?={DASH}(?:{YEAR}){S}年))|(?P<mm>{MONTH})(?={DASH}{MONTH}{S}月(?:份|[^{CNC}\d]|$))|{_date_end('1')})"
    rf"(?:{DASH}(?:{_date_end('2')}|(?P<d3>{DAY}){S}[日号]))?"
)
DAY_ONLY: Final = re.compile(rf"(?P<d>\d{{1,2}}){S}日(?!元|本|均|产|常|照|夜|内|之内|以内|的期限)(?:{DASH}(?P<d2>\d{{1,2}}){S}日)?")
BEFORE_DAYS: Final = frozenset("起过满期续共")
"""Before a number of days, not a day of the month: 自公告之日起30日, 为期10日."""
DAY_RANGE: Final = re.compile(rf"(?P<m>{MONTH}){S}月{S}(?P<d>\d{{1,2}}){DASH}(?P<d2>\d{{1,2}}){S}[日号]")
DECADE: Final = re.compile(rf"(?:(?P<c>\d\d){S}世纪{S})?(?P<n>[1-9]0|[二三四五六七八九]十){S}年代")
REIGNS: Final = {
    "贞观": 627, "开元": 713, "洪武": 1368, "永乐": 1403, "嘉靖": 1522, "万历": 1573, "崇祯": 1628, "顺治": 1644, "康熙": 1662,
    "雍正": 1723, "乾隆": 1736, "嘉庆": 1796, "道光": 1821, "咸丰": 1851, "同治": 1862, "光绪": 1875, "宣统": 1909, "民国": 1912,
}  # fmt: skip
"""First years of reigns, and of the Republic."""
ERA_YEAR: Final = re.compile(rf"(?<={'|'.join(REIGNS)})(?P<n>\d{{1,2}}|{CN}){S}年")
METRES: Final = re.compile(
    rf"(?P<m>\d{{1,3}}|[一二三四五六七八九十两])米(?P<f>\d{{1,2}}|[零一二三四五六七八九]{{1,2}})(?!{UNIT}|[\d{CNC}])"
)
"""A height or a jump as it is said: 6米02, 一米八."""
GENERATION: Final = re.compile(r"(?<![\d:.点])(?P<n>[05-9][05]|10)后(?![来面续天勤者世台备方果再才就又可会便])")
"""People by the years of their birth: 90后."""
FORMATION: Final = re.compile(r"[〇零一二三四五六七八九]{3,4}(?=师|旅|团|军|医院|厂|工程|所)")
"""The number of a division or a hospital, digit by digit: 一二九师."""
HALVES: Final = re.compile(r"一半|半数")
DURATION: Final = re.compile(
    rf"(?:(?P<y>{AR}|{CN}){S}年(?:零|又)?{S}(?P<mo>{AR}|{CN}){S}个月"
    rf"|(?P<h>{AR}|{CN}){S}个?小时(?:零|又)?{S}(?P<m>{AR}|{CN}){S}分钟?(?!之)(?:{S}(?P<s>{AR}|{CN}){S}秒(?P<f>\d{{1,3}})?)?"
    rf"|(?P<m2>{AR}|{CN}){S}分钟?{S}(?P<s2>{AR}|{CN}){S}秒(?P<f2>\d{{1,3}})?|(?P<s3>{AR}|{CN}){S}秒(?P<f3>\d{{1,3}})(?!\d))"
)
"""Spans of time in more than one unit, and racing times, whose last figures are fractions of a second: 2分01秒38."""
CENTURY: Final = re.compile(rf"(?P<c>\d\d|[一二]?十[一二三四五六七八九]?){S}世纪")
QUARTER: Final = re.compile(r"(?P<n>[一二三四1-4])(?P<ge>个)?季度")
_NOT_CLOCK: Final = "装|代|间|候|期|刻|位|心|评|击|燃|亮|赞|数|头|滴|多的"
_MINUTE: Final = r"[0-5]?\d|[一二三四五]?十[一二三四五六七八九]?|[一二三四五六七八九]"
CLOCK: Final = re.compile(
    rf"(?P<h>[01]?\d|2[0-4]|十[一二]?|[一两二三四五六七八九])"
    rf"(?::(?P<m>[0-5]\d)(?!\d)|{S}[时点](?!{_NOT_CLOCK})(?:{S}(?:(?P<m2>{_MINUTE}){S}分(?!之)|(?P<half>半)|整|许))?)"
)
DAYTIME: Final = {
    **dict.fromkeys(("凌晨", "清晨", "早晨", "早上", "上午"), "am"),
    **dict.fromkeys(("中午", "下午", "傍晚", "晚上", "晚", "夜里"), "pm"),
}
_NOT_TENTHS: Final = "为|立|功|员|果|长|效|本|品|都|群|熟|就|形|交|绩|人|了|分|千|百|片|套|语|堆|像|全|因|天|批|家|衣|建|年"
PERCENT: Final = re.compile(
    rf"(?:(?P<a>{AR}){S}%?{DASH})?(?P<b>{AR}){S}%|百分之(?P<c>{AR}|{CN})"
    rf"|(?P<d>[一二两三四五六七八九1-9](?P<d2>[二三四五六七八九])?){S}成(?P<mid>[多余])?(?!{_NOT_TENTHS})"
)
PER_MILLE: Final = re.compile(rf"千分之(?P<c>{AR}|{CN})|(?P<b>{AR})‰")
FRACTION: Final = re.compile(rf"(?P<den>{CN}|\d+){S}分之{S}(?P<num>{CN}|\d+)")
ORDINAL: Final = re.compile(rf"第{S}(?P<n>{NUM})(?P<unit>{S}{UNIT})?|(?P<n2>{NUM})(?P<unit2>{S}届|等奖)")
TIMES: Final = re.compile(r"翻了?([一两三四])番")
VAGUE: Final = re.compile(rf"(?:成百上千|成千上万|(?P<h>[几数上])(?P<m>[十百千万亿]+)){S}(?P<unit>{UNIT})?(?P<more>多)?")
SOME: Final = re.compile(rf"(?P<lead>[二三四五六七八九]?)十几(?P<mul>万|亿)?{S}(?P<unit>{UNIT})?")
PAIR: Final = re.compile(
    rf"(?P<ten>十|[{CNC}]*[十百千])?(?P<a>[一二两三四五六七八])(?P<b>[二三四五六七八九])(?![{CNC}]*[一二三四五六七八九])"
    rf"(?P<mul>[十百千]?[万亿]?)(?:{S}(?P<unit>{UNIT})|(?<=[百千万亿]))"
)
HALF: Final = re.compile(rf"半(?:个)?{S}(?P<unit>小时|钟头|月|年|天|斤|公斤|亩|吨|米)(?!会|票|级|薪|球)")
_NOT_MORE: Final = "次|方|种|元|年|样|边|数|个|功|彩|少|层|媒|发"
_LOWER_END: Final = rf"(?:(?P<a>{NUM})(?P<amul>{S}[百千]?[万亿]+)?(?P<aunit>{S}{UNIT}|%)?{DASH}(?=[\d{CNC}]))?"
_NO_LOWER_END: Final = "(?:(?!)(?P<a>)(?P<amul>)(?P<aunit>))?"
_CARDINAL: Final = (
    rf"(?P<n>{NUM}){S}(?P<mid>[多余来])?(?P<mul>{S}[百千]?[万亿]+)?{S}"
    rf"(?:(?P<half1>个半)(?P<hunit>小时|月|钟头|星期)|个{S}(?P<gem>[多来]){S}(?P<gunit>小时|月|钟头|星期)|(?P<unit>{UNIT}))?"
    rf"(?P<tail>多(?!{_NOT_MORE})|有余|半(?!径|数|价|山|夜|天|岛|导|小时|个|钟头|年|月|日|斤|公|亩|吨|米))?(?P<alt>（[头只匹峰株棵人]）)?(?:/(?P<per>{UNIT}))?"
)
CARDINAL: Final = re.compile(_NO_LOWER_END + _CARDINAL)
CARDINAL_RANGE: Final = re.compile(_LOWER_END + _CARDINAL)
AFTER_ONE: Final = frozenset(zh[0] for zh in ZH_UNITS) | frozenset("多余来个半年月日号世季时:成分届等几/")
"""What can follow a single numeral in Chinese characters that is a number."""

_MARKS: Final = {
    Approx.ABOUT: "大约 约",
    Approx.NEARLY: "将近 接近 近",
    Approx.MORE: "超过 高于 多于 超 逾",
    Approx.LESS: "不到 不足 少于 低于",
    Approx.AT_LEAST: "至少 最少 不少于 不低于",
    Approx.AT_MOST: "至多 最多 多达 不超过",
}
PRE: Final = tuple(sorted(((w, a) for a, words in _MARKS.items() for w in words.split()), key=lambda p: -len(p[0])))
"""Approximation marks before a number, longest first."""
PRE_LAST: Final = frozenset(word[-1] for word, _ in PRE)
NOT_BEFORE: Final = {"近": "最附靠临邻远亲将接相走", "约": "节合条制预公大签解租履违邀简隐誓契如赴", "超": "赶反高", "逾": ""}
AFTER_MARK: Final = {
    "左右": Approx.ABOUT,
    "上下": Approx.ABOUT,
    "以上": Approx.MORE,
    "以下": Approx.LESS,
    "以内": Approx.LESS,
    "之多": Approx.AT_MOST,
}
AFTER_STARTS: Final = frozenset(" \u3000\xa0") | {mark[0] for mark in AFTER_MARK}
AFTER_RE: Final = re.compile(rf"{S}(左右|上下|以上|以下|以内|之多)")
BIG_ALONE: Final = frozenset("万千百亿")
ALONE_UNITS: Final = frozenset(
    "mu ton m km yuan kg m2 m3 hectare person head visit kw kwh usd eur gbp jpy hkd rub kzt".split()  # noqa: SIM905
)


PARTS: Final = {"上旬": "early", "初": "early", "中旬": "mid", "中": "mid", "下旬": "late", "底": "late", "末": "late"}
