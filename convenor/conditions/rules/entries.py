"""Diamonds as a table that anybody can write: `entry,group_size,role,item,row`, nine lines for each entry.

Reading is strict. Every entry is of the shape 1-2-3-2-1, over the same nine items, with one group size and one role. Where any entry is
not, nothing is taken at all, and the message names each entry with what is wrong: a result over those that happened to be right would
leave people out unasked. A role may be left blank: the entry then counts in the whole and in no role.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from convenor.conditions.rules.diamonds import CARDS, SHAPE

COLUMNS: Final = ("entry", "group_size", "role", "item", "row")
#: As many broken entries are named before the rest are counted.
NAMED: Final = 20
MOST_PEOPLE: Final = 9_999
_WHOLE = re.compile(r"[0-9]{1,4}")


class EntriesError(ValueError):
    """Entries that cannot be used. `problems` has what is wrong, entry by entry; the message names up to 20 and what to do."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        more = f"\nand {len(problems) - NAMED} more entries" if len(problems) > NAMED else ""
        super().__init__("\n".join(problems[:NAMED]) + more)


@dataclass(frozen=True, slots=True)
class Entry:
    """One diamond: whose it is, how many people made it, their role ("" where not told), and the row (1 to 5) of each item."""

    name: str
    group_size: int
    role: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Entries:
    """Entries over the same nine items, which are in the order of their names; `left` are columns of the table that are not used."""

    items: tuple[str, ...]
    entries: tuple[Entry, ...]
    left: tuple[str, ...] = ()


@dataclass
class _Draft:
    """The lines of one entry as they come."""

    sizes: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    items: list[tuple[str, str]] = field(default_factory=list)
    broken: str = ""


def what_is_wrong(rows: Mapping[str, int]) -> str:
    """Why these rows (1 to 5, by card) are no diamond, in words; "" where they are one."""
    if len(rows) != CARDS:
        return f"{len(rows)} {'card is' if len(rows) == 1 else 'cards are'} placed, and a diamond has {CARDS}"
    held = Counter(rows.values())
    wrong = [f"row {row} holds {held[row]} where it should hold {should}" for row, should in enumerate(SHAPE, 1) if held[row] != should]
    return "its shape is not 1-2-3-2-1: " + ", ".join(wrong) if wrong else ""


def read_entries(text: str) -> Entries:
    """The entries of a table, in the order in which they first come. A byte-order mark, any line ends, blank lines, quoted commas, other
    columns and any order of lines are all right. Raises EntriesError for anything that is not: nothing is then taken."""
    header, lines = _lines(text)
    drafts = _drafts(header, lines)
    if not drafts:
        raise EntriesError(["The table has a header and no entries. Give each entry nine lines, one for each card."])
    read = {name: _entry(draft) for name, draft in drafts.items()}
    problems = {name: found for name, found in read.items() if isinstance(found, str)}
    sound = {name: found for name, found in read.items() if not isinstance(found, str)}
    problems |= _other_items(sound)
    if problems:
        raise EntriesError([f"Entry '{name}': {problems[name]}." for name in drafts if name in problems])
    items = tuple(sorted(next(iter(sound.values()))))
    return Entries(
        items,
        tuple(
            Entry(name, int(drafts[name].sizes[0]), drafts[name].roles[0], tuple(rows[item] for item in items))
            for name, rows in sound.items()
        ),
        tuple(column for column in header if column and column not in COLUMNS),
    )


def _lines(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header, and the lines that hold anything, each with its number."""
    if "\0" in text:
        raise EntriesError(["The table holds characters that no text has. Save it as CSV with UTF-8 text."])
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        numbered = [(reader.line_num, [_plain(cell) for cell in row]) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise EntriesError([f"Line {reader.line_num} is not comma-separated text: {error}. Save the table as CSV."]) from error
    header = [cell.lower() for cell in numbered[0][1]] if numbered else []
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise EntriesError([f"The table has no column {', '.join(missing)}. Its first line must be {','.join(COLUMNS)}."])
    twice = [column for column in COLUMNS if header.count(column) > 1]
    if twice:
        raise EntriesError([f"The table has the column {', '.join(twice)} more than once. Its first line must be {','.join(COLUMNS)}."])
    return header, numbered[1:]


def _plain(cell: str) -> str:
    """A cell without blanks at its ends, its accents written in one way."""
    return unicodedata.normalize("NFC", cell.strip())


def _drafts(header: list[str], lines: list[tuple[int, list[str]]]) -> dict[str, _Draft]:
    """The lines put together by entry. Raises EntriesError for lines that name no entry."""
    place = {column: header.index(column) for column in COLUMNS}
    drafts: dict[str, _Draft] = {}
    nameless = []
    for number, cells in lines:
        name = cells[place["entry"]] if len(cells) > place["entry"] else ""
        if not name:
            nameless.append(f"Line {number} does not say whose entry it is. Give every line its entry.")
            continue
        draft = drafts.setdefault(name, _Draft())
        if len(cells) != len(header):
            draft.broken = draft.broken or f"line {number} has {len(cells)} cells where the header has {len(header)}"
            continue
        draft.sizes.append(cells[place["group_size"]])
        draft.roles.append(cells[place["role"]])
        draft.items.append((cells[place["item"]], cells[place["row"]]))
    if nameless:
        raise EntriesError(nameless)
    return drafts


def _entry(draft: _Draft) -> dict[str, int] | str:
    """The row of each item, or what is wrong with the entry."""
    return draft.broken or next(_about(draft), "") or _rows(draft.items)


def _about(draft: _Draft) -> Iterator[str]:
    """What is wrong with what an entry says of its makers."""
    if len(set(draft.sizes)) > 1:
        yield f"it gives several group sizes ({', '.join(_told(draft.sizes))}), and one entry has one"
    if len(set(draft.roles)) > 1:
        yield f"it gives several roles ({', '.join(_told(draft.roles))}), and one entry has one"
    size = draft.sizes[0]
    if not _WHOLE.fullmatch(size) or int(size) == 0:
        yield f"its group size '{size}' is not a whole number of people, 1 to {MOST_PEOPLE}"


def _told(values: list[str]) -> list[str]:
    """Different values in the order in which they come, a blank one said in words."""
    return [value or "blank" for value in dict.fromkeys(values)]


def _rows(items: list[tuple[str, str]]) -> dict[str, int] | str:
    """The row of each item, or why there is none."""
    names = Counter(item for item, _ in items)
    if "" in names:
        return "a line names no card"
    twice = [item for item, times in names.items() if times > 1]
    if twice:
        return f"'{twice[0]}' is placed {names[twice[0]]} times"
    wrong = [(item, row) for item, row in items if row not in {"1", "2", "3", "4", "5"}]
    if wrong:
        return f"'{wrong[0][0]}' has the row '{wrong[0][1]}', and rows are 1 to 5"
    rows = {item: int(row) for item, row in items}
    return what_is_wrong(rows) or rows


def _other_items(sound: Mapping[str, Mapping[str, int]]) -> dict[str, str]:
    """Entries whose nine items are not those of most entries (of the first, where as many have others)."""
    sets = Counter(frozenset(rows) for rows in sound.values())
    usual = max(sets, key=lambda items: sets[items], default=frozenset())
    return {
        name: f"its nine cards are not those of the others: it has {_quoted(set(rows) - usual)} and lacks {_quoted(usual - set(rows))}"
        for name, rows in sound.items()
        if frozenset(rows) != usual
    }


def _quoted(items: set[str] | frozenset[str]) -> str:
    return ", ".join(f"'{item}'" for item in sorted(items))
