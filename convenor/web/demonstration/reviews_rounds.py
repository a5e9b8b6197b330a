"""The demonstration's three rounds: one that ended, one under way with a review at every point, and one that is open for answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

from convenor.england.phases import PRIMARY
from convenor.partnership.gate import day_of
from convenor.peer_review.actions import access, answers, matching, publishing, rounds, telling
from convenor.peer_review.queries.scopes import bodies, preview
from convenor.peer_review.rules.answers import Days
from convenor.peer_review.rules.rounds import Candidate, Plan
from convenor.peer_review.rules.states import Reach, State
from convenor.peer_review.rules.ways import way
from convenor.web.demonstration.reviews_people import DAY, InventedReviewer, Telling
from convenor.web.demonstration.reviews_walk import Walk, team_of
from convenor.web.demonstration.reviews_words import SUBJECTS

WAY: Final = "clusters"
WORDS: Final = "Hosting is a gift to your school: three people for a day, on the question that you ask. Ring me if you wonder."
#: Days before the building on which things happened to a round: opened, answers closed, teams published; first and last day of visits.
PAST: Final = (680, 652, 645, 600, 380)
PRESENT: Final = (316, 290, 283, 268, -75)
#: How long the open round has been open, and what lies ahead of the building.
OPEN: Final = (9, -15, 0, -49, -140)
#: The reviews of the past round; nine reports are the fewest of which themes are told.
PAST_HOSTS: Final = 10
#: How much of the open round has come in, of schools and of reviewers.
ANSWERED, OFFERED = 0.26, 0.18
#: Where the reviews under way stand, and how many days ago their visit was meant to be: the first is that of the school of whoever tries
#: the demonstration, the second is the one on which somebody of no school is on the team.
STANDS: Final[tuple[tuple[State, int], ...]] = (
    (State.REPORT_DRAFT, 9),
    (State.ON_SITE, 0),
    (State.FED_BACK, 4),
    (State.REPORT_FINAL, 14),
    (State.WORKSHOP_DONE, 20),
    (State.ACTIONS_AGREED, 60),
    (State.IMPACT_REVIEWED, 200),
    (State.CLOSED, 222),
    (State.DATA_SHARED, -8),
    (State.FOCUS_AGREED, -24),
    (State.SCHEDULED, -38),
    (State.REPORT_DRAFT, 11),
    (State.POSTPONED, -30),
    (State.WITHDRAWN, -26),
    (State.DRAFT, -50),
    (State.DRAFT, -52),
)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of one round."""

    opened: datetime
    closed: datetime
    published: datetime
    visits_from_on: date
    visits_until_on: date


def calendar_of(tell: Telling, days: tuple[int, int, int, int, int]) -> Calendar:
    """The days of a round from how long before the building they lie."""
    today = tell.at.date()
    first, until = (tell.school_day(today - timedelta(days=each)) for each in days[3:])
    return Calendar(tell.ago(days[0], 9), tell.ago(days[1], 9), tell.ago(days[2], 9), first, until)


def plan_of(tell: Telling, name: str, days: Calendar, answers_by_on: date, body: str = "") -> Plan:
    """A round of primary schools in clusters; in an area without clusters, its people come from anywhere in it."""
    kept = way(WAY)
    plan = Plan(
        name=name, way=kept.key, reach=Reach.CLUSTER if not body else Reach.AREA, answers_by_on=answers_by_on,
        visits_from_on=days.visits_from_on, visits_until_on=days.visits_until_on, team_size=kept.team_size, body=body, phases=(PRIMARY,),
        school_serves_at_most=kept.school_serves_at_most, words=WORDS,
    )  # fmt: skip
    seen = preview(plan, viewer=tell.manager, at=days.opened)
    if seen.asked.nowhere or (plan.reach is Reach.CLUSTER and not any(key for _, key in seen.asked.placed)):
        return replace(plan, reach=Reach.AREA)
    return replace(plan, placed={each.urn: smallest(each, seen.asked.by_cluster) for each in seen.asked.two})


def smallest(school: Candidate, asked: dict[str, int]) -> str:
    """Of the clusters of a school, the one of fewest schools: its neighbourhood."""
    return min((key for key, _ in school.clusters), key=lambda key: (asked.get(key, 0), key))


def name_of(tell: Telling, days: Calendar, body: str) -> str:
    """What a round of a body, or of everybody, is called."""
    named = bodies(viewer=tell.manager, on=day_of(tell.at))
    return ", ".join((f"Peer review {days.visits_from_on.year}", *([named[body].name] if body else [])))


def past(tell: Telling, body: str, primaries: Sequence[str], chance: Random) -> None:
    """A round that ended: ten reviews, all of them closed, and its themes told."""
    days = calendar_of(tell, PAST)
    hosts = chance.sample(sorted(primaries), min(PAST_HOSTS, len(primaries)))
    row, reviews = _published(tell, name_of(tell, days, body), days, body, hosts)
    span = (days.visits_until_on - days.visits_from_on).days
    for number, (_, walk) in enumerate(reviews):
        walk.visit_on = days.visits_from_on + timedelta(days=20 + number * (span - 30) // len(reviews))
        walk.to(State.CLOSED)
        if walk.subject.excellence and number % 2 == 0:
            walk.offer()
    ended = tell.ago(150)
    row.refresh_from_db()
    rounds.end_round(slug=tell.slug, pk=row.pk, version=row.version, by=tell.manager, at=ended)
    telling.tell_themes(slug=tell.slug, round_id=row.pk, by=tell.manager, at=ended + timedelta(hours=1))


def present(tell: Telling, body: str, primaries: Sequence[str], first: str, reader: int, chance: Random) -> None:
    """A round under way, with a review at every point of its way and beside it. `first` is the school of whoever tries it."""
    days = calendar_of(tell, PRESENT)
    others = chance.sample(sorted(set(primaries) - {first}), min(len(STANDS) - 1, len(primaries) - 1))
    _, reviews = _published(tell, name_of(tell, days, body), days, body, [first, *others])
    independent = {each.person_id for each in tell.reviewers if not each.urn}
    own = next(pair for pair in reviews if pair[1].urn == first)
    theirs = next((pair for pair in reviews if pair is not own and _people(pair[0]) & independent), None)
    ordered = [own, *([theirs] if theirs else []), *(pair for pair in reviews if pair not in (own, theirs))]
    for (_, walk), (state, days_ago) in zip(ordered, STANDS, strict=False):
        walk.visit_on = tell.school_day(tell.at.date() - timedelta(days=days_ago), later=days_ago < 0)
        _lead(tell, walk, state, reader, again=walk is not own[1] and state is State.REPORT_DRAFT)


def _people(review: Any) -> set[int]:
    return set(review.team.filter(left_on=None).values_list("reviewer__person_id", flat=True))


def _lead(tell: Telling, walk: Walk, state: State, reader: int, *, again: bool) -> None:
    if state is State.POSTPONED:
        walk.to(State.FOCUS_AGREED)
        walk.put_off()
    elif state is State.WITHDRAWN:
        walk.to(State.FOCUS_AGREED)
        walk.take_back()
    else:
        walk.to(state)
    if again:
        walk.correct()
    if state is State.FOCUS_AGREED:
        walk.write()
    if state is State.ACTIONS_AGREED:
        access.let_read(
            slug=tell.slug, review_id=walk.pk, person_id=reader, by=walk.host, at=tell.ago(30), until_on=tell.at.date() + timedelta(days=60)
        )


def _published(tell: Telling, name: str, days: Calendar, body: str, hosts: Sequence[str]) -> tuple[Any, list[tuple[Any, Walk]]]:
    """A round whose teams are published, with each review and the words it will say."""
    plan = plan_of(tell, name, days, (days.closed - DAY).date(), body)
    row = rounds.keep_round(slug=tell.slug, plan=plan, opens=True, by=tell.manager, at=days.opened)
    for number, urn in enumerate(hosts):
        answer(tell, row.pk, urn, days.opened + timedelta(days=2 + number % 9), focus=[SUBJECTS[number % len(SUBJECTS)].theme])
    asked = set(row.schools.values_list("school_id", flat=True))
    for number, each in enumerate(each for each in tell.reviewers if not each.urn or each.urn in asked):
        if number % 2 or not each.urn:
            offer(tell, row.pk, each, 3, days.opened + timedelta(days=1 + number % 12))
    row.refresh_from_db()
    rounds.close_answers(slug=tell.slug, pk=row.pk, version=row.version, by=tell.manager, at=days.closed)
    made = matching.run_matching(slug=tell.slug, round_id=row.pk, by=tell.manager, at=days.closed)
    reviews = publishing.publish_teams(slug=tell.slug, matching_id=made.pk, by=tell.manager, at=days.published)
    by_host = {review.school_id: review for review in reviews}
    found = []
    for number, urn in enumerate(hosts):
        review = by_host[urn]
        team = team_of(tell, list(review.team.filter(left_on=None).values_list("reviewer__person_id", "part")))
        if team is not None:
            walk = Walk(tell, review.pk, urn, team, SUBJECTS[number % len(SUBJECTS)], days.visits_from_on)
            found.append((review, walk))
    return row, found


def answer(
    tell: Telling, pk: int, urn: str, at: datetime, *, hosts: bool = True, focus: Iterable[str] = (), days: Days | None = None
) -> None:
    """A school answers a round."""
    answers.answer_round(slug=tell.slug, pk=pk, urn=urn, hosts=hosts, focus=list(focus), days=days, by=tell.head(urn), at=min(at, tell.at))


def offer(tell: Telling, pk: int, reviewer: InventedReviewer, reviews: int, at: datetime) -> None:
    """A reviewer answers a round."""
    answers.offer_reviews(
        slug=tell.slug, pk=pk, reviewer_id=reviewer.pk, reviews=reviews, by=tell.who(reviewer.person_id), at=min(at, tell.at)
    )


def opened(tell: Telling, chance: Random) -> None:
    """A round of every primary school, in clusters, where answers come in."""
    days = calendar_of(tell, OPEN)
    closes = tell.school_day((tell.at + timedelta(days=-OPEN[1])).date())
    plan = plan_of(tell, f"Peer review in clusters, {days.visits_from_on.year}", days, closes)
    row = rounds.keep_round(slug=tell.slug, plan=plan, opens=True, by=tell.manager, at=days.opened)
    asked = list(row.schools.order_by("school_id").values_list("school_id", flat=True))
    for number, urn in enumerate(asked):
        if chance.random() < ANSWERED and number:
            focus = [SUBJECTS[number % len(SUBJECTS)].theme]
            answer(tell, row.pk, urn, days.opened + timedelta(days=1 + number % 8), hosts=chance.random() < 0.7, focus=focus)
    for number, each in enumerate(tell.reviewers):
        if chance.random() < OFFERED and number:
            offer(tell, row.pk, each, chance.choice((1, 2, 2, 3, 0)), days.opened + timedelta(days=1 + number % 8))
