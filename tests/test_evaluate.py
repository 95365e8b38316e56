"""Evaluation: metrics on data made here, floors that only rise, the report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError, InputError
from pipeline.evaluate import expected, floors, report, run, summaries, wmt
from pipeline.evaluate.__main__ import main
from pipeline.evaluate.accuracy import measure
from pipeline.evaluate.check_table import read_table
from pipeline.evaluate.floors import Floor, Measured
from pipeline.evaluate.run import Plan, evaluate, finish

TABLE = Path(__file__).parent / "data" / "check_table.tsv"
SHARED = Path(__file__).parents[2] / "shared" / "eval"

SOURCE = ["水渠全长24公里。", "村里修了一条新路。", "投资20亿元。", "老人笑了。"]
REFERENCE = [
    "The canal is 24 kilometers long.",
    "The village built a new road.",
    "The investment is 2 billion yuan.",
    "The old man smiled.",
]
OTHER = [
    "The canal has a length of 24 km.",
    "A new road was built in the village.",
    "Two billion yuan was invested.",
    "The old man laughed.",
]


@pytest.fixture
def testset(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    for name, lines in (("source.zh", SOURCE), ("reference-a.en", REFERENCE), ("reference-b.en", OTHER), ("system.Copy.en", REFERENCE)):
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "sample100.txt").write_text("0\n2\n", encoding="utf-8")
    return folder


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    path = tmp_path / "articles.jsonl"
    article = "云溪县投资1.2亿元改造灌溉渠道。工程预计明年5月完工。村民都很高兴。"
    lines = [
        {"article": article, "summary": "云溪县投资1.2亿元改造灌溉渠道。", "systems": {"Wrong": "云海县投资12亿元。"}} for _ in range(3)
    ]
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n", encoding="utf-8")
    return path


def test_a_perfect_system_scores_100_and_a_wrong_number_counts(testset: Path) -> None:
    data = wmt.load(testset, sample=False)
    wrong = [*REFERENCE[:2], "The investment is 20 billion yuan.", "老人笑了。"]
    scores = wmt.score(data, [("ours", wrong)], bootstrap=10)
    copy, ours = scores.systems
    assert (copy.system, copy.bleu, copy.chrf, copy.ours) == ("Copy", 100.0, 100.0, False)
    assert (copy.numbers_right, copy.numbers) == (2, 2)
    assert (ours.numbers_right, ours.with_chinese, ours.empty) == (1, 1, 0)
    assert scores.bleu_signature.startswith("nrefs:2|bs:10|seed:12345|case:mixed|eff:no|tok:13a")


def test_the_sample_is_its_own_data(testset: Path) -> None:
    sample, whole = wmt.load(testset), wmt.load(testset, sample=False)
    assert sample.source == (SOURCE[0], SOURCE[2])
    assert (sample.name, whole.name) == ("news-sample2", "news")
    assert sample.sha256 != whole.sha256


def test_unaligned_or_missing_data_is_refused(testset: Path) -> None:
    with pytest.raises(InputError, match="3 outputs for 4"):
        wmt.score(wmt.load(testset, sample=False), [("short", REFERENCE[:3])], bootstrap=10)
    (testset / "system.Bad.en").write_text("one line\n")
    with pytest.raises(InputError, match="1 lines"):
        wmt.load(testset)
    (testset / "source.zh").unlink()
    with pytest.raises(InputError, match="Cannot read"):
        wmt.load(testset)


def test_line_separators_inside_a_line_do_not_split_it(testset: Path) -> None:
    (testset / "system.Copy.en").write_text("\n".join(["a\u2028b", *REFERENCE[1:]]) + "\n", encoding="utf-8")
    assert wmt.load(testset, sample=False).systems[0][1][0] == "a\u2028b"


@pytest.mark.parametrize(
    ("candidate", "reference", "expected"),
    [
        ("水渠修好", "水渠修好", 1.0),
        ("水渠", "水渠修好", 2 / 3),
        ("好", "水渠", 0.0),
        ("", "", 1.0),
        ("", "水", 0.0),
        ("水 渠", "水渠", 1.0),
    ],
)
def test_rouge_l(candidate: str, reference: str, expected: float) -> None:
    assert summaries.rouge_l(candidate, reference) == pytest.approx(expected)


@given(st.text(max_size=30), st.text(max_size=30))
def test_rouge_l_is_symmetric_and_bounded(a: str, b: str) -> None:
    assert 0.0 <= summaries.rouge_l(a, b) == summaries.rouge_l(b, a) <= 1.0


def test_lead_takes_whole_sentences() -> None:
    assert summaries.lead("一二三。四五六。", 5) == "一二三。"
    assert summaries.lead("一二三四五六七。八", 3) == "一二三四五六七。"


def test_summaries(articles: Path) -> None:
    scores = summaries.score(articles, [("ours", ["云溪县投资1.2亿元改造灌溉渠道。"] * 3)])
    by_name = {s.system: s for s in scores.systems}
    assert by_name["ours"].rouge_l == by_name["reference"].rouge_l == 1.0
    assert (by_name["ours"].flagged, by_name["Wrong"].flagged) == (0, 3)
    assert by_name["first sentences"].coverage == 1.0
    with pytest.raises(InputError, match="1 summaries for 3"):
        summaries.score(articles, [("short", ["水。"])])


@pytest.mark.parametrize("content", ["", "{}\n", '{"article": 1, "summary": ""}\n', "not json\n"])
def test_broken_summary_data_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(content)
    with pytest.raises(InputError):
        summaries.load(path)


def test_accuracy_counts_names_terms_and_numbers() -> None:
    rows = {r.line: r.item for r in read_table(TABLE)}
    right = [i for i in rows.values() if "Zhang Guoqiang chaired" in i.target]
    wrong = [i for i in rows.values() if "Zhang Guoqing" in i.target]
    both = measure([*right, *wrong])
    assert (both.names, both.names_right) == (2, 1)
    assert measure(right).terms_right == measure(right).terms == 1
    assert measure([]).rates == {"names": 1.0, "terms": 1.0, "numbers": 1.0}


# ------------------------------------------------------------------ floors


def test_floors_only_rise() -> None:
    kept = {"a": Floor(value=50.0, data="x")}
    lower, higher = (Measured(name="a", value=40.0, data="x"),), (Measured(name="a", value=60.0, data="x"),)
    elsewhere = (Measured(name="a", value=70.0, data="y"),)
    assert floors.raised(lower, kept) == kept
    assert floors.raised(higher, kept)["a"].value == 60.0
    assert floors.raised(lower, kept, allow_lower=True)["a"].value == 40.0
    assert floors.raised(elsewhere, kept) == kept
    assert floors.raised(elsewhere, kept, allow_lower=True)["a"] == Floor(value=70.0, data="y")
    assert [s.name for s in floors.shortfalls(lower, kept)] == ["a"]
    assert floors.shortfalls(higher, kept) == () == floors.shortfalls(elsewhere, kept)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=6))
def test_any_sequence_of_runs_leaves_the_best(values: list[float]) -> None:
    kept: dict[str, Floor] = {}
    for value in values:
        kept = floors.raised((Measured(name="m", value=value, data="d"),), kept)
    assert kept["m"].value == max(values)


def test_a_broken_floors_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    assert floors.read(path) == {}
    path.write_text('{"a": 3}')
    with pytest.raises(ConfigError):
        floors.read(path)


# ------------------------------------------------------------------ the whole


def test_the_whole_evaluation(testset: Path, articles: Path, tmp_path: Path) -> None:
    plan = Plan(wmt=testset, whole=True, summaries=articles, table=TABLE, name="<ours>", signature="zh-en|m:x")
    evaluation = evaluate(plan, lambda lines: REFERENCE, lambda texts: ["云溪县改造灌溉渠道。"] * len(texts))
    out, kept = tmp_path / "out", tmp_path / "floors.json"
    assert finish(evaluation, out, kept, raise_floors=True) == ()
    assert run.decode((out / "report.json").read_bytes()) == evaluation
    html = (out / "report.html").read_text(encoding="utf-8")
    assert "&lt;ours&gt;" in html and "<ours>" not in html and "<svg" in html and "http:" not in html and "https:" not in html
    assert "**<ours>**" in (out / "report.md").read_text(encoding="utf-8")

    first = (out / "report.html").read_bytes()
    finish(evaluation, out, kept)
    assert (out / "report.html").read_bytes() == first

    worse = evaluate(plan, lambda lines: OTHER[::-1], lambda texts: ["水。"] * len(texts))
    short = finish(worse, out, kept, raise_floors=True)
    assert {s.name for s in short} >= {"news/<ours>/chrf", "summaries/<ours>/rouge_l"}
    assert "Below the floors" in (out / "report.md").read_text(encoding="utf-8")
    assert floors.read(kept)["news/<ours>/chrf"].value == 100.0


def test_figures_for_floors_are_all_better_when_higher(testset: Path) -> None:
    evaluation = evaluate(Plan(wmt=testset, table=TABLE), lambda lines: [REFERENCE[0], REFERENCE[2]])
    names = {m.name.rsplit("/", 1)[1] for m in report.measured(evaluation)}
    assert names == {
        "bleu",
        "chrf",
        "without_chinese",
        "numbers",
        "recall",
        "silent_on_clean",
        "silent_on news reference 1",
        "silent_on news reference 2",
    }
    assert all(m.data for m in report.measured(evaluation))


def test_alarms_on_peoples_translations_are_counted_over_the_whole_set(testset: Path) -> None:
    (testset / "reference-b.en").write_text("\n".join([*OTHER[:-1], "他们走了。"]) + "\n", encoding="utf-8")
    first, second = evaluate(Plan(wmt=testset)).people
    assert (first.lines, first.alarmed, first.silent) == (len(SOURCE), 0, 1.0)
    assert second.alarmed >= 1


def test_command(testset: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "mine.en"
    outputs.write_text(f"{REFERENCE[0]}\n{REFERENCE[2]}\n", encoding="utf-8")
    kept = tmp_path / "floors.json"
    arguments = ["--wmt", str(testset), "--outputs", f"mine={outputs}", "--out", str(tmp_path / "o"), "--floors", str(kept)]
    assert CliRunner().invoke(main, [*arguments, "--raise-floors"]).exit_code == 0
    outputs.write_text("No.\nNo.\n")
    worse = CliRunner().invoke(main, arguments)
    assert worse.exit_code == 3
    assert "Below its floor: news-sample2/mine/chrf" in worse.output
    missing = CliRunner().invoke(main, ["--wmt", str(tmp_path / "none")])
    assert missing.exit_code == 5


@pytest.mark.skipif(not SHARED.is_dir(), reason="the evaluation data is not beside the repository")
def test_published_scores_are_reproduced() -> None:
    scores = wmt.score(wmt.load(SHARED / "wmt22"), bootstrap=10)
    published = {"Online-W": (25.4, 52.8), "Online-A": (29.2, 56.8), "JDExploreAcademy": (37.3, 61.8)}
    assert {s.system: (round(s.bleu, 1), round(s.chrf, 1)) for s in scores.systems} == published


FORMS = (
    "source\tnames\tterms\tnumbers\n王建说投资20亿元。\tWang Jian\t\t2 billion yuan|2 bn yuan\n"
    "县委召开会议。\t\tParty committee;meeting\t\n"
)


def test_expected_forms_are_counted_as_whole_words(tmp_path: Path) -> None:
    path = tmp_path / "forms.tsv"
    path.write_text("# a comment\n" + FORMS, encoding="utf-8")
    rows = expected.read_expected(path)
    right, nothing = expected.score(rows, ["Wang Jian said 2 BN yuan.", "The county Party\u00a0committee held meetings."])
    assert (right.rates, nothing) == ({"names": 1.0, "terms": 1.0, "numbers": 1.0}, ())
    wrong, missing = expected.score(rows, ["Wang Jianguo said 12 billion yuan.", "The Party held a meeting."])
    assert (wrong.names_right, wrong.terms_right, wrong.numbers_right) == (0, 1, 0)
    assert len(missing) == 3


@pytest.mark.parametrize("text", ["", "source\tnames\n", FORMS + "水\twater\n"])
def test_a_broken_set_of_forms_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "forms.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="columns"):
        expected.read_expected(path)
    with pytest.raises(InputError, match="Cannot read"):
        expected.read_expected(tmp_path / "none.tsv")


def test_one_command_measures_everything_that_needs_no_model(tmp_path: Path) -> None:
    from pipeline.cli import main as pipeline

    kept = tmp_path / "floors.json"
    command = ["eval", "--checks-only", "-c", "rehearsal", "--data", str(tmp_path), "-o", str(tmp_path / "out"), "--floors", str(kept)]
    assert pipeline([*command, "--raise-floors"]) == 0
    found = json.loads(kept.read_text(encoding="utf-8"))
    assert {"checks/recall", "checks/silent_on_clean", "own set, put into the source/names"} <= set(found)
    assert found["own set, put into the source/names"]["data"]
    text = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "put into the source" in text
    assert "<svg" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    found["checks/recall"]["value"] = 1.0
    kept.write_text(json.dumps(found), encoding="utf-8")
    assert pipeline(command) == 3
