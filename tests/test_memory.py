"""The translation memory: who outranks whom, snapshots, fuzzy matches, TMX there and back."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ConfigError, InputError, OutputError
from pipeline.memory import Entry, Maker, Memory, context_of, export_tmx, from_corrections, import_tmx, key_of
from pipeline.memory.entries import normalise
from pipeline.records import Correction, CorrectionKind, Field, Segment

OLD, NEW = key_of({"model": "old"}), key_of({"model": "new"})
SOURCE = "村里修了一条新路。"


def machine(target: str, key: str = NEW, source: str = SOURCE, field: str = "sentence") -> Entry:
    return Entry(
        source=source,
        target=target,
        field=field,
        maker=Maker.MACHINE,
        key=key,
        context=context_of(source),
        who="model",
        recorded="2026-01-02T03:04:05Z",
    )


def human(target: str, when: str = "2026-01-02T03:04:05Z", source: str = SOURCE, field: str = "sentence") -> Entry:
    return Entry(source=source, target=target, field=field, maker=Maker.HUMAN, who="Wu", recorded=when)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk" / "memory.sqlite"


def fill(path: Path, *entries: Entry) -> None:
    with Memory.open(path, readonly=False) as memory:
        memory.record(entries)


def settle(path: Path) -> None:
    with Memory.open(path, readonly=False) as memory:
        memory.settle()


def served(path: Path, text: str = SOURCE, key: str = NEW, field: str = "sentence") -> str | None:
    with Memory.open(path) as memory:
        entry = memory.exact(text, key, field=field, context=context_of(text))
        return None if entry is None else entry.target


def test_an_old_models_text_is_never_served_as_a_new_ones(path: Path) -> None:
    fill(path, machine("Old text.", OLD))
    settle(path)
    assert served(path, key=NEW) is None
    assert served(path, key=OLD) == "Old text."


def test_every_part_of_a_key_counts() -> None:
    base = {"model": "a", "terms": "b", "prompt": "c"}
    keys = {key_of(base), *(key_of({**base, part: "x"}) for part in base), key_of({**base, "more": ""})}
    assert len(keys) == 5
    assert key_of({"a": "1", "b": "2"}) == key_of({"b": "2", "a": "1"})


def test_a_person_outranks_the_machine_and_the_newest_person_counts(path: Path) -> None:
    fill(path, human("First.", "2026-01-01T00:00:00Z"), machine("Machine."), human("Second.", "2026-02-01T00:00:00Z"))
    fill(path, machine("Machine again."))
    settle(path)
    assert served(path) == "Second."
    assert served(path, key=OLD) == "Second."


def test_a_headline_does_not_serve_for_a_sentence(path: Path) -> None:
    fill(path, human("New Road Built", field="headline"))
    assert served(path) is None
    assert served(path, field="headline") == "New Road Built"


def test_layout_space_does_not_matter_and_characters_do(path: Path) -> None:
    fill(path, human("Built."))
    assert served(path, "村里修了\n一条 新路。") == "Built."
    assert served(path, "村里修了二条新路。") is None


def test_a_machine_entry_replaces_its_own_and_counts_changes(path: Path) -> None:
    with Memory.open(path, readonly=False) as memory:
        assert memory.record([machine("One."), machine("Two.", OLD)]) == 2
        assert memory.record([machine("One.")]) == 0
        assert memory.record([machine("Three.")]) == 0  # what is remembered once stays
        assert memory.record([human("One."), human("One.")]) == 1
        assert memory.record([human("  "), machine("x", source=" ")]) == 0
        assert [e.target for e in memory.entries()] == ["One.", "Two.", "One."]


def test_a_reader_keeps_its_snapshot(path: Path) -> None:
    fill(path, machine("Before."))
    settle(path)
    with Memory.open(path) as reading:
        digest = reading.digest
        fill(path, human("After."))
        assert reading.exact(SOURCE, NEW, field="sentence", context=context_of(SOURCE)) == machine("Before.")
        assert reading.digest == digest
        with pytest.raises(OutputError, match="reading only"):
            reading.record([human("No.")])
    assert served(path) == "After."
    with Memory.open(path) as reading:
        assert reading.digest != digest


def test_a_failed_batch_leaves_nothing(path: Path) -> None:
    fill(path)
    with Memory.open(path, readonly=False) as memory:
        with pytest.raises(ValueError, match="no key"):
            memory.record([human("Good."), Entry(source="水", target="water", field="sentence", maker=Maker.MACHINE)])
        assert len(memory) == 0


def test_fuzzy_shows_what_people_wrote_for_similar_texts(path: Path) -> None:
    fill(
        path,
        human("Two roads.", source="村里修了两条新路。"),
        machine("One road.", source="村里修了一条新路。"),
        human("School.", source="学校开学了，孩子们都很高兴。"),
        human("Headline", source="村里修了五条新路。", field="headline"),
        human("Older.", source="村里修了两条新路。", when="2025-01-01T00:00:00Z"),
    )
    with Memory.open(path) as memory:
        (match,) = memory.fuzzy("村里修了四条新路。", field="sentence", lowest=0.8)
        assert match.entry.target == "Two roads."
        assert match.similarity == pytest.approx(8 / 9)
        assert memory.fuzzy("村里修了两条新路。", field="sentence", lowest=0.9) == ()  # its own exact match
        assert memory.fuzzy("天气晴。", field="sentence", lowest=0.7) == ()
        assert memory.fuzzy("  ", field="sentence", lowest=0.1) == ()


def test_a_machines_text_waits_for_the_end_of_the_run_and_a_persons_does_not(path: Path) -> None:
    fill(path, machine("Machine."))
    assert served(path) is None
    with Memory.open(path) as running, Memory.open(path, readonly=False) as ending:
        assert ending.settle() == 1
        assert ending.settle() == 0
        assert running.exact(SOURCE, NEW, field="sentence", context=context_of(SOURCE)) is None  # a reader that was there before
    assert served(path) == "Machine."
    fill(path, human("Person."))
    assert served(path) == "Person."


def test_a_machines_text_serves_only_where_it_saw_the_same_and_not_in_its_own_issue(path: Path) -> None:
    made = msgspec.structs.replace(machine("Guo Yu built it."), context=context_of("Guo Yu 修路"), issue="i1")
    fill(path, made)
    settle(path)
    with Memory.open(path) as memory:
        seen, other = context_of("Guo Yu 修路"), context_of("Kuo Yu 修路")
        assert memory.exact(SOURCE, NEW, field="sentence", context=seen, issue="i2") == made
        assert memory.exact(SOURCE, NEW, field="sentence", context=other, issue="i2") is None
        assert memory.exact(SOURCE, NEW, field="sentence", context=seen, issue="i1") is None


@given(st.permutations([("i1", "A."), ("i2", "B."), ("i3", "C.")]))
def test_what_a_run_leaves_behind_does_not_depend_on_the_order(rows: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "m.sqlite")
        for issue, target in rows:
            fill(path, msgspec.structs.replace(machine(target), issue=issue))
        settle(path)
        assert served(path) == "A."
        fill(path, msgspec.structs.replace(machine("Z."), issue="i0"))  # published by now: it stays
        settle(path)
        assert served(path) == "A."


def test_the_digest_is_of_what_is_there_not_of_how_it_came(tmp_path: Path) -> None:
    entries = [machine("A."), human("B.", source="水"), human("C.", source="山")]
    digests = set()
    for number, order in enumerate((entries, entries[::-1])):
        path = tmp_path / f"{number}.sqlite"
        for entry in order:
            fill(path, msgspec.structs.replace(entry, recorded="2026-03-03T00:00:00Z") if number and entry.key else entry)
        settle(path)
        with Memory.open(path) as memory:
            digests.add(memory.digest)
    assert len(digests) == 1


def test_a_persons_texts_are_found_in_an_issue_but_not_its_own(path: Path) -> None:
    short, long = human("Water", source="水"), human("Road.", source=SOURCE)
    fill(path, short, msgspec.structs.replace(long, issue="i1"), machine("x", source="山里有人家。"))
    settle(path)
    with Memory.open(path) as memory:
        both = memory.held_in("头版。村里修了一条\n新路。饮水。", but="")
        assert both
        assert memory.held_in("头版。村里修了一条新路。饮水。", but="i1") not in ("", both)
        assert memory.held_in("村里修了一条新路。", but="i1") == ""
        assert memory.held_in("山里有人家。", but="") == ""


def test_a_bundle_is_due_until_it_is_recorded(path: Path) -> None:
    with Memory.open(path, readonly=False) as memory:
        memory.expect("page", "f1")
        memory.expect("page", "f1")
        memory.expect("page", "f2")
        assert memory.due() == (("page", "f1"), ("page", "f2"))
        memory.record([machine("x")], bundle=("page", "f2"))
        assert memory.due() == (("page", "f1"),)


def test_several_processes_record_at_once(path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom pipeline.memory import Entry, Maker, Memory\n"
        "for n in range(20):\n    with Memory.open(Path(sys.argv[1]), readonly=False) as m:\n"
        "        m.record([Entry(source=f'{sys.argv[2]}{n}', target='x', field='sentence', maker=Maker.MACHINE, key='k'),"
        " Entry(source=f'{sys.argv[2]}{n}', target='y', field='sentence', maker=Maker.HUMAN, who='w', recorded='t')])\n"
    )
    workers = [subprocess.Popen([sys.executable, "-c", script, str(path), name]) for name in "甲乙丙"]
    assert [w.wait(timeout=120) for w in workers] == [0, 0, 0]
    with Memory.open(path) as memory:
        assert len(memory) == 120
        assert memory.generation == 60


@pytest.mark.parametrize("content", [b"", b"not a database at all", b"SQLite format 3\x00" + b"\x00" * 200])
def test_a_file_that_is_no_memory_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.sqlite"
    path.write_bytes(content)
    with pytest.raises(ConfigError):
        Memory.open(path)
    assert path.read_bytes() == content


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE entry (x)")
    for readonly in (True, False):
        with pytest.raises(ConfigError, match="another program"):
            Memory.open(path, readonly=readonly)


def test_a_missing_or_impossible_path(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no translation memory"):
        Memory.open(tmp_path / "none.sqlite")
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError):
        Memory.open(tmp_path / "file" / "memory.sqlite", readonly=False)


TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=30).map(str.strip).filter(bool)


@settings(deadline=None, max_examples=25)  # each example makes two files
@given(st.lists(st.tuples(TEXT, TEXT, st.sampled_from(["sentence", "headline"]), st.booleans()), max_size=8))
def test_tmx_there_and_back(rows: list[tuple[str, str, str, bool]]) -> None:
    entries = [human(t, source=s, field=f) if by_hand else machine(t, source=s, field=f) for s, t, f, by_hand in rows]
    with tempfile.TemporaryDirectory() as folder:
        one, two, file = Path(folder, "a.sqlite"), Path(folder, "b.sqlite"), Path(folder, "m.tmx")
        fill(one, *entries)
        with Memory.open(one) as first, Memory.open(two, readonly=False) as second:
            assert export_tmx(first, file) == len(first)
            report = import_tmx(second, file)
            assert (report.read, report.recorded, report.no_pair, report.machine) == (len(first), len(first), 0, 0)
            illegal = {"\ufffe", "\uffff"}
            if not any(c in e.source + e.target for e in entries for c in illegal):
                assert list(second.entries()) == list(first.entries())


FOREIGN = """<?xml version="1.0"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header srclang="zh-CN" datatype="xml" segtype="sentence" o-tmf="x" adminlang="en"
 creationtool="t" creationtoolversion="1"/>
<body>
<tu creationdate="20250102T030405Z" creationid="Sun"><tuv xml:lang="zh-CN">
<seg>水渠<bpt i="1">&lt;b&gt;</bpt>修好<ept i="1">&lt;/b&gt;</ept>了。</seg></tuv>
<tuv xml:lang="EN-gb"><seg>The <hi>canal</hi> is repaired.</seg></tuv></tu>
<tu><tuv xml:lang="zh"><seg>无英文。</seg></tuv><tuv xml:lang="fr"><seg>Rien.</seg></tuv></tu>
<tu><prop type="x-origin">model</prop><tuv xml:lang="zh"><seg>机器。</seg></tuv><tuv xml:lang="en"><seg>Machine.</seg></tuv></tu>
<tu><prop type="x-origin">model</prop><prop type="x-approved-by">Li</prop>
<tuv xml:lang="zh"><seg>核准。</seg></tuv><tuv xml:lang="en"><seg>Approved.</seg></tuv></tu>
</body></tmx>"""


def test_a_foreign_tmx(tmp_path: Path, path: Path) -> None:
    file = tmp_path / "f.tmx"
    file.write_text(FOREIGN, encoding="utf-8")
    with Memory.open(path, readonly=False) as memory:
        report = import_tmx(memory, file, who="desk")
        assert (report.read, report.recorded, report.no_pair, report.machine) == (4, 2, 1, 1)
        canal, approved = memory.entries()
        assert (canal.source, canal.target, canal.who, canal.recorded) == (
            "水渠修好了。",
            "The canal is repaired.",
            "Sun",
            "2025-01-02T03:04:05Z",
        )
        assert (approved.who, approved.maker) == ("Li", Maker.HUMAN)
        assert import_tmx(memory, file, who="desk").recorded == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<tmx>",
        "<html><tu/></html>",
        '<?xml version="1.0"?><!DOCTYPE tmx [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]><tmx><body><tu><tuv xml:lang="zh"><seg>&b;',
    ],
)
def test_what_is_no_tmx_is_refused(tmp_path: Path, path: Path, text: str) -> None:
    file = tmp_path / "f.tmx"
    file.write_text(text, encoding="utf-8")
    with Memory.open(path, readonly=False) as memory:
        with pytest.raises(InputError):
            import_tmx(memory, file)
        with pytest.raises(InputError):
            import_tmx(memory, tmp_path / "none.tmx")


def test_entities_of_a_foreign_file_are_not_expanded(tmp_path: Path, path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("秘密")
    file = tmp_path / "f.tmx"
    file.write_text(
        f'<!DOCTYPE tmx [<!ENTITY x SYSTEM "{secret.as_uri()}">]><tmx version="1.4"><body><tu><tuv xml:lang="zh"><seg>水&x;</seg></tuv>'
        '<tuv xml:lang="en"><seg>water</seg></tuv></tu></body></tmx>',
        encoding="utf-8",
    )
    with Memory.open(path, readonly=False) as memory:
        import_tmx(memory, file)
        assert [e.source for e in memory.entries()] == ["水"]


def test_corrections_become_human_entries(path: Path) -> None:
    segment = Segment(id="u.headline.0.0", unit="u", field=Field.HEADLINE, block=0, index=0, text="水渠修好了")
    made = Correction(
        kind=CorrectionKind.TEXT,
        issue="i",
        who="Wu",
        when="2026-01-02T03:04:05Z",
        unit="u",
        segment=segment.id,
        before="x",
        after="Canal Repaired",
    )
    name = Correction(kind=CorrectionKind.NAME, issue="i", who="Wu", when="2026-01-02T03:04:05Z", source="云溪", after="Yunxi")
    (entry,) = from_corrections([made, name], {segment.id: segment})
    fill(path, entry)
    assert served(path, "水渠修好了", field="headline") == "Canal Repaired"
    (unplaced,) = from_corrections([Correction(**{f: getattr(made, f) for f in made.__struct_fields__} | {"source": "水渠修好了"})], {})
    assert unplaced.field == "headline"


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
