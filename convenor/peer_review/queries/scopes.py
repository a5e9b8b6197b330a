"""Whom a round could ask: the member schools of a scope with their clusters, and what a plan would come to before it is opened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.partnership.models import Body, BodySchool, Membership, ReportingLine
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.queries.terms import calendars
from convenor.partnership.roles import Permission
from convenor.peer_review.models import ReviewRound, RoundSchool
from convenor.peer_review.rules import rounds as rules
from convenor.peer_review.rules.rounds import Asked, Candidate, Plan, Problem
from convenor.peer_review.rules.states import Reach
from convenor.peer_review.rules.ways import Way, way, ways

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

CLUSTER, ALLIANCE = "cluster", "alliance"
WHOLE = "The whole partnership"


@dataclass(frozen=True, slots=True)
class BodyInShort:
    """A body of the partnership on a day, with the keys of those it reports to."""

    pk: int
    key: str
    name: str
    hue: str
    above: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Planning:
    """What a coordinator may choose from, and a usual plan to begin with. `scopes` are key and name, "" the whole partnership."""

    usual: Plan
    scopes: tuple[tuple[str, str], ...]
    ways: tuple[Way, ...]
    phases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What opening a plan would come to. `by_cluster` are names with schools; `two` the schools that wait for a word or had
    it already, each with the clusters it could take part in, key and name."""

    asked: Asked
    by_cluster: tuple[tuple[str, int], ...]
    two: tuple[tuple[Candidate, tuple[tuple[str, str], ...]], ...]
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]


def bodies(*, viewer: Viewer, on: date) -> dict[str, BodyInShort]:
    """The bodies of the viewer's partnership on the day, by key, in their order: who reports to whom is public. Two queries."""
    here = viewer.partnership
    pk = here.id if here else 0
    above: dict[str, list[str]] = defaultdict(list)
    for key, to in ReportingLine.objects.filter(in_force(on), partnership_id=pk).values_list("body__key", "reports_to__key"):
        above[key].append(to)
    rows = Body.objects.filter(in_force(on), partnership_id=pk).order_by("order", "id").values_list("id", "key", "name", "tier__hue")
    return {row[1]: BodyInShort(*row, tuple(above.get(row[1], ()))) for row in rows}


def bodies_beneath(pks: Iterable[int], *, viewer: Viewer, on: date) -> set[int]:
    """These bodies and all beneath them. Two queries."""
    known = bodies(viewer=viewer, on=on)
    return {known[key].pk for key in _beneath({each.key for each in known.values() if each.pk in set(pks)}, known)}


def planning(*, viewer: Viewer, at: date | datetime) -> Planning | None:
    """What this viewer may plan; None for somebody who runs no rounds. At most seven queries."""
    here = viewer.partnership
    if here is None or not viewer.may(Permission.ROUND_RUN):
        return None
    on = day_of(at)
    known = bodies(viewer=viewer, on=on)
    scopes = _scopes(viewer, known)
    members = Membership.objects.filter(in_force(on), partnership_id=here.id).exclude(school__phase="")
    phases = tuple(members.order_by("school__phase").values_list("school__phase", flat=True).distinct())
    calendar = calendars(here.slug, viewer=viewer).area
    taken = list(ReviewRound.objects.filter(partnership_id=here.id).values_list("name", flat=True))
    first = ways()[0]
    days = rules.usual_days(on, first, calendar)
    reach = Reach.CLUSTER if any(each.hue == CLUSTER for each in known.values()) else Reach.AREA
    usual = Plan(
        name=rules.usual_name(days.visits_from_on, taken), way=first.key, reach=reach, answers_by_on=days.answers_by_on,
        visits_from_on=days.visits_from_on, visits_until_on=days.visits_until_on, team_size=first.team_size, body=scopes[0][0],
        school_serves_at_most=first.school_serves_at_most,
    )  # fmt: skip
    return Planning(usual, scopes, ways(), phases)


def preview(plan: Plan, *, viewer: Viewer, at: date | datetime, round_id: int | None = None, before: date | None = None) -> Preview:
    """Whom a plan would ask today and what speaks against opening it. `before` is the closing day of a round that is open. At most seven
    queries."""
    on = day_of(at)
    known = bodies(viewer=viewer, on=on)
    asked = rules.asked_by(plan, candidates(plan.body, viewer=viewer, on=on, known=known))
    pk = viewer.partnership.id if viewer.partnership else 0
    others = ReviewRound.objects.filter(partnership_id=pk).exclude(pk=round_id or 0).values_list("name", flat=True)
    calendar = calendars(viewer.partnership.slug if viewer.partnership else "", viewer=viewer).area
    names = {key: each.name for key, each in known.items()}
    said = {"way": way(plan.way), "calendar": calendar, "cluster_names": names}
    found = rules.problems(plan, asked, on=on, other_names=list(others), answers_before=before, **said)  # type: ignore[arg-type]
    counted = asked.by_cluster
    return Preview(
        asked,
        tuple((names.get(key, "In no cluster"), counted[key]) for key in [*known, ""] if key in counted),
        tuple((each, tuple((key, names.get(key, key)) for key, _ in each.clusters)) for each in (*asked.two, *asked.by_hand)),
        found,
        rules.warnings(plan, asked, **said),  # type: ignore[arg-type]
    )


def newcomers(pk: int, plan: Plan, *, viewer: Viewer, at: date | datetime) -> Asked:
    """Whom a round that is open would ask besides: schools of its scope that it has not asked, since they joined later. At most seven
    queries."""
    on = day_of(at)
    asked = set(RoundSchool.objects.filter(round_id=pk).values_list("school_id", flat=True))
    return rules.newcomers(plan, candidates(plan.body, viewer=viewer, on=on), asked)


def candidates(
    body: str, *, viewer: Viewer, on: date, known: dict[str, BodyInShort] | None = None
) -> tuple[Candidate, ...]:  # fmt: skip
    """The member schools of a body and of all beneath it ("" for the whole partnership), by name, with their clusters in that scope.

    A school that sits in no cluster counts as of the alliance in which it sits. Membership is public. At most four queries.
    """
    pk = viewer.partnership.id if viewer.partnership else 0
    known = known if known is not None else bodies(viewer=viewer, on=on)
    inside = _beneath({body}, known) if body else set(known)
    alliance_of = {key: next(iter(_alliances(key, known)), "") for key in known}
    clusters: dict[str, list[tuple[str, str]]] = defaultdict(list)
    alliances: dict[str, list[tuple[str, str]]] = defaultdict(list)
    sits: set[str] = set()
    rows = BodySchool.objects.filter(in_force(on), in_force(on, "body__"), partnership_id=pk).order_by("body__order", "body_id")
    for urn, key, hue in rows.values_list("school_id", "body__key", "body__tier__hue"):
        if key not in inside:
            continue
        sits.add(urn)
        if hue in (CLUSTER, ALLIANCE):
            (clusters if hue == CLUSTER else alliances)[urn].append((key, alliance_of.get(key, "") if hue == CLUSTER else key))
    members = Membership.objects.filter(in_force(on), partnership_id=pk).order_by("school__name", "school_id")
    return tuple(
        Candidate(urn, name, phase, tuple(clusters.get(urn) or alliances.get(urn) or ()))
        for urn, name, phase in members.values_list("school_id", "school__name", "school__phase")
        if not body or urn in sits
    )


def _scopes(viewer: Viewer, known: dict[str, BodyInShort]) -> tuple[tuple[str, str], ...]:
    """The scopes whose rounds this viewer may run: all for whoever runs the partnership, else the bodies they lead."""
    if any(each.body_id is None and each.allows(Permission.ROUND_RUN) for each in viewer.holdings):
        return (("", WHOLE), *((each.key, each.name) for each in known.values() if each.hue in (ALLIANCE, CLUSTER)))
    led = set(viewer.bodies(Permission.ROUND_RUN))
    return tuple((each.key, each.name) for each in known.values() if each.pk in led)


def _beneath(keys: set[str], known: dict[str, BodyInShort]) -> set[str]:
    """These bodies and all that report to one of them, at any remove."""
    found = set(keys) & set(known)
    while True:
        more = {key for key, each in known.items() if set(each.above) & found} - found
        if not more:
            return found
        found |= more


def _alliances(key: str, known: dict[str, BodyInShort]) -> list[str]:
    """The nearest alliances above a body, in their order."""
    seen: set[str] = set()
    edge = [key]
    while edge:
        found = [each for each in edge if known[each].hue == ALLIANCE]
        if found:
            return found
        seen |= set(edge)
        edge = [up for each in edge for up in known[each].above if up in known and up not in seen]
    return []
