"""A round's rows as the matching reads them: schools, people, what was declared in private, and who led where before.

What comes out of here holds private declarations. It is for the matching alone: no page shows it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Case, Exists, OuterRef, Q, Subquery, When

from convenor.england.phases import ALL_THROUGH, NURSERY, PRIMARY, PRU, SECONDARY, SIXTEEN_PLUS, SPECIAL
from convenor.england.school_years import school_year_of
from convenor.partnership.models import ReportingLine, Tenure
from convenor.partnership.queries.holdings import in_force
from convenor.partnership.roles import Head
from convenor.peer_review.models import DeclaredInterest, Objection, ReviewRound, RoundOffer, RoundSchool, TeamMember, Training
from convenor.peer_review.rules.states import Part, Reach, RoundState, State, TrainingKind
from convenor.peer_review.rules.teams import reviewer_key
from convenor.peer_review.rules.ways import Way, way_from

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: Phases as the matching spells them. A college for 16 plus is reviewed like a secondary school.
PHASE_SAID: Final = {
    NURSERY: "nursery", PRIMARY: "primary", SECONDARY: "secondary", ALL_THROUGH: "all-through", SPECIAL: "special", PRU: "alternative",
    SIXTEEN_PLUS: "secondary",
}  # fmt: skip
#: The circle of schools that sit in no cluster, in a round that stays within clusters.
NO_CLUSTER: Final = "none"
#: Reviews that happen, or may still happen, in rounds that came to teams.
_COUNTED = ~Q(review__state=State.WITHDRAWN.value) & Q(
    review__round__state__in=(RoundState.PUBLISHED.value, RoundState.ENDED.value), left_on=None
)


@dataclass(frozen=True)
class Gathered:
    """A round for the matching. `asked` is in the shape of ROUND.json, with URNs and keys of reviewers ("r17") for ids.

    `names` name every id; `circles` every circle (cluster or alliance) by its key; `champions` are ids of those trained to lead
    workshops; `missing_phase` names schools whose phase the register does not give (they are matched as primary schools).
    """

    asked: dict[str, Any]
    names: dict[str, str]
    circles: dict[str, str]
    champions: frozenset[str]
    missing_phase: tuple[str, ...]


def round_for_matching(round_id: int, *, viewer: Viewer | str) -> Gathered:
    """Everything that decides who may review whom in a round, as it stands now; for the action that matches, on behalf of `viewer`.

    Training, interests and the register are asked for the first day of visits. At most eight queries. Raises ReviewRound.DoesNotExist.

    - A school that withdrew, does not host, or has not answered may still send people.
    - A person has as many reviews left as they offered, and as their days in the year allow beside other rounds.
    - Where the way asks for an independent lead, only somebody of no school can lead.
    - Schools of one federation, and schools that share a head, count together; so, for somebody, does paid support they declared.
    """
    row = ReviewRound.objects.get(pk=round_id)
    on, way = row.visits_from_on, way_from(row.way)
    rows = RoundSchool.objects.filter(round_id=round_id).select_related("school", "body")
    everybody = list(rows.order_by("school__name", "school_id"))
    schools = [each for each in everybody if each.withdrawn_on is None]
    offers = _offers(round_id, on)
    circle_of, circles = _circles(row, everybody)
    listed = {each.school_id: each.school for each in schools}
    listed |= {each.reviewer.school_id: each.reviewer.school for each in offers if each.reviewer.school_id}
    objections, interests = _declared(row.partnership_id, set(listed), [each.reviewer_id for each in offers], on)
    history, days = _before(row, way)
    together = _together(row, listed)
    hosting = {each.school_id: each for each in schools}
    asked: dict[str, Any] = {
        "seed": row.seed,
        "on": on.isoformat(),
        "team_size": row.team_size,
        "school_serves_at_most": row.school_serves_at_most,
        "lead_rest_cycles": row.lead_rest_cycles,
        "waive": sorted(row.waive),
        "schools": [
            {
                "id": urn,
                "phase": PHASE_SAID.get(school.phase, "primary"),
                "trust": school.trust_id,
                "federation": together.get(urn),
                "easting": school.easting,
                "northing": school.northing,
                "hosts": urn in hosting and bool(hosting[urn].hosts),
                "team_size": hosting[urn].team_size if urn in hosting else None,
                "focus": sorted(set(hosting[urn].focus)) if urn in hosting else [],
                "objects_to": sorted(objections[urn]),
                "circle": circle_of.get(urn, f"outside {urn}") if circle_of else None,
            }
            for urn, school in listed.items()
        ],
        "people": [_person(each, way, days, interests) for each in offers],
        "history": [led for led in history if led["host"] in hosting],
    }
    if row.weights:
        asked["weights"] = row.weights
    names = {urn: school.name for urn, school in listed.items()}
    names |= {reviewer_key(each.reviewer_id): each.reviewer.person.name for each in offers}
    able = frozenset(reviewer_key(each.reviewer_id) for each in offers if each.reviewer.can_champion)
    return Gathered(asked, names, circles, able, tuple(urn for urn, s in listed.items() if s.phase not in PHASE_SAID))


def _offers(round_id: int, on: date) -> list[Any]:
    """Answers of reviewers in the order of the register, with the last day of their training; `stands` where they offer any review.

    Whoever said "not this time", or took their offer back, is known by name and has no review left; whoever left the register is
    there only while they are on a team of the round.
    """
    registered = in_force(on, "reviewer__") & Q(reviewer__person__is_active=True)
    on_team = TeamMember.objects.filter(review__round_id=round_id, left_on=None, reviewer_id=OuterRef("reviewer_id"))
    trained = Training.objects.filter(reviewer_id=OuterRef("reviewer_id")).exclude(kind=TrainingKind.CHAMPION.value)
    rows = RoundOffer.objects.annotate(
        registered=Case(When(registered, then=True), default=False),
        stands=Case(When(registered & Q(withdrawn_on=None, reviews__gt=0), then=True), default=False),
        on_team=Exists(on_team),
        trained_until=Subquery(trained.order_by("-valid_until_on").values("valid_until_on")[:1]),
    ).filter(Q(registered=True) | Q(on_team=True), round_id=round_id)
    return list(rows.select_related("reviewer__person", "reviewer__school").order_by("reviewer_id"))


def _person(offer: Any, way: Way, days: dict[int, int], interests: dict[int, set[str]]) -> dict[str, Any]:
    reviewer = offer.reviewer
    could = max(0, reviewer.days_a_year - days[reviewer.pk]) // way.visit_days
    return {
        "id": reviewer_key(reviewer.pk),
        "school": reviewer.school_id,
        "easting": reviewer.easting,
        "northing": reviewer.northing,
        "can_lead": reviewer.can_lead and (reviewer.school_id is None or not way.independent_lead),
        "trained_until": (offer.trained_until or date.min).isoformat(),
        "reviews_left": min(offer.reviews, could) if offer.stands else 0,
        "expertise": sorted(set(reviewer.expertise)),
        "declared_interests": sorted(interests[reviewer.pk]),
    }


def _circles(row: ReviewRound, schools: Iterable[Any]) -> tuple[dict[str, str], dict[str, str]]:
    """For each school its circle, and each circle's name; both empty for a round without bounds."""
    if row.reach == Reach.AREA.value:
        return {}, {}
    above: dict[int, tuple[int, str]] = {}
    if row.reach == Reach.ALLIANCE.value:
        lines = ReportingLine.objects.filter(in_force(row.visits_from_on), partnership_id=row.partnership_id)
        for body, to, name, hue in lines.order_by("id").values_list(
            "body_id", "reports_to_id", "reports_to__name", "reports_to__tier__hue"
        ):
            if hue == "alliance":
                above.setdefault(body, (to, name))
    circle_of, names = {}, {}
    for each in schools:
        if each.body is None:
            pk, name = NO_CLUSTER, "Schools in no cluster"
        else:
            number, name = above.get(each.body_id, (each.body_id, each.body.name))
            pk = str(number)
        circle_of[each.school_id], names[pk] = pk, name
    return circle_of, names


def _declared(partnership_id: int, urns: set[str], reviewers: list[int], on: date) -> tuple[dict[str, set[str]], dict[int, set[str]]]:
    """What was declared in private among these: objections by school, interests by reviewer. Paid support is such an interest."""
    objections: dict[str, set[str]] = defaultdict(set)
    rows = Objection.objects.filter(partnership_id=partnership_id, withdrawn_at=None)
    for urn, other in rows.values_list("school_id", "objects_to_id"):
        if urn in urns and other in urns:
            objections[urn].add(other)
    interests: dict[int, set[str]] = defaultdict(set)
    stands = Q(until_on=None) | Q(until_on__gt=on)
    for reviewer, urn in DeclaredInterest.objects.filter(stands, reviewer_id__in=reviewers).values_list("reviewer_id", "school_id"):
        if urn in urns:
            interests[reviewer].add(urn)
    return objections, interests


def _before(row: ReviewRound, way: Way) -> tuple[list[dict[str, Any]], dict[int, int]]:
    """Who led where in earlier rounds, counted in each host's own reviews (1 is its last); and the days that each reviewer gives to
    other rounds within the school year of this one. One query."""
    year = school_year_of(row.visits_from_on)
    parts = TeamMember.objects.filter(_COUNTED, review__partnership_id=row.partnership_id).exclude(review__round_id=row.pk)
    fields = ("reviewer_id", "reviewer__school_id", "part", "review_id", "review__school_id", "review__round__visits_from_on")
    days: dict[int, int] = defaultdict(int)
    seen: set[tuple[int, int]] = set()
    led: dict[str, list[tuple[date, int, str | None]]] = defaultdict(list)
    reviews: dict[str, set[tuple[date, int]]] = defaultdict(set)
    for reviewer, school, part, review, host, began, kept in parts.order_by("id").values_list(*fields, "review__round__way__visit_days"):
        if part != Part.CHAMPION.value and began is not None and school_year_of(began) == year and (reviewer, review) not in seen:
            seen.add((reviewer, review))
            days[reviewer] += kept if isinstance(kept, int) else way.visit_days
        if began < row.visits_from_on:
            reviews[host].add((began, review))
            if part == Part.LEAD.value:
                led[host].append((began, review, school))
    history = []
    for host, times in led.items():
        order = sorted(reviews[host], reverse=True)
        for began, review, school in sorted(times, reverse=True):
            if school:
                history.append({"cycles_ago": order.index((began, review)) + 1, "host": host, "lead_school": school})
    return history, days


def _together(row: ReviewRound, listed: dict[str, Any]) -> dict[str, str]:
    """Schools that count together: of one federation of the register, or with one person as head of several; any chain of both.

    The key is the smallest URN of the group; a school alone has none. One query.
    """
    root = {urn: urn for urn in listed}

    def top(urn: str) -> str:
        while root[urn] != urn:
            urn = root[urn]
        return urn

    groups: dict[str, list[str]] = defaultdict(list)
    for urn, school in listed.items():
        if school.federation_id:
            groups[f"federation {school.federation_id}"].append(urn)
    heads = Tenure.objects.filter(in_force(row.visits_from_on), partnership_id=row.partnership_id, post__role=Head.key)
    for person, urn in heads.values_list("person_id", "post__school_id"):
        if urn in root:
            groups[f"head {person}"].append(urn)
    for urns in groups.values():
        for urn in urns[1:]:
            first, other = sorted((top(urns[0]), top(urn)))
            root[other] = first
    size: dict[str, int] = defaultdict(int)
    for urn in listed:
        size[top(urn)] += 1
    return {urn: top(urn) for urn in listed if size[top(urn)] > 1}
