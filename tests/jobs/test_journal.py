"""The journal of replies: bounded, whole after any crash, and no trouble when it is damaged."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from pipeline.engines.base import Finish, Reply
from pipeline.journal import FileJournal

ROOT = Path(__file__).parents[2]


def reply(text: str) -> Reply:
    return Reply(id="", text=text, finish=Finish.STOP, prompt_tokens=1, output_tokens=1)


def text_of(journal: FileJournal, key: str) -> str | None:
    found = journal.get(key)
    return found.text if found else None


def test_past_its_bound_the_oldest_replies_go_and_the_file_stops_growing(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite"
    bound = 400_000
    sizes = []
    with FileJournal(path, bound) as journal:
        for n in range(8000):
            journal.put(f"key {n}", reply(f"{n:0200}"))
            if n % 1000 == 999:
                sizes.append(path.stat().st_size)
        # One step of trimming is some 150 kB of these.
        assert max(sizes) < bound + 200_000
        assert all(text_of(journal, f"key {n}") == f"{n:0200}" for n in range(7500, 8000))
        assert text_of(journal, "key 0") is None
    with FileJournal(path, bound // 4) as journal:
        for n in range(8000, 8300):
            journal.put(f"key {n}", reply("x"))
        assert text_of(journal, "key 8299") == "x"
        assert text_of(journal, "key 7000") is None


def test_a_reply_put_again_is_as_new(tmp_path: Path) -> None:
    with FileJournal(tmp_path / "j.sqlite", 300_000) as journal:
        for n in range(4000):
            journal.put(f"key {n}", reply(f"{n:0200}"))
            if n % 100 == 0:
                journal.put("often", reply(str(n)))
        assert text_of(journal, "often") == "3900"


WRITER = """
    import sys
    from pathlib import Path
    from pipeline.engines.base import Finish, Reply
    from pipeline.journal import FileJournal
    start = int(sys.argv[2])
    with FileJournal(Path(sys.argv[1]), 400_000) as journal:
        for n in range(start, start + 10**6):
            journal.put(f"key {n}", Reply(id="", text=f"{n:0200}", finish=Finish.STOP, prompt_tokens=1, output_tokens=1))
            print(n, flush=True)
"""


@pytest.mark.slow
def test_killed_while_it_trims_nothing_acknowledged_is_lost_but_the_oldest(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite"
    pick = random.Random(11)
    last = 0
    for _ in range(12):
        command = [sys.executable, "-c", textwrap.dedent(WRITER), str(path), str(last)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            assert child.stdout.readline()
            # Not a wait for something: the moment of death is what varies.
            time.sleep(pick.uniform(0.05, 0.5))
            child.kill()
            last = max([last, *(int(line) for line in child.stdout.read().split("\n")[:-1])])
        with sqlite3.connect(path) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        with FileJournal(path, 400_000) as journal:
            assert all(text_of(journal, f"key {n}") == f"{n:0200}" for n in range(max(0, last - 100), last + 1))
    assert last > 3000


def test_a_file_that_is_no_journal_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite"
    path.write_bytes(b"this is no database, but long enough to be taken for one" * 40)
    with FileJournal(path) as journal:
        assert journal.get("k") is None
        journal.put("k", reply("v"))
    with FileJournal(path) as journal:
        assert text_of(journal, "k") == "v"
    assert len(list(tmp_path.glob("j.damaged-*"))) == 1


def test_damage_met_in_mid_run_costs_the_replies_and_not_the_run(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite"
    with FileJournal(path) as journal:
        for n in range(3000):
            journal.put(f"key {n}", reply(f"{n:0200}"))
    data = bytearray(path.read_bytes())
    # All but the first pages: what opening looks at is sound.
    data[16_384:] = b"\xff" * (len(data) - 16_384)
    path.write_bytes(bytes(data))
    with FileJournal(path) as journal:
        assert [text_of(journal, f"key {n}") for n in range(0, 3000, 100)].count(None) > 20
        for n in range(600):
            journal.put(f"key {n}", reply("again"))
        assert text_of(journal, "key 5") == "again"
    assert list(tmp_path.glob("j.damaged-*"))


def test_a_journal_of_another_version_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE reply (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID")
        db.execute("INSERT INTO reply VALUES ('k', x'00')")
    with FileJournal(path) as one, FileJournal(path) as two:
        assert one.get("k") is None
        one.put("k", reply("v"))
        assert text_of(two, "k") == "v"
