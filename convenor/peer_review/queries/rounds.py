"""Rounds as each may see them: any member that there is one, whoever runs it who answered, whoever plans one whom it would ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from convenor.partnership.models import Body
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import Permission
from convenor.peer_review.models import Reviewer, ReviewRound, RoundOffer, RoundSchool
from convenor.peer_review.queries.register import trained_until
from convenor.peer_review.queries.scopes import bodies_beneath
from convenor.peer_review.rules.rounds import SAYS, Numbers, Plan, due_for_reminder
from convenor.peer_review.rules.states import Reach, RoundState
from convenor.peer_review.rules.ways import Way, kept_way

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class RoundHere:
    """A round for one viewer. `runs`: they may change it; `follows`: they see states and dates of its schools. Visits are half-open.

    `body_key` and `body_name` are "" for a round of the whole partnership.
    """

    pk: int
    slug: str
    name: str
    state: RoundState
    way: Way
    reach: Reach
    body_id: int | None
    body_key: str
    body_name: str
    phases: tuple[str, ...]
    placed: dict[str, str]
    answers_by_on: date
    visits_from_on: date
    visits_until_on: date
    team_size: int
    school_serves_at_most: int
    lead_rest_cycles: int
    waive: tuple[str, ...]
    waive_why: str
    seed: int
    words: str
    version: int
    reviewers_reminded_at: datetime | None
    opened_at: datetime | None
    published_at: datetime | None
    ended_on: date | None
    ended_why: str
    runs: bool
    follows: bool

    @property
    def says(self) -> str:
        """Where it stands, in words."""
        return SAYS[self.state]

    @property
    def last_visit_on(self) -> date:
        """The last day of visits, as people say it."""
        return self.visits_until_on - timedelta(days=1)

    @property
    def open(self) -> bool:
        """Whether schools and reviewers answer."""
        return self.state is RoundState.OPEN

    @property
    def plan(self) -> Plan:
        """The round as it is planned."""
        return Plan(
            name=self.name, way=self.way.key, reach=self.reach, answers_by_on=self.answers_by_on, visits_from_on=self.visits_from_on,
            visits_until_on=self.visits_until_on, team_size=self.team_size, body=self.body_key, phases=self.phases,
            school_serves_at_most=self.school_serves_at_most, words=self.words, waive_same_trust=bool(self.waive),
            waive_why=self.waive_why, placed=self.placed,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AskedSchool:
    """A school of a round, for whoever runs or follows it. `hosts` is None until it has answered. What it would like eyes on is not here:
    that is between the school and the matching."""

    urn: str
    name: str
    phase: str
    fictitious: bool
    body_id: int | None
    body: str
    hosts: bool | None
    team_size: int | None
    any_day: bool
    days: int
    answered_at: datetime | None
    invited_at: datetime | None
    reminded_at: datetime | None
    withdrawn_on: date | None

    @property
    def state(self) -> str:
        """How it answered: hosts, not this time, not yet heard from, withdrew."""
        if self.withdrawn_on is not None:
            return "withdrew"
        if self.hosts is None:
            return "not yet heard from"
        return "hosts" if self.hosts else "not this time"

    def may_be_reminded(self, on: date) -> bool:
        """Whether a reminder may go to it today."""
        last = self.reminded_at or self.invited_at
        return self.hosts is None and self.withdrawn_on is None and due_for_reminder(day_of(last) if last else None, on)


@dataclass(frozen=True, slots=True)
class OfferSeen:
    """A reviewer and what they offer to a round, for whoever runs it. `reviews` is None until they have answered."""

    reviewer_id: int
    name: str
    urn: str
    school: str
    can_lead: bool
    trained: bool
    reviews: int | None
    any_day: bool
    days: int
    withdrawn_on: date | None


@dataclass(frozen=True, slots=True)
class RoundInList:
    """A round as the list of rounds shows it. Counts are None for whoever may not see how the round goes."""

    round: RoundHere
    asked: int | None
    answered: int | None


ROUND_FIELDS = (
    "id", "name", "state", "way", "reach", "body_id", "body__key", "body__name", "phases", "placed", "answers_by_on", "visits_from_on",
    "visits_until_on", "team_size", "school_serves_at_most", "lead_rest_cycles", "waive", "waive_why", "seed", "words", "version",
    "reviewers_reminded_at", "opened_at", "published_at", "ended_on", "ended_why", "way_key",
)  # fmt: skip


def runs_rounds_of(body_id: int | None, *, viewer: Viewer) -> bool:
    """Whether the viewer may run rounds of a body, or of the whole partnership (None): the lead of a body those of that body alone."""
    return any(each.allows(Permission.ROUND_RUN, body_id=body_id) and each.body_id in (None, body_id) for each in viewer.holdings)


def rounds(*, viewer: Viewer, at: date | datetime) -> tuple[RoundInList, ...]:
    """The rounds of the viewer's partnership, the latest visits first; drafts only for whoever runs them. Two queries."""
    here = viewer.partnership
    if here is None or not viewer.may(Permission.PARTNERSHIP_SEE):
        return ()
    rows = ReviewRound.objects.filter(partnership_id=here.id).values_list(*ROUND_FIELDS)
    found = [_round(row, viewer) for row in rows]
    found = [each for each in found if each.runs or each.state is not RoundState.DRAFT]
    totals = viewer.may(Permission.REVIEW_TOTALS_SEE)
    counts = RoundSchool.objects.filter(round__partnership_id=here.id, withdrawn_on=None).values("round_id")
    counted = {
        row["round_id"]: (row["asked"], row["answered"])
        for row in (counts.annotate(asked=Count("id"), answered=Count("answered_at")) if totals else ())
    }
    return tuple(
        RoundInList(each, *(counted.get(each.pk, (0, 0)) if each.runs or totals else (None, None))) for each in found
    )  # fmt: skip


def round_here(slug: str, pk: int, *, viewer: Viewer, at: date | datetime) -> RoundHere | None:
    """One round for this viewer; None where there is none, or none for them. One query."""
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.PARTNERSHIP_SEE) or pk >= 2**63:
        return None
    row = ReviewRound.objects.filter(partnership_id=here.id, pk=pk).values_list(*ROUND_FIELDS).first()
    found = _round(row, viewer) if row else None
    return found if found is not None and (found.runs or found.state is not RoundState.DRAFT) else None


def asked_schools(round: RoundHere, *, viewer: Viewer, at: date | datetime) -> tuple[AskedSchool, ...]:
    """The schools of a round by name, for whoever runs it; for the lead of a body beneath, the schools of that body. At most
    three queries."""
    rows = RoundSchool.objects.filter(round_id=round.pk)
    if not round.runs and not _follows_all(viewer):
        led = viewer.bodies(Permission.REVIEW_FOLLOW)
        if not led:
            return ()
        rows = rows.filter(body_id__in=bodies_beneath(led, viewer=viewer, on=day_of(at)))
    fields = (
        "school_id", "school__name", "school__phase", "school__fictitious", "body_id", "body__name", "hosts", "team_size", "any_day",
        "days", "answered_at", "invited_at", "reminded_at", "withdrawn_on",
    )  # fmt: skip
    return tuple(
        AskedSchool(*row[:5], row[5] or "", *row[6:9], len(row[9]), *row[10:])  # type: ignore[call-arg]
        for row in rows.order_by("school__name", "school_id").values_list(*fields)
    )


def offers(round: RoundHere, *, viewer: Viewer, at: date | datetime) -> tuple[OfferSeen, ...]:
    """The reviewers whom a round asks and what they offer, by name, for whoever runs it. Three queries."""
    if not round.runs:
        return ()
    on = day_of(at)
    given = {
        row[0]: row[1:]
        for row in RoundOffer.objects.filter(round_id=round.pk).values_list("reviewer_id", "reviews", "any_day", "days", "withdrawn_on")
    }
    people = reviewers_asked(round.pk, on=on, viewer=viewer).values_list("id", "person__name", "school_id", "school__name", "can_lead")
    rows = list(people.order_by("person__name", "id"))
    trained = trained_until((row[0] for row in rows), viewer=viewer)
    found = []
    for pk, name, urn, school, can_lead in rows:
        reviews, any_day, days, withdrawn_on = given.get(pk, (None, True, (), None))
        until = trained.get(pk)
        ready = until is not None and until >= round.visits_from_on
        found.append(OfferSeen(pk, name, urn or "", school or "", can_lead, ready, reviews, any_day, len(days), withdrawn_on))
    return tuple(found)


def numbers(round: RoundHere, schools: Iterable[AskedSchool], offered: Iterable[OfferSeen], *, viewer: Viewer) -> Numbers:
    """How a round stands in numbers, from its schools and offers as they were read for this viewer. No query."""
    asked = [each for each in schools if each.withdrawn_on is None]
    hosts = [each for each in asked if each.hosts]
    people = [each for each in offered if each.withdrawn_on is None]
    ready = [each for each in people if each.trained and each.reviews]
    return Numbers(
        asked=len(asked),
        answered=sum(each.hosts is not None for each in asked),
        hosting=len(hosts),
        needed=sum(each.team_size or round.team_size for each in hosts),
        offered=sum(each.reviews or 0 for each in ready),
        leads_needed=len(hosts),
        leads_offered=sum(each.reviews or 0 for each in ready if each.can_lead),
        reviewers=len(people),
        reviewers_answered=sum(each.reviews is not None for each in people),
        untrained_offers=sum(bool(each.reviews) and not each.trained for each in people),
    )


def reviewers_asked(round_id: int, *, on: date, viewer: Any) -> Any:
    """Rows of the reviewers whom a round asks: those of its schools, whether they host or not, and everybody independent, on that day."""
    of_schools = Q(school__review_rounds__round_id=round_id)
    rows = Reviewer.objects.filter(in_force(on), of_schools | Q(school=None), partnership__review_rounds=round_id)
    return rows.filter(person__is_active=True)


def body_names(*, viewer: Viewer, at: date | datetime) -> dict[str, str]:
    """Names of the partnership's bodies on the day, by key: who sits where is public. One query."""
    here = viewer.partnership
    rows = Body.objects.filter(in_force(day_of(at)), partnership_id=here.id if here else 0)
    return dict(rows.order_by("order", "id").values_list("key", "name"))


def _follows_all(viewer: Viewer) -> bool:
    return any(each.body_id is None and each.allows(Permission.REVIEW_FOLLOW) for each in viewer.holdings)


def _round(row: tuple[Any, ...], viewer: Viewer) -> RoundHere:
    """A row as this viewer may see it."""
    assert viewer.partnership is not None
    runs = runs_rounds_of(row[5], viewer=viewer)
    follows = runs or viewer.may(Permission.REVIEW_FOLLOW)
    return RoundHere(  # type: ignore[call-arg]
        row[0], viewer.partnership.slug, row[1], RoundState(row[2]), kept_way(row[3], row[26]), Reach(row[4]), row[5], row[6] or "",
        row[7] or "",
        tuple(row[8]), dict(row[9]), *row[10:16], tuple(row[16]), *row[17:26], runs, follows,
    )  # fmt: skip
