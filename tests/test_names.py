"""The name sheet: who and where, in one English form each, and nobody who is not there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pipeline.config import IngestConfig, SegmentConfig
from pipeline.ingest import from_bytes, read_issue
from pipeline.segment import segment
from pipeline.terms import Lexicon, default_files, names
from pipeline.terms.called import called
from pipeline.terms.lexicon import Term
from pipeline.terms.people import PersonFinder, dotted
from pipeline.terms.romanise import person_pinyin

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT.parent / "shared" / "issues" / "changji-daily.txt"
TITLES = Lexicon([Term(zh=z, en=z, kind="title") for z in ("村党支部书记", "镇长", "局长", "居委会主任")])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("村党支部书记周立新说：“好。”", ["周立新"]),
        ("种植户马秀兰高兴地告诉记者，今年收成好。", ["马秀兰"]),
        ("居委会主任王翠详细介绍了经过。", ["王翠"]),
        ("书记冉爱对“食堂”赞不绝口。", ["冉爱"]),
        ("“很快。”齐云生说。", ["齐云生"]),
        ("陈超是柳湾村的村党支部书记。", ["陈超"]),
        ("镇长欧阳海表示，项目已经开工。", ["欧阳海"]),
        ("居民孙大爷把菜送到食堂。", []),
        ("全村干部高度重视，及时安排任务。", []),
        ("记者从会上获悉，施工方案已经通过。", []),
        ("书记和镇长一起来到田间。", []),
        ("农民代表表示满意，金融部门负责人介绍了程序。", []),
        ("时间和温度都要严格控制，水利部门说。", []),
        ("村民乐开怀", []),
        ("群众齐心保家园", []),
        ("村民高建设介绍，水来了。", ["高建设"]),
        ("市长贺向荣主持会议。", ["贺向荣"]),
        ("种粮大户、村民章有田说，收成好。", ["章有田"]),
        ("记者莫愁报道：手机一点。", ["莫愁"]),
        ("领队石敢当介绍，队员都是农民。", ["石敢当"]),
        ("郁小满遗失身份证，特此声明。", ["郁小满"]),
        ("年轻人说，规矩要守。", []),
        ("会上，王教授说，可行。李医生介绍，有效。", []),
        ("叶子加工成茶叶后销售。", []),
        ("动员全体党员，工作人员成批到岗。", []),
        ("炉前工耿铁山", ["耿铁山"]),
        ("读者周大田问：怎么办？", ["周大田"]),
        ("调解员韩德顺从司法所退休。", ["韩德顺"]),
        ("睿思基金的石敬亭说，不追涨。", ["石敬亭"]),
        ("体校选手龚小岩获得第一名。", ["龚小岩"]),
        ("天刚亮，32岁的申晓岚上了山。申晓岚不争辩。", ["申晓岚"]),
        ("天刚亮，32岁的申晓岚上了山。", []),  # once is no evidence
        ("戈壁滩，风很大。戈壁滩，没有树。", []),
    ],
)
def test_persons(text: str, found: list[str]) -> None:
    assert list(PersonFinder(TITLES).find([text])) == found


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["牧民木拉提·哈布都在这里放牧。"], ["木拉提·哈布"]),
        (["村民保尔江·叶山家的羊", "保尔江·叶山高兴地说"], ["保尔江·叶山"]),
        (["副局长贺兰·托合提介绍"], ["贺兰·托合提"]),
        (["3·15活动", "微软·中国"], []),
    ],
)
def test_names_with_a_dot(texts: list[str], found: list[str]) -> None:
    assert list(dotted(texts)) == found


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("陈晓梅", "Chen Xiaomei"),
        ("欧阳海", "Ouyang Hai"),
        ("单立人", "Shan Liren"),
        ("解红", "Xie Hong"),
        ("阚若谷", "Kan Ruogu"),
        ("吴长贵", "Wu Changgui"),
        ("钱盛", "Qian Sheng"),
        ("仇大勇", "Qiu Dayong"),
        ("曾安安", "Zeng An'an"),
        ("吕丽", "Lyu Li"),
        ("查文", "Zha Wen"),
    ],
)
def test_pinyin(zh: str, en: str) -> None:
    assert person_pinyin(zh) == en


def sheet(text: str, lexicon: Lexicon) -> dict[str, str]:
    issue = from_bytes("p.txt", text.encode(), IngestConfig())
    return {e.source: e.target for e in names.collect(segment(issue, SegmentConfig()), lexicon)}


PAGE = """本报讯 记者陈立明报道：3月2日，清河县石桥乡柳湾村的食堂开张，
村党支部书记孙国强说，这里每天供应两餐，老人都很满意。

柳湾村的蔬菜由合作社供应，种植户热孜万·买买提每天清早送来。
下一步，镇里还要深入乡镇调研，助力乡村振兴，再建几个食堂。

柳湾村：食堂开张 老人满意
"""


def test_a_sheet_has_places_persons_and_no_strangers() -> None:
    found = sheet(PAGE, TITLES)
    assert found["陈立明"] == "Chen Liming"
    assert found["孙国强"] == "Sun Guoqiang"
    assert found["热孜万·买买提"] == "Reziwan Maimaiti"
    assert found["柳湾村"] == "Liuwan Village"
    assert not {k for k in found if "深入" in k or "助力" in k or "振兴" in k}


def test_companies_are_written_by_rule_and_flagged() -> None:
    page = (
        "本报讯 记者陈立明报道：3月2日，位于清河县石桥乡的丰禾源生物科技有限公司车间开工，"
        "与青禾农民专业合作社、清河县金穗粮油有限责任公司签约。\n\n"
        "清河县乐信通讯店的店主来了，清河县特色餐饮店和餐饮店长没有来，青山通讯店也没有。"
        "该公司是当地一家食品有限公司。农业发展有限公司和投资建设有限公司不在此列。\n\n丰禾源开工\n"
    )
    found = sheet(page, Lexicon([*TITLES.of_kind("title"), Term(zh="清河县", en="Qinghe County", kind="place")]))
    companies = {zh: en for zh, en in found.items() if zh.endswith(("公司", "合作社", "店"))}
    assert companies == {
        "丰禾源生物科技有限公司": "Fengheyuan Biotechnology Co., Ltd.",
        "乐信通讯店": "Lexin Communications Shop",
        "青禾农民专业合作社": "Qinghe Farmers' Specialized Cooperative",
        "金穗粮油有限责任公司": "Jinsui Grain and Oil Co., Ltd.",
    }


def test_a_person_called_by_one_part_of_the_name_is_the_same_person() -> None:
    page = "本报讯 记者陈立明报道：种植户热孜万·买买提种的菜好。\n\n他把菜叫作“热孜万蔬菜”，买买提说。\n\n菜好\n"
    found = sheet(page, TITLES)
    assert (found["热孜万"], found["买买提"]) == ("Reziwan", "Maimaiti")


def test_a_table_decides_a_name_once_for_all() -> None:
    desk = Lexicon([*TITLES.of_kind("title"), Term(zh="热孜万·买买提", en="Rizwan Mamat", kind="person", file="desk.tsv")])
    assert sheet(PAGE, desk)["热孜万·买买提"] == "Rizwan Mamat"


@pytest.mark.skipif(not REAL.exists(), reason="the real page is not beside this checkout")
def test_the_real_page() -> None:
    """Every person the reference credits, every name with a dot, and every speaker found by another way is on the sheet."""
    issue = read_issue(REAL, IngestConfig())
    found = {e.source for e in names.collect(segment(issue, SegmentConfig()), Lexicon.load(default_files()))}
    gold = json.loads(REAL.with_suffix(".gold.json").read_text(encoding="utf-8"))
    body = "\n".join(p for u in gold["units"] for p in u["paragraphs"])
    authors = {a for u in gold["units"] for a in u["authors"]}
    dots = set(re.findall(r"(?<=民)([\u4e00-\u9fff]{2,3}·[\u4e00-\u9fff]{3})(?=[都家])", body))
    speakers = set(re.findall(r"(?:书记|负责人|局长|主任|镇长)([\u4e00-\u9fff]{2,3}?)(?=说|表示|自豪|回答|详细)", body))
    wanted = authors | dots | {s for s in speakers if "们" not in s}
    assert len(wanted) > 14
    missing = {n for n in wanted if n not in found}
    assert len(missing) <= len(wanted) // 20, missing


def test_the_bare_name_of_a_county_and_what_is_named_after_it() -> None:
    sheet = _sheet(
        "桃源县两支龙舟队出战\n本报讯（记者 秦一）桃源县龙舟队昨日出发。云湖区、东岭经开区派人送行，东岭大剧院前人山人海。\n"
        "桃源两支队伍实力不俗。桃源还将派出代表团，走出社区、山区，为全市争光。\n"
    )
    assert sheet["桃源县"] == "Taoyuan County"
    assert sheet["桃源"] == "Taoyuan"
    assert sheet["云湖区"] == "Yunhu District"
    assert sheet["东岭"] == "Dongling"
    assert not {"社区", "山区", "全市", "出社区"} & sheet.keys()


def test_who_is_named_in_full_may_be_called_by_the_family_name() -> None:
    sheet = _sheet(
        "村里有了代办员\n本报讯（记者 秦一）“小马，帮帮我。”在云锦街道沙田村，村民有事就找代办员马小燕。"
        "队员景浩带领大家上门服务，老路不见了。\n"
    )
    assert sheet["小马"] == "Xiao Ma"
    assert sheet["马小燕"] == "Ma Xiaoyan"
    assert sheet["景浩"] == "Jing Hao"
    assert sheet["云锦街道"] == "Yunjin Subdistrict"
    assert not {"景浩带", "老路"} & sheet.keys()
    assert "小康" not in _sheet("奔小康\n本报讯（记者 秦一）村民康大勇说，小康路上不落一人。小康社会，人人有份，家家户户都在努力。\n")


def test_a_place_the_segmenter_knows_stands_after_one_of_ours() -> None:
    sheet = _sheet("一封来自汶川的信\n本报讯（记者 秦一）她收到一封来自四川汶川的信。今年县医保局在特克斯河畔设站，方便群众办理业务。\n")
    assert sheet["汶川"] == "Wenchuan"
    assert not {"今年县", "河畔"} & sheet.keys()


def test_no_stem_is_cut_out_of_a_longer_name() -> None:
    sheet = _sheet(
        "玛纳斯县与吉木萨尔县签约\n本报讯（记者 秦一）玛纳斯县、吉木萨尔县昨日签约。"
        "玛纳斯火车站、玛纳斯镇、吉木萨尔镇和吉木萨尔机场列入计划。\n"
    )
    assert not {"纳斯", "萨尔", "木萨尔"} & sheet.keys()


def test_dotted_names_in_news_from_abroad_are_left_to_the_model() -> None:
    abroad = _sheet("法国总理访问德国\n本报讯（记者 秦一）法国总理加布里埃尔·阿塔尔当天访问德国和比利时，在柏林会见了记者。\n")
    assert not any("·" in name for name in abroad)
    home = _sheet("牧民喜领分红\n本报讯（记者 秦一）奇台县牧民保力江·哈德尔领到了分红，他说，日子越来越好，昌吉的变化真大。\n")
    assert "保力江·哈德尔" in home


def _sheet(page: str) -> dict[str, str]:
    made = segment(from_bytes("page.txt", page.encode(), IngestConfig()), SegmentConfig())
    return {n.source: n.target for n in names.collect(made, Lexicon.load(default_files()))}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("近日，褚某在直播间付款，欧阳某某报警。", {"褚某": "Chu", "欧阳某某": "Ouyang"}),
        ("去年冬天,邬老师走了。", {"邬老师": "Teacher Wu"}),
        ("下乡干部老万，进门先看灶台。不妨学学老万。", {"老万": "Lao Wan"}),
        ("老万，进门先看灶台。", {}),
        ("老茅出摊，老茅收摊，老茅歇了。", {"老茅": "Lao Mao"}),
        ("调解员曾阿婆上门。", {"曾阿婆": "Granny Zeng"}),
        ("村民李大爷说，欧阳先生好。", {"李大爷": "Grandpa Li", "欧阳先生": "Mr. Ouyang"}),
        ("由于老师不够，女老师多，某某单位和老师们商量。", {}),
    ],
)
def test_people_called_by_less_than_their_names(text: str, found: dict[str, str]) -> None:
    assert dict(called([text])) == found
