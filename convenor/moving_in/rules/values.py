"""What cells say: days, money, half days, yes and no, roles. A cell that cannot be read so says why (NotReadable), and is asked or "
"left out."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from convenor.england.dates import NotADateError, read_date
from convenor.england.school_years import NotASchoolYearError, SchoolYear, easter_sunday, read_school_year
from convenor.moving_in.rules.kinds import ROLE_WORDS, folded
from convenor.moving_in.rules.refusals import NotReadable

_NOTHING: Final = frozenset(
    {"", "n a", "na", "none", "nil", "tbc", "tba", "unknown", "not known", "not yet", "x x", "pending", "to be confirmed"}
)
_MONTHS: Final = {name[:3].lower(): number for number, name in enumerate(calendar.month_name) if name}
_TERMS: Final = {"autumn": (9, 12), "spring": (1, 3), "summer": (4, 8), "michaelmas": (9, 12), "lent": (1, 3)}
_MONTH_YEAR: Final = re.compile(r"(?:(early|mid|late|start of|end of|beginning of) )?([a-z]{3,9})[ ]?((?:19|20)?\d{2})")
_TERM_YEAR: Final = re.compile(r"(autumn|spring|summer|michaelmas|lent)(?: term)? ((?:19|20)?\d{2}(?: (?:19|20)?\d{2})?)(?: term)?")
_SHORT_YEAR: Final = re.compile(r"(\d{1,2})[/. -](\d{1,2}|[A-Za-z]{3,9})[/. -](\d{2})")
_NUMBERS: Final = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})")
_NUMBER_YEAR: Final = re.compile(r"(0?[1-9]|1[0-2])[/.-]((?:19|20)\d{2})")
_WEEKDAY: Final = re.compile(r"^(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun)(?:day|nesday|sday|rsday|urday)?,?\s+", re.IGNORECASE)
_ORDINAL: Final = re.compile(r"(\d{1,2})\s*(?:st|nd|rd|th)\b(?: of)?", re.IGNORECASE)
#: Days believed in a partnership's own papers.
_YEARS: Final = range(1950, 2080)


@dataclass(frozen=True, slots=True)
class Day:
    """A day as read. `exact` is False where the cell named a month, a term or a school year only, or where day and month may be "
    "swapped."""

    on: date
    exact: bool
    told: str = ""


def is_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing to say: empty, a dash, n/a, tbc."""
    return folded(text) in _NOTHING


def read_day(text: str, *, end: bool = False) -> Day | None:
    """The day a cell names; None for nothing. A month, term or school year is its first day, or its last where `end`.

    In England the day comes before the month. "09/25/2025" can only be the other order: it is read so and marked as not exact.
    Raises NotReadable.
    """
    plain = _WEEKDAY.sub("", text.strip())
    if is_nothing(plain):
        return None
    plain = _ORDINAL.sub(r"\1", plain).replace(",", " ")
    plain = " ".join(plain.split())
    day = _whole_day(plain) or _part_of_year(folded(plain), plain, end=end)
    if day is None or day.on.year not in _YEARS:
        raise NotReadable(f"'{text[:40]}' is not a day we can read (01/09/2025, 1 Sept 2025, Sept 2025 or 2025-26).")
    return day


def _whole_day(plain: str) -> Day | None:
    """A day in full, in any spelling; None where the text is something else."""
    try:
        found = read_date(plain)
    except NotADateError:
        found = None
    if found:
        return Day(found, True)
    if short := _SHORT_YEAR.fullmatch(plain):
        day, month, year = int(short[1]), _month(short[2]), 2000 + int(short[3])
        if int(short[3]) >= 70:
            year -= 100
        return _day(year, month, day, short[0])
    if swapped := _NUMBERS.fullmatch(plain):
        return _day(int(swapped[3]), int(swapped[2]), int(swapped[1]), swapped[0])
    words = re.fullmatch(r"([A-Za-z]{3,9}) (\d{1,2}) (\d{4})", plain) or None
    if words:
        return _day(int(words[3]), _month(words[1]), int(words[2]), words[0])
    words = re.fullmatch(r"(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{4})", plain)
    return _day(int(words[3]), _month(words[2]), int(words[1]), words[0]) if words else None


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS.get(text[:3].lower(), 0)


def _day(year: int, month: int, day: int, said: str) -> Day | None:
    """The day, with day and month swapped where only that makes sense; None where neither does."""
    try:
        return Day(date(year, month, day), True)
    except ValueError:
        pass
    try:
        other = date(year, day, month)
        return Day(other, False, f"'{said}' has the month first; read as {other.day} {calendar.month_name[other.month]} {year}.")
    except ValueError:
        return None


def _part_of_year(plain: str, text: str, *, end: bool) -> Day | None:
    """A month, a term, a school year or a year; None where the text is something else."""
    if found := _TERM_YEAR.fullmatch(plain):
        return _term(found[1], found[2], end=end)
    if (found := _MONTH_YEAR.fullmatch(plain)) and _is_month(found[2]):
        return _of_month(_four(found[3]), _MONTHS[found[2][:3]], end=end)
    if found := _NUMBER_YEAR.fullmatch(text):
        return _of_month(int(found[2]), int(found[1]), end=end)
    try:
        year = read_school_year(text)
    except NotASchoolYearError:
        year = None
    if year is None and (found := re.fullmatch(r"(\d{2}) (\d{2})", plain)) and int(found[2]) == (int(found[1]) + 1) % 100:
        year = SchoolYear(2000 + int(found[1]))
    if year is not None:
        return Day(year.ends_on if end else year.starts_on, False, f"Only the school year {year} is named.")
    if re.fullmatch(r"(?:19|20)\d{2}", plain):
        return Day(date(int(plain), 12, 31) if end else date(int(plain), 1, 1), False, f"Only the year {plain} is named.")
    return None


def _is_month(word: str) -> bool:
    """Whether a word is a month's name, whole or cut to three letters (or sept)."""
    number = _MONTHS.get(word[:3])
    return number is not None and calendar.month_name[number].lower().startswith(word.rstrip("."))


def _four(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _of_month(year: int, month: int, *, end: bool) -> Day:
    last = calendar.monthrange(year, month)[1]
    return Day(date(year, month, last if end else 1), False, f"Only the month is named: {calendar.month_name[month]} {year}.")


def _term(name: str, years: str, *, end: bool) -> Day | None:
    """A term of a calendar year ("Spring 2026") or of a school year ("Spring 2025 26")."""
    first, last = _TERMS[name]
    parts = years.split()
    year = _four(parts[0])
    if len(parts) == 2:
        if _four(parts[1]) != year + 1 and int(parts[1]) != (year + 1) % 100:
            return None
        year += first < 9
    told = f"Only the term is named: {name} {year}."
    if not end:
        return Day(date(year, first, 1), False, told)
    day = easter_sunday(year) if last == 3 else date(year, last, calendar.monthrange(year, last)[1])
    return Day(day, False, told)


def read_year(text: str) -> SchoolYear | None:
    """The school year of a subscription: 2025-26, 25/26, 2025 to 2026; None for nothing. A single year is asked (NotReadable)."""
    if is_nothing(text):
        return None
    day = _part_of_year(folded(text), text.strip(), end=False)
    if day and day.told.startswith("Only the school year"):
        return SchoolYear(day.on.year)
    raise NotReadable(f"'{text[:40]}' is not a school year such as 2025-26.")


_MONEY: Final = re.compile(r"(-?)£?(-?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,2})?(k)?")
#: More than any partnership is paid by a school, pounds: such a figure is a slip.
_POUNDS_MOST: Final = 10_000_000


def read_pence(text: str) -> int | None:
    """Money in pence: "£1,250.00", "1250", "1.2k", "(250.00)" for minus, "£500 + VAT" without it; None for nothing. Raises "
    "NotReadable."""
    plain = re.sub(r"\s+", "", text.strip().lower().replace("\u2212", "-"))
    plain = re.sub(r"gbp|p\.?a\.?$|perannum|peryear|\(?(?:\+|ex|exc\.?|plus|netof)vat\)?", "", plain)
    if is_nothing(text) or plain in {"-", "–", "£-", "£"}:
        return None
    if plain in {"free", "nocharge", "waived"}:
        return 0
    sign = 1
    if plain.startswith("(") and plain.endswith(")"):
        plain, sign = plain[1:-1], -1
    found = _MONEY.fullmatch(plain)
    try:
        if not found:
            plain = str(Decimal(plain).quantize(Decimal("0.01"), ROUND_HALF_UP)) if re.fullmatch(r"-?\d+\.\d{3,}", plain) else ""
            found = _MONEY.fullmatch(plain)
        if not found:
            raise NotReadable(f"'{text[:40]}' is not an amount of money we can read (£1,250.00).")
        pounds = Decimal(found[3].replace(",", "") + (found[4] or "")) * (1000 if found[5] else 1)
    except InvalidOperation as reason:
        raise NotReadable(f"'{text[:40]}' is not an amount of money we can read (£1,250.00).") from reason
    if pounds > _POUNDS_MOST:
        raise NotReadable(f"'{text[:40]}' is more money than a school pays; look whether it is right.")
    return int(pounds * 100) * sign * (-1 if found[1] or found[2] else 1)


_HALVES: Final = {
    "half": 1,
    "half a day": 1,
    "half day": 1,
    "1 2": 1,
    "1 2 day": 1,
    "one": 2,
    "one day": 2,
    "two": 4,
    "two days": 4,
    "three": 6,
    "am": 1,
    "pm": 1,
}
_DAYS: Final = re.compile(
    r"(?:up to |c |approx |about |max )?(\d{1,3})(?:\.(\d+))?\s*(½)?(?: and a half)?\s*(?:days?|d)?(?: (?:a|per) year| pa)?"
)


def read_half_days(text: str) -> int | None:
    """Days in half days: "2" is 4, "2.5", "2½", "half a day" is 1; None for nothing. Raises NotReadable for quarters, hours and "
    "ranges."""
    plain = " ".join(text.strip().lower().split())
    if is_nothing(plain):
        return None
    if folded(plain) in _HALVES:
        return _HALVES[folded(plain)]
    if plain in {"½", "½ day"}:
        return 1
    if found := re.fullmatch(r"(\d{1,3}) half[ -]days?", plain):
        return int(found[1])
    found = _DAYS.fullmatch(plain)
    fraction = (found[2] or "0").rstrip("0") if found else ""
    if not found or fraction not in {"", "5"} or int(found[1]) > 366:
        raise NotReadable(f"'{text[:40]}' is not a number of days or half days.")
    half = bool(fraction) + bool(found[3]) + ("and a half" in plain)
    return int(found[1]) * 2 + min(half, 1)


_YES: Final = frozenset(
    {"y", "yes", "true", "1", "x", "yep", "paid", "done", "complete", "completed", "received", "ok", "t", "✓", "✔", "√", "☑", "✅"}
)
_NO: Final = frozenset(
    {"n", "no", "false", "0", "unpaid", "not paid", "outstanding", "not yet", "f", "✗", "✘", "☐", "❌", "not received", "due", "overdue"}
)


def read_yes(text: str) -> bool | None:
    """Yes or no as people tick it; None for nothing. Raises NotReadable."""
    plain = text.strip().lower()
    words = folded(text)
    if plain in _YES or words in _YES:
        return True
    if plain in _NO or words in _NO:
        return False
    if is_nothing(text):
        return None
    raise NotReadable(f"'{text[:40]}' is neither yes nor no.")


_ROLES: Final = {word: role for role, words in ROLE_WORDS.items() for word in words}
_ROLE_PATTERNS: Final = (
    ("chair", re.compile(r"\bchair\b|\bco chair\b")),
    ("other", re.compile(r"\b(?:deputy|assistant|vice|former|pa to|secretary)\b")),
    ("business-manager", re.compile(r"\b(?:business|bursar|finance|sbm)\b")),
    ("senco", re.compile(r"\b(?:senco|sendco|inclusion)\b")),
    ("clerk", re.compile(r"\bclerk\b|\bgovernance professional\b")),
    (
        "head",
        re.compile(
            r"\bhead ?teacher\b|\bprincipal\b|\bhead of (?:school|centre|the school)\b|\bheadteacher\b|^(?:acting |interim |executive "
            "|co )?head\b$"
        ),
    ),
)


def read_role(text: str) -> str:
    """The key of a contact's role: head, chair, clerk, senco, business-manager, or other; empty for nothing.

    A deputy, a vice-chair and a head's assistant are "other": a letter to the head must not reach them.
    """
    plain = folded(text)
    if not plain or plain in _NOTHING:
        return ""
    if plain in _ROLES:
        return _ROLES[plain]
    if re.search(r"\b(?:vice|deputy|assistant|former)\b", plain):
        return "other"
    return next((role for role, pattern in _ROLE_PATTERNS if pattern.search(plain)), "other")


__all__ = ["Day", "is_nothing", "read_day", "read_half_days", "read_pence", "read_role", "read_year", "read_yes"]
