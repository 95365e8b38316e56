"""The sample issue from the command line to the bundle, on checkpoints in local folders that know its English by heart."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import bundle
from pipeline.cli import main
from pipeline.errors import ExitCode
from pipeline.records import IssueResult, Label, Origin, SummaryStatus
from pipeline.resources import preset
from tests.tiny_models.sample import ENGLISH, ISSUE, SUMMARIES, checkpoints, english_for

pytestmark = pytest.mark.slow

BY_TABLES = {
    "本报记者 何雨桐": "By He Yutong, staff reporter",
    "通讯员孙志远": "By Sun Zhiyuan, correspondent",
    "东岭乡": "Dongling Township",
    "记者罗敏": "By Luo Min, reporter",
    "闻则喜": "By Wen Zexi",
    "本报通讯员 江一帆摄": "Photo by Jiang Yifan, correspondent",
}
DATELINES = {
    "本报讯 通讯员孙志远报道：": "Our correspondent Sun Zhiyuan reports: ",
    "本报讯 记者罗敏报道：": "Our reporter Luo Min reports: ",
}


def translate(issue: Path, engine: str, work: Path, monkeypatch: pytest.MonkeyPatch, more: str = "") -> IssueResult:
    """``pipeline translate --config`` on ``issue`` with a desk's own configuration; what the bundle holds."""
    monkeypatch.setenv("PIPELINE_MODELS", str(work / "models"))
    marian, mt5 = checkpoints()
    settings = work / "desk.yaml"
    settings.write_text(
        f"base: {preset('marian')}\n"
        f"translate_engine: {{name: {engine}, model: {marian}, beam: 4, threads: 1}}\n"
        f"summarise_engine: {{name: {engine}, model: {mt5}, beam: 4, threads: 1}}\n{more}",
        encoding="utf-8",
    )
    assert main(["translate", str(issue), "--config", str(settings), "--output", str(work / "out")]) in (
        ExitCode.DONE,
        ExitCode.DONE_WITH_FINDINGS,
    )
    (folder,) = (path for path in (work / "out").iterdir() if bundle.finished(path))
    return bundle.read(folder)


@pytest.mark.parametrize("engine", ["transformers", "ctranslate2"])
def test_the_sample_issue_in_exact_english(engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = translate(ISSUE, engine, tmp_path, monkeypatch)
    assert [u.summary.text for u in result.units if u.summary.status is SummaryStatus.WRITTEN] == list(SUMMARIES.values())
    seen = set()
    for unit in result.units:
        for translation in unit.translations:
            passage, opening = translation.segment.text, ""
            for chinese, english in DATELINES.items():
                if passage.startswith(chinese):
                    passage, opening = passage.removeprefix(chinese), english
            seen.add(passage)
            assert translation.target == (BY_TABLES.get(passage) or opening + english_for(passage))
            assert translation.label is Label.READ and not translation.findings
            assert translation.origin is (Origin.RULE if passage in BY_TABLES else Origin.MODEL)
            if translation.origin is Origin.MODEL:
                # Learnt by heart: nearly certain of every token, and said so.
                assert translation.attempts[translation.chosen].score > -0.1
    assert seen == {*ENGLISH, *BY_TABLES}
    assert {(t.task, t.engine.name, t.engine.family) for t in result.provenance.tasks} == {
        (task, engine, "seq2seq") for task in ("translate", "summarise")
    }


@pytest.mark.parametrize("engine", ["transformers", "ctranslate2"])
def test_english_learnt_for_other_figures_is_not_called_fit_to_read(engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model knows last month's figures and goes on writing them: no passage that says so may be labelled ``read``."""
    page = ISSUE.read_text(encoding="utf-8")
    for old, new in (("提前42", "提前49"), ("宿宿舍86", "宿宿舍61"), ("销售额630", "销售额930"), ("种蒜 3200", "种蒜 7100")):
        assert page.count(old) == 1
        page = page.replace(old, new)
    issue = tmp_path / "page.txt"
    issue.write_text(page, encoding="utf-8")
    result = translate(issue, engine, tmp_path, monkeypatch, "summarise: {enabled: false}\nrepair: {attempts: 0}\n")
    changed = {"49天": "49 days", "61间": "61 ", "930万元": "9.3 million", "7100亩": "7,100 mu"}
    found = [
        (t, english) for u in result.units for t in u.translations for chinese, english in changed.items() if chinese in t.segment.text
    ]
    assert len(found) == len(changed)
    wrong = [t for t, english in found if english not in t.target]
    assert wrong, "the model copied every figure; the test shows nothing"
    assert all(t.label is not Label.READ and "numbers" in {f.check for f in t.findings} for t in wrong)
