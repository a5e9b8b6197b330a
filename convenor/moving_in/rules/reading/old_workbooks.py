"""Old workbooks (XLS), read by python-calamine in a process of its own with bounded memory and time.

The library lays a whole sheet out before it can be asked how large it is, and a broken file can make it stop the process it runs in; in a
process apart (`apart.py`) neither can harm the page that was asked to read the file.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any, Final

from convenor.moving_in.rules.reading.cells import shown
from convenor.moving_in.rules.reading.packages import damaged
from convenor.moving_in.rules.reading.shapes import Budget, Grid, Sheet
from convenor.moving_in.rules.reading.workbooks import keep
from convenor.moving_in.rules.refusals import FileRefused

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_APART: Final = "convenor.moving_in.rules.reading.apart"
#: How long the process may take by the clock, seconds; of the processor it may take fewer.
SECONDS_MOST: Final = 8


def _name(text: str) -> bytes:
    return text.encode("utf-16-le")


def read_old_workbook(content: bytes) -> tuple[Sheet, ...]:
    """The sheets of an XLS file that hold something. Raises FileRefused for passwords, macros, other programs' files and what is "
    "broken."""
    if _name("EncryptedPackage") in content or _name("EncryptionInfo") in content:
        raise FileRefused(
            "The file has a password. Nothing was read. Open it, take the password off, save it and bring it again.", "encrypted"
        )
    if _name("_VBA_PROJECT") in content:
        raise FileRefused(
            "The file carries macros (small programs). Nothing was read. Open it, save it as an Excel workbook without macros (.xlsx) "
            "or as "
            "CSV, and bring that.",
            "macros",
        )
    if _name("Workbook") not in content and _name("Book") not in content:
        raise FileRefused(
            "The file is of an older program, but no spreadsheet. Nothing was read. Bring XLSX, ODS, CSV, vCard or ICS, or paste the "
            "cells.",
            "wrong-kind",
        )
    told = _read_apart(content)
    if told.get("refused"):
        raise FileRefused(told["refused"], told["reason"])
    budget, found = Budget(), []
    for each in told["sheets"]:
        grid = Grid(shown(each["name"])[:100] or "Sheet", budget)
        if each["hidden"]:
            grid.notes.append("This sheet is hidden in the file; it was read too.")
        grid.merged = [(top, left, bottom, right) for top, left, bottom, right in each["merged"]]
        for row, column, text in each["cells"]:
            keep(grid, row, column, text)
        if (sheet := grid.sheet()).rows:
            found.append(sheet)
    return tuple(found)


def _read_apart(content: bytes) -> dict[str, Any]:
    """What the process of its own tells; every way in which it may end otherwise is a damaged file."""
    command = [sys.executable, "-m", _APART]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS_MOST, check=True)  # noqa: S603 - our own module
        told: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired as reason:
        words = "The old workbook takes too long to read. Nothing was read. Open it, save it as an Excel workbook (.xlsx), and bring that."
        raise FileRefused(words, "too-slow") from reason
    except (subprocess.SubprocessError, OSError, ValueError) as reason:
        raise damaged() from reason
    return told
