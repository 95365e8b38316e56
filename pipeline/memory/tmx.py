"""Translation memories in and out as TMX 1.4b (OSCAR recommendation, 26 April 2005).

Both directions stream: a memory of any size passes through without being held whole.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.errors import InputError, OutputError
from pipeline.memory.entries import Entry, Maker
from pipeline.memory.store import Memory
from pipeline.records import Field, Record

if TYPE_CHECKING:
    from lxml import etree

_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CODE: Final = frozenset({"bpt", "ept", "it", "ph", "ut"})
"""Inline elements that hold the markup of another program, not text."""
_FIELDS: Final = frozenset(f.value for f in Field)
_BATCH: Final = 2000


class ImportReport(Record, frozen=True):
    """What came of an import."""

    read: int
    """Translation units in the file."""
    recorded: int
    """Entries that were new."""
    no_pair: int
    """Units without both Chinese and English text."""
    machine: int
    """Units another run of this program marked as unedited machine output; not taken as a person's."""


def export_tmx(memory: Memory, path: Path) -> int:
    """Write every entry to ``path`` and return how many there were.

    Raises:
        OutputError: the file cannot be written.
    """
    from lxml import etree

    count = 0
    part = path.with_name(path.name + ".part")
    try:
        with etree.xmlfile(str(part), encoding="utf-8") as out:
            out.write_declaration()
            with out.element("tmx", version="1.4"):
                header = {
                    "creationtool": "newsdesk-pipeline",
                    "creationtoolversion": "1",
                    "segtype": "sentence",
                    "o-tmf": "newsdesk-memory",
                    "adminlang": "en",
                    "srclang": "zh",
                    "datatype": "plaintext",
                }
                out.write(etree.Element("header", header), "\n")
                with out.element("body"):
                    for entry in memory.entries():
                        out.write(_unit(entry), "\n")
                        count += 1
        part.replace(path)
    except OSError as exc:
        raise OutputError(f"Cannot write {path}: {exc}.", hint="Choose another place.") from None
    finally:
        part.unlink(missing_ok=True)
    return count


def _unit(entry: Entry) -> etree._Element:
    from lxml import etree

    tu = etree.Element("tu")
    # Types of one's own begin with "x-".
    props = (("field", entry.field), ("maker", entry.maker.value), ("key", entry.key), ("context", entry.context), ("issue", entry.issue))
    for kind, value in (*props, ("segment", entry.segment), ("signature", entry.signature)):
        if value:
            etree.SubElement(tu, "prop", {"type": f"x-{kind}"}).text = _legal(value)
    for language, text in (("zh", entry.source), ("en", entry.target)):
        tuv = etree.SubElement(tu, "tuv", {_XML_LANG: language})
        if language == "en":
            if entry.who:
                tuv.set("creationid", _legal(entry.who))
            stamp = re.sub("[-:]", "", entry.recorded)
            if re.fullmatch(r"\d{8}T\d{6}Z", stamp):
                tuv.set("creationdate", stamp)
        etree.SubElement(tuv, "seg").text = _legal(text)
    return tu


def _legal(text: str) -> str:
    """``text`` without the characters XML 1.0 cannot hold."""
    return _ILLEGAL.sub("", text)


def import_tmx(memory: Memory, path: Path, *, who: str = "") -> ImportReport:
    """Record the Chinese-English pairs of a TMX file as human translations.

    Entries of this program's own export keep who made them: machine entries stay machine entries
    under their key.  Units marked as a model's output without a key are left out.

    Args:
        memory: open for writing.
        path: the file.
        who: the person named where the file names none.

    Raises:
        InputError: the file is missing or is not TMX.
        OutputError: the memory cannot be written.
    """
    from lxml import etree

    read = recorded = no_pair = machine = 0
    batch: list[Entry] = []
    try:
        events = etree.iterparse(
            str(path),
            events=("end",),
            tag="tu",
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
        )
        for _, tu in events:
            read += 1
            entry, reason = _entry(tu, who)
            if entry is not None:
                batch.append(entry)
            no_pair += reason == "pair"
            machine += reason == "machine"
            # The unit is done with; so are the ones before it, which the tree still holds.
            tu.clear()
            while tu.getprevious() is not None:
                del tu.getparent()[0]
            if len(batch) >= _BATCH:
                recorded += memory.record(batch)
                batch.clear()
        if events.root is None or etree.QName(events.root).localname != "tmx":
            raise InputError(f"{path} is not a TMX file.", hint="Export the memory as TMX 1.4 and try again.")
    except OSError as exc:
        raise InputError(f"Cannot read {path}: {exc}.", hint="Check the path.") from None
    except etree.XMLSyntaxError as exc:
        raise InputError(
            f"{path} is not well-formed XML: {exc}.", hint="Export it again; what came before the fault is recorded."
        ) from None
    recorded += memory.record(batch)
    return ImportReport(read=read, recorded=recorded, no_pair=no_pair, machine=machine)


def _entry(tu: etree._Element, who: str) -> tuple[Entry | None, str]:
    props = {p.get("type", ""): (p.text or "").strip() for p in tu.iterfind("prop")}
    texts: dict[str, tuple[str, etree._Element]] = {}
    for tuv in tu.iterfind("tuv"):
        language = (tuv.get(_XML_LANG) or tuv.get("lang") or "").lower()[:2]
        seg = tuv.find("seg")
        if seg is not None and language in {"zh", "en"}:
            texts.setdefault(language, (_text(seg).strip(), tuv))
    source, target = texts.get("zh", ("", tu))[0], texts.get("en", ("", tu))[0]
    if not source or not target:
        return None, "pair"
    key = props.get("x-key", "") if props.get("x-maker") == Maker.MACHINE.value else ""
    if (
        not key
        and (props.get("x-maker") == Maker.MACHINE.value or props.get("x-origin", "human") != "human")
        and not props.get("x-approved-by")
    ):
        return None, "machine"
    made = texts["en"][1]
    field = props.get("x-field", "")
    entry = Entry(
        source=source,
        target=target,
        field=field if field in _FIELDS else Field.SENTENCE.value,
        maker=Maker.MACHINE if key else Maker.HUMAN,
        key=key,
        context=props.get("x-context", "") if key else "",
        who=props.get("x-approved-by") or made.get("creationid") or tu.get("creationid") or who,
        recorded=_stamp(made.get("changedate") or made.get("creationdate") or tu.get("changedate") or tu.get("creationdate") or ""),
        issue=props.get("x-issue", ""),
        segment=props.get("x-segment", ""),
        signature=props.get("x-signature", ""),
    )
    return entry, ""


def _stamp(written: str) -> str:
    """TMX's 20260102T030405Z as RFC 3339; empty where it is no date."""
    try:
        return datetime.strptime(written, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return ""


def _text(seg: etree._Element) -> str:
    """Text of a segment: highlighted text is text, other programs' codes are not."""
    parts = [seg.text or ""]
    for child in seg:
        if isinstance(child.tag, str) and child.tag not in _CODE:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
