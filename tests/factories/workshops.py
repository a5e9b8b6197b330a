"""A workshop in Fernshire at any point: planned, open at a step or closed, with phones, tables, sheets of paper and what they sent.

The rows are written directly, so that a test of one part depends on no other. `workshop(here)` is open at the diamond, led by the manager;
`phone(row)` gives a participant and the secret its phone holds; `room(here)` is a workshop with personal entries and tables in it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from convenor.conditions.models import CanvasNote, CardPick, DiamondNine, Participant, Workshop
from convenor.conditions.rules.agendas import agenda, for_cards
from convenor.conditions.rules.cards import NINE_CONDITIONS, Card, as_dicts
from convenor.conditions.rules.joining import CODE_LENGTH, SIGNS, digest_of
from tests.factories.partnership import AT, ON, SLUG, World, world

__all__ = [
    "AT", "KEYS", "ON", "SECRETS", "SLUG", "UPSIDE_DOWN", "USUAL", "World", "code", "diamond", "later", "note", "paper", "phone",
    "pick", "room", "rows", "table", "twelve_cards", "workshop", "world",
]  # fmt: skip

#: Keys of the nine conditions in the source's order.
KEYS = tuple(card.key for card in NINE_CONDITIONS)
#: The row of each condition in the source's order: vision on top, structures at the bottom; and the same upside down.
USUAL = "122333445"
UPSIDE_DOWN = "544333221"
#: What one phone or table wrote, by what it is: a leak test looks for each.
SECRETS = {
    "comment": "Trust is thin since the merger of the two infant schools.",
    "note": "Our cluster works because the heads walk to each other’s schools.",
    "hidden": "A line that the facilitator took off the wall.",
    "label": "The table by the window",
}
_number = count(1)


def code(number: int | None = None) -> str:
    """A join code; a different one each time, or always the same for a number."""
    left, found = next(_number) + 10_000 if number is None else number, ""
    for _ in range(CODE_LENGTH):
        left, sign = divmod(left, len(SIGNS))
        found = SIGNS[sign] + found
    return found


def rows(digits: str = USUAL, keys: tuple[str, ...] = KEYS) -> dict[str, int]:
    """The rows of nine cards from nine digits, in the order of the keys."""
    return dict(zip(keys, map(int, digits), strict=True))


def twelve_cards(number: int = 12) -> list[dict[str, str]]:
    """The nine conditions and up to three more."""
    more = [Card(f"more-{each}", f"Another {each}", f"Another condition, number {each}", "Fernshire") for each in range(1, number - 8)]
    return as_dicts((*NINE_CONDITIONS, *more))


def workshop(
    here: World, *, state: str = "open", kind: str = "south-east-2019", step: str = "diamond", facilitator: str = "manager",
    cards: list[dict[str, str]] | None = None, **more: Any,
) -> Workshop:  # fmt: skip
    """A workshop: `state` is planned, open or closed; open, it is at `step`. With more than nine cards none are chosen yet."""
    kept = cards if cards is not None else as_dicts(NINE_CONDITIONS)
    nine = len(kept) == 9
    given: dict[str, Any] = {
        "title": "Our nine conditions", "held_on": ON, "join_code": code(), "facilitator": here.people[facilitator],
        "agenda": for_cards(agenda(kind), len(kept)).as_dict(), "cards": kept, "chosen": [each["key"] for each in kept] if nine else [],
        "state": state, "step": step if state == "open" else "", "planned_at": AT - timedelta(days=14),
        "opened_at": None if state == "planned" else AT, "closed_at": AT + timedelta(hours=2) if state == "closed" else None,
        "step_since": AT if state == "open" else None, "closes_on": ON + timedelta(days=14) if kind == "by-post" else None,
    }  # fmt: skip
    return Workshop.objects.create(partnership=here.partnership, **given | more)


def phone(row: Workshop, **more: Any) -> tuple[Participant, str]:
    """A phone that joined, alone and without a group told, and the secret it holds."""
    secret = f"secret-of-phone-{next(_number)}"
    given: dict[str, Any] = {"came": "phone", "way": "alone", "group_size": 1, "joined_at": AT, "secret": digest_of(secret)}
    return Participant.objects.create(workshop=row, **given | more), secret


def table(row: Workshop, size: int = 6, **more: Any) -> Participant:
    """A table of people round one phone."""
    return phone(row, **{"way": "table", "group_size": size} | more)[0]


def paper(row: Workshop, size: int = 4, **more: Any) -> Participant:
    """A sheet of paper from a table, typed in by the facilitator."""
    given: dict[str, Any] = {"came": "paper", "way": "table", "group_size": size, "joined_at": AT, "entered_by": "Mara Hollis"}
    return Participant.objects.create(workshop=row, **given | more)


def diamond(who: Participant, digits: str = USUAL, *, comments: dict[str, str] | None = None, keys: tuple[str, ...] = KEYS) -> DiamondNine:
    """The diamond of a participant."""
    return DiamondNine.objects.create(participant=who, rows=rows(digits, keys), comments=comments or {}, sent_at=AT)


def note(who: Participant, words: str = SECRETS["note"], *, step: str = "levels", prompt: str = "clusters", **more: Any) -> CanvasNote:
    """A line on a canvas; `hidden_on` takes it off the wall."""
    given: dict[str, Any] = {"client_key": f"note-{next(_number)}", "sent_at": AT}
    return CanvasNote.objects.create(participant=who, step=step, prompt=prompt, words=words, **given | more)


def pick(who: Participant, keys: tuple[str, ...] = KEYS) -> CardPick:
    """Which nine of more cards somebody would place."""
    return CardPick.objects.create(participant=who, cards=list(keys), sent_at=AT)


def room(here: World, *, personal: int = 6, tables: int = 2, **more: Any) -> Workshop:
    """A workshop with so many personal entries and tables; the first personal one left a comment. Heads and officers take turns."""
    row = workshop(here, **more)
    for number in range(personal):
        who, _ = phone(row, role="head" if number % 2 == 0 else "officer")
        diamond(who, USUAL if number % 3 else UPSIDE_DOWN, comments={"trust": SECRETS["comment"]} if number == 0 else None)
    for number in range(tables):
        diamond(table(row, label=SECRETS["label"] if number == 0 else f"Table {number + 1}"), USUAL)
    return row


def later(days: int) -> tuple[datetime, date]:
    """An instant and its day, so many days after the workshop."""
    return datetime(2026, 11, 2, 9, 0, tzinfo=UTC) + timedelta(days=days), ON + timedelta(days=days)
