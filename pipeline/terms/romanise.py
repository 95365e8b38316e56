"""Romanisation: pinyin for persons and places, English levels of divisions, names written with ·.

Spelling follows the Chinese standards for names (GB/T 28039 for persons: family name first, given
name in one word, an apostrophe before a vowel) and what English-language Chinese media print: ü is
``yu`` after l and n in a person's name (Lyu) and ``ü`` in a place's (Lüzhou Road).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

LEVELS: Final = {
    "特别行政区": "Special Administrative Region", "自治区": "Autonomous Region", "自治州": "Autonomous Prefecture",
    "自治县": "Autonomous County", "自治旗": "Autonomous Banner", "省": "Province", "市": "City", "地区": "Prefecture",
    "盟": "League", "县": "County", "旗": "Banner", "区": "District", "林区": "Forestry District", "特区": "Special District",
    "街道": "Subdistrict", "镇": "Town", "民族乡": "Ethnic Township", "乡": "Township", "村": "Village", "社区": "Community",
    "中心村": "Central Village", "片区": "Area",
}  # fmt: skip
"""Level of a division as it ends its name -> English."""

PEOPLES: Final = {
    "维吾尔": "Uygur", "哈萨克": "Kazakh", "柯尔克孜": "Kirgiz", "蒙古": "Mongolian", "塔吉克": "Tajik", "锡伯": "Xibe",
    "乌孜别克": "Uzbek", "塔塔尔": "Tatar", "俄罗斯": "Russian", "达斡尔": "Daur", "满": "Manchu", "回": "Hui", "壮": "Zhuang",
    "藏": "Tibetan", "苗": "Miao", "彝": "Yi", "布依": "Bouyei", "朝鲜": "Korean", "侗": "Dong", "瑶": "Yao", "白": "Bai",
    "土家": "Tujia", "哈尼": "Hani", "傣": "Dai", "黎": "Li", "傈僳": "Lisu", "佤": "Va", "畲": "She", "拉祜": "Lahu", "水": "Sui",
    "东乡": "Dongxiang", "纳西": "Naxi", "景颇": "Jingpo", "土": "Tu", "仫佬": "Mulao", "羌": "Qiang", "布朗": "Blang",
    "撒拉": "Salar", "毛南": "Maonan", "仡佬": "Gelao", "普米": "Pumi", "怒": "Nu", "德昂": "De'ang", "保安": "Bonan",
    "裕固": "Yugur", "京": "Jing", "独龙": "Drung", "鄂伦春": "Oroqen", "鄂温克": "Ewenki", "门巴": "Monba", "珞巴": "Lhoba",
    "基诺": "Jino", "阿昌": "Achang", "赫哲": "Hezhen",
}  # fmt: skip
"""A people, without 族 -> the English of official publications."""

_WHOLE: Final = frozenset(["满", "回", "壮", "藏", "苗", "彝", "侗", "瑶", "白", "傣", "黎", "佤", "畲", "水", "土", "羌", "怒", "京"])
_WITH_ZU: Final = sorted((f"{p}族" for p in PEOPLES), key=len, reverse=True)
_WITHOUT: Final = sorted((p for p in PEOPLES if p not in _WHOLE), key=len, reverse=True)
_LEVEL_ORDER: Final = sorted(LEVELS, key=len, reverse=True)

# pypinyin reads these first syllables otherwise than the family name is read.
SURNAMES: Final = {
    "单": "shan", "解": "xie", "仇": "qiu", "曾": "zeng", "任": "ren", "华": "hua", "查": "zha", "盖": "ge", "区": "ou",
    "朴": "piao", "尉": "wei", "乐": "yue", "员": "yun", "缪": "miao", "繁": "po", "秘": "bi", "冼": "xian", "翟": "zhai",
    "那": "na", "折": "she", "黑": "he", "种": "chong", "逄": "pang", "祭": "zhai", "覃": "qin", "隗": "wei", "召": "shao",
    "晟": "cheng", "纪": "ji", "葛": "ge", "过": "guo", "宓": "mi", "佴": "nai", "哈": "ha", "洗": "xian", "撒": "sa",
    "应": "ying", "宁": "ning", "燕": "yan", "重": "chong", "殷": "yin", "於": "yu", "曲": "qu", "卜": "bu", "车": "che",
    "石": "shi", "沈": "shen", "俞": "yu", "冯": "feng", "柏": "bai", "牟": "mu", "贾": "jia", "谌": "chen", "娄": "lou",
    "行": "xing", "盛": "sheng", "阚": "kan", "长孙": "zhang sun", "尉迟": "yu chi", "万俟": "mo qi", "澹台": "tan tai", "宰父": "zai fu",
    "令狐": "ling hu", "单于": "chan yu", "夏侯": "xia hou", "诸葛": "zhu ge", "欧阳": "ou yang", "司马": "si ma",
    "上官": "shang guan", "东方": "dong fang", "皇甫": "huang fu", "公孙": "gong sun", "慕容": "mu rong", "司徒": "si tu",
    "端木": "duan mu", "南宫": "nan gong", "西门": "xi men", "呼延": "hu yan", "宇文": "yu wen", "赫连": "he lian",
    "闻人": "wen ren", "淳于": "chun yu", "申屠": "shen tu", "轩辕": "xuan yuan", "百里": "bai li", "独孤": "du gu",
    "拓跋": "tuo ba", "钟离": "zhong li", "太史": "tai shi", "东郭": "dong guo", "公冶": "gong ye", "濮阳": "pu yang",
    "司空": "si kong", "左丘": "zuo qiu",
}  # fmt: skip
"""Family names whose reading is fixed, compound ones included."""

_GIVEN: Final = {"长": "chang", "盛": "sheng", "曾": "zeng", "都": "du", "还": "huan", "晟": "sheng"}
"""How characters of several readings are read in given names (长贵, 国盛), where pypinyin has another."""

COMPOUND_SURNAMES: Final = frozenset(s for s in SURNAMES if len(s) == 2)
SINGLE_SURNAMES: Final = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄"
    "和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚"
    "程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双"
    "闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍郤璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空"
    "曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公岳帅缑亢况郈有琴商牟佘佴伯赏墨哈谯笪年爱阳佟邸仝肖闫付代覃楚展卿岩冼尧侍战但信扎"
)
"""The Hundred Family Surnames and the common ones outside them."""


@cache
def _syllables(text: str) -> tuple[str, ...]:
    from pypinyin import Style, lazy_pinyin

    return tuple(lazy_pinyin(text, style=Style.NORMAL, v_to_u=True, errors="default"))


def _join(syllables: tuple[str, ...] | list[str]) -> str:
    """One word, an apostrophe before a syllable that begins with a vowel."""
    word = syllables[0] if syllables else ""
    for s in syllables[1:]:
        word += ("'" if s[:1] in "aoe" else "") + s
    return word[:1].upper() + word[1:]


def place_pinyin(stem: str) -> str:
    """Write a place's stem in pinyin: one word, capitalised, ü kept."""
    return _join(_syllables(stem))


def split_person(name: str) -> tuple[str, str]:
    """Split a Chinese personal name into family and given name; the family name is empty where none is known."""
    if len(name) > 2 and name[:2] in COMPOUND_SURNAMES:
        return name[:2], name[2:]
    if name[:1] in SINGLE_SURNAMES:
        return name[:1], name[1:]
    return "", name


def person_pinyin(name: str) -> str:
    """Write a person's name family-first: 陈晓梅 -> Chen Xiaomei, 欧阳海 -> Ouyang Hai, 吕丽 -> Lyu Li."""
    family, given = split_person(name)
    if not family:
        family, given = name[:1], name[1:]
    read = SURNAMES.get(family)
    first = _join(read.split() if read else _syllables(family))
    syllables = _syllables(given)
    if len(syllables) == len(given):
        syllables = tuple(_GIVEN.get(char, read) for char, read in zip(given, syllables, strict=True))
    return _plain_u(f"{first} {_join(syllables)}".strip())


def _plain_u(name: str) -> str:
    return name.replace("lü", "lyu").replace("nü", "nyu").replace("Lü", "Lyu").replace("Nü", "Nyu").replace("ü", "u")


def dotted_name(name: str) -> str:
    """Write a name with · part by part: 哈力木·叶山 -> Halimu Yeshan.

    This is pinyin of the Chinese transcription, not the bearer's own spelling: always flag it.
    """
    return " ".join(_plain_u(place_pinyin(part)) for part in name.split("·") if part)


def split_division(name: str) -> tuple[str, tuple[str, ...], str]:
    """Split a division's name into stem, peoples and level: 木垒哈萨克自治县 -> (木垒, (哈萨克,), 自治县)."""
    level = next(
        (lv for lv in _LEVEL_ORDER if name.endswith(lv) and len(name) > len(lv) + (lv in ("市", "县", "区", "镇", "乡", "村"))), ""
    )
    stem = name.removesuffix(level)
    peoples: list[str] = []
    if level in ("自治区", "自治州", "自治县", "自治旗", "民族乡", "乡"):
        while True:
            hit = next((p for p in _WITH_ZU if stem.endswith(p) and len(stem) > len(p)), None)
            hit = hit or next((p for p in _WITHOUT if stem.endswith(p) and len(stem) > len(p) + 1), None)
            if hit is None:
                break
            peoples.insert(0, hit.removesuffix("族"))
            stem = stem.removesuffix(hit)
    return stem, tuple(peoples), level


def division_en(name: str, stems: Mapping[str, str], whole: Mapping[str, str], *, bare_city: bool) -> str:
    """Write a division's English name.

    Args:
        name: the full Chinese name.
        stems: known English of stems (喀什 -> Kashgar).
        whole: known English of whole names.
        bare_city: leave "City" out, as is usual for cities of prefecture level and above.
    """
    if name in whole:
        return whole[name]
    stem, peoples, level = split_division(name)
    base = stems.get(stem) or place_pinyin(stem)
    if not level:
        return stems.get(name) or place_pinyin(name)
    if level == "市" and bare_city:
        return base
    if level in ("街道", "社区") and stem.endswith("路"):
        base = f"{road_en(stem, stems)}"
    if level == "乡" and peoples:
        level = "民族乡"
    names = [PEOPLES[p] for p in peoples]
    joined = ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1] if names else ""
    return " ".join(part for part in (base, joined, LEVELS[level]) if part)


def road_en(name: str, stems: Mapping[str, str]) -> str:
    """Write a road's name: 延安北路 -> Yan'an North Road."""
    stem = name.removesuffix("路")
    side = {"东": "East", "西": "West", "南": "South", "北": "North", "中": "Middle"}.get(stem[-1:], "") if len(stem) > 2 else ""
    if side:
        stem = stem[:-1]
    return " ".join(part for part in (stems.get(stem) or place_pinyin(stem), side, "Road") if part)
