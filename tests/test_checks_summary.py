"""Checks of Chinese summaries, their support, and the review queue."""

from __future__ import annotations

import pytest

from pipeline.checks import queue
from pipeline.checks.summary import run, sentences, support
from pipeline.config import ChecksConfig
from pipeline.records import (
    Block,
    BlockKind,
    EngineInfo,
    Field,
    Finding,
    Issue,
    IssueResult,
    Label,
    ModelInfo,
    Origin,
    Passage,
    Provenance,
    Segment,
    Segmentation,
    Sentence,
    Severity,
    SourceFile,
    Span,
    Summary,
    SummaryStatus,
    TaskProvenance,
    Translation,
    Unit,
    UnitKind,
    UnitResult,
)

BODY = (
    ("云溪县投资1.2亿元改造灌溉渠道，全长86公里。", "工程预计明年5月完工，可新增灌溉面积2万亩。"),
    (
        "青石镇柳河村党支部书记王海军说：“水通了，日子就好过了。”",
        "该村去年种植小麦3至4千亩。",
        "全镇已有300余户参加合作社，使用APP管理用水。",
    ),
)


def article() -> Unit:
    blocks = tuple(
        Block(
            kind=BlockKind.PARAGRAPH,
            text="".join(paragraph),
            spans=(),
            sentences=tuple(Sentence(text=s, spans=()) for s in paragraph),
        )
        for paragraph in BODY
    )
    return Unit(id="a" * 16, kind=UnitKind.ARTICLE, headline=Passage(text="云溪县：渠水润良田", spans=()), blocks=blocks)


CLEAN = [
    "云溪县投资1.2亿元改造86公里灌溉渠道，预计明年5月完工。",
    "云溪县改造灌溉渠道，工程完工后可新增灌溉面积2万亩。",
    "柳河村党支部书记王海军表示，“水通了，日子就好过了”。全镇300余户参加合作社。",
    "青石镇通过APP管理用水，全镇已有300余户参加合作社。",
    "该县投资12000万元改造灌溉渠道，推动乡村用水。",
]

PLANTED = [
    ("云溪县投资12亿元改造灌溉渠道。", "summary_numbers"),
    ("工程预计明年6月完工。", "summary_numbers"),
    ("云海县投资1.2亿元改造灌溉渠道。", "summary_names"),
    ("青石镇柳湾村改造灌溉渠道，新增灌溉面积2万亩。", "summary_names"),
    ("柳河村党支部书记李国强说，水通了日子好过。", "summary_names"),
    ("王海军说：“有了水就有了希望。”", "summary_quotes"),
    ("青石镇使用GPS管理用水。", "summary_names"),
    ("孩子们在新教室里上课，老师耐心讲解，家长十分满意。", "summary_support"),
    ("云溪县投资1.2亿元改造灌溉渠道，全长", "summary_cut_off"),
    ("以下是摘要：云溪县改造灌溉渠道。", "summary_chatter"),
    ("Yunxi County is upgrading irrigation canals 灌溉渠道。", "summary_language"),
    ("云溪县改造灌溉渠道。云溪县改造灌溉渠道。", "summary_repetition"),
    ("Canals.", "summary_empty"),
]


@pytest.mark.parametrize("text", CLEAN)
def test_clean_summaries_are_silent(text: str) -> None:
    assert run(text, article(), ChecksConfig()) == ()


@pytest.mark.parametrize(("text", "expected"), PLANTED)
def test_planted_faults_are_found(text: str, expected: str) -> None:
    found = run(text, article(), ChecksConfig())
    assert expected in {f.check for f in found}
    assert all(f.unit == article().id for f in found)


def test_support_names_the_sentences() -> None:
    unit = article()
    one, two, none = support(("云溪县投资1.2亿元改造灌溉渠道。", "新增灌溉面积2万亩，300余户参加合作社。", "孩子们放学了。"), unit)
    assert one.support == (f"{unit.id}.sentence.0.0",)
    assert two.support == (f"{unit.id}.sentence.0.1", f"{unit.id}.sentence.1.2")
    assert none.support == ()


def test_sentences_keep_everything() -> None:
    text = "水来了！村民说：“日子好了。”大家都笑了"
    assert sentences(text) == ("水来了！", "村民说：“日子好了。”", "大家都笑了")
    assert sentences("。！") == ()


def _translation(unit: str, place: tuple[Field, int], label: Label, severity: Severity | None, message: str = "x") -> Translation:
    field, block = place
    segment = Segment(id=f"{unit}.{field}.{block}.0", unit=unit, field=field, block=block, index=0, text="水渠修好了。")
    findings = (Finding(check="numbers", severity=severity, message=message, unit=unit, segment=segment.id),) if severity else ()
    return Translation(segment=segment, target="The canal is repaired.", origin=Origin.MODEL, label=label, findings=findings)


def _result(units: tuple[UnitResult, ...]) -> IssueResult:
    model = ModelInfo(id="m", revision="1", sha256="0" * 64)
    engine = EngineInfo(name="rehearsal", family="instruct", versions=(), model=model)
    source = SourceFile(name="x.txt", size=1, sha256="0" * 64)
    return IssueResult(
        schema="1.0",
        issue=Issue(id="0" * 16, source=source, text=""),
        segmentation=Segmentation(
            issue="0" * 16,
            units=(),
            ledger=(),
            findings=(
                Finding(
                    check="pairing", severity=Severity.WARNING, message="The headline may belong elsewhere.", unit="u2", span=Span(0, 1)
                ),
            ),
        ),
        units=units,
        names=(),
        findings=(),
        provenance=Provenance(
            pipeline_version="0",
            code_revision="0",
            code_dirty=False,
            config_sha256="0",
            terms_sha256="0",
            tasks=(TaskProvenance(task="translate", engine=engine, prompt_sha256="0", config_sha256="0", signature="s"),),
        ),
    )


def test_queue_puts_wrong_headlines_first_and_leaves_out_what_is_read() -> None:
    def result_of(unit: str, *translations: Translation) -> UnitResult:
        return UnitResult(
            unit=Unit(id=unit, kind=UnitKind.ARTICLE),
            summary=Summary(unit=unit, status=SummaryStatus.OFF),
            translations=translations,
        )

    one = result_of(
        "u1",
        _translation("u1", (Field.SENTENCE, 0), Label.READ, Severity.INFO),
        _translation("u1", (Field.SENTENCE, 3), Label.CHECK, Severity.WARNING, "late warning"),
        _translation("u1", (Field.SENTENCE, 0), Label.CHECK, Severity.WARNING, "early warning"),
    )
    two = result_of(
        "u2",
        _translation("u2", (Field.SENTENCE, 1), Label.DONT_QUOTE, Severity.ERROR, "wrong sentence"),
        _translation("u2", (Field.HEADLINE, 0), Label.DONT_QUOTE, Severity.ERROR, "wrong headline"),
        _translation("u2", (Field.SENTENCE, 4), Label.CHECK, None),
    )
    items = queue(_result((one, two)))
    assert [i.reason for i in items] == [
        "wrong headline",
        "wrong sentence",
        "The headline may belong elsewhere.",
        "early warning",
        "late warning",
        "The model was unsure of this sentence.",
    ]
    assert all(i.seconds > 0 for i in items)
    assert items[2].segment is None


def test_a_doubted_summary_is_shown_beside_its_first_english() -> None:
    first = _translation("u1", (Field.SUMMARY, 0), Label.READ, None)
    doubt = Finding(check="summary_numbers", severity=Severity.WARNING, message="Not in the article.", unit="u1")
    unit = UnitResult(
        unit=Unit(id="u1", kind=UnitKind.ARTICLE),
        summary=Summary(unit="u1", status=SummaryStatus.WRITTEN, text="八成。", findings=(doubt,)),
        translations=(_translation("u1", (Field.SENTENCE, 0), Label.READ, None), first),
    )
    (item,) = queue(_result((unit,)))
    assert (item.reason, item.segment) == ("Not in the article.", first.segment.id)
