"""Support in a demonstration: a directory, what schools offer and want, requests, and packages at every point of their way.

It comes after peer review. Everything stands on invented schools alone, is said by invented people, and is led there by the real actions on
days before the building, so that whoever signs in finds something to ask, to match, to agree, to visit, to mark and to read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Final

from django.conf import settings
from django.db import transaction

from convenor.england.phases import PRIMARY
from convenor.england.working_days import LAST_DAY
from convenor.governance.queries import priorities
from convenor.partnership.gate import ANYONE, Viewer, day_of
from convenor.partnership.queries.demonstration import demonstration_people
from convenor.partnership.roles import Manager
from convenor.post.actions import deliver_waiting
from convenor.support.actions import concerns, contact, mentors, needs, package_beside, packages, rings, tasks
from convenor.support.queries.directory import offers
from convenor.support.queries.mentors import mentors as waiting_for_mentors
from convenor.support.rules.states import Accuracy, ContactKind, OtherKind, Payer, Progress, ReviewDecision
from convenor.web.demonstration.areas import Area
from convenor.web.demonstration.reviews_people import BY, DAY, Telling, telling
from convenor.web.demonstration.support_people import Stock, ask_schools, fill_directory, stock
from convenor.web.demonstration.support_walk import Walk
from convenor.web.demonstration.support_words import CONCERN, CONCERN_WORDS, CONTACT_WRONG, CONTACTS, STORIES

#: Days before the building on which each package was asked for.
ASKED, MATCHING, CHECKING, AGREEING, OWN, LATE, PAUSED, ENDING, AFTER, STOPPED = 12, 26, 9, 24, 118, 70, 96, 168, 240, 130
LONG_AGO, SIX_STEPS, TARGETED, OUTSIDE = 900, 60, 48, 75
#: Further packages that run or ended, so that totals can be told.
MORE: Final = (205, 176, 145, 110, 92)
#: Requests that wait: days since, and whether somebody said that nobody was found.
WAITING: Final = ((3, False), (6, False), (15, False), (38, True))


def begin(area: Area, slug: str, at: datetime, say: Callable[[str], None]) -> None:
    """Everything of support that a demonstration shows; what is there already is left."""
    people = {one.role: one.person_id for one in demonstration_people(viewer=ANYONE, on=day_of(at)) if one.slug == slug}
    tell = telling(slug, at, people[Manager.key])
    if offers(viewer=tell.manager, at=at):
        return
    if at.date() + timedelta(days=400) > LAST_DAY:
        say(f"No packages of support: bank holidays are known until {LAST_DAY.year}.")
        return
    leaves, settings.POST_LEAVES = settings.POST_LEAVES, "worker"  # invented letters of the past leave together, at the end
    try:
        with transaction.atomic():
            _tell(area, tell)
    finally:
        settings.POST_LEAVES = leaves
    if leaves == "now":
        deliver_waiting(by=BY, at=at, limit=5000)


def _tell(area: Area, tell: Telling) -> None:
    """The directory, the answers, then every package on a school of its own."""
    here = stock(tell)
    primaries = sorted(each.urn for each in tell.schools if each.phase == PRIMARY and each.urn in tell.heads)
    first = primaries[0]
    fill_directory(here, first)
    ask_schools(here, first)
    lending = {each.urn for each in here.lenders}
    free = [urn for urn in primaries[1:] if urn not in lending]
    schools = iter(Random(f"support {area.key}").sample(free, min(len(free), 40)))
    _own(here, first)
    _before_it_begins(here, schools)
    _under_way(here, schools)
    _ended(here, schools)
    _requests(here, schools)
    _beside(here, schools, first)
    _from_outside(here, schools)


def _walk(here: Stock, urn: str, number: int, days: int) -> Walk:
    """A package asked for so many days ago, with the stories in turn and both brokers."""
    asked_on = here.tell.school_day(here.tell.at.date() - timedelta(days=days), later=False)
    payer = Payer.RECEIVING if number % 2 else Payer.FUND
    tier = here.tiers[number % min(2, len(here.tiers))] if here.tiers else ""
    return Walk(here, urn, STORIES[number % len(STORIES)], asked_on, here.brokers[number % len(here.brokers)], payer, tier=tier)


def _started(here: Stock, urn: str, number: int, days: int, *, priority: int | None = None, wished: int = 0) -> Walk | None:
    """A package that has begun; None where nobody could be chosen. `wished`: who is chosen before others."""
    walk = _walk(here, urn, number, days)
    walk.wished = wished
    walk.waited = (3, 0, 9, 16, 5, 24)[number % 6]
    walk.ask(priority=priority)
    if not walk.choose():
        return None
    walk.fit()
    walk.agree_terms()
    walk.begin()
    return walk


def _own(here: Stock, first: str) -> None:
    """The package of whoever tries it: two notes, one of them disputed, one to mark; a review that changed the plan; a visit to come."""
    walk = _started(here, first, 0, OWN)
    if walk is None:
        return
    walk.visit(0, disputed=True)
    walk.visit(1)
    walk.review(80, ReviewDecision.CHANGE)
    walk.change()
    walk.visit(2, marked=False)
    walk.to_come(9)


def _before_it_begins(here: Stock, schools: Iterator[str]) -> None:
    """Packages that wait: asked, matching, checking, agreeing."""
    for number, (days, known) in enumerate(((ASKED, False), (MATCHING, True))):
        walk = _walk(here, next(schools), number + 1, days)
        walk.ask()
        walk.open()
        if known:
            on = walk.day(6).date().isoformat()
            tasks.save_task(key="visit-to-understand", values={"on": on}, **walk.known(walk.broker, 7))
            found = {"found": walk.story.asks, "decision": "match", "reason": ""}
            tasks.save_task(key="diagnosis", values=found, **walk.known(walk.broker, 9))
            packages.move(key="match", **walk.known(walk.broker, 10))
    walk = _walk(here, next(schools), 3, CHECKING)
    walk.ask()
    walk.choose()
    walk = _walk(here, next(schools), 5, AGREEING)
    walk.ask()
    if walk.choose():
        walk.fit()
        walk.agree_terms(both=False)


def _under_way(here: Stock, schools: Iterator[str]) -> None:
    """Packages that run: one whose note is late, one paused, one by six steps, one by the Department's tasks, and more."""
    late = _started(here, next(schools), 0, LATE, wished=here.lenders[-1].pk)  # the system leader, whom anybody may sign in as
    if late is not None:
        late.visit(0, noted=False)
    paused = _started(here, next(schools), 2, PAUSED)
    if paused is not None:
        paused.visit(0)
        until = here.tell.at.date() + timedelta(days=30)
        package_beside.pause(until_on=until, why="The deputy is ill; after half-term.", **paused.known(paused.broker, 70))
    six = _walk(here, next(schools), 4, SIX_STEPS)
    six.ask()
    six.choose(flow="east-sussex", days=3)
    targeted = _walk(here, next(schools), 3, TARGETED)
    targeted.ask()
    targeted.open("targeted")
    made = concerns.raise_concern(summary=CONCERN, details=CONCERN_WORDS, **targeted.known(targeted.broker, 30))
    concerns.resolve_concern(concern_id=made.pk, why="A deputy keeps the dates now.", **targeted.known(targeted.broker, 38))
    for number, days in enumerate(MORE):
        walk = _started(here, next(schools), number, days, priority=_aim(here, days) if number % 2 else None)
        if walk is not None:
            for visit in range(2 if days > 95 else 1):
                walk.visit(visit)
            if days > 115:
                walk.review(105, ReviewDecision.CONTINUE, Progress.GREEN if number % 3 else Progress.AMBER)


def _from_outside(here: Stock, schools: Iterator[str]) -> None:
    """A package with somebody whom no school lends: one visit written of, another to come."""
    walk = _started(here, next(schools), 0, OUTSIDE, wished=here.outside.pk) if here.outside is not None else None
    if walk is not None:
        walk.visit(0)
        walk.to_come(6)


def _aim(here: Stock, days: int) -> int | None:
    """A priority of the board that was in force so many days ago."""
    on = here.tell.at.date() - timedelta(days=days + 4)
    return next((each.id for each in priorities(here.tell.slug, viewer=here.tell.manager, at=on)), None)


def _ended(here: Stock, schools: Iterator[str]) -> None:
    """Packages that come to their end, ended, were stopped; and one closed long ago with what its review of effect compares."""
    ending = _started(here, next(schools), 5, ENDING)
    if ending is not None:
        ending.visit(0)
        ending.visit(1)
        ending.end()
    for number, days in ((1, AFTER), (2, AFTER + 30), (0, LONG_AGO)):
        walk = _started(here, next(schools), number, days)
        if walk is None:
            continue
        for visit in range(3):
            walk.visit(visit)
        walk.end()
        walk.evaluate()
        walk.share_lesson()
        if days == LONG_AGO:
            walk.look_back()
    stopped = _started(here, next(schools), 3, STOPPED)
    if stopped is not None:
        stopped.visit(0)
        package_beside.stop(**stopped.known(stopped.head, 75))


def _requests(here: Stock, schools: Iterator[str]) -> None:
    """Requests that wait for a broker; one of them found nobody."""
    for number, (days, unmet) in enumerate(WAITING):
        walk = _walk(here, next(schools), number + 2, days)
        walk.ask()
        if unmet:
            why = "Everybody who knows this is booked until February. I look again in January."
            needs.say_unmet(slug=here.tell.slug, need_id=walk.need, why=why, by=walk.broker, at=walk.day(21))


def _beside(here: Stock, schools: Iterator[str], first: str) -> None:
    """Notes of contact, who else is there, a mentor offered, a support ring."""
    tell, broker = here.tell, here.brokers[0]
    for number, (kind, words, further) in enumerate(CONTACTS):
        urn, at = (first if number < 2 else next(schools)), tell.ago(6 + 9 * number)
        note = contact.write_contact(
            slug=tell.slug, urn=urn, kind=ContactKind(kind), on=at.date(), words=words, next_step=further, by=broker, at=at
        )
        if number:
            wrong = number == 1
            accuracy = Accuracy.NOT_ACCURATE if wrong else Accuracy.ACCURATE
            contact.mark_contact(
                slug=tell.slug, note_id=note.pk, accuracy=accuracy, words=CONTACT_WRONG if wrong else "", by=tell.head(urn), at=at + DAY
            )  # fmt: skip
    contact.enter_other(
        slug=tell.slug, urn=first, kind=OtherKind.HUB, name="English hub (invented)", about=["reading"], words="Two days of training",
        source="The school said so", from_on=tell.ago(60).date(), until_on=None, by=tell.head(first), at=tell.ago(40),
    )  # fmt: skip
    _mentor(here, broker)
    _ring(here, broker)


def _mentor(here: Stock, broker: Viewer) -> None:
    """The first new head for whom there is a mentor is offered one."""
    seen = waiting_for_mentors(here.tell.slug, viewer=broker, at=here.tell.at)
    found = next((each for each in seen.suggested if each.mentor is not None), None) if seen else None
    if found is not None and found.mentor is not None:
        head, mentor = int(found.head.head.key), int(found.mentor.mentor.key)
        mentors.offer_mentor(slug=here.tell.slug, head_id=head, supporter_id=mentor, by=broker, at=here.tell.ago(5))


def _ring(here: Stock, broker: Viewer) -> None:
    """A ring is reckoned from the answers; the first of it is proposed, and one head has agreed."""
    tell = here.tell
    plan = rings.reckon_rings(slug=tell.slug, by=broker, at=tell.ago(8))
    if plan.answer["rings"]:
        ring = rings.propose_ring(slug=tell.slug, plan_id=plan.pk, number=1, by=broker, at=tell.ago(7))
        urn = plan.answer["rings"][0][0]["giver"]
        rings.agree_ring(slug=tell.slug, ring_id=ring.pk, urn=urn, by=tell.head(urn), at=tell.ago(5))
