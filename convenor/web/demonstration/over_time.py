"""The nine conditions over time in a demonstration: what members said a year ago and are asked again, and the two readings so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from convenor.conditions.actions import assessments, diagnosis
from convenor.conditions.queries.assessments import over_time
from convenor.conditions.rules.cards import NINE_CONDITIONS
from convenor.conditions.rules.diagnosis import framework
from convenor.partnership.gate import ANYONE, day_of
from convenor.partnership.queries.demonstration import demonstration_people
from convenor.partnership.roles import BoardMember, Head, Manager, Officer
from convenor.post.actions import deliver_waiting
from convenor.web.demonstration.areas import Area
from convenor.web.demonstration.reviews_people import BY, Telling, telling
from convenor.web.demonstration.workshop_words import LAST_YEAR, THIS_YEAR

#: Days before the building on which members were asked, and on which that ended; and on which they were asked again.
FIRST, ENDED, AGAIN = 390, 370, 4
#: How many members answered then, and so far; how many heads read the system.
THEN, SO_FAR, READINGS = 34, 11, 8
WHY: Final = {"capacity": "No cover for whoever goes out.", "contributions": "Nobody has said what the second year costs."}


def begin(area: Area, slug: str, at: Any) -> None:
    """Everything of the conditions over time; what is there already is left."""
    people = {one.role: one.person_id for one in demonstration_people(viewer=ANYONE, on=day_of(at)) if one.slug == slug}
    tell = telling(slug, at, people[Manager.key])
    found = over_time(slug, viewer=tell.manager, at=at)
    if found is None or found.years or found.open:
        return
    chance = Random(f"over time {area.key}")
    leaves, settings.POST_LEAVES = settings.POST_LEAVES, "worker"  # invented letters of the past leave together, at the end
    try:
        with transaction.atomic():
            _asked(tell, chance)
            _readings(tell, chance)
    finally:
        settings.POST_LEAVES = leaves
    if leaves == "now":
        deliver_waiting(by=BY, at=at, limit=5000)


def _members(tell: Telling, chance: Random, many: int) -> list[int]:
    """Some who answer: heads, officers and those who sit on the board; never the head whom anybody may sign in as."""
    roles = (Head.key, Officer.key, BoardMember.key)
    others = sorted({each.person_id for each in tell.posts if each.role in roles} - {tell.heads[min(tell.heads)]})
    return chance.sample(others, min(many, len(others)))


def _asked(tell: Telling, chance: Random) -> None:
    """A year ago, ended; and now, open."""
    first = assessments.open_assessment(
        slug=tell.slug, title="The nine conditions, autumn 2025", closes_on=tell.ago(ENDED).date(), by=tell.manager, at=tell.ago(FIRST)
    )
    _answered(tell, chance, first.pk, LAST_YEAR, THEN, FIRST - 4)
    assessments.close_assessment(slug=tell.slug, assessment_id=first.pk, version=first.version, by=tell.manager, at=tell.ago(ENDED))
    now = assessments.open_assessment(
        slug=tell.slug, title="The nine conditions, a year on", closes_on=tell.at.date() + timedelta(days=17), by=tell.manager,
        at=tell.ago(AGAIN),
    )  # fmt: skip
    _answered(tell, chance, now.pk, THIS_YEAR, SO_FAR, AGAIN - 2)


def _answered(tell: Telling, chance: Random, pk: int, strengths: Sequence[float], many: int, days: int) -> None:
    """So many members say how each condition stands, 1 to 4; one in eight cannot say."""
    for number, person in enumerate(_members(tell, chance, many)):
        levels: dict[str, int | None] = {
            card.key: None if chance.random() < 0.12 else min(4, max(1, round(2.3 + strength * 0.8 + chance.gauss(0, 0.6))))
            for card, strength in zip(NINE_CONDITIONS, strengths, strict=True)
        }
        assessments.answer(
            slug=tell.slug, assessment_id=pk, levels=levels, words=WHY if number % 9 == 0 else {}, in_groups=number % 3 > 0, version=0,
            by=tell.who(person), at=tell.ago(days),
        )  # fmt: skip


def _readings(tell: Telling, chance: Random) -> None:
    """How heads, and whichever officers there are, read the system this year."""
    heads = [tell.heads[urn] for urn in sorted(tell.heads)[1 : READINGS + 1]]
    officers = sorted({each.person_id for each in tell.posts if each.role == Officer.key})
    for person in [*heads, *officers[:6]]:
        answers = {each.key: chance.choice([option.key for option in each.options]) for each in framework().questions}
        diagnosis.send_reading(slug=tell.slug, answers=answers, version=0, by=tell.who(person), at=tell.ago(2))
