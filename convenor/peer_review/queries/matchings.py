"""Proposals of teams for whoever runs the round, and for each person why they were matched. Never what anybody declared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from convenor.partnership.roles import Permission
from convenor.peer_review.models import Matching, MatchingWork, PeerReview, Reviewer, RoundSchool, TeamMember
from convenor.peer_review.queries.going import may_change
from convenor.peer_review.queries.rounds import RoundHere, round_here
from convenor.peer_review.rules.matching import Round, Team, round_from
from convenor.peer_review.rules.matching.costs import km_between
from convenor.peer_review.rules.states import MatchingKind, Part, RoundState
from convenor.peer_review.rules.team_words import status_says, totals, with_names
from convenor.peer_review.rules.teams import Weighed, differences, open_view, reviewer_key, reviewer_pk, team_from, weigh
from convenor.registers.models import School

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: So many people are offered for a place on a team, the nearest first.
OFFERED = 80


@dataclass(frozen=True, slots=True)
class Named:
    """A reviewer on a team: who, from which school ("" for an independent reviewer), and how far they travel in a straight line."""

    key: str
    name: str
    urn: str
    school: str
    km: float


@dataclass(frozen=True, slots=True)
class TeamSeen:
    """One team: the host with its cluster, the lead, the other members. `short`: places that are empty."""

    urn: str
    host: str
    fictitious: bool
    cluster: str
    lead: Named | None
    others: tuple[Named, ...]
    weighed: Weighed
    short: int
    review: int | None = None

    @property
    def everybody(self) -> tuple[Named, ...]:
        """The lead first, then the others."""
        return (*((self.lead,) if self.lead else ()), *self.others)

    @property
    def lacks(self) -> str:
        """What the team lacks, in words; what a host would like eyes on is its own, and only counted here."""
        missing = len(self.weighed.focus_missing)
        said = [f"{self.short} {'place' if self.short == 1 else 'places'} empty"] if self.short else []
        said += ["nobody of its phase"] if self.weighed.phase_missing else []
        said += [f"{missing} of its themes that nobody knows"] if missing else []
        said += [f"{self.weighed.near_rivals} from near schools of its phase"] if self.weighed.near_rivals else []
        return ", ".join(said)


@dataclass(frozen=True, slots=True)
class ChangeSeen:
    """What differs at one host from the version before, by name."""

    host: str
    joins: tuple[str, ...]
    leaves: tuple[str, ...]
    lead_before: str
    lead_now: str


@dataclass(frozen=True, slots=True)
class OfferSeen:
    """What would mend a clash: which kind, in words, and the schools it could be asked of, urn and name."""

    kind: str
    says: str
    schools: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ClashSeen:
    """Why one circle has no teams: its name, each rule in a sentence, what would mend it. `private`: declarations are among the rules."""

    where: str
    hosts: tuple[str, ...]
    lines: tuple[str, ...]
    private: bool
    smallest: bool
    irreducible: bool
    offers: tuple[OfferSeen, ...]


@dataclass(frozen=True, slots=True)
class VersionSeen:
    """One version in the list of all."""

    pk: int
    number: int
    kind: MatchingKind
    status: str
    says: str
    why: str
    changes: int | None
    objective: float | None
    made_at: datetime
    made_by: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class WorkSeen:
    """A matching under way, or why the last one came to nothing."""

    running: bool
    says: str
    problems: tuple[str, ...]
    started_at: datetime
    started_by: str


@dataclass(frozen=True)
class MatchingPage:
    """The teams of a round as its coordinator has them. `teams` are those that the filter leaves of `everything`."""

    round: RoundHere
    versions: tuple[VersionSeen, ...]
    chosen: VersionSeen | None
    work: WorkSeen | None
    everything: tuple[TeamSeen, ...] = ()
    teams: tuple[TeamSeen, ...] = ()
    clusters: tuple[str, ...] = ()
    clashes: tuple[ClashSeen, ...] = ()
    changes: tuple[ChangeSeen, ...] = ()
    dearer: float | None = None
    km_more: float | None = None
    totals: Mapping[str, Any] | None = None
    waived: bool = False
    places: Mapping[str, tuple[float, float]] | None = None

    @property
    def newest(self) -> bool:
        """Whether the version shown is the newest: only that can be changed or published."""
        return self.chosen is not None and self.chosen.number == self.versions[0].number

    @property
    def published(self) -> VersionSeen | None:
        """The version whose teams stand."""
        return next((each for each in self.versions if each.published_at is not None), None)


@dataclass(frozen=True, slots=True)
class WhySeen:
    """Why somebody is on a review's team, for them alone."""

    school: str
    parts: tuple[tuple[Part, tuple[str, ...]], ...]


FIELDS = ("pk", "number", "kind", "status", "objective", "bound", "why", "changes", "made_at", "made_by", "published_at")


def matching_page(
    slug: str, pk: int, *, viewer: Viewer, at: date | datetime, number: int | None = None, cluster: str = "", find: str = "",
    lacking: bool = False,
) -> MatchingPage | None:  # fmt: skip
    """A round's teams, the newest version or that of `number`; None for anybody who does not run the round.

    `cluster`, `find` (part of a name) and `lacking` leave some of the teams. At most nine queries.
    """
    here = round_here(slug, pk, viewer=viewer, at=at)
    if here is None or not here.runs or not viewer.may(Permission.ROUND_RUN):
        return None
    versions = tuple(_version(row) for row in Matching.objects.filter(round_id=pk).values_list(*FIELDS))
    work = MatchingWork.objects.filter(round_id=pk).values_list("running", "says", "problem", "started_at", "started_by").first()
    seen = WorkSeen(work[0], work[1], tuple(filter(None, work[2].split("\n"))), work[3], work[4]) if work else None
    chosen = next((each for each in versions if number in (None, each.number)), None)
    if chosen is None:
        return MatchingPage(here, versions, None, seen) if number is None else None
    row = Matching.objects.select_related("after").get(pk=chosen.pk)
    return _page(here, versions, chosen, seen, row, wanted=(cluster, find.strip().casefold(), lacking), viewer=viewer)


def _page(
    here: RoundHere, versions: tuple[VersionSeen, ...], chosen: VersionSeen, work: WorkSeen | None, row: Matching,
    *, wanted: tuple[str, str, bool], viewer: Viewer,
) -> MatchingPage:  # fmt: skip
    found = open_view(round_from(row.asked))
    teams = [team_from(each) for each in row.answer["teams"]]
    before = [team_from(each) for each in row.after.answer["teams"]] if row.after else []
    people = {*(m for team in (*teams, *before) for m in team.members), *(person.id for person in found.people)}
    known = named(people, viewer=viewer)
    schools = {urn: (name, fictitious) for urn, name, fictitious in _schools(found, before)}
    names = {urn: each[0] for urn, each in schools.items()} | {key: each.name for key, each in known.items()}
    sits = dict(RoundSchool.objects.filter(round_id=here.pk).values_list("school_id", "body__name"))
    reviews: dict[str, int] = {}
    if here.state is RoundState.PUBLISHED:
        reviews = dict(may_change(here.pk, viewer=viewer).values_list("school_id", "pk"))
    seen = tuple(_team(found, team, known, schools, sits.get(team.host) or "", reviews.get(team.host)) for team in teams)
    seen = tuple(sorted(seen, key=lambda each: (each.cluster, each.host, each.urn)))
    told = totals(found, [team for team in teams if team.lead]) if teams else None
    old = round_from(row.after.asked) if row.after else found
    was = totals(old, [team for team in before if team.lead]) if before else None
    dearer = None
    if row.after and row.objective is not None and row.after.objective is not None:
        dearer = row.objective - row.after.objective
    return MatchingPage(
        here, versions, chosen, work, seen, tuple(each for each in seen if _wanted(each, *wanted)),
        tuple(dict.fromkeys(sorted(each.cluster for each in seen if each.cluster))),
        tuple(_clash(each, names, sits) for each in row.answer["infeasible"]),
        tuple(
            ChangeSeen(
                names.get(each.host, each.host), tuple(names.get(key, key) for key in each.joins),
                tuple(names.get(key, key) for key in each.leaves), names.get(each.lead_before, ""), names.get(each.lead_now, ""),
            )
            for each in (differences(before, teams) if before else ())
        ),
        dearer, told["km"] - was["km"] if told and was else None, told, bool(row.answer["waived"]),
        {school.id: (school.easting, school.northing) for school in found.schools if school.easting and school.northing},
    )  # fmt: skip


def _version(row: tuple[Any, ...]) -> VersionSeen:
    pk, number, kind, status, objective, bound, why, changes, made_at, made_by, published_at = row
    says = status_says(status, objective, bound, kind)
    return VersionSeen(pk, number, MatchingKind(kind), status, says, why, changes, objective, made_at, made_by, published_at)


def _schools(found: Round, before: Sequence[Team]) -> Any:
    urns = {school.id for school in found.schools} | {team.host for team in before}
    return School.objects.filter(urn__in=urns).values_list("urn", "name", "fictitious")


def named(keys: Iterable[str], *, viewer: Viewer) -> dict[str, Named]:
    """Reviewers by their ids in a matching, with their names and schools, for whoever runs a round. One query."""
    if viewer.partnership is None or not viewer.may(Permission.ROUND_RUN):
        return {}
    rows = Reviewer.objects.filter(partnership_id=viewer.partnership.id, pk__in=[reviewer_pk(key) for key in keys])
    return {
        reviewer_key(pk): Named(reviewer_key(pk), name, urn or "", school or "", 0.0)
        for pk, name, urn, school in rows.values_list("pk", "person__name", "school_id", "school__name")
    }


def _team(
    found: Round, team: Team, known: Mapping[str, Named], schools: Mapping[str, tuple[str, bool]], cluster: str, review: int | None
) -> TeamSeen:  # fmt: skip
    host = found.school(team.host)
    people = {}
    for key in team.members:
        who = known.get(key) or Named(key, "somebody who has left the register", "", "", 0.0)
        people[key] = Named(key, who.name, who.urn, who.school, km_between(found, found.person(key), host))
    name, fictitious = schools.get(team.host, (team.host, False))
    lead = people.get(team.lead)
    others = tuple(sorted((each for key, each in people.items() if key != team.lead), key=lambda each: each.name))
    return TeamSeen(
        team.host, name, fictitious, cluster, lead, others, weigh(found, team), found.size_of(host) - len(team.members), review
    )  # fmt: skip


def _wanted(team: TeamSeen, cluster: str, find: str, lacking: bool) -> bool:
    if cluster and team.cluster != cluster:
        return False
    if lacking and not team.lacks:
        return False
    words = [team.host, *(word for each in team.everybody for word in (each.name, each.school))]
    return not find or any(find in word.casefold() for word in words)


def _clash(raw: Mapping[str, Any], names: Mapping[str, str], sits: Mapping[str, str | None]) -> ClashSeen:
    hosts = tuple(names.get(urn, urn) for urn in raw["hosts"])
    where = sorted({sits.get(urn) or "" for urn in raw["hosts"]} - {""})
    offers = tuple(
        OfferSeen(each["kind"], with_names(each["says"], names), tuple((urn, names.get(urn, urn)) for urn in each["schools"]))
        for each in raw["mends"]
    )
    lines = tuple(with_names(each["says"], names) for each in raw["lines"])
    return ClashSeen(
        " and ".join(where) if len(where) < 3 else "the round", hosts, lines, raw["private"], raw["smallest"], raw["irreducible"],
        offers,
    )  # fmt: skip


@dataclass(frozen=True)
class HandPage:
    """One team to change by hand: the team, the people who could be chosen, and the version it stands in."""

    round: RoundHere
    version: VersionSeen
    team: TeamSeen
    choices: tuple[tuple[str, str], ...]
    size: int


def team_by_hand(slug: str, pk: int, urn: str, *, viewer: Viewer, at: date | datetime) -> HandPage | None:
    """One team of the newest version with who could be on it; None for anybody who does not run the round, or where there is no such team.

    Everybody of the host's circle who offers stands there, the nearest first, whatever was declared: leaving somebody out would tell.
    """
    page = matching_page(slug, pk, viewer=viewer, at=at)
    if page is None or page.chosen is None:
        return None
    team = next((each for each in page.everything if each.urn == urn), None)
    if team is None:
        return None
    found = open_view(round_from(Matching.objects.values_list("asked", flat=True).get(pk=page.chosen.pk)))
    host = found.school(urn)
    on = {each.key for each in team.everybody}
    near = []
    for person in found.people:
        home = found.school(person.school) if person.school else None
        placed = home or person
        takes = person.reviews_left or person.id in on
        if placed.easting is None or placed.northing is None or person.school == urn or not takes:
            continue
        if home is None or home.circle is None or host.circle is None or home.circle == host.circle:
            near.append((km_between(found, person, host), person))
    near.sort(key=lambda each: (each[0], each[1].id))
    kept = [*near[:OFFERED], *(each for each in near[OFFERED:] if each[1].id in on)]
    known = named((person.id for _, person in kept), viewer=viewer)
    choices = tuple(
        (
            person.id,
            f"{known[person.id].name}, {known[person.id].school or 'independent'}, {km:.1f} km{'' if person.can_lead else ', cannot lead'}",
        )
        for km, person in kept
        if person.id in known
    )
    return HandPage(page.round, page.chosen, team, choices, found.size_of(host))


def why_matched(slug: str, review_id: int, *, viewer: Viewer, at: date | datetime) -> WhySeen | None:
    """Why this viewer is on a review's team; None for anybody who is not. One query."""
    here = viewer.partnership
    if here is None or here.slug != slug or viewer.person_id is None or not viewer.may(Permission.REVIEW_OFFER) or review_id >= 2**63:
        return None
    rows = TeamMember.objects.filter(
        review_id=review_id, review__partnership_id=here.id, reviewer__person_id=viewer.person_id, left_on=None
    )  # fmt: skip
    found = list(rows.order_by("id").values_list("review__school__name", "part", "why"))
    if not found:
        return None
    order = list(Part)
    parts = sorted(((Part(part), tuple(why)) for _, part, why in found), key=lambda each: order.index(each[0]))
    return WhySeen(found[0][0], tuple(parts))


@dataclass(frozen=True)
class TeamToday:
    """A published review's team as it is today, for whoever runs its round."""

    round: RoundHere
    review: int
    urn: str
    school: str
    state: str
    changeable: bool
    members: tuple[tuple[int, str, str, Part], ...]
    champions: tuple[tuple[int, str], ...]


def team_today(slug: str, review_id: int, *, viewer: Viewer, at: date | datetime) -> TeamToday | None:
    """The team of a review with who could be its champion; None for anybody who does not run its round. Five queries."""
    if review_id >= 2**63:
        return None
    row = PeerReview.objects.filter(pk=review_id, partnership__slug=slug).select_related("school").first()
    here = round_here(slug, row.round_id, viewer=viewer, at=at) if row else None
    if row is None or here is None or not here.runs:
        return None
    rows = TeamMember.objects.filter(review_id=review_id, left_on=None).order_by("id")
    fields = ("reviewer_id", "reviewer__person__name", "reviewer__school__name", "part")
    members = tuple((pk, name, school or "", Part(part)) for pk, name, school, part in rows.values_list(*fields))
    able = Reviewer.objects.filter(partnership_id=row.partnership_id, can_champion=True, offers__round_id=row.round_id)
    champions = tuple(able.distinct().order_by("person__name", "pk").values_list("pk", "person__name"))
    may = may_change(row.round_id, viewer=viewer).filter(pk=review_id).exists()
    return TeamToday(here, row.pk, row.school_id, row.school.name, row.state, may, members, champions)
