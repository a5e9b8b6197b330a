"""Telling which edition a file is, when its own content does not say it: from the names of file and folders, or the day the operator gave.

Content wins over names, names over nothing. Where two of them contradict each other the file is refused rather than guessed at: a
wrong year
would put every figure in the wrong place.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date

from convenor.england.school_years import SchoolYear, school_year_in, school_year_of

_DAY = re.compile(r"(?<!\d)(20\d{2})[-_]?(0[1-9]|1[0-2])[-_]?(0[1-9]|[12]\d|3[01])(?!\d)")
_MONTH = re.compile(r"(?<!\d)(20\d{2})[-_](0[1-9]|1[0-2])(?![\d])")


class UnknownEditionError(ValueError):
    """Nothing tells which year or day a file describes, or two things tell it differently. The message names the remedy."""


def day_in(text: str) -> date | None:
    """The day that a name holds, as 2025-08-31 or 20250831; for a month alone (2022-07) its last day; None where there is none."""
    found = _DAY.search(text)
    if found:
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            return None
    month = _MONTH.search(text)
    if not month:
        return None
    year, number = int(month[1]), int(month[2])
    return date(year, number, monthrange(year, number)[1])


def school_year(*, content: str = "", file_name: str, folders: tuple[str, ...] = (), as_at: date | None = None) -> SchoolYear:
    """The school year that a file describes.

    `content` is what the file itself says (a period in any spelling), or nothing. The file's name comes next, then the nearest folder,
    then the
    day the operator gave. Raises UnknownEditionError when none says it, or when the content or the operator contradict the names.
    """
    said = school_year_in(content) if content else None
    named = school_year_in(file_name) or next((year for year in map(school_year_in, reversed(folders)) if year), None)
    given = school_year_of(as_at) if as_at else None
    if said and named and said != named:
        raise UnknownEditionError(
            f"The file's content is of {said.label}, and its name or folder says {named.label}. Rename it, or check that it is "
            f"the right file."
        )
    if given and (said or named) and given != (said or named):
        raise UnknownEditionError(
            f"The file is of {(said or named).label}, and --as-at {as_at} lies in {given.label}."  # type: ignore[union-attr]
            " Leave --as-at out, or check that it is the right file."
        )
    year = said or named or given
    if year is None:
        raise UnknownEditionError(
            "Nothing in the file says which school year it is of. Put the year in its name or folder (as in 2022-2023), "
            "or say it with --as-at (any day of that school year)."
        )
    return year


def as_at_day(*, content: date | None = None, file_name: str, folders: tuple[str, ...] = (), as_at: date | None = None) -> date:
    """The day that a register describes: what the content says, then the operator, then the name, then the nearest folder.

    Raises UnknownEditionError when none says it, or when content and operator, or operator and name, are more than 31 days apart.
    """
    named = day_in(file_name) or next((day for day in map(day_in, reversed(folders)) if day), None)
    for first, second, words in ((content, as_at, "--as-at"), (content, named, "its name"), (named, as_at, "--as-at")):
        if first and second and abs((first - second).days) > 31:
            raise UnknownEditionError(f"The file describes {first}, and {words} says {second}. Check that it is the right file.")
    day = as_at or content or named
    if day is None:
        raise UnknownEditionError(
            "Nothing in the file says which day it describes. Put the day in its name (as in 2025-08-31), or say it with --as-at "
            "2025-08-31."
        )
    return day


def second_header(
    names: tuple[str, ...], rows: Iterable[tuple[int, tuple[str, ...]]], recognised: Callable[[tuple[str, ...]], bool]
) -> int | None:
    """The line of a second header among the rows, or None: then two files were joined into one.

    `rows` are candidates: line and cells. A row is a header when half of its cells are this file's own column names in their places,
    or when it
    is itself recognised as the header of a published file.
    """
    for line, cells in rows:
        same = sum(1 for name, value in zip(names, cells, strict=False) if value and value == name)
        trimmed = tuple(value for value in cells if value)
        if same >= max(2, len(names) / 2) or (len(trimmed) > 1 and recognised(trimmed)):
            return line
    return None
