"""Workbooks (XLSX) read as a stream, so that a small file that claims a million rows costs nothing.

Formulas are never read: only the result that the spreadsheet program kept beside each. Source of the format: ECMA-376, part 1.
"""

from __future__ import annotations

import posixpath
import re
from typing import Final

from convenor.moving_in.rules.reading.cells import format_kind, is_error, is_formula, label_of_link, number_text, shown
from convenor.moving_in.rules.reading.packages import Handler, Package, damaged, parse
from convenor.moving_in.rules.reading.shapes import CELL_TEXT_MOST, SHEETS_MOST, TEXT_MOST, Budget, Grid, Sheet, place
from convenor.moving_in.rules.refusals import FileRefused

_REFERENCE: Final = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})")
_MERGED_MOST: Final = 20_000


def read_workbook(package: Package) -> tuple[Sheet, ...]:
    """The sheets of a workbook that hold something. Raises FileRefused for macros and for what is damaged or too large."""
    refuse_macros(package)
    main = _main_part(package)
    book = _Book()
    parse(_required(package, main), book)
    targets = _targets(package, main)
    if len(book.sheets) > SHEETS_MOST:
        raise FileRefused(
            f"The file has more than {SHEETS_MOST} sheets. Nothing was read. Bring those that the partnership needs.", "too-many-cells"
        )
    strings, styles = _Strings(), _Styles()
    _read_beside(package, targets, "/sharedStrings", strings)
    _read_beside(package, targets, "/styles", styles)
    links = any("externallink" in name.lower() for name in package.names)
    budget, found = Budget(), []
    for name, state, relation in book.sheets:
        target = targets.get(relation, ("", ""))
        if "worksheet" not in target[0]:
            continue  # sheets of a chart alone
        grid = Grid(shown(name)[:100] or "Sheet", budget)
        if state != "visible":
            grid.notes.append("This sheet is hidden in the file; it was read too.")
        if links:
            grid.notes.append("The file points to other files; those were not opened.")
        parse(_required(package, target[1]), _Cells(grid, strings.texts, styles.kinds(), book.since_1904))
        sheet = grid.sheet()
        if sheet.rows:
            found.append(sheet)
    return tuple(found)


def refuse_macros(package: Package) -> None:
    """Raises FileRefused for a workbook that carries programs."""
    names = [name.lower() for name in package.names]
    types = package.read("[Content_Types].xml").lower()
    if b"macroenabled" in types or any("vbaproject" in name or "/macrosheets/" in name or "/activex/" in name for name in names):
        raise FileRefused(
            "The file carries macros (small programs). Nothing was read. Open it, save it as an Excel workbook without macros (.xlsx) "
            "or as "
            "CSV, and bring that.",
            "macros",
        )


def _required(package: Package, name: str) -> bytes:
    content = package.read(name)
    if not content:
        raise damaged()
    return content


def _main_part(package: Package) -> str:
    relations = _Relations()
    content = package.read("_rels/.rels")
    if content:
        parse(content, relations)
    main = next((target for kind, target in relations.found.values() if kind.endswith("/officeDocument")), "xl/workbook.xml")
    return main.lstrip("/")


def _targets(package: Package, main: str) -> dict[str, tuple[str, str]]:
    """Relation id -> (type, path of the part), those to other files left out."""
    folder, name = posixpath.split(main)
    relations = _Relations()
    parse(_required(package, f"{folder}/_rels/{name}.rels"), relations)
    return {
        key: (kind, target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target)))
        for key, (kind, target) in relations.found.items()
    }


class _Strings(Handler):
    """The workbook's shared texts, without their reading aids."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._now: list[str] = []
        self._aid = 0
        self._size = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self._now = []
        elif name == "rPh":
            self._aid += 1
        elif name == "t" and not self._aid:
            self.gather()

    def end(self, name: str) -> None:
        if name == "rPh":
            self._aid -= 1
        elif name == "t" and not self._aid:
            text = self.gathered()
            self._size += len(text) + 50
            if self._size > TEXT_MOST:
                raise FileRefused("The file holds more text than is read. Nothing was read. Bring it in smaller files.", "too-much-text")
            self._now.append(text)
        elif name == "si":
            self._size += 50
            self.texts.append("".join(self._now))


class _Styles(Handler):
    """What each style makes of a number."""

    def __init__(self) -> None:
        super().__init__()
        self._codes: dict[int, str] = {}
        self._numbers: list[int] = []
        self._inside = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self._codes[_whole(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "")[:200]
        elif name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside and len(self._numbers) < 70_000:
            self._numbers.append(_whole(attributes.get("numFmtId", "0")))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._inside = False

    def kinds(self) -> list[str]:
        """By the style's number."""
        known = {number: format_kind(number, self._codes.get(number, "")) for number in set(self._numbers)}
        return [known[number] for number in self._numbers]


def _read_beside(package: Package, targets: dict[str, tuple[str, str]], kind: str, handler: Handler) -> None:
    """Read the part of a kind where the workbook has one."""
    target = next((path for each, path in targets.values() if each.endswith(kind)), "")
    content = package.read(target) if target else b""
    if content:
        parse(content, handler)


class _Relations(Handler):
    """What a part points to inside the file."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, tuple[str, str]] = {}

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode", "") != "External":
            self.found[attributes.get("Id", "")] = (attributes.get("Type", ""), attributes.get("Target", ""))


class _Book(Handler):
    """The workbook's sheets in order: name, whether hidden, relation; and the calendar it counts in."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str, str]] = []
        self.since_1904 = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            self.sheets.append((attributes.get("name", ""), attributes.get("state", "visible"), attributes.get("id", "")))
        elif name == "workbookPr":
            self.since_1904 = attributes.get("date1904", "0").lower() in {"1", "true"}


class _Cells(Handler):
    """One sheet's cells, merged ranges and what is hidden."""

    def __init__(self, grid: Grid, strings: list[str], kinds: list[str], since_1904: bool) -> None:
        super().__init__()
        self.grid, self.strings, self.kinds, self.since_1904 = grid, strings, kinds, since_1904
        self.row = self.column = -1
        self.kind = self.style = ""
        self.value: list[str] = []
        self.formula = self.aid = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        match name:
            case "c":
                self.grid.budget.wrote()
                self.row, self.column = _where(attributes.get("r", ""), self.row, self.column + 1)
                self.kind, self.style, self.value, self.formula = attributes.get("t", "n"), attributes.get("s", ""), [], False
            case "v" | "t" if not self.aid:
                self.gather()
            case "f":
                self.formula = True
            case "rPh":
                self.aid = True
            case "row":
                self.grid.budget.wrote()
                self.row = _whole(attributes.get("r", ""), self.row + 2) - 1
                self.column = -1
                self.grid.hidden_rows += attributes.get("hidden", "0") in {"1", "true"}
            case "col" if attributes.get("hidden", "0") in {"1", "true"}:
                self.grid.hidden_columns += 1
            case "mergeCell":
                self._merge(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        if name in {"v", "t"} and not self.aid:
            self.value.append(self.gathered())
        elif name == "rPh":
            self.aid = False
        elif name == "c":
            self._keep("".join(self.value))

    def _keep(self, raw: str) -> None:
        """Put the finished cell into the grid."""
        if not raw.strip():
            self.grid.unkept += self.formula and self.kind != "str"
            return
        if len(raw) > CELL_TEXT_MOST * 8:
            raise damaged()
        keep(self.grid, self.row, self.column, self._text(raw))

    def _text(self, raw: str) -> str:
        if self.kind == "s":
            number = _whole(raw.strip(), -1)
            if not 0 <= number < len(self.strings):
                raise damaged()
            return self.strings[number]
        if self.kind == "b":
            return "TRUE" if raw.strip() in {"1", "true"} else "FALSE"
        if self.kind == "d":
            return raw.strip().removesuffix("Z").replace("T00:00:00", "").replace("T", " ")[:16]
        if self.kind != "n":
            return raw
        try:
            value = float(raw)
        except ValueError as reason:
            raise damaged() from reason
        style = _whole(self.style, -1)
        return number_text(value, self.kinds[style] if 0 <= style < len(self.kinds) else "", since_1904=self.since_1904)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        top, left = _where(first, -1, -1)
        bottom, right = _where(last or first, -1, -1)
        if min(top, left, bottom, right) < 0 or len(self.grid.merged) >= _MERGED_MOST:
            raise damaged()
        self.grid.merged.append((top, left, bottom, right))


def keep(grid: Grid, row: int, column: int, text: str) -> None:
    """Put a cell's text into the grid as a reader sees it, counting formulas and errors that are left out."""
    seen = shown(text)
    if is_formula(seen):
        grid.formulas.append(place(row, column))
        seen = label_of_link(seen)
    if is_error(seen):
        grid.errors += 1
        seen = ""
    if seen:
        grid.put(row, column, seen)


def _where(reference: str, row: int, column: int) -> tuple[int, int]:
    """Row and column, both from 0, of `AB12`; those given where the file names none, as it may."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        if reference:
            raise damaged()
        return row, column
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return int(found[2]) - 1, number - 1


def _whole(text: str, otherwise: int = 0) -> int:
    """A whole number of at most nine digits; `otherwise` for everything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise
