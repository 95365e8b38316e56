"""The name sheet from issue to issue: corrected once, it holds for every later one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import bundle, flow
from pipeline.bundle import corrections
from pipeline.cli import main
from pipeline.config import Config, load
from pipeline.records import CorrectionKind, IssueResult, NameEntry, Passage, Segmentation, Span, Translation, Unit, UnitKind
from pipeline.resources import preset
from pipeline.review.desk import Desk, Wish
from pipeline.session import Session
from pipeline.terms import Lexicon, names
from pipeline.terms.lexicon import Term
from tests.pages import PAGE

NEXT = """本报讯 记者陈立明报道：昨天，青禾县柳河镇东坪村的合作社分红，村党支部书记孙国强说，
每户平均分到三千元，大家都很高兴。

孙国强还说，明年合作社打算再种两百棵果树，请技术员常年指导。

东坪村：合作社分红
"""


@pytest.fixture
def config() -> Config:
    return load(preset("rehearsal"))


def run(text: str, name: str, config: Config, tmp_path: Path) -> flow.Outcome:
    page = tmp_path / name
    page.write_text(text, encoding="utf-8")
    with Session(config, tmp_path / "out") as session:
        (outcome,) = flow.run([page], session)
    return outcome


def read(outcome: flow.Outcome) -> IssueResult:
    return bundle.read(Path(outcome.bundle))


def entry(result: IssueResult, zh: str) -> NameEntry:
    return next(n for n in result.names if n.source == zh)


def holding(result: IssueResult, zh: str) -> list[Translation]:
    return [t for u in result.units for t in u.translations if zh in t.segment.text and t.projection]


@pytest.mark.parametrize(
    "corrected",
    [("孙国强", "person", "Sun Guoqiang", "Suen Kwok Keung"), ("东坪村", "place", "Dongping Village", "Tungping Village")],
)
def test_a_name_corrected_in_a_review_holds_for_the_next_issue(
    config: Config, tmp_path: Path, corrected: tuple[str, str, str, str]
) -> None:
    zh, kind, before, after = corrected
    first = run(PAGE, "monday.txt", config, tmp_path)
    assert (entry(read(first), zh).target, entry(read(first), zh).kind) == (before, kind)
    Desk(Path(first.bundle), who="M. Osei").decide(Wish(kind=CorrectionKind.NAME, source=zh, after=after))
    assert (entry(read(first), zh).target, entry(read(first), zh).decided_by) == (after, "human")
    second = read(run(NEXT, "tuesday.txt", config, tmp_path))
    found = entry(second, zh)
    assert (found.target, found.kind, found.decided_by, found.flagged) == (after, kind, "human", False)
    assert holding(second, zh)
    for t in holding(second, zh):
        assert t.projection is not None
        assert after in t.projection.text
        assert before not in t.projection.text


def test_a_name_set_by_command_holds_for_the_next_issue_and_redoes_only_those_with_it(config: Config, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(PAGE, "monday.txt", config, tmp_path)
    assert main(["terms", "set", "孙国强", "Suen Kwok Keung", "--kind", "person", "--who", "Desk", "-o", str(out)]) == 0
    assert main(["terms", "set", "无此人", "Nobody", "--kind", "person", "--who", "Desk", "-o", str(out)]) == 0
    again = run(PAGE, "monday.txt", config, tmp_path)
    assert again.state is flow.State.DONE
    assert entry(read(again), "孙国强").target == "Suen Kwok Keung"
    assert not [n for n in read(again).names if n.source == "无此人"]
    assert run(PAGE, "monday.txt", config, tmp_path).state is flow.State.UNCHANGED
    assert "孙国强\tSuen Kwok Keung\tperson" in (out / corrections.TERMS).read_text(encoding="utf-8")
    assert main(["terms", "check", str(out / corrections.TERMS)]) == 0


@pytest.mark.parametrize("english", ["", " ", "孙国强"])
def test_what_is_no_english_is_refused(tmp_path: Path, english: str) -> None:
    assert main(["terms", "set", "孙国强", english, "--kind", "person", "-o", str(tmp_path)]) == 2
    assert not (tmp_path / corrections.STORE).exists()


def cut(*units: Unit) -> Segmentation:
    return Segmentation(issue="i", units=units, ledger=())


def passage(text: str, at: int) -> Passage:
    return Passage(text=text, spans=(Span(at, at + len(text)),))


DECIDED = Lexicon([Term(zh=zh, en=en, kind="place") for zh, en in (("石桥", "Stonebridge"), ("石桥镇", "Stonebridge Town"))])


def test_a_name_inside_a_longer_one_is_not_counted() -> None:
    unit = Unit(id="a", kind=UnitKind.ARTICLE, headline=passage("石桥镇：石桥修好了", 0), subtitle=passage("石桥镇人高兴", 20))
    first, second = names.collect(cut(unit), DECIDED, DECIDED)
    assert (first.source, first.count, first.first_segment) == ("石桥", 1, "a.headline.0.0")
    assert (second.source, second.count, second.first_segment) == ("石桥镇", 2, "a.headline.0.0")


def test_names_are_met_in_the_column_label_and_the_credit_and_a_shared_label_once() -> None:
    label = passage("石桥新事", 0)
    units = [
        Unit(id=name, kind=UnitKind.ARTICLE, column=label, headline=passage("好收成", 10 * n), credit=passage("来源：石桥镇", 100 * n))
        for n, name in enumerate("ab", 1)
    ]
    first, second = names.collect(cut(*units), DECIDED, DECIDED)
    assert (first.source, first.count, first.first_segment) == ("石桥", 1, "a.column.0.0")
    assert (second.source, second.count, second.first_segment) == ("石桥镇", 2, "a.credit.0.0")
