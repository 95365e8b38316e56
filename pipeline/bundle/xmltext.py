"""What XML formats share: safe parsing, and characters that XML cannot hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.errors import InputError

if TYPE_CHECKING:
    from lxml import etree

MAX_BYTES: Final = 64_000_000
"""A larger file brought back is refused."""

ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters outside XML 1.0's ``Char`` production."""


def legal(text: str) -> str:
    """Return ``text`` with the characters that XML cannot hold replaced by U+FFFD."""
    return ILLEGAL.sub("\ufffd", text)


def parse(data: bytes, name: str) -> etree._Element:
    """Parse a foreign XML file: no DTD, no entities, no network, bounded size.

    Raises:
        InputError: it is too large, not well-formed, or declares a document type.
    """
    from lxml import etree

    hint = "Bring back the file that the bundle holds, edited in a translation tool."
    if len(data) > MAX_BYTES:
        raise InputError(f"{name} is larger than {MAX_BYTES:,} bytes.", hint=hint)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as exc:
        raise InputError(f"{name} is not well-formed XML: {exc.msg}.", hint=hint) from None
    # Entities could stand for files of this machine, or for gigabytes.
    if b"<!DOCTYPE" in data[:4096] or root.getroottree().docinfo.internalDTD is not None:
        raise InputError(f"{name} declares a document type, which is not accepted.", hint=hint)
    return root


def dump(root: etree._Element) -> bytes:
    """Return an element as an indented, UTF-8 document."""
    from lxml import etree

    data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return data
