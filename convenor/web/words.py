"""How dates, numbers and money are written on a page. Pure, but for the local time of an instant.

A missing value is never blank and never zero: it is said in words (`NOT_KNOWN`), or as the caller asks.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

NOT_KNOWN = "not known"
LONDON = ZoneInfo("Europe/London")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SHORT = {"September": "Sept"}

Figure = int | float | Decimal


def _local(value: date | datetime) -> date:
    """The date in England of a date or of an instant."""
    if isinstance(value, datetime):
        return value.astimezone(LONDON).date() if value.tzinfo else value.date()
    return value


def day(value: date | datetime | None, missing: str = NOT_KNOWN) -> str:
    """21 November 2026."""
    if value is None or value == "":
        return missing
    on = _local(value)
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def day_short(value: date | datetime | None, missing: str = NOT_KNOWN) -> str:
    """21 Nov 2026."""
    if value is None or value == "":
        return missing
    on = _local(value)
    month = MONTHS[on.month - 1]
    return f"{on.day} {_SHORT.get(month, month[:3])} {on.year}"


def month_year(value: date | datetime | None, missing: str = NOT_KNOWN) -> str:
    """November 2026."""
    if value is None or value == "":
        return missing
    on = _local(value)
    return f"{MONTHS[on.month - 1]} {on.year}"


def clock(value: datetime | None, missing: str = NOT_KNOWN) -> str:
    """21 November 2026 at 4.05pm, in England's time."""
    if value is None or value == "":
        return missing
    at = value.astimezone(LONDON) if value.tzinfo else value
    return f"{day(at.date())} at {at.hour % 12 or 12}.{at.minute:02d}{'am' if at.hour < 12 else 'pm'}"


def school_year(value: date | datetime | int | str | None, missing: str = NOT_KNOWN) -> str:
    """2026/27: of a date, of the year in which it starts, or of a spelling such as 2026-27 or 202627."""
    if value is None or value == "":
        return missing
    if isinstance(value, date):
        on = _local(value)
        start = on.year if on.month >= 9 else on.year - 1
    else:
        digits = "".join(c for c in str(value) if c.isdigit())
        if len(digits) < 4:
            return str(value)
        start = int(digits[:4])
    return f"{start}/{(start + 1) % 100:02d}"


def number(value: Figure | None, places: int | None = None, missing: str = NOT_KNOWN) -> str:
    """1,234 or 1,234.5; `places` fixes the decimals, otherwise whole numbers have none and others at most two."""
    if value is None or value == "":
        return missing
    exact = Decimal(str(value))
    if places is None:
        rounded = exact.quantize(Decimal("0.01"), ROUND_HALF_UP).normalize()
        text = f"{rounded:,f}"
    else:
        text = f"{exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}"
    return "0" if text.strip("-0.,") == "" and places is None else text.replace("-", "\N{MINUS SIGN}")


def percent(value: Figure | None, places: int = 0, missing: str = NOT_KNOWN) -> str:
    """52%: the value is already a percentage."""
    return missing if value is None else f"{number(value, places)}%"


def pence(value: int | None, missing: str = NOT_KNOWN) -> str:
    """£1,234 or £1,234.50 from whole pence."""
    if value is None:
        return missing
    pounds, rest = divmod(abs(int(value)), 100)
    sign = "\N{MINUS SIGN}" if value < 0 else ""
    return f"{sign}£{pounds:,}" + (f".{rest:02d}" if rest else "")


def count_of(value: int | None, one: str, many: str | None = None, missing: str = NOT_KNOWN) -> str:
    """1 school, 3 schools, no schools; irregular plurals are given: ``2|count_of('body', 'bodies')``."""
    if value is None:
        return missing
    plural = many or f"{one}s"
    return f"no {plural}" if value == 0 else f"{number(value)} {one if value == 1 else plural}"


def ordinal(value: int | None, missing: str = NOT_KNOWN) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    if value is None:
        return missing
    ending = "th" if 10 <= value % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value:,}{ending}"


def and_list(values: Any, word: str = "and") -> str:
    """a, b and c."""
    said = [str(value) for value in values]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} {word} {said[-1]}" if said else ""


FILTERS: dict[str, Callable[..., str]] = {
    "day": day,
    "day_short": day_short,
    "month_year": month_year,
    "clock": clock,
    "school_year": school_year,
    "number": number,
    "percent": percent,
    "pence": pence,
    "count_of": count_of,
    "ordinal": ordinal,
    "and_list": and_list,
}
