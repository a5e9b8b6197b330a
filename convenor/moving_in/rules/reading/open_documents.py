"""Open documents (ODS) read as a stream: the text that stands in each cell, dates from their value, repeated cells within bounds.

Source of the format: OASIS Open Document Format for Office Applications 1.3, part 3, section 9.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from convenor.moving_in.rules.reading.cells import moment_text, number_text, shown
from convenor.moving_in.rules.reading.packages import Handler, Package, damaged, parse
from convenor.moving_in.rules.reading.shapes import CELL_TEXT_MOST, COLUMNS_MOST, ROWS_MOST, SHEETS_MOST, Budget, Grid, Sheet
from convenor.moving_in.rules.reading.workbooks import keep
from convenor.moving_in.rules.refusals import FileRefused

_CLOCK: Final = re.compile(r"PT(\d{1,3})H(\d{1,2})M")
_ASIDE: Final = frozenset({"annotation", "shapes", "forms", "tracked-changes"})


def read_open_document(package: Package) -> tuple[Sheet, ...]:
    """The sheets of an open document that hold something. Raises FileRefused for macros, passwords and what is damaged or too large."""
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith(("/", ".xml")) for name in package.names) or any(
        name.startswith("Basic/") and not name.endswith(("/", "script-lc.xml")) for name in package.names
    ):
        raise FileRefused(
            "The file carries macros (small programs). Nothing was read. Copy the table into a new spreadsheet, or save it as CSV, "
            "and bring that.",
            "macros",
        )
    if b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise FileRefused(
            "The file has a password. Nothing was read. Open it, take the password off, save it and bring it again.", "encrypted"
        )
    content = package.read("content.xml")
    if not content:
        raise damaged()
    tables = _Tables()
    parse(content, tables)
    return tuple(tables.sheets)


class _Tables(Handler):
    """All tables of the document."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[Sheet] = []
        self.budget = Budget()
        self.grid: Grid | None = None
        self.hidden_styles: set[str] = set()
        self._style = ""
        self._aside = 0
        self._row = self._column = 0
        self._repeated_rows = 1
        self._filled: list[tuple[int, int, str]] = []
        self._cell: dict[str, str] = {}
        self._text: list[str] = []
        self._tables = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if self._aside or name in _ASIDE:
            self._aside += 1
            return
        match name:
            case "style":
                self._style = attributes.get("name", "")
            case "table-properties" if attributes.get("display") == "false":
                self.hidden_styles.add(self._style)
            case "table":
                self._begin_table(attributes)
            case "table-row":
                self.budget.wrote()
                self._column, self._filled, self._repeated_rows = 0, [], _times(attributes.get("number-rows-repeated", "1"))
                if self.grid is not None and attributes.get("visibility") in {"collapse", "filter"}:
                    self.grid.hidden_rows += 1
            case "table-column" if self.grid is not None and attributes.get("visibility") == "collapse":
                self.grid.hidden_columns += min(_times(attributes.get("number-columns-repeated", "1")), COLUMNS_MOST)
            case "table-cell" | "covered-table-cell":
                self.budget.wrote()
                self._cell, self._text = attributes, []
            case "p":
                self.gather()
            case "s" if self._pieces is not None:
                self._pieces.append(" " * min(_times(attributes.get("c", "1")), 100))
            case "line-break" | "tab" if self._pieces is not None:
                self._pieces.append("\n" if name == "line-break" else " ")

    def end(self, name: str) -> None:
        if self._aside:
            self._aside -= 1
            return
        match name:
            case "p":
                self._text.append(self.gathered())
            case "table-cell" | "covered-table-cell":
                self._end_cell(covered=name.startswith("covered"))
            case "table-row":
                self._end_row()
            case "table":
                self._end_table()

    def _begin_table(self, attributes: dict[str, str]) -> None:
        self._tables += 1
        if self._tables > SHEETS_MOST:
            raise FileRefused(
                f"The file has more than {SHEETS_MOST} sheets. Nothing was read. Bring those that the partnership needs.", "too-many-cells"
            )
        self.grid = Grid(shown(attributes.get("name", ""))[:100] or "Sheet", self.budget)
        self._row = 0
        if attributes.get("style-name", "") in self.hidden_styles:
            self.grid.notes.append("This sheet is hidden in the file; it was read too.")

    def _end_table(self) -> None:
        if self.grid is not None and (sheet := self.grid.sheet()).rows:
            self.sheets.append(sheet)
        self.grid = None

    def _end_cell(self, *, covered: bool) -> None:
        """Keep what the cell shows, as often as the file repeats it; what a merged cell covers shows nothing."""
        times = _times(self._cell.get("number-columns-repeated", "1"))
        text = "" if covered else self._shown()
        if text and self.grid is not None:
            if times > COLUMNS_MOST or len(text) > CELL_TEXT_MOST * 2:
                raise FileRefused(
                    "The file repeats a filled cell further than any table reaches. Nothing was read. Copy the table alone into a new "
                    "spreadsheet and bring that.",
                    "too-many-cells",
                )
            self.budget.wrote(times)
            self._filled.extend((self._row, self._column + each, text) for each in range(times))
            down, right = _times(self._cell.get("number-rows-spanned", "1")), _times(self._cell.get("number-columns-spanned", "1"))
            if down > 1 or right > 1:
                self.grid.merged.append((self._row, self._column, self._row + down - 1, self._column + right - 1))
        if self._cell.get("formula") and not text and self.grid is not None:
            self.grid.unkept += 1
        self._column = min(self._column + times, COLUMNS_MOST * 100)

    def _shown(self) -> str:
        """A date as its day, a number without its thousands, everything else as the words that stand there."""
        kind, words = self._cell.get("value-type", ""), "\n".join(self._text)
        if kind == "date" and (value := self._cell.get("date-value")):
            try:
                return moment_text(datetime.fromisoformat(value[:19]))
            except ValueError:
                return words or value
        if kind == "time" and (clock := _CLOCK.match(self._cell.get("time-value", ""))):
            return f"{int(clock[1]):02d}:{int(clock[2]):02d}"
        if kind == "float" and not words.startswith("0") and (value := self._cell.get("value")):
            try:
                return number_text(float(value))
            except ValueError as reason:
                raise damaged() from reason
        return words

    def _end_row(self) -> None:
        grid = self.grid
        if grid is not None and self._filled:
            if self._repeated_rows > ROWS_MOST:
                raise FileRefused(
                    "The file repeats a filled row further than any table reaches. Nothing was read. Copy the table alone into a new "
                    "spreadsheet and bring that.",
                    "too-many-cells",
                )
            for again in range(self._repeated_rows):
                for row, column, text in self._filled:
                    keep(grid, row + again, column, text)
        self._row = min(self._row + self._repeated_rows, ROWS_MOST * 100)


def _times(text: str) -> int:
    """How often something is repeated: at least once."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise damaged()
    return max(1, int(text))
