"""Packed files (workbooks and open documents are ZIP archives): each part is unpacked within bounds before any parser sees it.

The sizes that an archive tells of itself are not believed; XML with a document type, and so with entities of its own, is refused.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Final
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser

from convenor.moving_in.rules.reading.shapes import ALL_PARTS_BYTES_MOST, PART_BYTES_MOST, PARTS_MOST
from convenor.moving_in.rules.refusals import FileRefused

_ENTRY: Final = b"PK\x01\x02"
_DAMAGED: Final = (
    "The file is damaged or cut short, and cannot be read whole. Nothing was read. Open it in a spreadsheet program, save it again, and "
    "bring that."
)
_CHUNK: Final = 1 << 16


def damaged() -> FileRefused:
    """What is said of a file that its own program would have to repair."""
    return FileRefused(_DAMAGED, "damaged")


class Package:
    """The parts of a packed file."""

    def __init__(self, content: bytes) -> None:
        """Raises FileRefused for archives that are damaged, locked, hold too many parts or two of one name."""
        if content.count(_ENTRY) > PARTS_MOST:
            raise FileRefused("The file is packed from more parts than any spreadsheet has. Nothing was read.", "zip-trick")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            infos = self._zip.infolist()
        except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, OSError, NotImplementedError, OverflowError) as reason:
            raise damaged() from reason
        self.names = [info.filename for info in infos]
        if len(set(map(str.lower, self.names))) != len(self.names):
            raise FileRefused(
                "The file holds two parts of the same name, which no spreadsheet program writes. Nothing was read. Open it in a "
                "spreadsheet "
                "program, save it again, and bring that.",
                "zip-trick",
            )
        if any(info.flag_bits & 0x1 for info in infos):
            raise FileRefused(
                "The file has a password. Nothing was read. Open it, take the password off, save it and bring it again.", "encrypted"
            )
        self._left = ALL_PARTS_BYTES_MOST

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return self._name(name) is not None

    def _name(self, name: str) -> str | None:
        wanted = name.lstrip("/").lower()
        return next((each for each in self.names if each.lower() == wanted), None)

    def read(self, name: str) -> bytes:
        """A part unpacked; empty where there is none. Raises FileRefused for one that is larger than is read, or damaged."""
        found = self._name(name)
        if found is None:
            return b""
        most = min(PART_BYTES_MOST, self._left)
        parts, size = [], 0
        try:
            with self._zip.open(found) as part:
                while chunk := part.read(_CHUNK):
                    size += len(chunk)
                    if size > most:
                        raise FileRefused(
                            "The file unpacks to far more than it seems to hold. Nothing was read. Copy the table alone into a new "
                            "spreadsheet and bring that.",
                            "zip-bomb",
                        )
                    parts.append(chunk)
        except FileRefused:
            raise
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError, RuntimeError, MemoryError) as reason:
            raise damaged() from reason
        self._left -= size
        return b"".join(parts)


class Handler(ContentHandler):
    """Reads XML as it streams past: names come without their prefix, text is gathered between `gather()` and `gathered()`."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[str] | None = None

    def startElement(self, name: str, attrs: object) -> None:  # noqa: N802 - the name that the library calls
        """Hand on to `begin` with plain names."""
        items = dict(attrs.items())  # type: ignore[attr-defined]
        self.begin(name.rpartition(":")[2], {key.rpartition(":")[2]: str(value) for key, value in items.items()})

    def endElement(self, name: str) -> None:  # noqa: N802 - as above
        """Hand on to `end` with a plain name."""
        self.end(name.rpartition(":")[2])

    def characters(self, content: str) -> None:
        """Keep the text where it is asked for."""
        if self._pieces is not None:
            self._pieces.append(content)

    def gather(self) -> None:
        """Begin to keep text."""
        self._pieces = []

    def gathered(self) -> str:
        """The text since `gather()`."""
        text, self._pieces = "".join(self._pieces or ()), None
        return text

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""


def parse(content: bytes, handler: Handler) -> None:
    """Stream a document past a handler. Raises FileRefused for damaged XML and for XML that defines entities."""
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(handler)
    try:
        parser.parse(io.BytesIO(content))
    except DefusedXmlException as reason:
        raise FileRefused(
            "The file defines XML entities, which no spreadsheet program writes. Nothing was read. Open it in a spreadsheet program, "
            "save it "
            "again, and bring that.",
            "entities",
        ) from reason
    except (SAXException, ValueError, LookupError, UnicodeError) as reason:
        if isinstance(reason, FileRefused):
            raise
        raise damaged() from reason
