"""Issue results for the bundle's tests, built by hand from text of our own about a fictional county."""

from __future__ import annotations

import hashlib

from pipeline.records import (
    SCHEMA_VERSION,
    Approval,
    Attempt,
    Block,
    BlockKind,
    Correction,
    CorrectionKind,
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
    Pairing,
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
    Volatile,
)

ARTICLES = (
    (
        "云溪县新修水渠通水",
        "New Canal Opens in Yunxi County",
        "本县要闻",
        "Local News",
        (
            ("云溪县新修的水渠昨日通水。", "The new canal in Yunxi County opened yesterday."),
            ("水渠长12公里，可灌溉农田3万亩。", "The canal is 12 kilometers long and can irrigate 2,000 hectares."),
            ("“今年不愁没水了。”村民林秋禾说。", "“We need not worry about water this year,” said villager Lin Qiuhe."),
        ),
    ),
    (
        "图书馆周末延长开放",
        "Library Extends Weekend Hours",
        "",
        "",
        (
            ("县图书馆本周起周末开放到晚上九点。", "From this week the county library stays open until nine at weekends."),
            ("馆长周砚青介绍，儿童阅览室也同步延时。", "The children's room does so too, said director Zhou Yanqing."),
        ),
    ),
    (
        "老茶厂变身展览馆",
        "Old Tea Factory Becomes a Museum",
        "文化",
        "Culture",
        (
            ("停产多年的老茶厂改成了展览馆。", "The tea factory, idle for years, has become a museum."),
            ("首展展出制茶工具210件。", "Its first show has 210 tea-making tools."),
        ),
    ),
)


def text_of(article: int) -> str:
    zh, _, column, _, sentences = ARTICLES[article % len(ARTICLES)]
    return "\n".join([*([column] if column else []), zh, "".join(s for s, _ in sentences)]) + "\n\n"


def provenance(**changes: object) -> Provenance:
    engine = EngineInfo(
        name="llamacpp",
        family="instruct",
        versions=(("xllamacpp", "1.0"),),
        model=ModelInfo(id="small-model", revision="r1", sha256="ab" * 32, licence="Apache-2.0"),
        settings=(("beam", "1"),),
    )
    tasks = tuple(
        TaskProvenance(task=t, engine=engine, prompt_sha256="cd" * 32, config_sha256="ef" * 32, signature="zh-en|m:small-model")
        for t in ("translate", "summarise")
    )
    values: dict[str, object] = {
        "pipeline_version": "0.1.0",
        "code_revision": "0123abcd",
        "code_dirty": False,
        "config_sha256": "12" * 32,
        "terms_sha256": "34" * 32,
        "tasks": tasks,
    }
    values.update(changes)
    return Provenance(**values)  # type: ignore[arg-type]


def volatile(seconds: float = 12.5) -> Volatile:
    return Volatile(
        started="2031-05-04T01:02:03Z",
        finished="2031-05-04T01:02:16Z",
        seconds=seconds,
        engine_seconds=11.0,
        host="desk-1",
        platform="Linux",
        python="3.11.9",
        prompt_tokens=100,
        output_tokens=60,
        cached_tokens=10,
        resumed=0,
        peak_memory_bytes=10_000_000,
    )


def _passage(text: str, start: int) -> Passage:
    return Passage(text=text, spans=(Span(start, start + len(text)),))


def unit_result(text: str, start: int, article: int, digest: str) -> UnitResult:
    """One article whose Chinese stands at ``start`` in ``text``."""
    zh, en, column, column_en, sentences = ARTICLES[article % len(ARTICLES)]
    column_at = start if column else None
    head_at = start + (len(column) + 1 if column else 0)
    body_at = head_at + len(zh) + 1
    uid = hashlib.sha256(f"{digest}:{body_at}".encode()).hexdigest()[:16]
    parts: list[Sentence] = []
    translations: list[Translation] = []

    def add(field: Field, index: int, source: str, target: str, spans: tuple[Span, ...], **more: object) -> None:
        segment = Segment(id=f"{uid}.{field.value}.0.{index}", unit=uid, field=field, block=0, index=index, text=source, spans=spans)
        values: dict[str, object] = {"origin": Origin.MODEL, "label": Label.READ, "signature": "zh-en|m:small-model"}
        values.update(more)
        translations.append(Translation(segment=segment, target=target, **values))  # type: ignore[arg-type]

    if column_at is not None:
        add(Field.COLUMN, 0, column, column_en, (Span(column_at, column_at + len(column)),), origin=Origin.RULE)
    add(Field.HEADLINE, 0, zh, en, (Span(head_at, head_at + len(zh)),))
    at = body_at
    for index, (source, target) in enumerate(sentences):
        spans = (Span(at, at + len(source)),)
        parts.append(Sentence(text=source, spans=spans))
        attempt = Attempt(strategy="plain", text=target, finish="stop", prompt_tokens=40, output_tokens=12, score=-0.25)
        more: dict[str, object] = {"attempts": (attempt,)}
        if index == 1:
            finding = Finding(
                check="numbers", severity=Severity.WARNING, message="A number may be wrong.", unit=uid, source="12", target="twelve"
            )
            projected = Projection(
                text=source.replace("12", "twelve"),
                replacements=(Replacement(start=0, end=2, source=source[:2], target="x", kind="term", origin="table"),),
            )
            more |= {"label": Label.CHECK, "findings": (finding,), "projection": projected}
        add(Field.SENTENCE, index, source, target, spans, **more)
        at += len(source)
    body = "".join(s for s, _ in sentences)
    summary_zh = sentences[0][0]
    add(Field.SUMMARY, 0, summary_zh, sentences[0][1], ())
    unit = Unit(
        id=uid,
        kind=UnitKind.ARTICLE,
        headline=_passage(zh, head_at),
        column=_passage(column, column_at) if column_at is not None else None,
        blocks=(Block(kind=BlockKind.PARAGRAPH, text=body, spans=(Span(body_at, body_at + len(body)),), sentences=tuple(parts)),),
        pairing=Pairing(confidence=0.9, how="adjacent"),
    )
    first = next(t for t in translations if t.segment.field is Field.SENTENCE)
    summary = Summary(
        unit=uid,
        status=SummaryStatus.WRITTEN,
        text=summary_zh,
        sentences=(SummarySentence(text=summary_zh, support=(first.segment.id,)),),
        signature="zh-sum|m:small-model",
    )
    return UnitResult(unit=unit, summary=summary, translations=tuple(translations))


def result(articles: int = 3, *, name: str = "yunxi-daily.txt", **changes: object) -> IssueResult:
    """A complete result of ``articles`` articles."""
    text = "".join(text_of(i) for i in range(articles))
    raw = text.encode()
    digest = hashlib.sha256(raw).hexdigest()
    units: list[UnitResult] = []
    ledger: list[LedgerEntry] = []
    at = 0
    for i in range(articles):
        made = unit_result(text, at, i, digest)
        units.append(made)
        ledger.append(LedgerEntry(span=Span(at, at + len(text_of(i))), owner=Owner.UNIT, unit=made.unit.id, role="body"))
        at += len(text_of(i))
    values: dict[str, object] = {
        "schema": SCHEMA_VERSION,
        "issue": Issue(id=digest[:16], source=SourceFile(name=name, size=len(raw), sha256=digest), text=text),
        "segmentation": Segmentation(issue=digest[:16], units=tuple(u.unit for u in units), ledger=tuple(ledger)),
        "units": tuple(units),
        "names": (
            NameEntry(
                source="林秋禾",
                target="Lin Qiuhe",
                kind="person",
                decided_by="pinyin",
                first_segment=units[0].translations[-2].segment.id,
                count=1,
            ),
        ),
        "findings": (Finding(check="encoding", severity=Severity.INFO, message="The file was read as UTF-8."),),
        "provenance": provenance(),
    }
    values.update(changes)
    return IssueResult(**values)  # type: ignore[arg-type]


def approval(made: IssueResult, unit: int = 0) -> Approval:
    return Approval(unit=made.units[unit].unit.id, who="A. Editor", when="2031-05-05T08:00:00Z")


def correction(made: IssueResult) -> Correction:
    t = made.units[0].translations[1]
    return Correction(
        kind=CorrectionKind.TEXT,
        issue=made.issue.id,
        who="A. Editor",
        when="2031-05-05T08:00:00Z",
        unit=t.segment.unit,
        segment=t.segment.id,
        source=t.segment.text,
        before=t.target,
        after="Water Flows Again",
    )
