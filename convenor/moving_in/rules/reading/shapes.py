"""What a file is after reading: sheets of text in rows, and how much of one is read at the most."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from convenor.moving_in.rules.refusals import FileRefused

#: A file as it comes, bytes. A partnership's largest workbook is a tenth of it.
FILE_BYTES_MOST: Final = 20 * 1024 * 1024
#: One part of a packed file, and all that are read, unpacked, bytes.
PART_BYTES_MOST: Final = 48 * 1024 * 1024
ALL_PARTS_BYTES_MOST: Final = 96 * 1024 * 1024
#: Parts in a packed file.
PARTS_MOST: Final = 2_000
#: Cells that hold something, in the whole file; 1,200 contacts of twenty columns are 24,000.
CELLS_MOST: Final = 200_000
#: Cells as the file writes them down, the empty ones with a border or a colour among them.
WRITTEN_CELLS_MOST: Final = 1_000_000
ROWS_MOST: Final = 20_000
COLUMNS_MOST: Final = 400
#: Rows times columns of all sheets: what is held in memory, empty cells included.
PLACES_MOST: Final = 1_000_000
SHEETS_MOST: Final = 60
#: What a spreadsheet itself allows in one cell, characters.
CELL_TEXT_MOST: Final = 32_767
#: All text of a file, characters.
TEXT_MOST: Final = 20_000_000

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table as a reader sees it. Row 1 of the file is `rows[0]`, empty rows are kept, every row has the same width.

    `notes` say what was done while reading (merged cells filled, hidden rows read ...). `uneven` are the numbers of lines that hold
    more cells than the rest, as a comma in an unquoted name makes them: nobody can say which column their cells belong to.
    """

    name: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    uneven: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file that was read whole. `kind_of_file`: xlsx, xls, ods, csv, pasted, vcard or ics; `digest`: SHA-256 of its bytes."""

    name: str
    kind_of_file: str
    digest: str
    sheets: tuple[Sheet, ...]


@dataclass(slots=True)
class Budget:
    """How much of a file was taken so far; each method refuses the file once it holds more than is read."""

    cells: int = 0
    written: int = 0
    text: int = 0
    places: int = 0

    def wrote(self, cells: int = 1) -> None:
        """Cells that the file writes down, empty or not."""
        self.written += cells
        if self.written > WRITTEN_CELLS_MOST:
            raise FileRefused(
                f"The file has more than {WRITTEN_CELLS_MOST:,} cells, most of them empty with a border or a colour. Nothing was read. "
                "Copy the table alone into a new spreadsheet and bring that.",
                "too-many-cells",
            )

    def took(self, text: str) -> None:
        """A cell that holds something."""
        self.cells += 1
        self.text += len(text)
        if self.cells > CELLS_MOST or self.text > TEXT_MOST:
            raise FileRefused(
                f"The file holds more than {CELLS_MOST:,} filled cells. Nothing was read. Bring the sheets that the partnership needs, "
                "one file at a time.",
                "too-many-cells",
            )

    def laid_out(self, places: int) -> None:
        """Rows times columns of a sheet."""
        self.places += places
        if self.places > PLACES_MOST:
            raise FileRefused(
                "The file's tables are spread so widely that they cannot be read. Nothing was read. Copy each table alone into a new "
                "spreadsheet and bring that.",
                "too-many-cells",
            )


@dataclass(slots=True)
class Grid:
    """A sheet while it is read: cells by row and column (both from 0), merged ranges as (top, left, bottom, right)."""

    name: str
    budget: Budget
    cells: dict[int, dict[int, str]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    unkept: int = 0
    errors: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0

    def put(self, row: int, column: int, text: str) -> None:
        """Keep a filled cell. Refuses one that lies further out than any table reaches, and one with more text than a cell may hold."""
        if row >= ROWS_MOST or column >= COLUMNS_MOST:
            raise FileRefused(
                f"In '{self.name[:60]}' something stands in cell {place(row, column)}, beyond {ROWS_MOST:,} rows or {COLUMNS_MOST} "
                f"columns. "
                "Nothing was read. Delete what stands so far out, or copy the table alone into a new spreadsheet.",
                "too-many-cells",
            )
        if len(text) > CELL_TEXT_MOST:
            raise FileRefused(
                f"In '{self.name[:60]}' the cell {place(row, column)} holds more than {CELL_TEXT_MOST:,} characters. Nothing was read. "
                "Shorten it and bring the file again.",
                "too-much-text",
            )
        self.budget.took(text)
        self.cells.setdefault(row, {})[column] = text

    def sheet(self) -> Sheet:
        """The finished sheet, merged cells filled to the right and down."""
        filled = self._fill()
        height = max(self.cells, default=-1) + 1
        width = max((max(row) for row in self.cells.values() if row), default=-1) + 1
        self.budget.laid_out(height * width)
        rows = tuple(
            tuple(self.cells[row].get(column, "") for column in range(width)) if row in self.cells else ("",) * width
            for row in range(height)
        )
        return Sheet(self.name, rows, (*self.notes, *self._said(filled)))

    def _fill(self) -> int:
        """Give each merged range the text of its first cell, as far as the table reaches; how many ranges were filled."""
        last_row = max(self.cells, default=-1)
        last_column = max((max(row) for row in self.cells.values() if row), default=-1)
        count = 0
        for top, left, bottom, right in self.merged:
            text = self.cells.get(top, {}).get(left, "")
            bottom, right = min(bottom, last_row), min(right, last_column)
            if not text or (bottom <= top and right <= left):
                continue
            count += 1
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    if (row, column) != (top, left) and not self.cells.get(row, {}).get(column):
                        self.put(row, column, text)
        return count

    def _said(self, filled: int) -> list[str]:
        said = []
        if filled:
            said.append(f"{filled} merged {'cell was' if filled == 1 else 'cells were'} filled to the right and down.")
        if self.hidden_rows or self.hidden_columns:
            said.append(f"Hidden rows ({self.hidden_rows}) and columns ({self.hidden_columns}) were read too.")
        if self.formulas:
            more = f" and {len(self.formulas) - 5} more" if len(self.formulas) > 5 else ""
            said.append(f"Text that a spreadsheet would run as a formula was left out: {', '.join(self.formulas[:5])}{more}.")
        if self.unkept:
            said.append(
                f"{self.unkept} {'formula has' if self.unkept == 1 else 'formulas have'} no kept result, read as empty. "
                "Open the file in a spreadsheet program and save it, and they will have one."
            )
        if self.errors:
            said.append(
                f"{self.errors} {'cell shows' if self.errors == 1 else 'cells show'} a spreadsheet's error, such as #REF!, read as empty."
            )
        return said


def place(row: int, column: int) -> str:
    """A cell's address as spreadsheets write it: row 0, column 27 is AB1."""
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return f"{letters}{row + 1}"
