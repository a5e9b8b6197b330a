"""Spreadsheets spoilt in every way that files are spoilt by people, programs and attackers; each from its seed and number alone.

for number in range(10_000):
    spoilt = mutated(2026, number, bases)
"""

from __future__ import annotations

import csv
import io
import random
import re
import struct
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.factories.dirty_spreadsheets import FORMULAS, dirty_set, invented_register
from tests.factories.dirty_writing import cards_file, csv_file, ods_file, packed, xlsx_file
from tests.factories.old_workbook import xls_file

Rows = list[list[str]]
_NASTY = (
    "\x00", "\u202egnp.exe", "𝕾𝖙 𝕸𝖆𝖗𝖞", "NaN", "1e308", "-1e400", "Infinity", "9" * 400, "x" * 40_000, "{{7*7}}",
    "<script>alert(1)</script>", "'; DROP TABLE school; --",
    "#REF!", "#N/A", "_x0000_", "_x000D_", "_xD800_", "\ufeff", "\u200b" * 50, "a\nb\nc", "31/02/2025", "00/00/0000", "2025-13-45",
    "🏫" * 200, "TRUE", "%s%n", "..\\..\\x", "%00",
    "990001.5", "1,2,3", '"', '""', "'", ";", "\t", "\u2028", "£", "½", "１２３４５６", "٩٩٠٠٠١", "é" * 100, "\\", "=", "@", "+", "-",
    "a@b@c.d", "@.", "ZZ9 9ZZ",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutated:
    """A spoilt file. `rows`: how many filled rows its first sheet truly has, None where nobody can say; `refused`: it must not be read."""

    kind: str
    name: str
    content: bytes
    rows: int | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Bases:
    """What is spoilt: whole files, and plain tables to write anew."""

    files: tuple[tuple[str, bytes], ...]
    tables: tuple[Rows, ...]


def bases(seed: int) -> Bases:
    """Six dirty files of twelve invented schools, an old workbook, a calendar, and the tables within."""
    dirty = dirty_set(seed, invented_register(seed, 12), small=True)
    tables = tuple([list(row) for row in csv.reader(io.StringIO(content.decode("cp1252")), delimiter=between)]
        for name, between in (("clusters.csv", ","), ("subscriptions.csv", ";")) for content in (dirty.files[name],))  # fmt: skip
    wide = [
        ["School", "Head", "", "Chair", ""],
        ["", "Name", "Email", "Name", "Email"],
        *([f"Fern{at} Primary School", "Ann Bee", f"a{at}@x.example", "Cy Dee", f"c{at}@x.example"] for at in range(9)),
    ]
    calendar = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + b"".join(
        b"BEGIN:VEVENT\r\nUID:%d\r\nDTSTART:202510%02dT090000Z\r\nSUMMARY:Board\r\nLOCATION:Hall\r\nEND:VEVENT\r\n" % (day,
        day) for day in range(1, 20)
    ) + b"END:VCALENDAR\r\n"  # fmt: skip
    files = (*dirty.files.items(), ("old.xls", xls_file("Clusters", tables[0][:14])), ("meetings.ics", calendar))
    return Bases(files, (*tables, wide))


def mutated(seed: int, number: int, base: Bases) -> Mutated:
    """The spoilt file of a number; the same for the same seed."""
    chance = random.Random(f"{seed} {number}")
    kind = KINDS[number % len(KINDS)]
    return _MAKERS[kind](chance, base)


def _table(chance: random.Random, base: Bases) -> Rows:
    return [list(row) for row in chance.choice(base.tables)]


def _filled(rows: Sequence[Sequence[str]]) -> int:
    """Rows that hold something a reader sees."""
    return sum(1 for row in rows if any(cell.strip("\u200b\ufeff \t\n\r\x00\u202e") for cell in row))


def _written(chance: random.Random, rows: Rows) -> tuple[str, bytes]:
    """The table in one of the formats. Workbooks cannot hold some signs at all: they are left out there, as their programs do."""
    form = chance.choice(("xlsx", "csv", "ods", "csv;"))
    plain = [[re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", cell) for cell in row] for row in rows]
    if form == "xlsx":
        return "a.xlsx", xlsx_file([("Sheet", [[cell[:32_767] for cell in row] for row in plain], [], 0)])
    if form == "ods":
        return "a.ods", ods_file([("Sheet", plain)])
    return "a.csv", csv_file(rows, between=";" if form == "csv;" else ",")


def _cells(chance: random.Random, base: Bases) -> Mutated:
    rows = _table(chance, base)
    for _ in range(chance.randint(1, 30)):
        row = chance.choice(rows)
        row[chance.randrange(len(row))] = chance.choice(_NASTY)
    name, content = _written(chance, rows)
    return Mutated("cells", name, content)


def _headers(chance: random.Random, base: Bases) -> Mutated:
    rows = _table(chance, base)
    for _ in range(chance.randint(1, 4)):
        what = chance.randrange(8)
        if what == 0:
            chance.shuffle(rows[0])
        elif what == 1:
            rows[0] = [""] * len(rows[0])
        elif what == 2:
            rows[0] = [chance.choice(("School", "URN", "", "Email", "???", "Column1")) for _ in rows[0]]
        elif what == 3:
            rows.insert(0, [f"Title {chance.randrange(99)}"])
        elif what == 4:
            rows.insert(chance.randrange(len(rows)), list(rows[0]))
        elif what == 5:
            rows[0] = [cell[::-1] if chance.random() < 0.5 else cell for cell in rows[0]]
        elif what == 6:
            rows[0:1] = [[cell.split(" ")[0] for cell in rows[0]], [" ".join(cell.split(" ")[1:]) for cell in rows[0]]]
        else:
            rows.pop(0)
    name, content = _written(chance, rows)
    return Mutated("headers", name, content, _filled(rows))


def _columns(chance: random.Random, base: Bases) -> Mutated:
    rows = _table(chance, base)
    for row in rows:
        row[0:0] = [""] * chance.choice((0, 0, 0, 1, 3)) if chance.random() < 0.3 else []
        row += [""] * chance.choice((0, 1, 300)) if chance.random() < 0.2 else []
        if chance.random() < 0.1:
            chance.shuffle(row)
        if chance.random() < 0.1:
            del row[chance.randrange(len(row)) :]
    name, content = _written(chance, rows)
    return Mutated("columns", name, content, _filled(rows))


def _encodings(chance: random.Random, base: Bases) -> Mutated:
    rows = _table(chance, base)
    rows[1][0] = chance.choice(("St Zoë’s – Café School", "Ysgol Llŷn", "Şule School", "Ωmega School", "学校"))
    encoding = chance.choice(
        ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac-roman", "shift-jis", "utf-7", "cp037", "utf-32")
    )
    content = csv_file(rows, encoding=encoding)
    if chance.random() < 0.2:
        content += csv_file(rows, encoding="utf-16-le")
    sure = (
        encoding in {"utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"} and len(content) % 2 == len(content) % 2
    )
    return Mutated("encodings", "a.csv", content, _filled(rows) if sure and content == csv_file(rows, encoding=encoding) else None)


def _signs(chance: random.Random, base: Bases) -> Mutated:
    rows = _table(chance, base)
    text = csv_file(rows, between=chance.choice((",", ";", "\t", "|"))).decode()
    what = chance.randrange(8)
    at = chance.randrange(len(text))
    if what == 0:
        text = f'{text[:at]}"{text[at:]}'
    elif what == 1:
        text = text.replace("\r\n", chance.choice(("\r", "\n", "\n\r", "\r\r\n", "\u2028")))
    elif what == 2:
        text = f"sep={chance.choice(',;|')}\r\n{text}"
    elif what == 3:
        text = text[:at] + "\x00" * chance.randint(1, 40) + text[at:]
    elif what == 4:
        text = text.replace(",", "\t", 7)
    elif what == 5:
        text += chance.choice((",", "\r\n", '"')) * chance.choice((10, 100_000, 1_000_000))
    elif what == 6:
        text = chance.choice((",", ";")).join("".join(row) for row in rows) * 5
    else:
        text = "'" + text
    return Mutated("signs between cells", "a.csv", text.encode())


def _merged(chance: random.Random, base: Bases) -> Mutated:
    rows = _table(chance, base)
    content = xlsx_file([("Sheet", rows, [], 0)])
    known = "A1:XFD1048576 A1:C1 A2:A5 B2:B4 Z1:A1 A0:B2 A1 A1:B AAAA1:B2 A1:A1 B1:D3 A1:G1 A3:G3 1:1".split()  # noqa: SIM905 - shorter to read
    refs = [chance.choice([*known, ""]) for _ in range(chance.randint(1, 6))]
    inside = "".join(f'<mergeCell ref="{ref}"/>' for ref in refs)
    return Mutated(
        "merged cells",
        "a.xlsx",
        _changed(
            content,
            "xl/worksheets/sheet1.xml",
            lambda xml: xml.replace(b"</sheetData>", f"</sheetData><mergeCells>{inside}</mergeCells>".encode()),
        ),
    )


def _formulas(chance: random.Random, base: Bases) -> Mutated:
    rows = _table(chance, base)
    more = (
        *FORMULAS,
        '=HYPERLINK("http://x.example","=1+1")',
        "＝1+1",
        " =1+1",
        "'=1+1",
        "\t=1+1",
        "-2+3+cmd|' /C calc'!A0",
        "=cmd|'/C calc'!A0",
        '=WEBSERVICE("http://x.example")',
        "=A1:A9",
        "={1,2}",
        "@A1*2",
    )
    for _ in range(chance.randint(1, 12)):
        row = chance.choice(rows)
        row[chance.randrange(len(row))] = chance.choice(more)
    form = chance.randrange(4)
    if form == 0:
        return Mutated("formulas", "a.csv", csv_file(rows))
    if form == 1:
        return Mutated("formulas", "a.ods", ods_file([("Sheet", rows)]))
    content = xlsx_file([("Sheet", rows, [], 0)])
    if form == 2:  # as text, and as kept results that are formulas again
        content = _changed(
            content,
            "xl/worksheets/sheet1.xml",
            lambda xml: re.sub(rb"<v>2</v>", b"<v>=1+1</v>", xml.replace(b"<c r=", b'<c t="str" r=')) if b"<f>" in xml else xml,
        )
    return Mutated("formulas", "a.xlsx", content)


def _changed(
    content: bytes, part: str, change: Callable[[bytes], bytes], *, more: Sequence[tuple[str, bytes]] = (), drop: str = ""
) -> bytes:
    """The packed file with one part changed, others added or left out."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [(name, change(archive.read(name)) if name == part else archive.read(name)) for name in archive.namelist() if name != drop]
    return packed([*parts, *more])


def _archive(chance: random.Random, base: Bases) -> Mutated:
    name, content = chance.choice([each for each in base.files if each[0].endswith(("xlsx", "ods"))])
    sheet = "content.xml" if name.endswith("ods") else "xl/worksheets/sheet1.xml"
    what = chance.randrange(9)
    refused = True
    if what == 0:  # a bomb: hundreds of megabytes of spaces inside the sheet
        content = _changed(content, sheet, lambda xml: xml.replace(b">", b">" + b" " * chance.choice((60, 90)) * 1_000_000, 1))
    elif what == 1:
        content = _doubled(content, sheet)
    elif what == 2:  # locked
        at = content.find(b"PK\x01\x02")
        content = content[: at + 8] + b"\x01\x00" + content[at + 10 :]
    elif what == 3:
        content = _changed(content, "", lambda xml: xml, drop=sheet)
    elif what == 4:  # a size that lies
        at = content.rfind(b"PK\x01\x02")
        content, refused = content[: at + 24] + struct.pack("<I", chance.randrange(1 << 31)) + content[at + 28 :], False
    elif what == 5:
        content, refused = _changed(content, "", lambda xml: xml, more=[(f"x/{at}", b"") for at in range(3_000)]), True
    elif what == 6:
        content, refused = _changed(content, "", lambda xml: xml, more=[("../../etc/passwd", b"x"), ("/abs", b"x"), ("C:\\x", b"x")]), False
    elif what == 7:
        content, refused = b"PK\x03\x04" + content, False
    else:
        content, refused = packed([("a.xlsx", content), ("b.txt", b"x")]), True
    return Mutated("zip tricks", name, content, refused=refused)


def _doubled(content: bytes, part: str) -> bytes:
    """The packed file with a part twice under one name."""
    import warnings

    out = io.BytesIO(content)
    with warnings.catch_warnings(), zipfile.ZipFile(out, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(part, b"<x/>")
    return out.getvalue()


def _xml(chance: random.Random, base: Bases) -> Mutated:
    name, content = chance.choice([each for each in base.files if each[0].endswith(("xlsx", "ods"))])
    sheet = (
        "content.xml"
        if name.endswith("ods")
        else chance.choice(
            ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels")
        )
    )
    bomb = b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    file = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    ways: tuple[Callable[[bytes], bytes], ...] = (
        lambda xml: re.sub(rb"(<\?xml[^>]*\?>)", rb"\1" + bomb, xml, count=1),
        lambda xml: re.sub(rb"(<\?xml[^>]*\?>)", rb"\1" + file, xml, count=1),
        lambda xml: xml.replace(b"</", b"</x", 1),
        lambda xml: xml.replace(b">", b">" + b"<a>" * 200_000, 1),
        lambda xml: xml.replace(b">", b"><a " + b" ".join(b'b%d="1"' % at for at in range(50_000)) + b"/>", 2),
        lambda xml: xml[: len(xml) // 2],
        lambda xml: b"\xff\xfe" + xml,
        lambda xml: re.sub(rb' r="[A-Z]+\d+"', lambda _: b' r="%s"' % chance.choice((b"XFD1048576", b"A0", b"", b"\xc3\xa9",
        b"A99999999999")), xml, count=3),
        lambda xml: re.sub(rb"<v>(\d+)</v>", lambda _: b"<v>%s</v>" % chance.choice((b"99999999", b"-1", b"1e5", b"nan", b"1e999",
        b"x")), xml, count=3),
        lambda xml: re.sub(rb't="[a-z]+"', lambda _: b't="%s"' % chance.choice((b"n", b"s", b"d", b"b", b"e", b"zz")), xml),
        lambda xml: xml.replace(b"worksheets/", b"../../", 1).replace(b"rId1", b"rId2", 1),
        lambda xml: b"",
        lambda xml: xml.replace(b"UTF-8", chance.choice((b"UTF-7", b"UTF-16", b"nonsense", b"cp037")), 1),
    )  # fmt: skip
    way = chance.randrange(len(ways))
    return Mutated("damaged and hostile XML", name, _changed(content, sheet, ways[way]), refused=way in {0, 1})


def _truncated(chance: random.Random, base: Bases) -> Mutated:
    name, content = chance.choice(base.files)
    cut = chance.randrange(1, len(content))
    return Mutated("truncated", name, content[:cut], refused=name.endswith(("xlsx", "ods")))


def _flipped(chance: random.Random, base: Bases) -> Mutated:
    name, content = chance.choice(base.files)
    spoilt = bytearray(content)
    for _ in range(chance.randint(1, 60)):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return Mutated("changed bytes", name, bytes(spoilt))


def _macros(chance: random.Random, base: Bases) -> Mutated:
    name, content = next(each for each in base.files if each[0].endswith("xlsx"))
    what = chance.randrange(5)
    if what == 0:
        content = _changed(content, "", lambda xml: xml, more=[("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")])
    elif what == 1:
        content = _changed(content, "[Content_Types].xml", lambda xml: xml.replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main"))
    elif what == 2:
        content = _changed(content, "", lambda xml: xml, more=[("xl/macrosheets/sheet1.xml", b"<x/>")])
    elif what == 3:
        name, content = "a.xls", xls_file("Sheet", [["School", "URN"], ["Fern", 990001.0]], beside="_VBA_PROJECT_CUR")
    else:
        name, content = "a.xls", xls_file("Sheet", [["School", "URN"], ["Fern", 990001.0]], stream="EncryptedPackage")
    return Mutated("macros and passwords", name, content, refused=True)


def _huge(chance: random.Random, base: Bases) -> Mutated:
    rows = _table(chance, base)
    what = chance.randrange(7)
    if what == 0:
        cell = '<table:table-cell table:number-columns-repeated="16000"><text:p>x</text:p></table:table-cell>'
        return Mutated(
            "huge",
            "a.ods",
            ods_file([("Sheet", rows)]).replace(b"", b"")
            if chance.random() < 0.1
            else _ods_with(rows, f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'),
            refused=False,
        )
    if what == 1:
        return Mutated(
            "huge",
            "a.ods",
            _ods_with(
                rows,
                '<table:table-row table:number-rows-repeated="900000">'
                "<table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>",
            ),
            refused=True,
        )
    if what == 2:
        return Mutated("huge", "a.csv", b"a,b,c\r\n" * 300_000, refused=True)
    if what == 3:
        return Mutated("huge", "a.csv", b"x" * 21_000_000, refused=True)
    if what == 4:
        return Mutated("huge", "a.csv", b"," * 3_000_000, refused=True)
    content = xlsx_file([("Sheet", rows, [], 0)])
    if what == 5:
        far = b'<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row></sheetData>'
        return Mutated(
            "huge", "a.xlsx", _changed(content, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", far)), refused=True
        )
    styled = (
        b"".join(b'<row r="%d"><c r="A%d" s="0"/><c r="B%d" s="0"/></row>' % (at, at, at) for at in range(100, 40_000)) + b"</sheetData>"
    )
    return Mutated(
        "huge", "a.xlsx", _changed(content, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", styled)), _filled(rows)
    )


def _ods_with(rows: Rows, more: str) -> bytes:
    """An open document with a row of XML of ours at its end."""
    return _changed(
        ods_file([("Sheet", rows)]), "content.xml", lambda xml: xml.replace(b"</table:table>", more.encode() + b"</table:table>")
    )


def _others(chance: random.Random, base: Bases) -> Mutated:
    content = chance.choice((
        b"", b" ", b"\r\n" * 50, b"%PDF-1.7\n" + b"x" * 99, b"\x89PNG\r\n\x1a\n" + b"\x00" * 99,
        b"<html><table><tr><td>School</td></tr></table></html>",
        b'<?xml version="1.0"?><Workbook/>', b"\x1f\x8b\x08" + b"x" * 99, b"MZ" + b"\x00" * 999,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, b"PK\x03\x04", b"PK\x05\x06" + b"\x00" * 18,
        b"\xff\xfe", b"\x00" * 5_000, bytes(chance.randrange(256) for _ in range(3_000)), packed([("word/document.xml", b"<x/>"),
        ("[Content_Types].xml", b"<x/>")]),
        packed([("xl/workbook.bin", b"x")]), packed([("a.csv", b"School,URN")]), b"{\\rtf1 x}", b"SQLite format 3\x00" + b"x" * 99,
    ))  # fmt: skip
    return Mutated("other files", chance.choice(("a.xlsx", "a.csv", "a.ods", "a.xls", "a", "a.vcf")), content, refused=True)


def _cards(chance: random.Random, base: Bases) -> Mutated:
    if chance.random() < 0.3:
        text = dict(base.files)["meetings.ics"].decode()
    else:
        text = cards_file(
            [(chance.choice(("Ann Bee", "A;B", "=1+1", "é" * 40)), "Fern\\, School", "Head", "a@x.example", "FN1 1AA") for _ in range(8)]
        ).decode()
    lines = text.split("\r\n")
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(lines))
        what = chance.randrange(6)
        if what == 0:
            lines.pop(at)
        elif what == 1:
            lines.insert(
                at,
                chance.choice(
                    (
                        "END:VCARD",
                        "BEGIN:VCARD",
                        "EMAIL",
                        ":::",
                        "N:;;;;",
                        "item1.EMAIL;TYPE=x;=:y",
                        "NOTE:" + "x" * 70_000,
                        "EMAIL:=1+1",
                        "PHOTO:" + "A" * 9_000,
                        "DTSTART:zzz",
                        "RRULE:FREQ=SECONDLY",
                        "BEGIN:VEVENT",
                        "\x00",
                    )
                ),
            )
        elif what == 2:
            lines[at] = lines[at].replace(":", ";", 1)
        elif what == 3:
            lines[at] = f" {lines[at]}"
        elif what == 4:
            lines[at] = lines[at].encode("utf-8").decode("latin-1") + "=E9=\u00e9"
        else:
            lines[at] = lines[at].replace("VERSION:3.0", chance.choice(("VERSION:2.1", "VERSION:4.0", "VERSION:x")))
    return Mutated("cards and calendars", "a.vcf", "\r\n".join(lines).encode())


def _styles(chance: random.Random, base: Bases) -> Mutated:
    rows = _table(chance, base)
    content = xlsx_file([("Sheet", rows, [], 0)])
    number = chance.choice("0 -1 45901 0.99999 2958466 1e15 60 59.5 1e300 -45000 45901.5".split())  # noqa: SIM905 - shorter to read
    known = 'dd/mm/yyyy|h:mm|[h]:mm:ss|"x"0|0000000|0%|[Red]0|yyyy|mmm yy|\\d0|@|General;General'.split("|")  # noqa: SIM905 - shorter to read
    code = chance.choice([*known, "0" * 60, "d" * 150])
    plain = code.replace('"', "&quot;")
    style = f'<numFmts><numFmt numFmtId="200" formatCode="{plain}"/></numFmts><cellXfs count="1"><xf numFmtId="200"/></cellXfs>'
    content = _changed(
        content, "xl/styles.xml", lambda xml: re.sub(rb"<cellXfs.*?</cellXfs>", lambda _: style.encode(), xml, flags=re.DOTALL)
    )
    more = f'<row r="60"><c r="A60" s="{chance.choice((0, 1, 999))}"><v>{number}</v></c></row></sheetData>'
    return Mutated(
        "numbers and their formats",
        "a.xlsx",
        _changed(content, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", more.encode())),
    )


_MAKERS: dict[str, Callable[[random.Random, Bases], Mutated]] = {
    "cells": _cells, "headers": _headers, "columns": _columns, "encodings": _encodings, "signs between cells": _signs,
    "merged cells": _merged, "formulas": _formulas,
    "zip tricks": _archive, "damaged and hostile XML": _xml, "truncated": _truncated, "changed bytes": _flipped,
    "macros and passwords": _macros, "huge": _huge,
    "other files": _others, "cards and calendars": _cards, "numbers and their formats": _styles,
}  # fmt: skip
KINDS = tuple(_MAKERS)
