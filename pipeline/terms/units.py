"""Units and counters: how Chinese writes them, what they are called in English, what converts into what.

Units have one normalised name on both sides (``yuan``, ``mu``, ``kg``, ``household`` …).  Counters
that English leaves out before a noun (个, 名, 台) are marked as such.  Conversion factors are the
SI's, save the mu (1/15 hectare) and the jin (half a kilogram), which Chinese law and custom fix.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Final, NamedTuple


class Unit(NamedTuple):
    """One unit."""

    name: str
    """Normalised name, shared by both languages."""
    one: str
    """English singular."""
    many: str
    """English plural."""
    counter: bool = False
    """True where English drops it before a noun: 5名代表 is five deputies."""
    measure: bool = False
    """True for a physical or money unit, whose absence in the English matters."""


def _rows(text: str, *, counter: bool = False, measure: bool = False) -> list[tuple[str, str, Unit]]:
    """``zh zh … = name, one, many ! what must not follow`` on each line."""
    out = []
    for line in text.strip().splitlines():
        spec, _, not_after = line.partition("!")
        forms, _, english = spec.partition("=")
        name, one, many = (part.strip() for part in english.split(","))
        out += [(zh, not_after.strip(), Unit(name, one, many, counter, measure)) for zh in forms.split()]
    return out


_TABLE: Final = [
    *_rows(
        """
        元人民币 元 块钱 = yuan, yuan, yuan ! 旦|素|月|宵|件|老|首|气
        毛钱 毛 角钱 角 = jiao, jiao, jiao ! 衣|巾|发|病|利|驴|绒|线|笔|泽|孔|坯|重|皮|主|竹|毯|料|收|度|落|色|逐|钢|膜|质|楼|形|州
        美元 = usd, US dollar, US dollars
        美分 = us_cent, cent, cents
        欧元 = eur, euro, euros
        英镑 = gbp, pound, pounds
        日元 = jpy, yen, yen
        港元 港币 = hkd, Hong Kong dollar, Hong Kong dollars
        卢布 = rub, ruble, rubles
        坚戈 = kzt, tenge, tenge
        亩 = mu, mu, mu
        公顷 = hectare, hectare, hectares
        平方公里 平方千米 = km2, square kilometer, square kilometers
        平方米 平米 ㎡ m² = m2, square meter, square meters
        立方米 m³ = m3, cubic meter, cubic meters
        公里 千米 km = km, kilometer, kilometers
        厘米 cm = cm, centimeter, centimeters
        毫米 mm = mm, millimeter, millimeters
        米 = m, meter, meters ! 粉|饭|面|酒|泉|东|兰|其|林
        公斤 千克 kg = kg, kilogram, kilograms
        斤 = jin, jin, jin
        毫克 mg = mg, milligram, milligrams
        克 = g, gram, grams ! 服|隆|拉|难|州|孜
        吨 = ton, ton, tons
        毫升 ml = ml, milliliter, milliliters
        升 = liter, liter, liters ! 级|学|高|温|国|值|旗
        千瓦时 度电 = kwh, kilowatt-hour, kilowatt-hours
        千瓦 kW = kw, kilowatt, kilowatts
        兆瓦 MW = mw, megawatt, megawatts
        摄氏度 ℃ = celsius, degree Celsius, degrees Celsius
        个百分点 百分点 = percentage_point, percentage point, percentage points
        个小时 个钟头 小时 = hour, hour, hours
        分钟 = minute, minute, minutes
        秒钟 秒 = second, second, seconds
        个工作日 工作日 = working_day, working day, working days
        个月 = month, month, months
        个星期 星期 周 = week, week, weeks ! 年|一|二|三|四|五|六|日|末|边|围|期|转
        日 = day, day, days ! (?!内|之内|以内|的期限)
        天 = day, day, days ! 气|津|山|空|然|府|池|河|水|猫
        周年 = anniversary, anniversary, anniversaries
        周岁 岁 = year_old, year old, years old ! 月
        载 = year, year, years ! 体|重|客|货|入|誉|歌|荷|人|着|运|明
        个年头 年 = year, year, years ! 级|轻|龄|代|度|画|货|产|会|终|底|末|初|味
        """,
        measure=True,
    ),
    *_rows(
        """
        人次 = visit, visit, visits
        人 = person, person, people ! 大|民|才|社|工|员|行|选|居|均|类|体|事|力|生|物|心|情
        户 = household, household, households ! 籍|口|外|型
        倍 = times, time, times
        """
    ),
    *_rows(
        """
        名 位 = person, person, people ! 字|单|称|额|牌|声|义|优|于|置|列
        峰 = camel, camel, camels ! 会|值|街
        头 = head, head, head ! 发|脑|条|雁|部|屯|版
        匹 = head, head, head
        只 = head, head, head ! 要|有|能|是|不|会|需|为|好
        羽 = bird, bird, birds
        株 棵 = plant, plant, plants
        笔 = transaction, transaction, transactions ! 者|记|试|直
        件 = piece, piece, pieces
        起 宗 桩 = case, case, cases ! 来|点|步|到|伏|飞|床|诉|草|源|初|码|因|重|价|教|旨|族|跑|降|用|算
        段 = one, section, sections ! 落|位|子|时
        台 = set, set, sets ! 湾|州|阶|账|风|上|下
        套 = set, set, sets ! 餐
        辆 = vehicle, vehicle, vehicles
        架 = aircraft, aircraft, aircraft ! 构|子
        艘 = ship, ship, ships
        家 = one, company, companies ! 庭|长|园|乡|具|里|电|禽|畜|常|属|人|居|训|风
        间 = room, room, rooms ! 隔|接|断
        座 = one, one, ones ! 谈|位|椅
        栋 幢 = building, building, buildings
        场 = one, session, sessions ! 所|地|景|馆|面|次|镇
        次 趟 回 = occasion, time, times ! 要|日|年|序|生|族|答|收|民|应|复|归|忆|乡
        级 = level, level, levels ! 别|联
        层 = level, level, levels ! 次|面|级|层
        条 = item, item, items ! 件|例|约|理|幅
        项 = item, item, items ! 目
        种 = kind, kind, kinds ! 植|子|养|粮|地|田|族|牛|羊|树|菜|好|什
        类 = kind, kind, kinds ! 似|别|型
        篇 = article, article, articles
        期 = issue, issue, issues ! 间|望|待|盼|限|末|货
        批 = batch, batch, batches ! 准|发|评|复|量|判
        支 = one, team, teams ! 部|书|持|付|出|撑|援|农|教|线|配|边|柱|局
        组 = group, group, groups ! 织|成|建|长|合|委|装
        队 = team, team, teams ! 伍|长|员
        班 = class, class, classes ! 子|级|长
        份 = copy, copy, copies ! 额|子
        本 册 = copy, copy, copies ! 地|报|次|年|村|县|市|乡|镇|级|来|身|着|科|土|人|质|能|色|金|届|周|月|期|轮|场
        部 = one, copy, copies ! 门|分|队|长|署|委|落|位|级|书|下|属|件
        张 = sheet, sheet, sheets
        枚 = piece, piece, pieces
        块 = piece, piece, pieces
        瓶 = bottle, bottle, bottles
        箱 = box, box, boxes
        袋 = bag, bag, bags
        桶 = barrel, barrel, barrels
        盏 = lamp, lamp, lamps
        眼 = well, well, wells ! 睛|前|光|界|科|看|下|中|里
        列 = train, train, trains ! 车|入|为|席|举
        节 = section, section, sections ! 约|日|能|水|目|省|俭|点|假|气
        门 = course, course, courses ! 口|诊|源|店|票|前|槛|外
        处 = place, place, places ! 理|于|置|罚|在|长|方|分
        片 = stretch, stretch, stretches ! 区|面|段
        对 = pair, pair, pairs ! 口|接|于|象|标|话|外|比|照|应|策|待|此|抗|内|手
        双 = pair, pair, pairs ! 语|赢|方|向|河|手|拥|重|减|碳|创|边|休|休|联
        步 = step, step, steps ! 伐|行|入|骤|道|调|上
        届 = session, session, sessions
        轮 = round, round, rounds ! 台|换|流|训|椅|作|岗|南|牧|胎|值
        多个 个 = one, one, ones ! 人|体|性|别|税|头|中
        """,
        counter=True,
    ),
]

ZH_UNITS: Final[dict[str, Unit]] = {zh: unit for zh, _, unit in _TABLE}
"""Chinese written form -> unit."""


def alternation(words: Iterable[tuple[str, str]], first: str = "") -> str:
    """A pattern that matches the longest of ``words``, each with a pattern of what must come after it.

    Words that begin alike stand in one branch, those that begin with a character of ``first`` before the others:
    so the engine has few branches to try.
    """
    groups: dict[str, list[tuple[str, str]]] = {char: [] for char in first}
    for word, after in sorted(words, key=lambda row: -len(row[0])):
        groups.setdefault(word[0], []).append((word[1:], after))
    branches = (
        f"{re.escape(char)}(?:{'|'.join(re.escape(rest) + after for rest, after in group)})" for char, group in groups.items() if group
    )
    return "|".join(branches)


ZH_UNIT_PATTERN: Final = alternation(
    ((zh, f"(?!{stop})" if stop else "") for zh, stop, _ in _TABLE), first="个年人元亩户名公家天次项吨万美月小百"
)
"""Alternation of all Chinese units, longest first, each with what may not follow it; the commonest are tried first."""
ZH_UNIT_STARTS: Final = "".join(sorted({zh[0] for zh, _, _ in _TABLE}))

BY_NAME: Final[dict[str, Unit]] = {unit.name: unit for _, _, unit in _TABLE}
"""Normalised name -> unit; where two written forms share a name (人, 名) the counter stands for both."""

_EN_EXTRA: Final = {
    "yuan": "yuan", "renminbi": "yuan", "rmb": "yuan", "dollar": "usd", "dollars": "usd", "euros": "eur", "euro": "eur",
    "kg": "kg", "kgs": "kg", "kilo": "kg", "kilos": "kg", "kilogramme": "kg", "kilogrammes": "kg", "tonne": "ton", "tonnes": "ton",
    "metric tons": "ton", "metric ton": "ton", "catties": "jin", "catty": "jin", "km": "km", "kilometre": "km", "kilometres": "km",
    "metre": "m", "metres": "m", "centimetre": "cm", "centimetres": "cm", "sq km": "km2", "square kilometres": "km2",
    "square metres": "m2", "cubic metres": "m3", "ha": "hectare", "acre": "acre", "acres": "acre", "mile": "mile", "miles": "mile",
    "litre": "liter", "litres": "liter", "kwh": "kwh", "mw": "mw", "kw": "kw", "gw": "gw",
    "watt": "watt", "watts": "watt", "gigawatt": "gw", "gigawatts": "gw", "°c": "celsius", "degrees": "celsius",
    "hr": "hour", "hrs": "hour", "min": "minute", "mins": "minute", "decade": "decade", "decades": "decade", "century": "century",
    "centuries": "century", "year-old": "year_old", "years-old": "year_old", "camel": "camel", "camels": "camel", "persons": "person",
    "families": "household", "percentage points": "percentage_point", "kilogram": "kg", "gram": "g", "individuals": "person",
}  # fmt: skip

EN_UNITS: Final[dict[str, str]] = {
    **{form.lower(): u.name for _, _, u in reversed(_TABLE) if u.measure or not u.counter for form in (u.one, u.many)},
    **_EN_EXTRA,
}
"""English written form, lower case -> normalised name."""
EN_UNITS.pop("time", None)

_MU: Final = Fraction(2000, 3)
_BASE: Final[dict[str, tuple[str, int | Fraction]]] = {
    "kg": ("mass", 1), "jin": ("mass", Fraction(1, 2)), "g": ("mass", Fraction(1, 1000)), "ton": ("mass", 1000),
    "mg": ("mass", Fraction(1, 1_000_000)),
    "m": ("length", 1), "km": ("length", 1000), "cm": ("length", Fraction(1, 100)),
    "mm": ("length", Fraction(1, 1000)), "mile": ("length", Fraction(1609344, 1000)),
    "m2": ("area", 1), "km2": ("area", 1_000_000), "hectare": ("area", 10_000), "mu": ("area", _MU),
    "acre": ("area", Fraction(40468564224, 10_000_000)),
    "liter": ("volume", Fraction(1, 1000)), "ml": ("volume", Fraction(1, 1_000_000)), "m3": ("volume", 1),
    "kw": ("power", 1), "mw": ("power", 1000), "gw": ("power", 1_000_000), "watt": ("power", Fraction(1, 1000)), "kwh": ("energy", 1),
    "second": ("time", Fraction(1, 60)), "minute": ("time", 1), "hour": ("time", 60),
    "day": ("time", 1440), "working_day": ("time", 1440), "week": ("time", 10080),
    "month": ("months", 1), "year": ("months", 12), "year_old": ("months", 12),
    "decade": ("months", 120), "century": ("months", 1200), "anniversary": ("months", 12),
    "yuan": ("yuan", 1), "jiao": ("yuan", Fraction(1, 10)), "usd": ("usd", 1), "us_cent": ("usd", Fraction(1, 100)),
    "eur": ("eur", 1), "gbp": ("gbp", 1),
    "jpy": ("jpy", 1), "hkd": ("hkd", 1), "rub": ("rub", 1), "kzt": ("kzt", 1),
    "celsius": ("celsius", 1), "percentage_point": ("points", 1),
}  # fmt: skip
_COUNT: Final = ("", 1)


def dimension(unit: str) -> str:
    """Return what a unit measures (``mass``, ``area``, ``yuan`` …), or an empty string for counts."""
    return _BASE.get(unit, _COUNT)[0]


def factor(unit: str) -> int | Fraction:
    """Return how many base units of its dimension one of ``unit`` is; 1 for counts."""
    return _BASE.get(unit, _COUNT)[1]
