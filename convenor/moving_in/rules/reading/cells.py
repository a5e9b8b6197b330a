"""One cell as text: what a reader sees, without what a spreadsheet would run."""

from __future__ import annotations

import math
import re
from datetime import datetime, time, timedelta
from typing import Final

_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufffe\uffff\ud800-\udfff]"
)
_SPACES: Final = re.compile("[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_LINES: Final = re.compile(r" *(?:\r\n|\r|\n|\u2028|\u2029|\x85) *")
#: What a spreadsheet takes for the beginning of a formula.
_EQUALS: Final = re.compile(r"^[\s'\"]*[=＝]")
_SIGN: Final = re.compile(r"^[\s'\"]*[+\-@＋－＠].*[(|!^*]", re.DOTALL)
_LINK: Final = re.compile(r'^\s*=\s*HYPERLINK\(\s*"[^"]*"\s*[,;]\s*"((?:[^"]|"")*)"\s*\)\s*$', re.IGNORECASE)
_ERRORS: Final = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA", "Err:502", "Err:508"}
)
#: Day 0 of the two calendars that workbooks count in.
_EPOCH_1900: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a cell has no time zone
_EPOCH_1904: Final = datetime(1904, 1, 1)  # noqa: DTZ001 - as above
_LAST_SERIAL: Final = 2_958_466

_QUOTED: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h|m|s)[^\]]*\]', re.IGNORECASE)
_DATE_NUMBERS: Final = frozenset({14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)})
_TIME_NUMBERS: Final = frozenset({18, 19, 20, 21, 45, 46, 47})


def shown(text: str) -> str:
    """The text without what nobody sees (control signs, marks of direction, doubled spaces); lines are kept as lines."""
    plain = _UNSEEN.sub("", _ESCAPED.sub(_sign, text))
    plain = _LINES.sub("\n", _SPACES.sub(" ", plain))
    return plain.strip()


def _sign(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run the text: it begins with =, or with + - @ and goes on to call, multiply or point somewhere.

    "+44 1234 567890", "-" and "@stmarys" are not: they stay as they are, and exports put an apostrophe before them.
    """
    return bool(_EQUALS.match(text) or _SIGN.match(text))


def label_of_link(text: str) -> str:
    """The words that =HYPERLINK("address","words") shows; empty for every other formula, and where the words are a formula again."""
    found = _LINK.match(text)
    words = shown(found[1].replace('""', '"')) if found else ""
    return "" if is_formula(words) else words


def is_error(text: str) -> bool:
    """Whether the cell shows a spreadsheet's error."""
    return text in _ERRORS


def format_kind(number: int, code: str) -> str:
    """What a number format makes of a number: date, time, percent, zeros:7 (leading zeros to seven digits), or nothing special."""
    if number in _DATE_NUMBERS:
        return "date"
    if number in _TIME_NUMBERS:
        return "time"
    if number in {9, 10}:
        return "percent"
    plain = _QUOTED.sub("", code.split(";")[0]).lower().strip()
    if not plain or plain == "general":
        return ""
    if set(plain) == {"0"} and len(plain) > 1:
        return f"zeros:{min(len(plain), 20)}"
    if plain.endswith("%"):
        return "percent"
    if re.search(r"[dy]", plain) or "mmm" in plain:
        return "date"
    return "time" if re.search(r"[hs]", plain) else ""


def number_text(value: float, kind: str = "", *, since_1904: bool = False) -> str:
    """A number as its format shows it: dates as 2025-09-01 (with the time where it is not midnight), whole numbers without a point."""
    if not math.isfinite(value):
        return ""
    if kind in {"date", "time"} and 0 <= value < _LAST_SERIAL:
        return _moment(value, kind, since_1904)
    if kind == "percent":
        return f"{value * 100:.10g}%"
    if kind.startswith("zeros:") and value >= 0 and value == int(value):
        return f"{int(value):0{int(kind[6:])}d}"
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.15g}"


def _moment(value: float, kind: str, since_1904: bool) -> str:
    """A serial as a day, a time of day, or both."""
    minutes = round(value * 1440)
    if value < 1 and (kind == "time" or minutes):
        return time(minutes // 60 % 24, minutes % 60).strftime("%H:%M")
    if not since_1904 and 1 <= value < 60:  # the calendar has a 29 February 1900 that never was
        minutes += 1440
    return moment_text((_EPOCH_1904 if since_1904 else _EPOCH_1900) + timedelta(minutes=minutes))


def moment_text(moment: datetime) -> str:
    """2025-09-01, or 2025-09-01 14:30 where it is not midnight."""
    day = moment.date().isoformat()
    return day if (moment.hour, moment.minute) == (0, 0) else f"{day} {moment.hour:02d}:{moment.minute:02d}"
