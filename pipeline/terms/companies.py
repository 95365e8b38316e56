"""Companies and cooperatives the tables do not hold: 丰禾源生物科技有限公司 is Fengheyuan Biotechnology Co., Ltd.

A registered name is place, trade name, line of business and legal form, in that order (State Council,
Regulations on the Administration of Enterprise Name Registration, 2020, article 6).  The place is the
tables' matter; here the trade name is written in pinyin and the rest translated.  A company's own
English name may differ, so each is flagged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pipeline.terms.lexicon import Lexicon
from pipeline.terms.romanise import place_pinyin

_FORMS: Final = {
    "集团股份有限公司": "Group Co., Ltd.", "集团有限责任公司": "Group Co., Ltd.", "集团有限公司": "Group Co., Ltd.",
    "集团公司": "Group", "股份有限公司": "Co., Ltd.", "有限责任公司": "Co., Ltd.", "有限公司": "Co., Ltd.",
    "农民专业合作社": "Farmers' Specialized Cooperative", "专业合作社": "Specialized Cooperative",
    "农机合作社": "Farm Machinery Cooperative",
}  # fmt: skip
_LINES: Final = {
    "设计": "Design", "咨询": "Consulting", "装饰": "Decoration", "广告": "Advertising", "印刷": "Printing", "印务": "Printing",
    "保险": "Insurance", "证券": "Securities", "航空": "Aviation", "钢铁": "Steel", "水泥": "Cement", "化肥": "Fertilizer",
    "农资": "Agricultural Supplies", "检测": "Testing", "软件": "Software", "大数据": "Big Data", "智能": "Intelligent",
    "智能科技": "Intelligent Technology", "家具": "Furniture", "餐饮": "Catering", "酒店管理": "Hotel Management",
    "酒店": "Hotel", "人力资源": "Human Resources", "劳务": "Labor Services", "保安": "Security", "水利": "Water Conservancy",
    "光伏": "Photovoltaic", "风电": "Wind Power", "国际": "International", "生物科技": "Biotechnology",
    "生物技术": "Biotechnology", "生物": "Biological", "农业科技": "Agricultural Technology",
    "农牧科技": "Agriculture and Animal Husbandry Technology", "信息技术": "Information Technology",
    "信息科技": "Information Technology", "网络科技": "Network Technology", "电子商务": "E-commerce",
    "电子科技": "Electronic Technology", "新能源": "New Energy", "新材料": "New Materials",
    "环保科技": "Environmental Technology", "科技": "Technology", "技术": "Technology", "农业": "Agriculture",
    "农牧业": "Agriculture and Animal Husbandry", "农牧": "Agriculture and Animal Husbandry", "牧业": "Animal Husbandry",
    "畜牧": "Livestock", "养殖": "Breeding", "种植": "Planting", "种业": "Seed", "种苗": "Seedling", "林业": "Forestry",
    "园林": "Landscaping", "果业": "Fruit", "果蔬": "Fruit and Vegetable", "蔬菜": "Vegetable", "粮油": "Grain and Oil",
    "油脂": "Oils and Fats", "食品": "Food", "乳业": "Dairy", "酒业": "Liquor", "饮品": "Beverage", "饮料": "Beverage",
    "茶业": "Tea", "棉业": "Cotton", "纺织": "Textile", "服饰": "Garment", "服装": "Garment", "农机": "Farm Machinery",
    "机械": "Machinery", "装备": "Equipment", "制造": "Manufacturing", "汽车": "Automobile", "电子": "Electronics",
    "电气": "Electric", "电力": "Electric Power", "能源": "Energy", "矿业": "Mining", "煤业": "Coal", "石油": "Petroleum",
    "化工": "Chemical", "建材": "Building Materials", "建筑": "Construction", "建设": "Construction", "工程": "Engineering",
    "房地产开发": "Real Estate Development", "置业": "Real Estate", "物业": "Property Management", "物流": "Logistics",
    "运输": "Transport", "商贸": "Trading", "贸易": "Trading", "投资": "Investment", "担保": "Guarantee", "旅游": "Tourism",
    "文化": "Culture", "传媒": "Media", "教育": "Education", "医药": "Pharmaceutical", "药业": "Pharmaceutical",
    "医疗": "Medical", "环保": "Environmental Protection", "水务": "Water", "供水": "Water Supply", "热力": "Heating",
    "燃气": "Gas", "通信": "Communications", "通讯": "Communications", "产业": "Industry", "实业": "Industry",
    "发展": "Development", "开发": "Development", "管理": "Management", "服务": "Services", "销售": "Sales", "加工": "Processing",
    "控股": "Holding",
}  # fmt: skip


_SMALL: Final = {
    "店": "Shop",
    "超市": "Supermarket",
    "商行": "Trading House",
    "工作室": "Studio",
    "家庭农场": "Family Farm",
    "厂": "Factory",
}
"""Businesses without a registered form; believed only right after a place and after a line of business."""


def _any(words: Sequence[str] | dict[str, str]) -> str:
    return "|".join(sorted(words, key=lambda w: (-len(w), w)))


_COMPANY: Final = re.compile(rf"(?P<brand>[\u3400-\u9fff]{{2,4}}?)(?P<lines>(?:{_any(_LINES)}){{0,4}})(?P<form>{_any(_FORMS)})")
_BUSINESS: Final = re.compile(
    rf"(?P<brand>[\u3400-\u9fff]{{2,4}}?)(?P<lines>(?:{_any(_LINES)}){{1,3}})(?P<form>{_any(_SMALL)})(?![长员主区铺家子])"
)
_LINE: Final = re.compile(_any(_LINES))
_MAY_NAME: Final = re.compile("公司|合作社|店|超市|商行|工作室|农场|厂")
_EDGE: Final = re.compile(r"^|[，。；：！？、“”‘’（）()《》\s—]|位于|走进|来到|走访|前往|联合|委托|由|与|和|在|到|对|给|向|的")
_NOT_IN: Final = re.compile(
    "[的了是在有和与及等这那该各某本其名家个]|公司|企业|当地|本地|龙头|国有|民营|大型|上市|投资|合作|中心|特色|连锁|便利|流动|各类|传统|现代|第[一二三]"
)


def found_companies(texts: Sequence[str], lexicon: Lexicon) -> dict[str, str]:
    """Companies by rule, Chinese (without the place in front) to English, in order of appearance."""
    out: dict[str, str] = {}
    for text in texts:
        if not _MAY_NAME.search(text):
            continue
        places = [h.end for h in lexicon.find(text) if h.term.kind == "place"]
        for start in sorted({*places, *(m.end() for m in _EDGE.finditer(text))}):
            hit = _COMPANY.match(text, start) or (_BUSINESS.match(text, start) if start in places else None)
            if hit is None or _NOT_IN.search(hit["brand"]) or _LINE.match(hit["brand"]) or lexicon.get(hit.group()) is not None:
                continue
            if any(start < end <= hit.end("brand") for end in places):
                continue  # the trade name would begin with a place
            out.setdefault(hit.group(), _english(hit))
    return out


def _english(hit: re.Match[str]) -> str:
    lines = [_LINES[m.group()] for m in _LINE.finditer(hit["lines"])]
    return " ".join([place_pinyin(hit["brand"]), *lines, {**_FORMS, **_SMALL}[hit["form"]]])
