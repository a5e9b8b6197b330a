"""Peer review in a demonstration: terms, a register of reviewers, and three rounds, each led to where it stands by the real actions.

What a review says stands on invented schools alone, in the names of invented people, on days before the building, so that whoever
signs in finds something to answer, to host, to review, to match and to read.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from django.conf import settings
from django.db import transaction

from convenor.england.phases import PRIMARY
from convenor.england.school_years import SchoolYear, easter_sunday, school_year_of
from convenor.england.working_days import LAST_DAY
from convenor.partnership.actions import set_terms
from convenor.partnership.gate import ANYONE, day_of
from convenor.partnership.queries.demonstration import demonstration_people
from convenor.partnership.roles import Manager, Officer
from convenor.partnership.rules.terms import USUAL_NAMES, Closed, Stretch
from convenor.peer_review.queries.rounds import rounds
from convenor.peer_review.rules.rounds import Candidate
from convenor.post.actions import deliver_waiting
from convenor.web.demonstration.areas import Area
from convenor.web.demonstration.reviews_people import BY, DAY, Telling, fill_register, telling
from convenor.web.demonstration.reviews_rounds import OPEN, opened, past, present

STAFF_DAY: Final = "a day for staff, invented for this demonstration"
#: An alliance with fewer primary schools than this has no round of its own: the whole partnership has it.
SCHOOLS_AT_LEAST: Final = 30


def begin(area: Area, slug: str, at: datetime, say: Callable[[str], None]) -> None:
    """Everything of peer review that a demonstration shows; what is there already is left."""
    people = {one.role: one.person_id for one in demonstration_people(viewer=ANYONE, on=day_of(at)) if one.slug == slug}
    tell = telling(slug, at, people[Manager.key])
    if rounds(viewer=tell.manager, at=at):
        return
    if at.date() + timedelta(days=-OPEN[-1]) > LAST_DAY:
        say(f"No rounds of peer review: bank holidays are known until {LAST_DAY.year}.")
        return
    leaves, settings.POST_LEAVES = settings.POST_LEAVES, "worker"  # invented letters of the past leave together, at the end
    try:
        with transaction.atomic():
            enter_terms(tell)
            _tell(area, tell, people[Officer.key])
    finally:
        settings.POST_LEAVES = leaves
    if leaves == "now":
        deliver_waiting(by=BY, at=at, limit=5000)


def _tell(area: Area, tell: Telling, reader: int) -> None:
    """The register and the rounds: of two alliances where there are any, then of everybody."""
    chance = Random(f"rounds {area.key}")
    primaries = [each for each in tell.schools if each.phase == PRIMARY and each.urn in tell.heads]
    fill_register(area, tell, [each.urn for each in primaries])
    first = min(each.urn for each in primaries)
    by_alliance: dict[str, list[str]] = {}
    for each in primaries:
        by_alliance.setdefault(_alliance(each), []).append(each.urn)
    own = next(_alliance(each) for each in primaries if each.urn == first)
    large = sorted(key for key, urns in by_alliance.items() if key and len(urns) >= SCHOOLS_AT_LEAST)
    everybody = [each.urn for each in primaries]
    other = next((key for key in large if key != own), "")
    past(tell, other, by_alliance[other] if other else everybody, chance)
    mine = own if own in large else ""
    present(tell, mine, by_alliance[mine] if mine else everybody, first, reader, chance)
    opened(tell, chance)


def _alliance(school: Candidate) -> str:
    """The alliance above a school's cluster, "" where there is none."""
    return next((alliance for _, alliance in school.clusters if alliance), "")


def enter_terms(tell: Telling) -> None:
    """Terms of last year, two years ago, this year and next, plainly invented, with a day for staff in each."""
    this = school_year_of(tell.at.date()).start_year
    for start in (this - 2, this - 1, this, this + 1):
        halves = usual_terms(start)
        off = [Closed(halves[index].from_on, STAFF_DAY) for index in (0, 2)]
        set_terms(slug=tell.slug, year=SchoolYear(start), stretches=halves, closed=off, by=tell.manager, at=tell.ago(1000))
    tell.__dict__.pop("calendar", None)


def usual_terms(start: int) -> list[Stretch]:
    """Six half-terms as many areas have them: a week off in late October, mid-February and late May, a fortnight at Easter."""
    easter = easter_sunday(start + 1)
    christmas, october = _monday(date(start, 12, 21)), _monday(date(start, 10, 26))
    january, february = _monday(date(start + 1, 1, 4)), _monday(date(start + 1, 2, 15))
    spring_ends = _monday(easter - timedelta(days=9))  # schools are closed for the week before Easter and the one after
    summer, may = spring_ends + timedelta(weeks=2), _monday(date(start + 1, 5, 28))
    bounds = (
        (date(start, 9, 2), october), (october + timedelta(weeks=1), christmas), (january, february),
        (february + timedelta(weeks=1), spring_ends), (summer, may), (may + timedelta(weeks=1), date(start + 1, 7, 22)),
    )  # fmt: skip
    return [Stretch(first, until, name) for (first, until), name in zip(bounds, USUAL_NAMES, strict=True)]


def _monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - DAY * day.weekday()
