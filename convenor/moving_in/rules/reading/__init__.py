"""Reading what people really have: every file becomes sheets of text, or is refused whole with words that say what to do.

What a file *is* is told by its first bytes, never by its name. Nothing is run, nothing that a file points to is opened, and nothing is
unpacked or laid out beyond the bounds in `shapes`.
"""

from __future__ import annotations

import hashlib

from convenor.moving_in.rules.reading.cards import read_calendar, read_cards
from convenor.moving_in.rules.reading.old_workbooks import OLE, read_old_workbook
from convenor.moving_in.rules.reading.open_documents import read_open_document
from convenor.moving_in.rules.reading.packages import Package
from convenor.moving_in.rules.reading.plain import decode, read_plain
from convenor.moving_in.rules.reading.shapes import FILE_BYTES_MOST, FileRead, Sheet
from convenor.moving_in.rules.reading.workbooks import read_workbook, refuse_macros
from convenor.moving_in.rules.refusals import FileRefused

__all__ = ["FILE_BYTES_MOST", "FileRead", "FileRefused", "Sheet", "read_file", "read_pasted"]

_BRING = "Nothing was read. Bring XLSX, ODS, CSV, vCard or ICS, or paste the cells."
#: First bytes of what is brought by mistake, and what to do instead.
_OTHERS = (
    (
        b"%PDF",
        "The file is a PDF, from which tables cannot be taken reliably. Nothing was read. Bring the spreadsheet that it was made from.",
    ),
    (b"{\\rtf", f"The file is a text document. {_BRING}"),
    (b"\x89PNG", f"The file is a picture. {_BRING}"),
    (b"\xff\xd8\xff", f"The file is a picture. {_BRING}"),
    (b"GIF8", f"The file is a picture. {_BRING}"),
    (b"\x1f\x8b", f"The file is packed. Unpack it first. {_BRING}"),
    (b"7z\xbc\xaf", f"The file is packed. Unpack it first. {_BRING}"),
    (b"Rar!", f"The file is packed. Unpack it first. {_BRING}"),
    (b"MZ", f"The file is a program. {_BRING}"),
    (b"\x7fELF", f"The file is a program. {_BRING}"),
    (b"SQLite format", f"The file is a database. {_BRING}"),
)
_PAGES = ("<!doctype html", "<html", "<?xml", "<table", "<head", "<meta")


def read_file(name: str, content: bytes) -> FileRead:
    """A file as sheets of text. Raises FileRefused, with words for the person who brought it, for everything that is not read whole."""
    if len(content) > FILE_BYTES_MOST:
        raise FileRefused(
            f"The file has {len(content) // 1_000_000} MB; at most {FILE_BYTES_MOST // 1_000_000} MB are read. Nothing was read. Take "
            f"pictures out of "
            "it, or copy the tables alone into a new spreadsheet.",
            "too-large",
        )
    for beginning, words in _OTHERS:
        if content.startswith(beginning):
            raise FileRefused(words, "wrong-kind")
    if content.startswith(b"PK"):
        kind, sheets = _packed(content)
    elif content.startswith(OLE):
        kind, sheets = "xls", read_old_workbook(content)
    else:
        kind, sheets = _plain(name, content)
    if not any(sheet.rows for sheet in sheets):
        raise FileRefused("There is nothing in the file. Look whether it is the right one, and whether it was saved.", "empty")
    return FileRead(name, kind, hashlib.sha256(content).hexdigest(), sheets)


def read_pasted(text: str) -> FileRead:
    """Pasted cells, as one sheet. Raises FileRefused like `read_file`."""
    content = text.encode("utf-8", "replace")
    if len(content) > FILE_BYTES_MOST:
        raise FileRefused("What was pasted is too long to be read. Nothing was read. Bring it as a file.", "too-large")
    sheet = read_plain(text, "utf-8", "Pasted cells", pasted=True)
    if not sheet.rows:
        raise FileRefused("Nothing was pasted. Copy the cells in your spreadsheet, headings included, and paste them here.", "empty")
    return FileRead("Pasted cells", "pasted", hashlib.sha256(content).hexdigest(), (sheet,))


def _packed(content: bytes) -> tuple[str, tuple[Sheet, ...]]:
    """A workbook or an open document."""
    package = Package(content)
    names = [name.lower() for name in package.names]
    if package.read("mimetype").strip().startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return "ods", read_open_document(package)
    if "xl/workbook.bin" in names:
        refuse_macros(package)
        raise FileRefused(
            "The file is a binary workbook (.xlsb). Nothing was read. Save it as an Excel workbook (.xlsx) and bring that.", "wrong-kind"
        )
    if any(name.startswith("xl/") or name.endswith("workbook.xml") for name in names):
        return "xlsx", read_workbook(package)
    if any(name.startswith(("word/", "ppt/")) for name in names) or "content.xml" in names:
        raise FileRefused(f"The file is a document, not a spreadsheet. {_BRING}", "wrong-kind")
    raise FileRefused(f"The file is packed and holds no spreadsheet. Unpack it first. {_BRING}", "wrong-kind")


def _plain(name: str, content: bytes) -> tuple[str, tuple[Sheet, ...]]:
    """Text: address cards, a calendar or a table."""
    text, encoding = decode(content)
    start = text.lstrip("\ufeff \t\r\n")[:200].lower()
    title = name.rpartition("/")[2].rpartition(".")[0] or name or "Sheet"
    if start.startswith("begin:vcard"):
        return "vcard", (read_cards(text.lstrip("\ufeff"), title),)
    if start.startswith("begin:vcalendar"):
        return "ics", (read_calendar(text.lstrip("\ufeff"), title),)
    if start.startswith(_PAGES):
        raise FileRefused(
            "The file is a web page or XML under a spreadsheet's name, as some systems export it. Nothing was read. Open it in a "
            "spreadsheet "
            "program, save it as XLSX, and bring that.",
            "wrong-kind",
        )
    return "csv", (read_plain(text, encoding, title),)
