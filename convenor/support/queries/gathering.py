"""The whole area as the matching reads it: who asks for what, who offers what, and what the broker belongs to.

What comes out of here holds private declarations. It is for the matching alone: no page shows it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.funding.queries import day_rates
from convenor.partnership.models import BodySchool
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import Permission
from convenor.registers.models import Group, LocalAuthority, School
from convenor.support.models import Choice, Need, Package, Supporter, Visit
from convenor.support.queries.directory import offers_for_matching
from convenor.support.rules.money import price
from convenor.support.rules.placing import BrokersOwn, Offer, folded
from convenor.support.rules.placing import Need as Asked
from convenor.support.rules.states import NeedState, StateKind

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True)
class Gathered:
    """An area for the matching. Needs and offers have their keys as text for ids.

    `own_school` counts requests of the broker's own schools, `closed` those of schools that have closed: neither is matched.
    """

    needs: tuple[Asked, ...]
    offers: tuple[Offer, ...]
    own: BrokersOwn
    own_school: int = 0
    closed: int = 0

    def need(self, pk: int) -> Asked | None:
        """The request of that key, where it is matched."""
        return next((each for each in self.needs if each.id == str(pk)), None)

    def offer(self, pk: int) -> Offer | None:
        """The offer of that supporter."""
        return next((each for each in self.offers if each.id == str(pk)), None)


def gathered(slug: str, *, viewer: Viewer, at: date | datetime) -> Gathered | None:
    """Every request that waits and every offer, for a broker; None for everybody else. Nobody's own school is matched by them.

    Days that running packages still ask for count as given away. Fourteen queries at most.
    """
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.SUPPORT_BROKER):
        return None
    on = day_of(at)
    waiting = [each.value for each in NeedState if each.waits]
    rows = list(Need.objects.filter(partnership_id=here.id, state__in=waiting).select_related("school").order_by("id"))
    before: dict[int, set[str]] = defaultdict(set)
    for need, supporter in Choice.objects.filter(need_id__in=[row.pk for row in rows]).values_list("need_id", "supporter_id"):
        before[need].add(str(supporter))
    places = _clusters(here.id, on)
    shut = [row for row in rows if row.school.status == "closed" or (row.school.closed_on is not None and row.school.closed_on <= on)]
    mine = [row for row in rows if row not in shut and row.school_id in viewer.urns]
    needs = tuple(_need(row, before[row.pk], places) for row in rows if row not in shut and row not in mine)
    offers = offers_for_matching(viewer=viewer, at=at)
    promised, prices = _promised(here.id), _prices(slug, here.id, viewer, on)
    placed = tuple(
        replace(
            each,
            place=places.get(each.urn or "", ""),
            day_pence=prices.get(int(each.id), each.day_pence),
            half_days_left=max(0, each.half_days_left - promised.get(int(each.id), 0)),
        )
        for each in offers
    )
    return Gathered(needs, placed, brokers_own(viewer=viewer, at=at), own_school=len(mine), closed=len(shut))


def _need(row: Need, before: set[str], places: dict[str, str]) -> Asked:
    school = row.school
    return Asked(
        id=str(row.pk), urn=row.school_id, themes=tuple(row.themes), formats=frozenset(row.formats), phase=school.phase,
        half_days=row.half_days, budget_pence=row.budget_pence, easting=school.easting, northing=school.northing, trust=school.trust_id,
        federation=school.federation_id, asked_before=frozenset(before), place=places.get(row.school_id, ""),
    )  # fmt: skip


def _promised(partnership_id: int) -> dict[int, int]:
    """For each supporter the half days that packages on their way ask of them and that no visit has booked yet. Two queries."""
    running = Package.objects.filter(partnership_id=partnership_id, ended_on=None).exclude(kind=StateKind.ENDED.value)
    asked = {
        pk: (supporter, half_days)
        for pk, supporter, half_days in running.values_list("pk", "supporter_id", "need__half_days")
        if supporter is not None and half_days is not None
    }
    visits = Visit.objects.filter(package_id__in=asked, cancelled_at=None).values_list("package_id", "half_days")
    booked: dict[int, int] = defaultdict(int)
    for package, half_days in visits:
        booked[package] += half_days
    found: dict[int, int] = defaultdict(int)
    for package, (supporter, half_days) in asked.items():
        found[supporter] += max(0, half_days - booked[package])
    return found


def _prices(slug: str, partnership_id: int, viewer: Viewer, on: date) -> dict[int, int]:
    """What a day of each supporter costs whoever pays, pence, by the rate card of the day: the dearest where several designations have a
    rate, so that nobody is promised what turns out dearer. Nobody without a rate is among them. Two queries."""
    rates = {each.key: price(2, each.rate).pence for each in day_rates(slug, viewer=viewer, on=on)}
    rows = Supporter.objects.filter(in_force(on), partnership_id=partnership_id) if rates else Supporter.objects.none()
    found: dict[int, int] = {}
    for pk, designations in rows.values_list("pk", "designations"):
        known = [rates[key] for key in designations if key in rates]
        if known:
            found[pk] = max(known)
    return found


def brokers_own(*, viewer: Viewer, at: date | datetime) -> BrokersOwn:
    """What somebody belongs to, and so never places: every school, trust and federation at which they hold a post, every employer that
    the directory names for them, and they themselves. At most four queries."""
    if viewer.person_id is None:
        return BrokersOwn()
    urns = {urn for each in viewer.holdings for urn in (each.urn, *each.urns) if urn}
    trusts = {each.trust_uid for each in viewer.holdings if each.trust_uid}
    federations: set[str] = set()
    names: set[str] = set()
    for trust, federation in School.objects.filter(urn__in=urns).values_list("trust_id", "federation_id"):
        trusts |= {trust} if trust else set()
        federations |= {federation} if federation else set()
    offers = set()
    for pk, urn, trust, organisation in Supporter.objects.filter(person_id=viewer.person_id).values_list(
        "pk", "school_id", "trust_id", "organisation"
    ):
        offers.add(str(pk))
        urns |= {urn} if urn else set()
        trusts |= {trust} if trust else set()
        names |= {organisation} if organisation else set()
    names |= set(Group.objects.filter(uid__in=trusts).values_list("name", flat=True))
    authorities = {each.authority_code for each in viewer.holdings if each.authority_code}
    names |= set(LocalAuthority.objects.filter(code__in=authorities).values_list("name", flat=True)) if authorities else set()
    return BrokersOwn(
        urns=frozenset(urns), trusts=frozenset(trusts), federations=frozenset(federations),
        organisations=frozenset(name for each in names if (name := folded(each))), offers=frozenset(offers),
    )  # fmt: skip


def _clusters(partnership_id: int, on: date) -> dict[str, str]:
    """The cluster of each school, the first by the bodies' order where it sits in several. One query."""
    sits = BodySchool.objects.filter(in_force(on), in_force(on, "body__"), partnership_id=partnership_id, body__tier__hue="cluster")
    return dict(sits.order_by("-body__order", "-body_id").values_list("school_id", "body__name"))
