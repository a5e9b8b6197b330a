"""What somebody might do now: at most three things, each with the minutes it takes. Pure.

Minutes are estimated, not guessed: by the keystroke-level model of Card, Moran and Newell ("The keystroke-level model for user
performance time with interactive systems", Communications of the ACM 23(7), 1980, doi:10.1145/358886.358895), with their
figures for an average typist, and reading at 200 words a minute, slower than most adults read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum

#: Seconds of one keystroke, of pointing at something and pressing it, of moving a hand to the mouse, of thinking before a step.
KEYSTROKE, POINTING, HOMING, THINKING = 0.28, 1.1, 0.4, 1.35
WORDS_READ_A_MINUTE = 200

#: No more things than these are put before anyone at once.
MOST = 3

#: A term is spoken of this long before it ends.
SOON = timedelta(days=183)

#: New published figures are worth a look for this long after they are loaded.
FRESH = timedelta(days=42)


@dataclass(frozen=True)
class Work:
    """What a task asks of a person: words to read, letters to type, things to press, choices to weigh, seconds of thought apart."""

    words: int = 0
    letters: int = 0
    presses: int = 1
    choices: int = 1
    thought_seconds: int = 0

    @property
    def minutes(self) -> int:
        """Whole minutes, rounded up: a promise of two minutes is kept in two. At least one."""
        seconds = self.words / WORDS_READ_A_MINUTE * 60 + self.letters * KEYSTROKE + self.presses * (POINTING + HOMING)
        return max(1, math.ceil((seconds + self.choices * THINKING + self.thought_seconds) / 60))


HAND_OVER = Work(words=120, letters=600, presses=3, choices=4, thought_seconds=60)
SUCCESSOR = Work(words=60, letters=20, presses=3, choices=1, thought_seconds=20)
NOMINATE = Work(words=200, letters=160, presses=4, choices=3, thought_seconds=30)
FACTS = Work(words=260, presses=2, choices=2, thought_seconds=20)
JOIN = Work(words=220, presses=2, choices=1, thought_seconds=30)
DECIDE = Work(words=260, letters=80, presses=5, choices=4, thought_seconds=60)
FILL = Work(words=120, letters=60, presses=5, choices=3, thought_seconds=30)


class Weight(IntEnum):
    """What comes first among things of one date; the lower the earlier."""

    OVERDUE = 0
    DATED = 1
    OPEN = 2
    WORTH = 3


@dataclass(frozen=True)
class Door:
    """A way to do the thing; the `main` one is a button."""

    label: str
    href: str
    main: bool = False


@dataclass(frozen=True)
class Thing:
    """One thing to do: what, why, in how many minutes, by when, and the doors to it. `key` tells it from others."""

    key: str
    title: str
    why: str
    minutes: int
    links: tuple[Door, ...]
    weight: Weight
    by_on: date | None = None
    #: Whether somebody else of the school may do it as well.
    delegable: bool = False


@dataclass(frozen=True)
class Todo:
    """What is put before somebody: at most three things; how many more can wait; the minutes of those shown."""

    things: tuple[Thing, ...]
    waiting: int

    @property
    def minutes(self) -> int:
        """Of everything shown."""
        return sum(thing.minutes for thing in self.things)

    @property
    def lede(self) -> str:
        """ "Three things, about nine minutes." """
        count = len(self.things)
        if not count:
            return "Nothing needs you today."
        things = "One thing" if count == 1 else f"{NUMBERS[count]} things"
        minutes = "a minute" if self.minutes == 1 else f"{NUMBERS.get(self.minutes, str(self.minutes)).lower()} minutes"
        more = (
            f" {'One more' if self.waiting == 1 else f'{NUMBERS.get(self.waiting, str(self.waiting))} more'} can wait."
            if self.waiting
            else ""
        )
        return f"{things}, about {minutes}.{more}"


NUMBERS = dict(enumerate(("None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")))


def with_door(thing: Thing, door: Door) -> Thing:
    """The same thing with one more way to do it, after the others."""
    return replace(thing, links=(*thing.links, door))


def choose(things: Iterable[Thing]) -> Todo:
    """The first three: overdue, then by date, then what is open, then what is worth a look. The order never depends on chance."""
    ranked = sorted(things, key=lambda thing: (thing.weight, thing.by_on or date.max, thing.minutes, thing.key))
    return Todo(tuple(ranked[:MOST]), max(0, len(ranked) - MOST))


def term_things(
    *, title: str, body: str, ends_on: date, handed_over: bool, successor: bool, href: str, successor_href: str, key: str
) -> list[Thing]:
    """What a holder whose term ends might do: write the hand-over, say who could follow."""
    found = []
    if not handed_over:
        found.append(
            Thing(
                f"hand-over-{key}", f"Write your hand-over as {title}",
                f"Your term on the {body} ends on {said(ends_on)}. What should the next holder know?",
                HAND_OVER.minutes, (Door("Write the hand-over", href, main=True),), Weight.DATED, ends_on,
            )
        )  # fmt: skip
    if not successor:
        found.append(
            Thing(
                f"successor-{key}", f"Say who could follow you as {title}",
                f"Nobody is named yet to follow you on the {body} after {said(ends_on)}.",
                SUCCESSOR.minutes, (Door("Name somebody", successor_href, main=True),), Weight.DATED, ends_on,
            )
        )  # fmt: skip
    return found


def call_thing(*, title: str, body: str, closes_on: date, mine: bool, href: str, key: str) -> Thing | None:
    """A seat that is open to somebody; None once they have put a name forward."""
    if mine:
        return None
    return Thing(
        f"call-{key}", f"A seat is open: {title}", f"{body}. Names can be put forward until {said(closes_on)}, your own among them.",
        NOMINATE.minutes, (Door("Put a name forward", href, main=True),), Weight.OPEN, closes_on, True,
    )  # fmt: skip


def facts_thing(*, edition: str, loaded_on: date, today: date, href: str, delegable: bool = True) -> Thing | None:
    """New published figures about a school, for six weeks after they are loaded; None when there are none so new."""
    if not edition or today - loaded_on > FRESH:
        return None
    return Thing(
        "facts", "See what is newly published about your school", f"{edition}. If something is wrong, the page says where it is put right.",
        FACTS.minutes, (Door("See the page", href, main=True),), Weight.WORTH, None, delegable,
    )  # fmt: skip


def join_thing(*, name: str, partnership: str, href: str) -> Thing:
    """A school of the area that is not a member."""
    return Thing(
        "join",
        f"Say whether {name} joins {partnership}",
        "Open to every school of every type, and equal; a school can leave again. See who is in it, then tell the partnership manager.",
        JOIN.minutes,
        (Door("See who is in it", href, main=True),),
        Weight.OPEN,
    )


def decide_thing(*, title: str, body: str, closed_on: date, names: int, href: str, key: str) -> Thing:
    """For the manager: a call that has closed and waits for its outcome."""
    count = "no name was" if names == 0 else "one name was" if names == 1 else f"{names} names were"
    return Thing(
        f"decide-{key}", f"Record the outcome: {title}", f"{body}. The call closed on {said(closed_on)}; {count} put forward.",
        DECIDE.minutes, (Door("Record the outcome", href, main=True),), Weight.OVERDUE, closed_on,
    )  # fmt: skip


def fill_thing(*, title: str, body: str, empty: int, href: str, key: str) -> Thing:
    """For the manager: an empty seat without a call."""
    seats = "A seat is" if empty == 1 else f"{empty} seats are"
    return Thing(
        f"fill-{key}", f"Call for names: {title}", f"{seats} empty on the {body}, and no call is open.",
        FILL.minutes, (Door("Open a call", href, main=True),), Weight.OPEN,
    )  # fmt: skip


MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def said(day: date) -> str:
    """21 November 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


@dataclass(frozen=True)
class Entry:
    """One mark in the year's wheel."""

    on: date
    label: str
    href: str = ""


def gathered(dated: Iterable[tuple[date, str]], many: str, href: str) -> list[Entry]:
    """One entry for each day: what happens then, or, where more than two things do, how many ("22 terms end")."""
    by_day: dict[date, list[str]] = {}
    for on, label in dated:
        by_day.setdefault(on, []).append(label)
    found = []
    for on, labels in by_day.items():
        found += [Entry(on, label, href) for label in labels] if len(labels) <= 2 else [Entry(on, f"{len(labels)} {many}", href)]
    return found


def year_wheel(entries: Iterable[Entry], today: date) -> list[dict[str, object]]:
    """The school year of `today` as twelve months, September first, each with what falls in it in order of date."""
    first = today.year if today.month >= 9 else today.year - 1
    ordered = sorted(entries, key=lambda entry: (entry.on, entry.label))
    months: list[dict[str, object]] = []
    for n in range(12):
        year, month = (first, 9 + n) if n < 4 else (first + 1, n - 3)
        inside = [
            {"label": f"{entry.on.day}: {entry.label}", "href": entry.href}
            for entry in ordered
            if (entry.on.year, entry.on.month) == (year, month)
        ]
        months.append(
            {
                "name": MONTHS[month - 1],
                "now": (year, month) == (today.year, today.month),
                "past": (year, month) < (today.year, today.month),
                "entries": inside,
            }
        )
    return months
