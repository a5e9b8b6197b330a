"""Old workbooks (XLS, BIFF8 in a compound file) from plain rows: nothing else here can write them. Small tables only.

Sources of the formats: Microsoft, [MS-XLS] 2.4 (records BOF, BOUNDSHEET, LABEL, NUMBER) and [MS-CFB] 2 (header, FAT, directory).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xls_file(name: str, rows: Sequence[Sequence[str | float]], *, stream: str = "Workbook", beside: str = "") -> bytes:
    """One sheet of texts and numbers. `stream` and `beside` name the streams, so that other programs' files can be pretended."""
    head = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6))
    title = name.encode("latin-1")
    bound = 8 + 4 + len(title)
    at = len(head) + bound + 4 + 4
    book = head + _record(0x0085, struct.pack("<IBBBB", at - 4, 0, 0, len(title), 0) + title) + _record(0x000A, b"")
    book = book.ljust(at - 4, b"\x00")[: at - 4]
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 6))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                text = cell.encode("utf-16-le")
                sheet += _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(cell), 1) + text) if cell else b""
            else:
                sheet += _record(0x0203, struct.pack("<HHHd", row, column, 0, cell))
    return _compound((book + sheet + _record(0x000A, b"")).ljust(4096, b"\x00"), stream, beside)


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _compound(content: bytes, stream: str, beside: str) -> bytes:
    """A compound file with one stream (and an empty one beside it): FAT in sector 0, directory in sector 1, the stream from sector 2."""
    count = -(-len(content) // _SECTOR)
    fat = [_FAT, _END, *range(3, 2 + count), _END]
    if len(fat) > _SECTOR // 4:
        raise ValueError("too large for one FAT sector")
    fat += [_FREE] * (_SECTOR // 4 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16 + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0) + struct.pack("<I", 0) + struct.pack("<I", _FREE) * 108
    entries = _entry("Root Entry", 5, 1, _END, 0) + _entry(stream, 2, _FREE, 2, len(content))
    entries += _entry(beside, 2, _FREE, _END, 0) + _entry("", 0, _FREE, 0, 0)
    return header + struct.pack("<128I", *fat) + entries + content.ljust(count * _SECTOR, b"\x00")


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\x00\x00" if name else b""
    told = struct.pack("<HBBIII16xI8x8xIQ", len(text), kind if name else 0, 1, _FREE, _FREE, child, 0, start, size)
    return text.ljust(64, b"\x00") + told
