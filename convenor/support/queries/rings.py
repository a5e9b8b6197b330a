"""Support rings: what a reckoning found, for brokers; a ring that was proposed, for the schools in it; totals for everybody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q

from convenor.england.school_years import school_year_of
from convenor.partnership.models import Membership
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import Permission
from convenor.peer_review.rules.themes import name_of
from convenor.registers.models import School
from convenor.support.models import Ring, RingLink, RingPlan, SchoolAnswer, StandingInterest, Supporter
from convenor.support.queries.gathering import brokers_own
from convenor.support.rules.rings import LeftOut, Member
from convenor.support.rules.states import SupporterKind

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: The role of a link in the words of its reader.
DAYS: Final = {1: "half a day", 2: "one day", 3: "one and a half days", 4: "two days"}


@dataclass(frozen=True, slots=True)
class LinkSeen:
    """Who helps whom, with what. `words`: what came of it, for the two of the link alone."""

    pk: int
    giver: str
    giver_urn: str
    receiver: str
    receiver_urn: str
    theme: str
    days: str
    agreed: bool
    words: str
    fictitious: bool


@dataclass(frozen=True, slots=True)
class RingSeen:
    """A ring, for a school in it or for the broker who proposed it. `own`: the viewer's schools in it; `speaks`: those they speak for."""

    pk: int
    links: tuple[LinkSeen, ...]
    proposed_at: datetime
    begun_on: date | None
    ended_on: date | None
    own: frozenset[str]
    speaks: frozenset[str]
    proposer: bool
    version: int

    @property
    def agreed(self) -> int:
        """How many heads have agreed."""
        return sum(each.agreed for each in self.links)

    @property
    def waits_for_me(self) -> tuple[str, ...]:
        """The viewer's schools whose word it waits for."""
        if self.begun_on is not None or self.ended_on is not None:
            return ()
        return tuple(each.giver_urn for each in self.links if not each.agreed and each.giver_urn in self.speaks)


@dataclass(frozen=True, slots=True)
class ProposedLink:
    """One link of a reckoning, before anybody was asked."""

    giver: str
    giver_urn: str
    receiver: str
    receiver_urn: str
    theme: str
    km: float | None


@dataclass(frozen=True, slots=True)
class Proposed:
    """One ring of a reckoning. `pk` is the ring that was proposed from it, None while it was not."""

    number: int
    links: tuple[ProposedLink, ...]
    pk: int | None
    asked: bool


@dataclass(frozen=True, slots=True)
class PlanSeen:
    """The newest reckoning, for brokers. `left`: how many schools are in no ring for each reason; no school is named there."""

    pk: int
    at: datetime
    served: int
    of: int
    optimal: bool
    bound: int
    rings: tuple[Proposed, ...]
    left: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class RingsSeen:
    """The page of rings for one viewer. `joining`: how many schools said this year that they would join one; `waiting`: not asked yet."""

    year: str
    own: tuple[RingSeen, ...]
    proposed: tuple[RingSeen, ...] = ()
    plan: PlanSeen | None = None
    brokers: bool = False
    joining: int = 0


@dataclass(frozen=True)
class Asked:
    """What a reckoning rests on: the schools that said they would join, and pairs that should be apart, which no page shows."""

    members: tuple[Member, ...]
    apart: frozenset[frozenset[str]]
    left_out: int


def asked_for(*, viewer: Viewer, at: date | datetime) -> Asked | None:
    """The schools of the partnership that would join a ring and are in none, as the rules know them; for brokers alone. Eight queries.

    Schools of the broker's own organisation are left out (a broker never places their own), and counted.
    """
    here = viewer.partnership
    if here is None or not viewer.may(Permission.SUPPORT_BROKER):
        return None
    on = day_of(at)
    inside = Membership.objects.filter(in_force(on), partnership_id=here.id).values_list("school_id", flat=True)
    taken = set(_open_links(here.id).values_list("giver_id", flat=True))
    rows = SchoolAnswer.objects.filter(partnership_id=here.id, year=school_year_of(on).label, ring=True, school_id__in=inside)
    own, found, left_out = brokers_own(viewer=viewer, at=at), [], 0
    for row in rows.exclude(school__status="closed").select_related("school").order_by("school_id"):
        school = row.school
        if school.urn in own.urns or school.trust_id in own.trusts or school.federation_id in own.federations:
            left_out += 1
        elif school.urn not in taken:
            found.append(
                Member(
                    school.urn, tuple(row.offers), tuple(row.wants), row.half_days, school.trust_id or "", school.federation_id or "",
                    school.easting, school.northing,
                )
            )  # fmt: skip
    return Asked(tuple(found), _apart(here.id, on), left_out)


def _apart(partnership_id: int, on: date) -> frozenset[frozenset[str]]:
    """Pairs of schools that a school's own entry in the directory declared should be apart. One query."""
    schools = Supporter.objects.filter(in_force(on), partnership_id=partnership_id, kind=SupporterKind.SCHOOL.value)
    declared = StandingInterest.objects.filter(Q(until_on=None) | Q(until_on__gt=on), supporter__in=schools)
    return frozenset(frozenset(pair) for pair in declared.values_list("supporter__school_id", "school_id"))


def _open_links(partnership_id: int) -> Any:
    return RingLink.objects.filter(ring__partnership_id=partnership_id, ring__ended_on=None)


def rings(slug: str, *, viewer: Viewer, at: date | datetime) -> RingsSeen | None:
    """Rings as this viewer may see them: those their schools are in, and for brokers the newest reckoning and what they proposed.

    None outside the partnership. At most ten queries, however many rings there are.
    """
    here = viewer.partnership
    if here is None or here.slug != slug or viewer.person_id is None:
        return None
    year = school_year_of(day_of(at)).label
    mine = _seen_rings(here.id, viewer)
    own = tuple(each for each in mine if each.own)
    if not viewer.may(Permission.SUPPORT_BROKER):
        return RingsSeen(year, own)
    joining = SchoolAnswer.objects.filter(partnership_id=here.id, year=year, ring=True).count()
    return RingsSeen(year, own, tuple(each for each in mine if each.proposer and not each.own), _plan(here.id, viewer, at), True, joining)


def ring(slug: str, pk: int, *, viewer: Viewer) -> RingSeen | None:
    """One ring for a school in it or for the broker who proposed it; None for everybody else. Two queries."""
    here = viewer.partnership
    if here is None or here.slug != slug or viewer.person_id is None:
        return None
    return next(iter(_seen_rings(here.id, viewer, pk=pk)), None)


def _seen_rings(partnership_id: int, viewer: Viewer, pk: int | None = None) -> list[RingSeen]:
    """The rings in which this viewer has a part, the newest first. Two queries."""
    own = [urn for urn in viewer.urns if viewer.sees_record(urn)]
    part = Q(links__giver_id__in=own)
    if viewer.may(Permission.SUPPORT_BROKER):
        part |= Q(by_id=viewer.person_id)
    rows = Ring.objects.filter(part, partnership_id=partnership_id).distinct().order_by("-proposed_at", "-pk")
    rows = rows.filter(pk=pk) if pk is not None else rows
    links: dict[int, list[RingLink]] = {row.pk: [] for row in rows}
    for each in RingLink.objects.filter(ring_id__in=links).select_related("giver", "receiver").order_by("pk"):
        links[each.ring_id].append(each)
    return [_ring(row, links[row.pk], frozenset(own), viewer) for row in rows]


def _ring(row: Ring, links: list[RingLink], own: frozenset[str], viewer: Viewer) -> RingSeen:
    inside = frozenset(each.giver_id for each in links) & own
    speaks = frozenset(urn for urn in inside if viewer.may(Permission.SCHOOL_SPEAK, urn=urn))
    return RingSeen(
        row.pk, tuple(_link(each, inside) for each in links), row.proposed_at, row.begun_on, row.ended_on, inside, speaks,
        row.by_id == viewer.person_id, row.version,
    )  # fmt: skip


def _link(row: RingLink, own: frozenset[str]) -> LinkSeen:
    words = row.words if own & {row.giver_id, row.receiver_id} else ""
    return LinkSeen(
        row.pk, row.giver.name, row.giver_id, row.receiver.name, row.receiver_id, name_of(row.theme),
        DAYS.get(row.half_days, f"{row.half_days} half days"), row.giver_agreed_at is not None, words,
        row.giver.fictitious,
    )  # fmt: skip


def _plan(partnership_id: int, viewer: Viewer, at: date | datetime) -> PlanSeen | None:
    """The newest reckoning of this broker's own, since another's may hold schools of theirs. Four queries."""
    row = RingPlan.objects.filter(partnership_id=partnership_id, by_id=viewer.person_id).first()
    if row is None:
        return None
    found = row.answer["rings"]
    urns = {urn for each in found for link in each for urn in (link["giver"], link["receiver"])}
    names = dict(School.objects.filter(urn__in=urns).values_list("urn", "name"))
    busy = dict(_open_links(partnership_id).values_list("giver_id", "ring_id"))
    begun = dict(Ring.objects.filter(plan_id=row.pk, ended_on=None).values_list("pk", "pk"))
    rings_ = tuple(_proposed(number, each, names, busy, begun) for number, each in enumerate(found, 1))
    left = tuple((LeftOut(why).value, count) for why, count in row.answer["left"])
    return PlanSeen(
        row.pk, row.at, row.answer["served"], row.answer["of"], row.answer["status"] == "optimal", row.answer["bound"], rings_, left
    )  # fmt: skip


def _proposed(number: int, links: Any, names: dict[str, str], busy: dict[str, int], begun: dict[int, int]) -> Proposed:
    seen = tuple(
        ProposedLink(
            names.get(each["giver"], each["giver"]), each["giver"], names.get(each["receiver"], each["receiver"]), each["receiver"],
            name_of(each["theme"]), each["km"],
        )
        for each in links
    )  # fmt: skip
    inside = {busy[each["giver"]] for each in links if each["giver"] in busy}
    pk = next(iter(inside)) if len(inside) == 1 and next(iter(inside)) in begun else None
    return Proposed(number, seen, pk, bool(inside))
