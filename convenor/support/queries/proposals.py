"""What a broker's matching proposed, with names; and for one request who could serve it now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.partnership.roles import Permission
from convenor.registers.models import School
from convenor.support.models import Need, Package, Supporter, SupportMatching
from convenor.support.queries.gathering import gathered
from convenor.support.queries.needs import NeedSeen, need_here
from convenor.support.rules.placing import Answer, LeantOn, Offer, Placed, Unmet, fitting, unmet
from convenor.support.rules.placing_kept import answer_from
from convenor.support.rules.states import NeedState, StateKind

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class Fit:
    """One supporter who could serve a request: who they are, where from, and why they fit."""

    supporter_id: int
    name: str
    lent_by: str
    half_days_left: int
    why: tuple[str, ...]
    cost: float


@dataclass(frozen=True, slots=True)
class Fits:
    """Who could serve a request now, the best first; where nobody can, why. `shown` is the request; `begun`: its package is open and
    waits for somebody."""

    shown: NeedSeen
    able: tuple[Fit, ...]
    unmet: Unmet | None
    begun: bool = False


@dataclass(frozen=True, slots=True)
class ProposedPair:
    """One request with whom the proposal would choose. `stands`: the request still waits."""

    need_id: int
    urn: str
    school: str
    fictitious: bool
    themes: tuple[str, ...]
    half_days: int
    supporter_id: int
    supporter: str
    lent_by: str
    why: tuple[str, ...]
    stands: bool


@dataclass(frozen=True, slots=True)
class UnmetSeen:
    """One request that the proposal leaves unmet, and why."""

    need_id: int
    urn: str
    school: str
    fictitious: bool
    themes: tuple[str, ...]
    half_days: int
    says: str
    reasons: tuple[str, ...]
    stands: bool


@dataclass(frozen=True, slots=True)
class LeantOnSeen:
    """A school, or other employer, on which a proposal leans, by name."""

    name: str
    needs: int
    half_days: int
    half_days_left: int


@dataclass(frozen=True)
class Proposal:
    """A proposal for the whole area as its broker reads it. `newer` requests came since and are not in it."""

    pk: int
    at: datetime
    answer: Answer
    placed: tuple[ProposedPair, ...]
    unmet: tuple[UnmetSeen, ...]
    overused: tuple[LeantOnSeen, ...]
    newer: int

    @property
    def gap(self) -> float:
        """How far from the best the answer can be at the most, per cent of its cost."""
        cost = self.answer.objective
        return 100 * max(0.0, cost - self.answer.bound) / cost if cost else 0.0


@dataclass(frozen=True)
class MatchingPage:
    """The broker's newest proposal, if there is one, and how much there is to match today."""

    proposal: Proposal | None
    waiting: int
    offers: int
    own_school: int
    closed: int


def fits(slug: str, need_id: int, *, viewer: Viewer, at: date | datetime, most: int = 200) -> Fits | None:
    """Who could serve one request that waits, for a broker; None for everybody else, and once somebody is chosen.

    Nobody of the broker's own organisation is among them. At most twenty queries.
    """
    seen = need_here(slug, need_id, viewer=viewer, at=at)
    if seen is None or not seen.brokers or not seen.state.waits:
        return None
    waiting = Package.objects.filter(need_id=need_id, supporter=None, ended_on=None).exclude(kind=StateKind.ENDED.value)
    begun = waiting.exists()
    area = gathered(slug, viewer=viewer, at=at)
    asked = area.need(need_id) if area is not None else None
    if area is None or asked is None:
        return Fits(seen, (), None, begun)
    able = fitting(asked, area.offers, own=area.own)[:most]
    names = _supporters(each.offer for each in able)
    offers = {each.id: each for each in area.offers}
    found = tuple(_fit(each, names, offers[each.offer]) for each in able)
    return Fits(seen, found, None if found else unmet(asked, area.offers, area.own), begun)


def matching_page(slug: str, *, viewer: Viewer, at: date | datetime) -> MatchingPage | None:
    """The newest proposal that this very broker made, and what waits; None for everybody else. At most twenty queries.

    A proposal is for whoever made it alone: another broker's may name a school of theirs as the one that is helped.
    """
    area = gathered(slug, viewer=viewer, at=at)
    if area is None:
        return None
    rows = SupportMatching.objects.filter(partnership__slug=slug, by_id=viewer.person_id)
    row = rows.order_by("-at", "-id").first()
    shown = _proposal(row, {each.id for each in area.needs}, viewer) if row is not None else None
    return MatchingPage(
        shown, len(area.needs), sum(each.assured and each.half_days_left > 0 for each in area.offers), area.own_school, area.closed
    )


def last_matching(slug: str, *, viewer: Viewer) -> int | None:
    """The key of the newest proposal that this broker made; None where there is none, or for anybody else. One query."""
    if not viewer.may(Permission.SUPPORT_BROKER):
        return None
    rows = SupportMatching.objects.filter(partnership__slug=slug, by_id=viewer.person_id)
    return rows.order_by("-at", "-id").values_list("pk", flat=True).first()


def _proposal(row: SupportMatching, waiting: set[str], viewer: Viewer) -> Proposal:
    answer = answer_from(row.answer)
    keys = {each.need for each in answer.placed} | {each.need for each in answer.unmet}
    needs = {str(each.pk): each for each in Need.objects.filter(pk__in=[int(key) for key in keys]).select_related("school")}
    names = _supporters(each.offer for each in answer.placed)
    placed = tuple(
        ProposedPair(*_asked(needs[each.need]), int(each.offer), *names.get(each.offer, ("Somebody who has left", "")), each.why,
                     NeedState(needs[each.need].state).waits)
        for each in answer.placed if each.need in needs and needs[each.need].school_id not in viewer.urns
    )  # fmt: skip
    left = tuple(
        UnmetSeen(*_asked(needs[each.need]), each.says, tuple(one.says for one in each.reasons), NeedState(needs[each.need].state).waits)
        for each in answer.unmet if each.need in needs and needs[each.need].school_id not in viewer.urns
    )  # fmt: skip
    return Proposal(row.pk, row.at, answer, placed, left, _leant_on(answer.overused, names), len(waiting - keys))


def _asked(row: Need) -> tuple[int, str, str, bool, tuple[str, ...], int]:
    return row.pk, row.school_id, row.school.name, row.school.fictitious, tuple(row.themes), row.half_days


def _leant_on(overused: Iterable[LeantOn], names: dict[str, tuple[str, str]]) -> tuple[LeantOnSeen, ...]:
    found = list(overused)
    schools = dict(School.objects.filter(urn__in=[each.house for each in found]).values_list("urn", "name"))
    return tuple(
        LeantOnSeen(schools.get(each.house) or names.get(each.house, (each.house, ""))[0], each.needs, each.half_days, each.half_days_left)
        for each in found
    )


def _supporters(ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Name of each supporter, and who lends them: their school, else their organisation, else nothing. One query."""
    rows = Supporter.objects.filter(pk__in=[int(each) for each in set(ids)]).values_list("pk", "name", "school__name", "organisation")
    return {str(pk): (name, school or organisation) for pk, name, school, organisation in rows}


def _fit(placed: Placed, names: dict[str, tuple[str, str]], offer: Offer) -> Fit:
    name, lent_by = names.get(placed.offer, ("", ""))
    return Fit(int(placed.offer), name, lent_by if lent_by != name else "", offer.half_days_left, placed.why, placed.costs.total)
