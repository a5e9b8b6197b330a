"""Workshops in a demonstration: one a year ago, one lately that follows it, one by post that is open, one that is planned.

Everything comes in as a room sends it: by the join code, from phones that hold nothing but a secret of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

from django.db import transaction

from convenor.conditions.actions import entries, foresight, workshops
from convenor.conditions.queries.workshops import workshops as there_are
from convenor.conditions.rules.agendas import agenda
from convenor.conditions.rules.cards import NINE_CONDITIONS
from convenor.conditions.rules.diamonds import SHAPE
from convenor.conditions.rules.phone import Item, Sent
from convenor.conditions.rules.planning import Plan
from convenor.partnership.gate import ANYONE, day_of
from convenor.partnership.queries.demonstration import demonstration_people
from convenor.partnership.roles import Manager
from convenor.web.demonstration.areas import Area
from convenor.web.demonstration.reviews_people import Telling, telling
from convenor.web.demonstration.workshop_words import FORESEEN, FORESEES, LAST_YEAR, LINES, OFFICERS, ON_CARDS, THIS_YEAR

#: Days before the building on which each was held, and after it on which the next is planned.
FIRST, SECOND, POST, NEXT = 410, 24, 6, 30
KEYS: Final = tuple(card.key for card in NINE_CONDITIONS)
ROLES: Final = ("head", "head", "head", "school-leader", "officer", "head", "governor", "officer")
PHASES: Final = ("primary", "primary", "secondary", "primary", "", "special", "primary", "")


@dataclass
class Room:
    """A workshop that is open, its phones, and the chance by which they place."""

    tell: Telling
    row: Any
    at: datetime
    chance: Random
    number: int = 0

    def phone(self, about: dict[str, Any], sends: Sequence[tuple[Sent, dict[str, Any]]]) -> None:
        """One phone joins and sends."""
        self.number += 1
        secret = f"demonstration-phone-{self.row.pk:06d}-{self.number:06d}"
        items = [(Sent.ABOUT, about), *sends]
        entries.take_from_phone(
            code=self.row.join_code, secret=secret, at=self.at, may_join=True,
            items=[Item(f"item-{self.row.pk}-{self.number}-{n}", n, kind, holds) for n, (kind, holds) in enumerate(items, 1)],
        )  # fmt: skip

    def diamond(self, strengths: Sequence[float], spread: float) -> dict[str, int]:
        """Nine cards placed by strength, as somebody not quite like the others sees it."""
        seen = sorted(KEYS, key=lambda key: -(strengths[KEYS.index(key)] + self.chance.gauss(0, spread)))
        places = [row for row, many in enumerate(SHAPE, 1) for _ in range(many)]
        return dict(zip(seen, places, strict=True))


def begin(area: Area, slug: str, at: datetime) -> None:
    """Every workshop that a demonstration shows; what is there already is left."""
    people = {one.role: one.person_id for one in demonstration_people(viewer=ANYONE, on=day_of(at)) if one.slug == slug}
    tell = telling(slug, at, people[Manager.key])
    if there_are(slug, viewer=tell.manager):
        return
    chance = Random(f"workshops {area.key}")
    with transaction.atomic():
        first = _held(tell, chance, FIRST, "What our heads say about the nine conditions", LAST_YEAR, tables=7, phones=26)
        _foresaw(tell, first, chance)
        second = _held(tell, chance, SECOND, "The nine conditions, a year on", THIS_YEAR, tables=9, phones=34, follows=first.pk)
        _foresees(tell, second, chance)
        _by_post(tell, chance)
        _plan(tell, "Workshop with the secondary heads", at + timedelta(days=NEXT), tell.ago(2))


def _plan(tell: Telling, title: str, held: datetime, at: datetime, kind: str = "south-east-2019", **more: Any) -> Any:
    """A workshop that the manager plans on a day."""
    plan = Plan(title, agenda(kind), NINE_CONDITIONS, held.date(), **more)
    return workshops.plan_workshop(slug=tell.slug, plan=plan, by=tell.manager, at=at)


def _held(
    tell: Telling, chance: Random, days: int, title: str, strengths: Sequence[float], *, tables: int, phones: int,
    follows: int | None = None,
) -> Any:  # fmt: skip
    """A workshop held in a room so many days before the building: opened, gone through, shown and closed."""
    at = tell.ago(days)
    row = _plan(tell, title, at, tell.ago(days + 14), follows=follows)
    known: dict[str, Any] = {"slug": tell.slug, "pk": row.pk, "by": tell.manager, "at": at}
    workshops.open_workshop(**known)
    workshops.go_to_step(step="diamond", **known)
    row.refresh_from_db()
    room = Room(tell, row, at, chance)
    for number in range(tables):
        about = {"way": "table", "group_size": 5 + number % 3, "label": f"Table {number + 1}", "tier": ("cluster", "alliance")[number % 2]}
        room.phone(about, [(Sent.DIAMOND, _placed(room, strengths, 0.55, number)), *_lines(number)])
    for number in range(phones):
        role = ROLES[number % len(ROLES)]
        shifted = [one + more for one, more in zip(strengths, OFFICERS, strict=True)] if role == "officer" else strengths
        about = {"way": "alone", "role": role, "phase": PHASES[number % len(PHASES)]}
        room.phone(about, [(Sent.DIAMOND, _placed(room, shifted, 0.9, number))])
    for step in ("diamond", "levels", "factors"):
        workshops.show(step=step, **known)
    return row


def _placed(room: Room, strengths: Sequence[float], spread: float, number: int) -> dict[str, Any]:
    """A diamond, and now and then words on a card."""
    said = {key: words[number // 4 % len(words)] for key, words in ON_CARDS.items() if number % 4 == 0 and number // 4 < len(words)}
    return {"rows": room.diamond(strengths, spread), "comments": said}


def _lines(number: int) -> list[tuple[Sent, dict[str, Any]]]:
    """What a table writes on the canvases: a line for each prompt, until there are no more."""
    return [
        (Sent.NOTE, {"step": step, "prompt": prompt, "words": words[number]})
        for (step, prompt), words in LINES.items()
        if number < len(words)
    ]


def _thought(made: Any, row: Any, percent: int, chance: Random, at: datetime) -> None:
    """How likely those in the room thought it, each somewhat otherwise."""
    for who in row.participants.order_by("pk")[:12]:
        guess = round(min(100, max(0, percent + chance.gauss(0, 15))) / 5) * 5
        foresight.give_likelihood(prediction_id=made.pk, percent=guess, participant_id=who.pk, at=at)


def _close(tell: Telling, row: Any, at: datetime) -> None:
    workshops.close_workshop(slug=tell.slug, pk=row.pk, by=tell.manager, at=at + timedelta(hours=2))


def _foresaw(tell: Telling, row: Any, chance: Random) -> None:
    """What last year's room foresaw, all of it settled since."""
    at = tell.ago(FIRST)
    for words, told_by, days, percent, outcome, why in FORESEEN:
        made = _foreseen(tell, row, words, told_by, at.date() + timedelta(days=days), at)
        _thought(made, row, percent, chance, at)
        made.refresh_from_db()
        foresight.settle(
            slug=tell.slug, prediction_id=made.pk, outcome=outcome, why=why, version=made.version, by=tell.manager,
            at=at + timedelta(days=days + 3),
        )  # fmt: skip
    _close(tell, row, at)


def _foresees(tell: Telling, row: Any, chance: Random) -> None:
    """What this year's room foresees."""
    at = tell.ago(SECOND)
    for words, told_by, days, percent in FORESEES:
        made = _foreseen(tell, row, words, told_by, at.date() + timedelta(days=days), at)
        _thought(made, row, percent, chance, at)
    _close(tell, row, at)


def _foreseen(tell: Telling, row: Any, words: str, told_by: str, due_on: date, at: datetime) -> Any:
    return foresight.add_prediction(
        slug=tell.slug, words=words, about="", due_on=due_on, told_by=told_by, by="the room", at=at, workshop=row
    )  # fmt: skip


def _by_post(tell: Telling, chance: Random) -> None:
    """A diamond by post among the heads who could not come: open, with four answers, which is too few to be told."""
    at = tell.ago(POST)
    row = _plan(tell, "For those who could not come", at, at, "by-post", closes_on=(tell.at + timedelta(days=12)).date())
    workshops.open_workshop(slug=tell.slug, pk=row.pk, by=tell.manager, at=at)
    row.refresh_from_db()
    room = Room(tell, row, tell.ago(3), chance)
    for number in range(4):
        room.phone({"way": "alone", "role": "head", "phase": "primary"}, [(Sent.DIAMOND, _placed(room, THIS_YEAR, 0.9, number))])
