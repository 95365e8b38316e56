"""The editor's page: complete, deterministic, self-contained, and text stays text."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.bundle.html import render
from pipeline.bundle.html.marks import visible
from pipeline.records import Approval, IssueResult, Jump, JumpDirection, Label, QueueItem, Severity, Span
from tests.bundle.sample import A, S, articles, build, sample

HOSTILE = (
    "<script>alert(1)</script>",
    "</style></script><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x="',
    "javascript:alert(1)",
    "{{ 7*7 }}{% for x in y %}",
    "\u202egnp.exe\u202c",
    "\x00\x07\x1b[31m\x7f\x85\ufeff\u2028",
    "\ud800",
    "../../../etc/passwd",
    "A" * 100_000,
)


class Parsed(HTMLParser):
    """What a browser would see: elements with their attributes, and the text outside style and script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.inline: dict[str, list[str]] = {"style": [], "script": []}
        self._in = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in self.inline:
            self._in = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._in:
            self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in:
            self.inline[self._in].append(data)
        else:
            self.text += data


def hostile_issue(texts: tuple[str, ...] = HOSTILE) -> list[A]:
    return [
        A(
            headline=S(f"标题{t}", f"Title {t}"),
            column=S(t or "栏", t),
            byline=S(f"记者{t}", f"By {t}"),
            blocks=[[S(f"正文。{t}", f"Body. {t}", Label.CHECK, [("numbers", Severity.ERROR, t, t, t)])]],
            summary=[(S(f"摘要{t}", f"Summary {t}"), [0])],
        )
        for t in texts
    ]


def test_same_records_same_bytes() -> None:
    assert render(sample()) == render(sample())


def test_every_passage_is_on_the_page_in_both_languages() -> None:
    text = " ".join(Parsed(render(sample())).text.split())
    for unit in sample().units:
        for t in unit.translations:
            assert " ".join(t.segment.text.split()) in text
            assert " ".join(t.target.split()) in text


def test_every_finding_is_on_the_page() -> None:
    text = Parsed(render(sample())).text
    found = sample().all_findings()
    assert len(found) >= 5
    for finding in found:
        assert finding.message in text


def test_policy_names_exactly_the_inline_style_and_script() -> None:
    page = Parsed(render(sample()))
    policy = next(a["content"] for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    for kind in ("style", "script"):
        assert len(page.inline[kind]) == 1
        digest = base64.b64encode(hashlib.sha256(page.inline[kind][0].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def _assert_inert(page: Parsed) -> None:
    for tag, attrs in page.elements:
        assert not [a for a in attrs if a.startswith("on") or a == "style"], (tag, attrs)
        for name in ("src", "href", "action", "formaction"):
            value = attrs.get(name) or "#"
            assert value.startswith("#") or value in {"data:,", "../index.html"}, (tag, name, value)
    assert [tag for tag, _ in page.elements if tag in {"img", "iframe", "object", "embed", "base", "svg"}] == []


def test_the_page_asks_for_nothing() -> None:
    _assert_inert(Parsed(render(sample())))


def test_hostile_text_is_only_text() -> None:
    page = render(build(hostile_issue(), name='../../<img src=x onerror="alert(1)">.txt', masthead="</title><script>alert(2)</script>"))
    parsed = Parsed(page)
    _assert_inert(parsed)
    calm = Parsed(render(build(hostile_issue(tuple(f"文{i}" for i in range(len(HOSTILE)))), name="a.txt", masthead="报")))
    assert [t for t, _ in parsed.elements if t not in {"mark", "q"}] == [t for t, _ in calm.elements if t not in {"mark", "q"}]
    assert "<script>alert(1)</script>" in parsed.text
    assert "[U+202E]gnp.exe[U+202C]" in parsed.text
    page.encode("utf-8")


@settings(max_examples=30, deadline=None)
@given(st.text(alphabet=st.characters(codec=None), min_size=1, max_size=30))
def test_any_text_leaves_the_structure_alone(text: str) -> None:
    def shape(t: str) -> list[str]:
        return [tag for tag, _ in Parsed(render(build([A(headline=S("题", t), blocks=[[S("正文", t)]])], masthead=""))).elements]

    assert shape(text) == shape("plain")


@settings(deadline=None)
@given(st.text())
def test_visible_leaves_nothing_that_acts_unseen(text: str) -> None:
    out = visible(text)
    out.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\ufeff]", out)


def test_visible_keeps_ordinary_text() -> None:
    kept = "　石桥镇“智慧水”，é ü — 12°C\nئۇيغۇر\u200cچە 👩\u200d🌾 \u00a0"
    assert visible(kept) == kept


def approved(result: IssueResult, units: int) -> IssueResult:
    approvals = tuple(Approval(unit=u.unit.id, who="M. Osei", when="2026-04-17T09:10:00Z") for u in result.units[:units])
    return msgspec.structs.replace(result, approvals=approvals)


def test_disclosure_changes_when_a_person_has_approved() -> None:
    result = sample()
    before = Parsed(render(result)).text
    assert before.count("not reviewed by a person") > 1
    assert "M. Osei" not in before
    after = Parsed(render(approved(result, 1))).text
    assert "approved by M. Osei on 2026-04-17" in after
    assert "1 of 6 articles approved by a person" in after
    assert "not reviewed by a person" not in Parsed(render(approved(result, 6))).text


def test_queue_is_shown_in_the_order_given() -> None:
    result = sample()
    unit = result.units[3]
    queue = [
        QueueItem(unit=unit.unit.id, segment=unit.translations[2].segment.id, label=Label.CHECK, reason="First of all.", seconds=70),
        QueueItem(unit=result.units[0].unit.id, segment=None, label=Label.DONT_QUOTE, reason="Then this.", seconds=60),
        QueueItem(unit="gone", segment=None, label=Label.CHECK, reason="Of another issue.", seconds=5),
    ]
    text = " ".join(Parsed(render(result, queue=queue)).text.split())
    assert text.index("First of all.") < text.index("Then this.")
    assert "2 places, about 3 minutes" in text
    assert "Of another issue." not in text


def test_default_queue_opens_with_what_must_not_be_quoted() -> None:
    text = Parsed(render(sample())).text
    queue = text[text.index("Look at these first") : text.index("In this issue")]
    assert queue.index("will not be lower") < queue.index("at least thirty per cent")


def test_links_inside_the_page_lead_somewhere() -> None:
    page = Parsed(render(sample()))
    ids = [a["id"] for _, a in page.elements if a.get("id")]
    assert len(ids) == len(set(ids))
    for _, attrs in page.elements:
        for name in ("href", "aria-labelledby"):
            value = attrs.get(name) or ""
            if name == "href" and not value.startswith("#"):
                continue
            if value:
                assert value.removeprefix("#") in ids


def test_rehearsal_says_so_at_the_top() -> None:
    page = Parsed(render(build(articles(), engine="rehearsal")))
    assert "Rehearsal output: no model was used" in page.text
    assert page.text.index("Rehearsal output") < page.text.index("澜原日报", 20)


@pytest.mark.parametrize("empty", [[], [A(blocks=[])]])
def test_an_issue_with_nothing_in_it_still_renders(empty: list[A]) -> None:
    assert "</html>" in render(build(empty))


def test_a_jump_says_where_the_item_goes_on() -> None:
    made = sample()
    first, second, *rest = made.units
    ahead = Jump(direction=JumpDirection.TO, page="三", span=Span(0, 1), unit=second.unit.id)
    back = Jump(direction=JumpDirection.FROM, page="", span=Span(0, 1))
    units = tuple(
        msgspec.structs.replace(u, unit=msgspec.structs.replace(u.unit, jumps=(jump,))) for u, jump in ((first, ahead), (second, back))
    )
    page = " ".join(Parsed(render(msgspec.structs.replace(made, units=(*units, *rest)))).text.split())
    assert "The printed item goes on on page 三: item 2 here." in page
    assert "The printed item begins on page unknown; that part is not in this issue file." in page
