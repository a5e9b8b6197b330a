"""Who takes part in the demonstration's peer reviews: its coordinator, the register with everybody's training, what was declared.

All of them are the invented heads and leaders of the invented schools, a few from no school, each put on the register by the real
actions and on days before the building.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import islice
from random import Random
from typing import Final

from convenor.accounts.actions import add_person
from convenor.accounts.queries import person_by_id
from convenor.partnership import actions as partnership
from convenor.partnership.gate import Viewer, day_of, viewer_for
from convenor.partnership.queries.posts import PostSeen, person_with, posts
from convenor.partnership.queries.terms import calendars
from convenor.partnership.roles import Head, SchoolLeader, SystemLeader
from convenor.partnership.roles import Reviewer as ReviewerRole
from convenor.partnership.rules.terms import SchoolCalendar
from convenor.peer_review.actions import register
from convenor.peer_review.queries.scopes import candidates
from convenor.peer_review.rules.rounds import Candidate
from convenor.peer_review.rules.states import Interest, TrainingKind
from convenor.peer_review.rules.themes import THEMES
from convenor.web.demonstration.areas import Area
from convenor.web.demonstration.names import address
from convenor.web.demonstration.names import people as names

BY: Final = "the demonstration"
DAY: Final = timedelta(days=1)
#: The names before these are those of the demonstration's other posts and of its brokers.
NAMES_TAKEN: Final = 70
INDEPENDENT: Final = 6
WHERE_TRAINED: Final = "Two days of the partnership's own (invented)"
#: Themes that reviewers know well; nobody is asked about a sixth form in a primary school.
KNOWN: Final = tuple(key for key in THEMES if key != "sixth-form")
#: How training stands, and for how many in a hundred: (from, until, days since the first training, days since a refresher, 0 for none).
TRAINED: Final = ((0, 40, 1000, 330), (40, 82, 400, 0), (82, 90, 1180, 680), (90, 95, 790, 0))


@dataclass(frozen=True, slots=True)
class InventedReviewer:
    """Somebody on the register. `urn` is empty for one of no school."""

    pk: int
    person_id: int
    urn: str
    head: bool


@dataclass
class Telling:
    """What the telling of peer reviews needs: the partnership, who runs it, its schools and reviewers, and the day of the building."""

    slug: str
    at: datetime
    manager: Viewer
    reviewers: list[InventedReviewer] = field(default_factory=list)
    _known: dict[int, Viewer] = field(default_factory=dict)

    def on(self, day: date, hour: int = 10, minute: int = 0) -> datetime:
        """An instant of a day, never after the building."""
        return min(datetime.combine(day, time(hour, minute), self.at.tzinfo), self.at)

    def ago(self, days: int, hour: int = 10) -> datetime:
        """An instant so many days before the building."""
        return self.on(self.at.date() - timedelta(days=days), hour)

    def who(self, person_id: int) -> Viewer:
        """An invented person with what they hold today."""
        if person_id not in self._known:
            self._known[person_id] = viewer_for(person_by_id(person_id), partnership_slug=self.slug, on=day_of(self.at))
        return self._known[person_id]

    @cached_property
    def calendar(self) -> SchoolCalendar:
        """The area's school days."""
        return calendars(self.slug, viewer=self.manager).area

    @cached_property
    def posts(self) -> list[PostSeen]:
        """Who holds which post today."""
        return posts(self.slug, viewer=self.manager, at=self.at, limit=5000)

    @cached_property
    def schools(self) -> tuple[Candidate, ...]:
        """The member schools with their clusters."""
        return candidates("", viewer=self.manager, on=day_of(self.at))

    @cached_property
    def urn_of(self) -> dict[str, str]:
        """The members' URNs by name."""
        return {each.name: each.urn for each in self.schools}

    @cached_property
    def heads(self) -> dict[str, int]:
        """Who is head of each school."""
        return {self.urn_of[each.place]: each.person_id for each in self.posts if each.role == Head.key and each.place in self.urn_of}

    def head(self, urn: str) -> Viewer:
        """Who speaks for a school."""
        return self.who(self.heads[urn])

    def school_day(self, day: date, *, later: bool = True) -> date:
        """The day itself where it is a school day, else the next one, or the one before."""
        step = DAY if later else -DAY
        for _ in range(90):
            if self.calendar.open_on(day):
                break
            day += step
        return day


def telling(slug: str, at: datetime, manager_id: int) -> Telling:
    """The telling for a partnership, with whoever manages it."""
    manager = viewer_for(person_by_id(manager_id), partnership_slug=slug, on=day_of(at))
    return Telling(slug, at, manager)


def fill_register(area: Area, tell: Telling, primaries: list[str]) -> None:
    """Heads and leaders of primary schools, a system leader and a few of no school, with training in date, ending, ended and none."""
    chance = Random(f"reviewers {area.key}")
    at, wanted = tell.ago(1010), set(primaries)
    taken: set[int] = set()
    for each in tell.posts:
        urn = tell.urn_of.get(each.place, "")
        head = each.role == Head.key
        new = each.from_on > day_of(at)
        if urn not in wanted or each.role not in (Head.key, SchoolLeader.key, SystemLeader.key) or each.person_id in taken or new:
            continue
        taken.add(each.person_id)
        _add(tell, each.person_id, chance, at, urn=urn, head=head)
    own = [each.person_id for each in tell.posts if each.role == ReviewerRole.key and each.person_id not in taken]
    fresh = islice(names(f"{area.key} posts"), NAMES_TAKEN, None)
    while len(own) < INDEPENDENT:
        name = next(fresh)
        email = address(name, area.key)
        if person_with(email, viewer=tell.manager) is not None:
            continue
        person = add_person(name=name, email=email, by=BY, at=at, fictitious=True)
        partnership.take_post(
            slug=tell.slug, role=ReviewerRole.key, title="Peer reviewer", person_id=person.pk, from_on=day_of(at), by=BY, at=at
        )
        own.append(person.pk)
    for person_id in own:
        _add(tell, person_id, chance, at, near=chance.choice(primaries))
    _train(tell)
    _declare(tell, chance, primaries)


def _add(tell: Telling, person_id: int, chance: Random, at: datetime, *, urn: str = "", near: str = "", head: bool = False) -> None:
    row = register.add_reviewer(
        slug=tell.slug, person_id=person_id, urn=urn, near=near, can_lead=head or not urn or chance.random() < 0.3,
        expertise=chance.sample(KNOWN, 3), days_a_year=chance.randint(6, 12), by=tell.manager, at=at,
    )  # fmt: skip
    tell.reviewers.append(InventedReviewer(row.pk, person_id, urn, head))


def _train(tell: Telling) -> None:
    """Five days of training in all, each for the many who were there; whoever signs in as a reviewer is trained."""
    by_number = [(number * 37 % 100, each) for number, each in enumerate(tell.reviewers)]
    for first, until, began, refreshed in TRAINED:
        there = [each.pk for number, each in by_number if first <= number < until and each.urn]
        own = [each.pk for each in tell.reviewers if not each.urn] if first == 0 else []
        _training(tell, [*there, *own], TrainingKind.INITIAL, began)
        if refreshed:
            _training(tell, [*there, *own], TrainingKind.REFRESHER, refreshed)
    champions = [each.pk for number, each in by_number if number < 82 and number % 3 == 0]
    _training(tell, champions, TrainingKind.CHAMPION, 390)


def _training(tell: Telling, reviewers: list[int], kind: TrainingKind, days: int) -> None:
    day = tell.school_day(tell.at.date() - timedelta(days=days), later=False)
    if reviewers:
        register.record_training(
            slug=tell.slug, reviewer_ids=reviewers, kind=kind, trained_on=day, by_whom=WHERE_TRAINED, by=tell.manager, at=tell.on(day + DAY)
        )


def _declare(tell: Telling, chance: Random, primaries: list[str]) -> None:
    """What some declared in private: that they should not review a school, or that a school would rather not be reviewed by another."""
    kinds = tuple(Interest)
    for number, each in enumerate(tell.reviewers[::29]):
        school = next(urn for urn in chance.sample(primaries, 5) if urn != each.urn)
        until = tell.at.date() + timedelta(days=500) if number % 4 == 0 else None
        register.declare_interest(
            slug=tell.slug, urn=school, kind=kinds[number % len(kinds)], until_on=until, by=tell.who(each.person_id), at=tell.ago(430)
        )
    for urn, other in zip(primaries[5:60:9], primaries[6:60:9], strict=False):
        if tell.heads[urn] != tell.heads[other]:
            register.declare_objection(slug=tell.slug, urn=urn, objects_to=other, by=tell.head(urn), at=tell.ago(425))
