"""Whether rounds are fair, for whoever runs them: days given and received, new faces, and what there is to see of power."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Count

from convenor.england.school_years import school_year_of
from convenor.partnership.models import Appointment, BodySchool, ReportingLine, Tenure
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import LEADING_PARTS, Head, Permission
from convenor.peer_review.models import Reviewer, ReviewRound, TeamMember
from convenor.peer_review.queries.turns import follows_everywhere, on_room
from convenor.peer_review.rules.fairness import Ground, Met, NewFaces, Observation, new_faces, power
from convenor.peer_review.rules.loads import Load, Visited, loads, visit_days
from convenor.peer_review.rules.states import Part, RoundState, State
from convenor.registers.models import Group, School

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

RESTS = (State.POSTPONED.value, State.WITHDRAWN.value)


@dataclass(frozen=True, slots=True)
class LoadSeen:
    """What a school or a trust gave and received this school year, in reviewer days, visits to come among them."""

    name: str
    load: Load


@dataclass(frozen=True, slots=True)
class PersonLoad:
    """Somebody with more days on teams this school year than they offered to give in one."""

    name: str
    days: int
    offered_days: int


@dataclass(frozen=True, slots=True)
class ObservationSeen:
    """One observation and the names it is about."""

    observation: Observation
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FairnessSeen:
    """Fairness this school year, for the schools that the viewer follows. `round_name` is the last round with teams, to which the
    observations belong; `whole` says that it is the whole partnership."""

    since: date
    whole: bool
    schools: tuple[LoadSeen, ...]
    trusts: tuple[LoadSeen, ...]
    independent_days: int
    over: tuple[PersonLoad, ...]
    faces: tuple[tuple[str, NewFaces], ...]
    round_name: str
    observations: tuple[ObservationSeen, ...]


def fairness(slug: str, *, viewer: Viewer, at: date | datetime) -> FairnessSeen | None:
    """Whether rounds are fair, for whoever runs some; None for everybody else. At most eleven queries.

    A lead sees the schools that sit in their bodies or beneath, the reviews at those, and no trust as a whole.
    """
    here = viewer.partnership
    if here is None or here.slug != slug or not on_room(viewer) or not viewer.may(Permission.ROUND_RUN):
        return None
    on, whole = day_of(at), follows_everywhere(viewer)
    since = school_year_of(on).starts_on
    rows = _rows(here.id)
    mine = {row.host for row in rows} | {row.home for row in rows if row.home} if whole else _led(viewer, on)
    facts = _schools({row.host for row in rows} | {row.home for row in rows if row.home})
    trusts = {urn: trust for urn, (_, trust) in facts.items()}
    found = loads(
        Visited(row.review, row.host, trusts[row.host], row.reviewer, row.home, trusts.get(row.home, ""), row.days)
        for row in rows
        if row.first is not None and row.first >= since
    )
    names = {urn: name for urn, (name, _) in facts.items()}
    trust_names = dict(Group.objects.filter(pk__in={trust for trust in trusts.values() if trust}).values_list("pk", "name"))
    met = [Met(row.round, row.review, row.host, row.reviewer, row.home, row.leads) for row in rows if row.host in mine]
    rounds = _rounds({each.round for each in met})
    observed = power(met, list(rounds), _ground(here.id, trusts, on))
    return FairnessSeen(
        since=since,
        whole=whole,
        schools=_named((each for each in found.schools if each.key in mine), names),
        trusts=_named(found.trusts, trust_names) if whole else (),
        independent_days=found.independent_days if whole else 0,
        over=_over(rows, mine, since, whole=whole),
        faces=tuple((rounds[each.round], each) for each in new_faces(met, list(rounds))),
        round_name=list(rounds.values())[-1] if rounds else "",
        observations=tuple(
            ObservationSeen(each, tuple(sorted(names[urn] for urn in each.schools) or (trust_names[pk] for pk in each.trusts)))
            for each in observed
        ),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """One person in one review that goes on or was held."""

    round: int
    review: int
    host: str
    reviewer: int
    person: str
    offered_days: int
    home: str
    leads: bool
    first: date | None
    days: int


def _rows(partnership_id: int) -> list[_Row]:
    """Everybody on a team of a review that is neither postponed nor taken back. One query."""
    team = TeamMember.objects.filter(
        review__partnership_id=partnership_id, left_on=None, part__in=(Part.LEAD.value, Part.REVIEWER.value)
    ).exclude(review__state__in=RESTS)
    fields = (
        "review__round_id", "review_id", "review__school_id", "reviewer_id", "reviewer__person__name", "reviewer__days_a_year",
        "reviewer__school_id", "part", "review__visit_from_on", "review__visit_until_on",
    )  # fmt: skip
    return [
        _Row(
            round_id, review, host, who, person, offered, home or "", part == Part.LEAD, first,
            visit_days(first, until) if first and until else 0,
        )
        for round_id, review, host, who, person, offered, home, part, first, until in team.order_by("pk").values_list(*fields)
    ]  # fmt: skip


def _led(viewer: Viewer, on: date) -> set[str]:
    """The schools that sit in the bodies a lead leads, or beneath them. Two queries."""
    led = set(viewer.bodies(Permission.ROUND_RUN))
    beneath = set(ReportingLine.objects.filter(in_force(on), reports_to_id__in=led).values_list("body_id", flat=True))
    return set(BodySchool.objects.filter(in_force(on), body_id__in=led | beneath).values_list("school_id", flat=True))


def _schools(urns: set[str]) -> dict[str, tuple[str, str]]:
    """Name and trust of each school. One query."""
    rows = School.objects.filter(pk__in=urns).values_list("urn", "name", "trust_id")
    return {urn: (name, trust or "") for urn, name, trust in rows}


def _rounds(pks: set[int]) -> dict[int, str]:
    """The names of rounds with teams, the earliest first. One query."""
    rows = ReviewRound.objects.filter(pk__in=pks).exclude(state=RoundState.WITHDRAWN.value)
    return dict(rows.order_by("published_at", "pk").values_list("pk", "name"))


def _ground(partnership_id: int, trusts: dict[str, str], on: date) -> Ground:
    """What the checks of power rest on. Four queries."""
    sizes = School.objects.filter(trust_id__in={each for each in trusts.values() if each}, status="open").order_by().values("trust_id")
    heads = Tenure.objects.filter(in_force(on), partnership_id=partnership_id, post__role=Head.key, post__school__isnull=False)
    schools_of = Counter(person for person, _ in set(heads.values_list("person_id", "post__school_id")))
    leads = Appointment.objects.filter(
        in_force(on), partnership_id=partnership_id, seat__part__in=LEADING_PARTS, seat__body__tier__hue="cluster", school__isnull=False
    )
    register = list(Reviewer.objects.filter(in_force(on), partnership_id=partnership_id).values_list("pk", "person_id", "can_lead"))
    return Ground(
        trust_of=trusts,
        trust_schools={row["trust_id"]: row["n"] for row in sizes.annotate(n=Count("pk"))},
        can_lead=frozenset(pk for pk, _, can_lead in register if can_lead),
        several_schools=frozenset(pk for pk, person, _ in register if schools_of[person] > 1),
        cluster_led_from={str(urn): name for urn, name in leads.values_list("school_id", "seat__body__name")},
    )


def _named(found: Iterable[Load], names: dict[str, str]) -> tuple[LoadSeen, ...]:
    """In the order of names: this is no league table."""
    return tuple(sorted((LoadSeen(names.get(each.key, each.key), each) for each in found), key=lambda one: one.name))


def _over(rows: list[_Row], mine: set[str], since: date, *, whole: bool) -> tuple[PersonLoad, ...]:
    """Those of the viewer's schools with more days this year than they offered, by name; independent ones where all are followed."""
    days: Counter[int] = Counter()
    people: dict[int, tuple[str, int, str]] = {}
    for row in {(row.review, row.reviewer): row for row in rows}.values():
        if row.first is not None and row.first >= since:
            days[row.reviewer] += row.days
            people[row.reviewer] = (row.person, row.offered_days, row.home)
    over = (
        PersonLoad(name, days[pk], offered)
        for pk, (name, offered, home) in people.items()
        if days[pk] > offered and (whole or home in mine)
    )
    return tuple(sorted(over, key=lambda one: one.name))
