# ruff: noqa: E501
"""An issue result made by hand: the text, people and places are invented for the tests."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.records import (
    SCHEMA_VERSION,
    Attempt,
    Block,
    BlockKind,
    EngineInfo,
    Field,
    Finding,
    Issue,
    IssueResult,
    Label,
    LedgerEntry,
    ModelInfo,
    NameEntry,
    Origin,
    Owner,
    Passage,
    Projection,
    Provenance,
    Replacement,
    Segment,
    Segmentation,
    Sentence,
    Severity,
    SourceFile,
    Span,
    Summary,
    SummarySentence,
    SummaryStatus,
    TaskProvenance,
    Translation,
    Unit,
    UnitKind,
    UnitResult,
)

SIGNATURE = "zh-en|m:test-model@0123abcd|greedy|terms:9f2e|seg:3|v:0.1"


@dataclass
class S:
    """A passage: Chinese, English, and what is wrong with it."""

    zh: str
    en: str
    label: Label = Label.READ
    findings: Sequence[tuple[str, Severity, str, str, str]] = ()
    terms: Sequence[tuple[str, str, str]] = ()
    origin: Origin = Origin.MODEL
    lost: str = ""


@dataclass
class A:
    """A unit: display fields, then blocks; in ``blocks`` a list is a paragraph and an ``S`` a subhead."""

    blocks: Sequence[Sequence[S] | S]
    headline: S | None = None
    kicker: S | None = None
    subtitle: S | None = None
    column: S | None = None
    byline: S | None = None
    credit: S | None = None
    summary: Sequence[tuple[S, Sequence[int]]] = ()
    status: SummaryStatus = SummaryStatus.WRITTEN
    kind: UnitKind = UnitKind.ARTICLE
    findings: Sequence[Finding] = field(default_factory=tuple)


class _Builder:
    def __init__(self, name: str) -> None:
        self.name = name
        self.text = ""
        self.ledger: list[LedgerEntry] = []

    def put(self, text: str, owner: Owner, unit: str | None = None, role: str = "") -> Span:
        start = len(self.text)
        self.text += text
        self.ledger.append(LedgerEntry(span=Span(start, len(self.text)), owner=owner, unit=unit, role=role))
        self.text += "\n"
        self.ledger.append(LedgerEntry(span=Span(len(self.text) - 1, len(self.text)), owner=Owner.LAYOUT))
        return Span(start, start + len(text))


def build(articles: Sequence[A], *, name: str = "lanyuan-daily.txt", masthead: str = "澜原日报", engine: str = "llamacpp") -> IssueResult:
    """Return the result for ``articles``, with spans that really point into the issue's text."""
    builder = _Builder(name)
    if masthead:
        builder.put(masthead, Owner.FURNITURE, role="masthead")
    units = [_unit(builder, a, i) for i, a in enumerate(articles)]
    data = builder.text.encode("utf-8", "surrogatepass")
    sha = hashlib.sha256(data).hexdigest()
    return IssueResult(
        schema=SCHEMA_VERSION,
        issue=Issue(id=sha[:16], source=SourceFile(name=name, size=len(data), sha256=sha), text=builder.text),
        segmentation=Segmentation(issue=sha[:16], units=tuple(u.unit for u in units), ledger=tuple(builder.ledger)),
        units=tuple(units),
        names=_names(units),
        findings=(),
        provenance=provenance(engine),
    )


def provenance(engine: str = "llamacpp") -> Provenance:
    info = EngineInfo(
        name=engine,
        family="instruct",
        versions=(("xllamacpp", "2026.5"),),
        model=ModelInfo(id="test-model", revision="r1", sha256="0123abcd" * 8, licence="apache-2.0"),
        settings=(("temperature", "0"),),
    )
    tasks = tuple(
        TaskProvenance(task=t, engine=info, prompt_sha256="1" * 64, config_sha256="2" * 64, signature=SIGNATURE)
        for t in ("summarise", "translate")
    )
    return Provenance(
        pipeline_version="0.1.0", code_revision="f" * 40, code_dirty=False, config_sha256="3" * 64, terms_sha256="4" * 64, tasks=tasks
    )


def _unit(builder: _Builder, a: A, number: int) -> UnitResult:
    uid = hashlib.sha256(f"{builder.name}/{number}".encode()).hexdigest()[:16]
    translations: list[Translation] = []
    fields: dict[str, Passage] = {}
    for f in (Field.COLUMN, Field.KICKER, Field.HEADLINE, Field.SUBTITLE, Field.BYLINE, Field.CREDIT):
        s: S | None = getattr(a, f.value)
        if s is not None:
            span = builder.put(s.zh, Owner.UNIT, uid, f.value)
            fields[f.value] = Passage(text=s.zh, spans=(span,))
            translations.append(_translation(uid, f, (0, 0), s, (span,)))
    blocks: list[Block] = []
    body: list[str] = []
    for b, given in enumerate(a.blocks):
        parts = [given] if isinstance(given, S) else list(given)
        kind = BlockKind.SUBHEAD if isinstance(given, S) else BlockKind.PARAGRAPH
        whole = builder.put("".join(s.zh for s in parts), Owner.UNIT, uid, kind.value)
        at, sentences = whole.start, []
        for i, s in enumerate(parts):
            span = Span(at, at + len(s.zh))
            at = span.end
            sentences.append(Sentence(text=s.zh, spans=(span,)))
            made = _translation(uid, Field.SUBHEAD if isinstance(given, S) else Field.SENTENCE, (b, i), s, (span,))
            translations.append(made)
            if not isinstance(given, S):
                body.append(made.segment.id)
        blocks.append(Block(kind=kind, text="".join(s.zh for s in parts), spans=(whole,), sentences=tuple(sentences)))
    lines = []
    for i, (s, support) in enumerate(a.summary):
        translations.append(_translation(uid, Field.SUMMARY, (0, i), s, ()))
        lines.append(SummarySentence(text=s.zh, support=tuple(body[n] for n in support)))
    summary = Summary(unit=uid, status=a.status, text="".join(x.text for x in lines), sentences=tuple(lines), signature=SIGNATURE)
    unit = Unit(id=uid, kind=a.kind, blocks=tuple(blocks), **fields)  # type: ignore[arg-type]
    return UnitResult(unit=unit, summary=summary, translations=tuple(translations), findings=tuple(a.findings))


def _translation(uid: str, f: Field, at: tuple[int, int], s: S, spans: tuple[Span, ...]) -> Translation:
    block, index = at
    sid = f"{uid}.{f.value}.{block}.{index}"
    replaced = []
    for zh, en, kind in s.terms:
        start = s.zh.index(zh)
        replaced.append(Replacement(start=start, end=start + len(zh), source=zh, target=en, kind=kind, origin="table"))
    attempts = [Attempt(strategy="plain", text=s.en, finish="stop", prompt_tokens=90, output_tokens=20)]
    if s.lost:
        attempts.insert(0, Attempt(strategy="plain", text=s.lost, finish="stop", prompt_tokens=90, output_tokens=20, failed=("numbers",)))
        attempts[1] = Attempt(strategy="constrained", text=s.en, finish="stop", prompt_tokens=90, output_tokens=20)
    return Translation(
        segment=Segment(id=sid, unit=uid, field=f, block=block, index=index, text=s.zh, spans=spans),
        target=s.en,
        origin=s.origin,
        label=s.label,
        attempts=tuple(attempts),
        chosen=len(attempts) - 1,
        projection=Projection(text=s.zh, replacements=tuple(replaced)) if replaced else None,
        findings=tuple(
            Finding(check=c, severity=sev, message=m, unit=uid, segment=sid, source=src, target=tgt) for c, sev, m, src, tgt in s.findings
        ),
        signature=SIGNATURE,
    )


def _names(units: Sequence[UnitResult]) -> tuple[NameEntry, ...]:
    known = (
        ("周启明", "Zhou Qiming", "person", "pinyin", False),
        ("阿依夏木·热合曼", "Ayshem Rahman", "person", "transliteration", True),
        ("何秀兰", "He Xiulan", "person", "pinyin", False),
        ("澜原县", "Lanyuan County", "place", "table:desk.tsv", False),
        ("石桥镇", "Shiqiao Town", "place", "table:desk.tsv", False),
        ("白榆乡", "Baiyu Township", "place", "pinyin", False),
    )
    out = []
    for zh, en, kind, how, flagged in known:
        met = [t.segment.id for u in units for t in u.translations if zh in t.segment.text and t.segment.field is not Field.SUMMARY]
        if met:
            out.append(NameEntry(source=zh, target=en, kind=kind, decided_by=how, first_segment=met[0], count=len(met), flagged=flagged))
    return tuple(out)


W, E, I = Severity.WARNING, Severity.ERROR, Severity.INFO  # noqa: E741
CHECK, STOP = Label.CHECK, Label.DONT_QUOTE


def articles() -> list[A]:
    """Return six items of an invented county paper, with every label, severity and summary state."""
    county = ("澜原县", "Lanyuan County", "place")
    return [
        A(
            column=S("春耕一线", "On the Spring Ploughing Front"),
            headline=S("三万亩旱地喝上“智慧水”", "30,000 Mu of Dry Land Gets “Smart Water”", terms=[("三万亩", "30,000 Mu", "number")]),
            subtitle=S("石桥镇滴灌改造见闻", "Seen and Heard at Shiqiao Town’s Drip-Irrigation Upgrade"),
            byline=S("本报记者 周启明", "Staff reporter Zhou Qiming", origin=Origin.RULE),
            blocks=[
                [
                    S(
                        "四月的石桥镇，渠水刚刚解冻，田埂上已经热闹起来。",
                        "In April the canals of Shiqiao Town have only just thawed, yet the field paths are already busy.",
                        terms=[("石桥镇", "Shiqiao Town", "place")],
                    ),
                    S(
                        "今年，澜原县投入1.2亿元，对3.5万亩旱地实施高效节水改造，覆盖9个村、2160户。",
                        "This year Lanyuan County is investing 120 million yuan to upgrade 35,000 mu of dry land for efficient water use, covering nine villages and 2,160 households.",
                        terms=[county, ("1.2亿元", "120 million yuan", "number"), ("3.5万亩", "35,000 mu", "number")],
                    ),
                ],
                [
                    S(
                        "“以前浇一遍地要守三天三夜，现在手机上点一下就行。”种植大户何秀兰说，“省下来的工夫，我又多包了四十亩。”",
                        "“Watering the land once used to mean keeping watch for three days and nights; now I just tap my phone,” said big grower He Xiulan. “With the time I save, I have taken on another 40 mu.”",
                        terms=[("何秀兰", "He Xiulan", "person"), ("四十亩", "40 mu", "number")],
                    ),
                    S(
                        "据镇农技站测算，亩均节水120立方米，增收不低于三成。",
                        "The town’s agricultural station calculates that each mu saves 120 cubic metres of water and income rises by 3%.",
                        CHECK,
                        [("numbers", W, "The Chinese says at least thirty per cent; the English says 3%.", "不低于三成", "3%")],
                        lost="The station says each mu saves 120 cubic metres.",
                    ),
                ],
                S("一张网管到田头", "One Network Down to the Field’s Edge"),
                [
                    S(
                        "在镇水管所的大屏前，工作人员告诉记者：“哪块地缺水、哪个阀门没关，一眼就看得到。",
                        "In front of the big screen at the town’s water station, staff told the reporter: “Which plot is short of water, which valve is open, you can see at a glance.",
                    ),
                    S("我们不再满地跑，也不再靠经验猜。”", "We no longer run all over the fields, nor guess from experience.”"),
                    S(
                        "项目全部建成后，全县高效节水面积不会低于12万亩。",
                        "Once the project is finished, the county’s efficient-irrigation area will fall below 120,000 mu.",
                        STOP,
                        [
                            (
                                "negation",
                                E,
                                "The Chinese says the area will not be lower; the English says the opposite.",
                                "不会低于",
                                "will fall below",
                            )
                        ],
                    ),
                ],
            ],
            summary=[
                (
                    S(
                        "澜原县投入1.2亿元改造3.5万亩旱地，惠及9个村。",
                        "Lanyuan County is spending 120 million yuan to upgrade 35,000 mu of dry land in nine villages.",
                    ),
                    [1],
                ),
                (
                    S("种植户说手机就能浇地，省工又增收。", "Growers say they can water from a phone, saving labour and earning more."),
                    [2, 3],
                ),
            ],
        ),
        A(
            column=S("民生关注", "Livelihood Watch"),
            kicker=S("老旧小区改造后半篇文章怎么写", "How to Write the Second Half of the Old-Estate Renovation Story"),
            headline=S("电梯装上了，谁来管？", "The Lift Is In. Who Looks After It?"),
            byline=S(
                "本报通讯员 阿依夏木·热合曼",
                "Correspondent Ayshem Rahman",
                CHECK,
                [("names", W, "This name was spelled by rule, not from a table: verify it.", "阿依夏木·热合曼", "Ayshem Rahman")],
            ),
            blocks=[
                [
                    S(
                        "去年秋天，东城社区的14部加装电梯陆续投用。",
                        "Last autumn the 14 lifts added in the Dongcheng community came into use one after another.",
                    ),
                    S(
                        "电梯有了，物业费、维保费、电费却成了新的“三本账”。",
                        "With the lifts came a new “set of three accounts”: property fees, maintenance and electricity.",
                    ),
                ],
                [
                    S(
                        "社区党总支书记周启明表示：“钱怎么收、怎么花，一笔一笔贴出来，大家心里才踏实。”",
                        "Zhou Qiming, secretary of the community’s general Party branch, said: “How the money is collected and spent is posted item by item; only then are people at ease.”",
                        terms=[
                            ("周启明", "Zhou Qiming", "person"),
                            ("党总支书记", "secretary of the community’s general Party branch", "title"),
                        ],
                    ),
                    S(
                        "目前，已有11部电梯签订了维保合同。",
                        "So far, maintenance contracts have been signed for 11 lifts.",
                        origin=Origin.MEMORY,
                    ),
                ],
            ],
            summary=[
                (
                    S(
                        "东城社区14部加装电梯投用，维保资金公开管理。",
                        "Dongcheng community’s 14 added lifts are in use, and their upkeep money is managed in the open.",
                    ),
                    [0, 2],
                )
            ],
        ),
        A(
            column=S("民生关注", "Livelihood Watch"),
            headline=S("县图书馆延时开放", "County Library Extends Its Hours"),
            kind=UnitKind.BRIEF,
            blocks=[
                [
                    S(
                        "5月1日起，县图书馆每晚开放至21时30分，周一闭馆。",
                        "From May 1 the county library stays open until 9:30 p.m. every evening; it is closed on Mondays.",
                    )
                ]
            ],
            status=SummaryStatus.TOO_SHORT,
        ),
        A(
            headline=S("白榆乡：羊绒走上云端", "Baiyu Township: Cashmere Goes to the Cloud"),
            credit=S("来源：澜原融媒", "Source: Lanyuan Media", origin=Origin.RULE),
            blocks=[
                [
                    S(
                        "走进白榆乡的直播间，主播正用普通话和哈萨克语轮番介绍围巾。",
                        "In Baiyu Township’s live-stream studio, the host introduces scarves in turn in Mandarin and Kazakh.",
                        terms=[("白榆乡", "Baiyu Township", "place")],
                    ),
                    S(
                        "去年，全乡网上卖出羊绒制品8600余件，销售额突破400万元。",
                        "",
                        STOP,
                        [("empty", E, "The model produced nothing for this sentence.", "", "")],
                        origin=Origin.NONE,
                    ),
                ],
                [
                    S(
                        "乡里还给牧民开了“云端课”，教拍摄、教打包、教售后。",
                        "The township has also opened “cloud classes” for herders, teaching filming, packing and after-sales service.",
                        origin=Origin.HUMAN,
                    )
                ],
            ],
            status=SummaryStatus.FAILED,
            findings=[Finding(check="pairing", severity=W, message="The headline may belong to another article (confidence 0.48).")],
        ),
        A(
            kind=UnitKind.CAPTION,
            blocks=[[S("图为石桥镇村民在田间铺设滴灌带。", "Villagers of Shiqiao Town lay drip tape in a field.")]],
            byline=S("何秀兰 摄", "Photo by He Xiulan", origin=Origin.RULE),
            status=SummaryStatus.TOO_SHORT,
        ),
        A(
            kind=UnitKind.NOTICE,
            headline=S("停水通知", "Water Supply Notice"),
            blocks=[
                [
                    S(
                        "因管网检修，4月18日9时至17时，城南片区停水。",
                        "Because of pipe repairs, the southern part of town will be without water from 9 a.m. to 5 p.m. on April 18.",
                    )
                ]
            ],
            status=SummaryStatus.OFF,
        ),
    ]


def sample() -> IssueResult:
    return build(articles())
