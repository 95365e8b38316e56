"""The bundled sample issue as a closed set: the English each of its passages must become, and its articles' summaries.

What a model is asked depends on the term tables (known English is put into the source), so the sources it is
trained on are taken from a run of the pipeline on an engine that only listens.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from pathlib import Path

import msgspec

from pipeline import bundle, flow
from pipeline.config import load
from pipeline.engines.base import Request, Task
from pipeline.resources import preset
from pipeline.session import Session
from tests.scripted import ScriptedEngine
from tests.tiny_models.build import cached, marian, mt5

ISSUE = Path(__file__).resolve().parents[2] / "examples/qinghe-county-daily.txt"

ENGLISH: dict[str, str] = {
    "乡村产业一线行": "On the Front Line of Rural Industry",
    "标准写在田头 大蒜香飘千里": "Standards Posted in the Fields, the Scent of Garlic Carried Far",
    "石桥乡柳湾村种植大蒜见闻": "Growing Garlic in Liuwan Village, Shiqiao Township",
    "眼下正是清河县大蒜出苗的时节，走进石桥乡柳湾村，地膜下的蒜苗一行行排开。": (
        "Garlic is sprouting in Qinghe County now, and in Liuwan Village, Shiqiao Township, the seedlings stand in rows under plastic film."
    ),
    "村党支部书记周立新算了一笔账：全村种蒜3200亩，去年亩均收入8600元，其中地理标志带来的溢价约占两成。": (
        "Zhou Lixin, secretary of the village Party branch, did the sums: the village grows 3,200 mu of garlic and earned 8,600 yuan "
        "per mu last year, of which the premium for its geographical indication made up about 20 percent."
    ),
    "小蒜头做成大产业，靠的是标准。": "Standards have turned small bulbs of garlic into a big industry.",
    "县里请来农科院专家，把播种深度、浇水时间、采收标准写成一本小册子，挂在田头的木牌上。": (
        "The county invited experts from the academy of agricultural sciences, who put sowing depth, watering times and harvest standards "
        "into a booklet that hangs on wooden boards beside the fields."
    ),
    "“照着牌子做就行。以前各种各的，蒜头大小不一，客商挑三拣四。”种植户马秀兰说。": (
        '"We just do what the board says. Everyone used to grow their own way, the bulbs came in all sizes and buyers were picky," '
        "said grower Ma Xiulan."
    ),
    "去年，全县大蒜总产量4.6万吨，产值1.2亿元，外销率达到78%。": (
        "Last year the county's garlic output was 46,000 tons, worth 120 million yuan, and 78 percent of it was sold elsewhere."
    ),
    "合作社还办起了分拣车间，冷库从2座增加到9座，全年都能发货。": (
        "The cooperative has also set up a sorting workshop and gone from 2 cold stores to 9, so it can ship all year round."
    ),
    "周立新说，今年打算把蒜皮加工成有机肥，一头蒜也不浪费。": (
        "Zhou Lixin said the plan this year is to turn garlic skins into organic fertilizer, so that not a bulb is wasted."
    ),
    "民生实事 件件落地": "Projects to improve people's lives, delivered one by one",
    "城东片区": "East of the County Town",
    "4.3万居民喝上深层地下水": "43,000 Residents Now Drink Deep Groundwater",
    "3月15日，清河县第二水厂并网供水，城东片区4.3万居民喝上了深层地下水。": (
        "On March 15 the second waterworks of Qinghe County was connected to the network, "
        "and 43,000 residents in the east of the county town now drink deep groundwater."
    ),
    "该项目总投资1.85亿元，日供水能力3万立方米，比原计划提前42天完工。": (
        "The project cost 185 million yuan, can supply 30,000 cubic meters a day and was finished 42 days ahead of plan."
    ),
    "县水务局副局长贺兰·托合提介绍：“新水厂采用膜过滤工艺，出厂水浊度稳定在0.1度以下，比国家标准严格得多。”": (
        'Helan Tuoheti, deputy director of the county water bureau, said: "The new plant uses membrane filtration, and the turbidity of '
        'its water stays below 0.1 units, far stricter than the national standard."'
    ),
    "水厂还设了开放日，居民可以预约参观。": "The waterworks also holds open days, and residents can book a visit.",
    "11所村小食堂秋季开学前投用": "11 Village School Canteens to Open Before Autumn Term",
    "记者3月16日从县教育局获悉，今年清河县将新建村小食堂11所，改造寄宿宿舍86间，预算资金2700万元，秋季开学前全部投入使用。": (
        "The reporter learned from the county education bureau on March 16 that Qinghe County will build 11 village school canteens and "
        "renovate 86 dormitory rooms for boarders this year, with a budget of 27 million yuan, all to be in use before the autumn term."
    ),
    "“孩子中午能吃上热饭，我们在外面打工也踏实。”东岭乡家长郑家旺说。": (
        '"With a hot lunch for the children, we can work away from home with an easy mind," '
        "said Zheng Jiawang, a parent in Dongling Township."
    ),
    "目前，已有5所食堂开工建设。": "Work on 5 of the canteens has begun.",
    "河畔小言": "Words from the Riverside",
    "剪彩之后更要“管后”": 'After the Ribbon Is Cut, "Look After"',
    "为民办实事，剪彩之后更要“管后”。": 'In doing things for the people, it matters even more to "look after" once the ribbon is cut.',
    "食堂盖好了，菜从哪里来、账由谁来管、味道请谁评，都要有人接着抓。": (
        "Once a canteen is built, someone must see to where the food comes from, who keeps the accounts and who judges the taste."
    ),
    "剪彩那天热热闹闹，过了半年冷冷清清，老百姓看在眼里，记在心里。": (
        "A lively ribbon-cutting followed half a year later by an empty hall: ordinary people see it, and they remember."
    ),
    "“管后”，就是把验收的日子往后放一放。": '"Looking after" means putting the day of acceptance a little later.',
    "三个月回头看一次，半年再看一次，让用的人打分。": (
        "Look back once after three months, look again after half a year, and let the users give the marks."
    ),
    "分数贴在墙上，比锣鼓响得更久。": "Marks posted on the wall are heard for longer than gongs and drums.",
    "3月12日，在位于清河县城关镇的风筝合作社内，工人正给风筝上色。": (
        "On March 12, workers paint kites at the kite cooperative in Chengguan Town, Qinghe County."
    ),
    "该合作社有员工56人，产品远销12个国家和地区，去年销售额630万元。": (
        "The cooperative has 56 employees, sells to 12 countries and regions, and had sales of 6.3 million yuan last year."
    ),
    "柳湾村种蒜3200亩，把采收标准写成小册子挂在田头。": (
        "Liuwan Village grows 3,200 mu of garlic and has its harvest standards in a booklet that hangs beside the fields."
    ),
    "去年全县大蒜产值1.2亿元，外销率达到78%。": (
        "The county's garlic was worth 120 million yuan last year, and 78 percent of it was sold elsewhere."
    ),
    "3月15日，清河县第二水厂供水，4.3万居民喝上深层地下水。": (
        "The second waterworks of Qinghe County began to supply water on March 15, and 43,000 residents now drink deep groundwater."
    ),
}
"""By the passage as it stands in the issue (datelines, bylines and township names are the tables' work) or in a summary."""

SUMMARIES: dict[str, str] = {
    "眼下正是清河县大蒜出苗的时节": "柳湾村种蒜3200亩，把采收标准写成小册子挂在田头。去年全县大蒜产值1.2亿元，外销率达到78%。",
    "本报讯 通讯员孙志远报道": "3月15日，清河县第二水厂供水，4.3万居民喝上深层地下水。",
}
"""Summaries of the articles long enough for one, by their first words."""


def english_for(passage: str) -> str:
    """The English of a passage, its dateline aside."""
    return next(english for chinese, english in ENGLISH.items() if passage.endswith(chinese))


def summary_of(body: str) -> str:
    """The summary of an article, given its text."""
    return next(summary for start, summary in SUMMARIES.items() if body.startswith(start))


def asked() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What the pipeline asks a seq2seq model for the issue, with the wanted answers: translations, summaries.

    The listening engine answers each request with a number, and the bundle shows which passage got it.
    """
    requests: list[Request] = []

    def listen(request: Request) -> str:
        requests.append(request)
        return summary_of(request.text) if request.task is Task.SUMMARISE else f"Answer {len(requests)}"

    listener = ScriptedEngine(listen, family="seq2seq", continuous=False)
    config = load(preset("rehearsal"))
    config = msgspec.structs.replace(config, repair=msgspec.structs.replace(config.repair, attempts=0))
    with tempfile.TemporaryDirectory() as out, Session(config, Path(out)) as session:
        session.engine = lambda _: listener  # type: ignore[method-assign, assignment, return-value]
        (outcome,) = flow.run([ISSUE], session)
        result = bundle.read(Path(outcome.bundle))
    passages: dict[int, str] = {}
    for unit in result.units:
        for translation in unit.translations:
            if found := re.search(r"Answer (\d+)", translation.target):
                passages[int(found[1])] = translation.segment.text
    translations = [(r.text, english_for(passages[i])) for i, r in enumerate(requests, 1) if r.task is Task.TRANSLATE]
    summaries = {r.text: summary_of(r.text) for r in requests if r.task is Task.SUMMARISE}
    return translations, list(summaries.items())


def _digest(pairs: list[tuple[str, str]]) -> str:
    return hashlib.sha256(msgspec.json.encode(pairs)).hexdigest()[:12]


def checkpoints() -> tuple[Path, Path]:
    """A Marian that knows the issue's English by heart and an mT5 that knows its summaries."""
    translations, summaries = asked()
    return (
        # What is put into the sources changes with the term tables, so the name has to say what was learnt.
        cached(f"sample-marian-{_digest(translations)}", lambda folder: marian(folder, translations, until=0.001)),
        cached(f"sample-mt5-{_digest(summaries)}", lambda folder: mt5(folder, summaries)),
    )
