"""The review server: only the editor gets in, and what the editor decides is kept and spreads."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

pytest.importorskip("starlette", reason="the review extra is not installed")
pytest.importorskip("httpx", reason="httpx is not installed (dev dependencies)")
from starlette.testclient import TestClient

from pipeline import bundle
from pipeline.bundle import archive, corrections
from pipeline.bundle.verify import verify
from pipeline.config import BundleConfig
from pipeline.errors import InputError, OutputError, UsageError
from pipeline.memory import Memory
from pipeline.records import CorrectionKind, IssueResult, Origin
from pipeline.review.app import create_app
from pipeline.review.desk import Desk, Wish
from tests.bundle import make
from tests.bundle.sample import articles, build, sample
from tests.bundle.test_html import Parsed
from tests.review.test_corrections import line

KEY = "the-key-in-the-address"
FORMATS = BundleConfig(formats=("json", "html", "markdown"))


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    bundle.write(sample(), make.volatile(), tmp_path, FORMATS)
    return tmp_path


def folder_of(outputs: Path) -> Path:
    return outputs / bundle.issue_slug(sample().issue.source)


def desk(outputs: Path, memory: Path | None = None) -> Desk:
    return Desk(folder_of(outputs), who="M. Osei", memory=memory, now=lambda: datetime(2026, 4, 17, 9, 10, tzinfo=UTC))


class Editor:
    """An editor's browser, with the page open."""

    def __init__(self, reviewed: Desk) -> None:
        self.client = TestClient(create_app(reviewed, port=8123, key=KEY), base_url="http://127.0.0.1:8123")
        page = self.client.get(f"/?key={KEY}")
        assert page.status_code == 200
        assert KEY not in str(page.url)
        self.page = Parsed(page.text)
        body = next(attrs for tag, attrs in self.page.elements if tag == "body")
        self.headers = {"origin": "http://127.0.0.1:8123", "x-review-token": body["data-review"] or ""}

    def send(self, **wish: str):  # type: ignore[no-untyped-def]
        return self.client.post("/corrections", json=wish, headers=self.headers)


def wish_for(result: IssueResult, zh: str, after: str) -> dict[str, str]:
    t = line(result, zh)
    return {"kind": "text", "segment": t.segment.id, "before": t.target, "after": after}


def test_an_edit_is_saved_rebuilt_learned_and_still_verifies(outputs: Path) -> None:
    store = outputs / "desk.memory"
    editor = Editor(desk(outputs, store))
    answer = editor.send(**wish_for(sample(), "不会低于", "The area will be no less than 120,000 mu."))
    assert answer.status_code == 200
    (saved,), bad = corrections.load(outputs)
    assert bad == 0
    assert (saved.who, saved.when, saved.via) == ("M. Osei", "2026-04-17T09:10:00Z", "review")
    rebuilt = bundle.read(folder_of(outputs))
    assert line(rebuilt, "不会低于").origin is Origin.HUMAN
    assert rebuilt.corrections == (saved,)
    assert "no less than 120,000 mu" in (folder_of(outputs) / "index.html").read_text(encoding="utf-8")
    assert "no less than 120,000 mu" in (folder_of(outputs) / "issue.md").read_text(encoding="utf-8")
    with Memory.open(store) as memory:
        remembered = memory.exact(saved.source, "any model's key", field="sentence")
    assert remembered is not None
    assert (remembered.target, remembered.who) == (saved.after, "M. Osei")
    assert [h.number for h in archive.search(outputs, "no less than 120,000")] == [1]
    verify(folder_of(outputs))
    assert bundle.finished(folder_of(outputs)) == bundle.manifest(folder_of(outputs)).fingerprint


def test_a_name_teaches_the_desk_and_lists_the_other_bundles(outputs: Path) -> None:
    other = bundle.write(build(articles()[:2] * 2, name="lanyuan-0418.txt"), make.volatile(), outputs, FORMATS)
    bundle.write(build(articles()[1:2], name="lanyuan-0419.txt"), make.volatile(), outputs, FORMATS)
    answer = Editor(desk(outputs)).send(kind="name", source="石桥镇", after="Shiqiao Township")
    assert answer.status_code == 200
    assert [(o["slug"], o["number"], o["passages"]) for o in answer.json()["others"]] == [(other.name, 1, 2), (other.name, 3, 2)]
    assert "石桥镇\tShiqiao Township\tplace" in (outputs / corrections.TERMS).read_text(encoding="utf-8")


def test_a_sentence_lists_the_bundles_that_have_it_too(outputs: Path) -> None:
    other = bundle.write(build(articles()[5:], name="lanyuan-0418.txt"), make.volatile(), outputs, FORMATS)
    answer = Editor(desk(outputs)).send(**wish_for(sample(), "停水通知", "Notice of Water Cut"))
    assert [o["slug"] for o in answer.json()["others"]] == [other.name]


def test_approve_and_take_back(outputs: Path) -> None:
    editor = Editor(desk(outputs))
    unit = sample().units[0].unit.id
    assert editor.send(kind="approval", unit=unit).status_code == 200
    assert "approved by M. Osei on 2026-04-17" in (folder_of(outputs) / "index.html").read_text(encoding="utf-8")
    assert editor.send(kind="withdrawal", unit=unit).status_code == 200
    assert bundle.read(folder_of(outputs)).approvals == ()


def test_a_text_that_changed_meanwhile_is_not_overwritten(outputs: Path) -> None:
    editor, slow = Editor(desk(outputs)), Editor(desk(outputs))
    first = wish_for(sample(), "不会低于", "First.")
    assert editor.send(**first).status_code == 200
    answer = slow.send(**{**first, "after": "Second."})
    assert answer.status_code == 409
    assert line(bundle.read(folder_of(outputs)), "不会低于").target == "First."
    assert len(corrections.load(outputs)[0]) == 1


@pytest.mark.parametrize(
    "wish",
    [
        {"kind": "text", "segment": "nowhere", "after": "x"},
        {"kind": "name", "source": "没有的人", "after": "x"},
        {"kind": "name", "source": "石桥镇", "after": "  "},
        {"kind": "term", "source": "", "before": "x", "after": "y"},
        {"kind": "term", "source": "滴灌", "before": "not in the English", "after": "y"},
        {"kind": "approval", "unit": "../../etc"},
        {"kind": "approval", "unit": "x", "who": "somebody else"},
        {"kind": "erase"},
        {"kind": "term", "source": "滴灌", "before": "x", "after": "y" * 6000},
        [],
        "text",
    ],
)
def test_a_wish_that_does_not_fit_is_refused_and_changes_nothing(outputs: Path, wish: object) -> None:
    editor = Editor(desk(outputs))
    before = {p: p.read_bytes() for p in folder_of(outputs).rglob("*") if p.is_file()}
    answer = editor.client.post("/corrections", json=wish, headers=editor.headers)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert {p: p.read_bytes() for p in folder_of(outputs).rglob("*") if p.is_file()} == before
    assert corrections.load(outputs) == ((), 0)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": ""}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"x-review-token": "guess"}, 403),
        ({"x-review-token": ""}, 403),
        ({"cookie": "review-8123=guess"}, 403),
        ({"host": "rebound.example:8123"}, 421),
        ({"host": "127.0.0.1"}, 421),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
    ],
)
def test_a_correction_must_come_from_the_page_itself(outputs: Path, change: dict[str, str], status: int) -> None:
    editor = Editor(desk(outputs))
    body = msgspec.json.encode(wish_for(sample(), "不会低于", "Forged."))
    headers = {**editor.headers, "content-type": "application/json", **change}
    answer = editor.client.post("/corrections", content=body, headers=headers)
    assert answer.status_code == status
    assert corrections.load(outputs) == ((), 0)


def test_nobody_gets_in_without_the_key(outputs: Path) -> None:
    app = create_app(desk(outputs), port=8123, key=KEY)
    client = TestClient(app, base_url="http://127.0.0.1:8123")
    for address in ("/", "/?key=", "/?key=wrong", f"/?key={KEY[:-1]}"):
        answer = client.get(address)
        assert answer.status_code == 403
        assert "澜原" not in answer.text
    assert client.get(f"/?key={KEY}", headers={"host": "evil.example"}).status_code == 421


@pytest.mark.parametrize(
    "path",
    ["/issue.json", "/index.html", "/../issue.json", "/%2e%2e/corrections.jsonl", "/static/x", "//etc/passwd", "/articles/", "/.versions"],
)
def test_no_file_can_be_reached(outputs: Path, path: str) -> None:
    editor = Editor(desk(outputs))
    assert editor.client.get(path).status_code == 404
    assert editor.client.get("/corrections").status_code == 405


def test_answers_are_hardened(outputs: Path) -> None:
    answer = Editor(desk(outputs)).client.get("/")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"
    app = create_app(desk(outputs), port=1, key=KEY)
    first = TestClient(app, base_url="http://127.0.0.1:1", follow_redirects=False).get(f"/?key={KEY}")
    assert "HttpOnly" in first.headers["set-cookie"]
    assert "SameSite=strict" in first.headers["set-cookie"]


def test_too_long_a_request_is_cut_off(outputs: Path) -> None:
    editor = Editor(desk(outputs))
    headers = {**editor.headers, "content-type": "application/json"}
    assert editor.client.post("/corrections", content=b'{"kind":"' + b"x" * 100_000, headers=headers).status_code == 413


def test_a_full_disk_leaves_the_bundle_as_it_was(outputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = Editor(desk(outputs))

    def full(*_: object, **__: object) -> None:
        raise OutputError("Cannot write: the disk is full.")

    monkeypatch.setattr(bundle, "write", full)
    answer = editor.send(**wish_for(sample(), "不会低于", "Kept for later."))
    assert answer.status_code == 507
    assert line(bundle.read(folder_of(outputs)), "不会低于").origin is Origin.MODEL
    monkeypatch.undo()
    # The decision itself was on the disk first, so the next review finishes it.
    desk(outputs)
    assert line(bundle.read(folder_of(outputs)), "不会低于").target == "Kept for later."


def test_a_memory_that_cannot_learn_is_reported_and_nothing_is_lost(outputs: Path) -> None:
    (outputs / "notes.txt").write_text("no memory at all " * 100)
    answer = Editor(desk(outputs, outputs / "notes.txt")).send(**wish_for(sample(), "不会低于", "Kept."))
    assert answer.status_code == 200
    assert "not a translation memory" in answer.json()["warning"]
    assert line(bundle.read(folder_of(outputs)), "不会低于").target == "Kept."


def test_a_review_needs_a_bundle_and_a_name(outputs: Path) -> None:
    with pytest.raises(InputError):
        Desk(outputs / "nothing", who="M. Osei")
    with pytest.raises(UsageError, match="name"):
        Desk(folder_of(outputs), who=" ")


def test_opening_a_review_changes_nothing(outputs: Path) -> None:
    before = {p: p.read_bytes() for p in outputs.rglob("*") if p.is_file()}
    desk(outputs).result()
    assert {p: p.read_bytes() for p in outputs.rglob("*") if p.is_file()} == before


def test_the_desk_answers_without_a_web_server(outputs: Path) -> None:
    outcome = desk(outputs).decide(Wish(kind=CorrectionKind.TERM, source="滴灌带", before="drip tape", after="drip line"))
    assert outcome.correction.after == "drip line"
    assert "drip line" in line(bundle.read(folder_of(outputs)), "滴灌带").target
