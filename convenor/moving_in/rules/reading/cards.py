"""Address cards (vCard) and calendars (ICS) as tables, so that they are recognised and shown like every other sheet."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, Final

from convenor.moving_in.rules.reading.cells import moment_text
from convenor.moving_in.rules.reading.shapes import CELL_TEXT_MOST, Budget, Grid, Sheet
from convenor.moving_in.rules.reading.workbooks import keep
from convenor.moving_in.rules.refusals import FileRefused

CARDS_MOST: Final = 5_000
EVENTS_MOST: Final = 5_000
#: A calendar's text, characters; ten years of meetings are a tenth of it.
CALENDAR_TEXT_MOST: Final = 4_000_000
_CARD: Final = re.compile(r"^BEGIN:VCARD\s*$(.*?)^END:VCARD\s*$", re.MULTILINE | re.DOTALL | re.IGNORECASE)
_BEGINS: Final = re.compile(r"^BEGIN:VCARD\s*$", re.MULTILINE | re.IGNORECASE)
#: Pictures, sounds and keys, with the lines that continue them: never looked at.
_PICTURE: Final = re.compile(
    r"^(?:item\d+\.)?(?:PHOTO|LOGO|SOUND|KEY)[;:].*(?:\n(?:[ \t].*|[A-Za-z0-9+/=]{20,}|))*\n", re.MULTILINE | re.IGNORECASE
)
_CARD_HEADER: Final = ("School", "Role", "Name", "Email", "Telephone", "Postcode", "Town", "Last updated")
_EVENT_HEADER: Final = ("Date", "Until", "What", "Where")


def read_cards(text: str, name: str) -> Sheet:
    """One line for each address of each card. Raises FileRefused for a card that cannot be read, naming which."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    cards = [found[0] for found in _CARD.finditer(plain)]
    if len(cards) != len(_BEGINS.findall(plain)):
        raise _broken_card(len(cards) + 1)
    if len(cards) > CARDS_MOST:
        raise FileRefused(
            f"The file holds more than {CARDS_MOST:,} address cards. Nothing was read. Bring it in smaller files.", "too-many-cells"
        )
    grid = Grid(name, Budget())
    _put(grid, 0, _CARD_HEADER)
    line, noted = 1, 0
    for number, card in enumerate(cards, 1):
        lean = _PICTURE.sub("", card)
        if len(lean) > CELL_TEXT_MOST:
            raise _broken_card(number)
        read = _card(lean, number)
        noted += bool(_first(read, "note"))
        for cells in _card_lines(read):
            _put(grid, line, cells)
            line += 1
    if noted:
        grid.notes.append(f"{noted} {'card carries' if noted == 1 else 'cards carry'} a note; notes of address cards are not brought in.")
    return grid.sheet()


def _broken_card(number: int) -> FileRefused:
    return FileRefused(
        f"Address card {number} of the file cannot be read. Nothing was read. Export the cards again as vCard 3.0 or 4.0, or bring a "
        f"spreadsheet.",
        "damaged",
    )


def _card(text: str, number: int) -> Any:
    import vobject

    try:
        return vobject.readOne(text, allowQP=True)
    except Exception as reason:  # the library raises what its parts raise
        raise _broken_card(number) from reason


def _all(card: Any, key: str) -> list[Any]:
    """The values of every line of a kind, those that hold something."""
    return [line.value for line in card.contents.get(key, []) if getattr(line, "value", None)]


def _first(card: Any, key: str) -> str:
    """The first value of a kind as text; a list's parts are joined by commas."""
    value = next(iter(_all(card, key)), "")
    return ", ".join(str(each) for each in value if each) if isinstance(value, list | tuple) else str(value)


def _card_lines(card: Any) -> list[tuple[str, ...]]:
    """One line for each address; one without an address for a card that has none."""
    name = _first(card, "fn") or _name(card)
    where = next(iter(_all(card, "adr")), None)
    code, town = (_plain(getattr(where, "code", "")), _plain(getattr(where, "city", ""))) if where is not None else ("", "")
    role = _first(card, "title") or _first(card, "role")
    addresses = [str(each) for each in _all(card, "email")] or [""]
    phone, updated = _first(card, "tel").removeprefix("tel:"), _first(card, "rev")[:10]
    return [(_first(card, "org"), role, name, address, phone, code, town, updated) for address in dict.fromkeys(addresses)]


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")


def _name(card: Any) -> str:
    """A name in its parts, where the card does not say how it is written."""
    parts = next(iter(_all(card, "n")), None)
    return " ".join(filter(None, (_plain(getattr(parts, each, "")) for each in ("given", "family")))) if parts is not None else ""


def _put(grid: Grid, line: int, cells: tuple[str, ...]) -> None:
    for column, cell in enumerate(cells):
        if cell:
            keep(grid, line, column, cell)


def read_calendar(text: str, name: str) -> Sheet:
    """One line for each meeting, those that repeat once. Raises FileRefused for a calendar that cannot be read."""
    if len(text) > CALENDAR_TEXT_MOST or text.upper().count("BEGIN:VEVENT") > EVENTS_MOST:
        raise FileRefused(f"The calendar holds more than {EVENTS_MOST:,} meetings. Nothing was read. Export fewer years.", "too-many-cells")
    begun, ended = (len(re.findall(rf"^{word}:", text, re.MULTILINE | re.IGNORECASE)) for word in ("BEGIN", "END"))
    if begun != ended or not text.rstrip().upper().endswith("END:VCALENDAR"):  # the library reads what is cut short as if it were whole
        raise _broken_calendar()
    grid = Grid(name, Budget())
    _put(grid, 0, _EVENT_HEADER)
    repeating = 0
    for line, (cells, repeats) in enumerate(_events(text), 1):
        repeating += repeats
        _put(grid, line, cells)
    if repeating:
        grid.notes.append(f"{repeating} {'meeting repeats' if repeating == 1 else 'meetings repeat'}; only the first day of each is shown.")
    return grid.sheet()


def _events(text: str) -> list[tuple[tuple[str, ...], bool]]:
    """Each meeting's cells, and whether it repeats."""
    from icalendar import Calendar

    try:
        events = [event for calendar in Calendar.from_ical(text, multiple=True) for event in calendar.walk("VEVENT")]
        return [
            (
                (_moment(each.get("DTSTART")), _moment(each.get("DTEND")), str(each.get("SUMMARY", "")), str(each.get("LOCATION", ""))),
                "RRULE" in each,
            )
            for each in events
        ]
    except Exception as reason:  # the library raises what its parts raise
        raise _broken_calendar() from reason


def _broken_calendar() -> FileRefused:
    return FileRefused("The calendar cannot be read. Nothing was read. Export it again as ICS, or bring a spreadsheet.", "damaged")


def _moment(line: Any) -> str:
    """The day, and the time where there is one; empty for a line that holds neither."""
    value = getattr(line, "dt", None)
    if isinstance(value, datetime):
        return moment_text(value)
    return value.isoformat() if isinstance(value, date) else ""
