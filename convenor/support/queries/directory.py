"""The directory: who offers support, what vouches for them, and what of their days is left.

What a supporter declares in private goes into the matching and nowhere else. A supporter for whom nothing vouches today is found by nobody
but whoever keeps the directory, whoever brokers, and themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from convenor.england.school_years import school_year_of
from convenor.funding.queries import day_rates
from convenor.funding.rules import Entry, rate_on
from convenor.intelligence.rules.totals import counting_day
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import Permission
from convenor.peer_review.rules.themes import name_of as theme_name
from convenor.support.models import Assurance, CapacityYear, Package, StandingInterest, Supporter
from convenor.support.queries.assurances import assured_of
from convenor.support.queries.effect import verdicts_by_supporter
from convenor.support.queries.supporters import designations, is_own, member_names, school_place
from convenor.support.rules.assurance import AssuranceState, Assured, assured_until, in_date, state_on
from convenor.support.rules.capacity import Year
from convenor.support.rules.commissioning import Part
from convenor.support.rules.designations import Designation, name_of
from convenor.support.rules.directory import BETTER, CAME_ABOUT, MEASURED, Asked, Found, km_apart, outcomes_told, search
from convenor.support.rules.money import price
from convenor.support.rules.placing import Offer
from convenor.support.rules.states import AssuranceKind, SupporterKind

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: A place of somebody's own is told in steps of so many kilometres, so that nobody can work out where they live.
STEP_KM = 5
#: How the register says that a school has closed.
CLOSED = "closed"
#: What an entry is read with: all of its own, and of its school and trust what pages and the matching ask.
READ = (
    *(each.name for each in Supporter._meta.concrete_fields), "trust__name", "school__name", "school__easting", "school__northing",
    "school__status", "school__closed_on", "school__fictitious", "school__federation", "school__trust__name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OfferSeen:
    """One entry of the directory. `km` is from the place the page was asked from; `easting` and `northing` are empty for a place of
    somebody's own, which nobody is shown. `year` holds half days of the school year `school_year`; `closed`: their school has."""

    pk: int
    uid: UUID
    kind: SupporterKind
    name: str
    person_id: int | None
    urn: str
    school: str
    trust: str
    organisation: str
    designations: tuple[str, ...]
    designation_names: tuple[str, ...]
    expertise: tuple[str, ...]
    phases: tuple[str, ...]
    formats: tuple[str, ...]
    says: str
    reach_km: int | None
    km: float | None
    easting: int | None
    northing: int | None
    assurance: AssuranceState
    assured_until: date | None
    school_year: str
    year: Year
    day_pence: int | None
    published: bool
    taken_from: str
    fictitious: bool
    closed: bool
    own: bool
    version: int

    @property
    def found(self) -> bool:
        """Whether schools find it: something vouches for it, and the school they come from stands."""
        return self.assurance.stands and not self.closed

    @property
    def half_days_left(self) -> int:
        """Half days that can still be booked this school year."""
        return self.year.left

    @property
    def house(self) -> str:
        """Where they come from, in words."""
        return self.school or self.trust or self.organisation

    @property
    def words(self) -> str:
        """Everything that a search reads."""
        themes = (theme_name(key) for key in self.expertise)
        return " ".join((self.name, self.house, self.organisation, self.trust, *self.designation_names, *themes, *self.formats, self.says))


@dataclass(frozen=True, slots=True)
class AssuranceSeen:
    """One piece of evidence, as members read it."""

    pk: int
    kind: AssuranceKind
    assurer: str
    source: str
    assured_on: date
    valid_until_on: date
    withdrawn_on: date | None
    counts: bool


@dataclass(frozen=True, slots=True)
class OfferPage:
    """One entry with what vouches for it; at about which part of schools its past packages came to what was agreed, and at which part of
    those that could be measured to more than was expected.

    `keeps`: the viewer keeps the directory; `may_change`: they may change the entry.
    """

    offer: OfferSeen
    assurances: tuple[AssuranceSeen, ...]
    years: tuple[tuple[str, Year], ...]
    outcomes: Part
    verdicts: Part
    keeps: bool
    may_change: bool
    designations: Mapping[str, Designation]


@dataclass(frozen=True, slots=True)
class DirectoryPage:
    """What was found, from where distances are told, and what the facets offer. `waiting` are entries that nothing vouches for today."""

    found: Found[OfferSeen]
    asked: Asked
    near: str
    near_name: str
    school_year: str
    total: int
    supporters: tuple[int, ...]
    waiting: tuple[OfferSeen, ...]
    keeps: bool
    members: tuple[tuple[str, str], ...]
    designations: Mapping[str, Designation]


def directory(slug: str, *, viewer: Viewer, at: date | datetime, asked: Asked, near: str = "") -> DirectoryPage | None:
    """The directory of the viewer's partnership as it is searched; None outside it. Seven queries, however many stand in it.

    `near` is the URN of a school from which distances are told; the viewer's own first school where it names none.
    """
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.PARTNERSHIP_SEE):
        return None
    members = member_names(viewer=viewer, at=at)
    known = dict(members)
    urn = near if near in known else next((each for each in viewer.urns if each in known), "")
    named = designations(slug, viewer=viewer)
    everybody = offers(viewer=viewer, at=at, near=urn, named=named)
    shown = [each for each in everybody if each.found]
    keeps = viewer.may(Permission.DIRECTORY_KEEP)
    waiting = tuple(each for each in everybody if not each.found and (keeps or each.own))
    year = school_year_of(day_of(at)).label
    return DirectoryPage(
        search(shown, asked),
        asked,
        urn,
        known.get(urn, ""),
        year,
        len(shown),
        tuple(each.pk for each in everybody),
        waiting,
        keeps,
        members,
        named,
    )


def offers(
    *, viewer: Viewer, at: date | datetime, near: str = "", named: Mapping[str, Designation] | None = None,
    only: Iterable[int] | None = None,
) -> list[OfferSeen]:  # fmt: skip
    """Every entry of the viewer's partnership that stands on the day, by name; empty outside it. Six queries at the most.

    Those for whom nothing vouches are among them: whoever shows a list of them hides those (see `directory`).
    """
    here = viewer.partnership
    if here is None or not viewer.may(Permission.PARTNERSHIP_SEE):
        return []
    on = day_of(at)
    rows = Supporter.objects.filter(in_force(on), partnership_id=here.id).select_related("school__trust", "trust").only(*READ)
    found = list((rows if only is None else rows.filter(pk__in=list(only))).order_by("name", "id"))
    pks = [row.pk for row in found]
    place = school_place(near, viewer=viewer) if near else None
    begin = (place.easting, place.northing) if place else (None, None)
    label = school_year_of(on).label
    known = named if named is not None else designations(here.slug, viewer=viewer)
    assured, years = assured_of(pks, viewer=viewer), years_of(pks, label, viewer=viewer)
    rates = day_rates(here.slug, viewer=viewer, on=on)
    return [
        _seen(
            row, on, begin, known, assured.get(row.pk, ()), (label, years.get(row.pk, Year())), own=is_own(row, viewer=viewer),
            day_pence=_day_pence(row, rates, on),
        )
        for row in found
    ]  # fmt: skip


def offer_here(slug: str, pk: int, *, viewer: Viewer, at: date | datetime, near: str = "") -> OfferPage | None:
    """One entry of the directory; None outside the partnership, and where nothing vouches for it for everybody but whoever keeps the
    directory, whoever brokers, and the supporter's own people. Twelve queries at the most."""
    here = viewer.partnership
    if here is None or here.slug != slug:
        return None
    named = designations(slug, viewer=viewer)
    urn = near or next(iter(viewer.urns), "")
    offer = next(iter(offers(viewer=viewer, at=at, near=urn, named=named, only=[pk])), None)
    keeps = viewer.may(Permission.DIRECTORY_KEEP)
    if offer is None:
        return None
    may_change = keeps or offer.own or bool(offer.urn and viewer.may(Permission.SCHOOL_SPEAK, urn=offer.urn))
    if not offer.found and not may_change and not viewer.may(Permission.SUPPORT_BROKER):
        return None
    on = day_of(at)
    rows = Assurance.objects.filter(supporter_id=pk).order_by("-valid_until_on", "-id")
    evidence = tuple(
        AssuranceSeen(
            each.pk, AssuranceKind(each.kind), each.assurer, each.source, each.assured_on, each.valid_until_on, each.withdrawn_on,
            Assured(each.assured_on, each.valid_until_on, each.withdrawn_on).counts(on),
        )
        for each in rows
    )  # fmt: skip
    return OfferPage(
        offer, evidence if may_change else tuple(each for each in evidence if each.counts), _years(pk), outcomes(pk, viewer=viewer, at=at),
        verdicts(pk, viewer=viewer, at=at), keeps, may_change, named,
    )  # fmt: skip


def outcomes(supporter_id: int, *, viewer: Viewer, at: date | datetime) -> Part:
    """At which part of the schools that a supporter served what was agreed came about, by each school's newest package that had ended when
    the month began; nothing while they are fewer than five. Two looks in a month never differ. One query."""
    here = viewer.partnership
    if here is None:
        return Part()
    rows = Package.objects.filter(partnership_id=here.id, supporter_id=supporter_id, ended_on__lt=counting_day(day_of(at))).exclude(met="")
    return outcomes_told(dict(rows.order_by("ended_on", "pk").values_list("school_id", "met")), CAME_ABOUT)


def verdicts(supporter_id: int, *, viewer: Viewer, at: date | datetime) -> Part:
    """At which part of the schools whose packages could be measured more came about than was expected, as it was read when the month began;
    nothing while they are fewer than five. Two queries."""
    read = verdicts_by_supporter([supporter_id], viewer=viewer, before=counting_day(day_of(at))).get(supporter_id, {})
    return outcomes_told({urn: verdict for urn, verdict in read.items() if verdict in MEASURED}, BETTER)


def _years(pk: int) -> tuple[tuple[str, Year], ...]:
    rows = CapacityYear.objects.filter(supporter_id=pk).order_by("-year")
    return tuple((row.year, Year(row.half_days_offered, row.half_days_booked, row.half_days_delivered)) for row in rows)


def _seen(
    row: Supporter, on: date, begin: tuple[int | None, int | None], named: Mapping[str, Designation], evidence: tuple[Assured, ...],
    year: tuple[str, Year], *, own: bool, day_pence: int | None,
) -> OfferSeen:  # fmt: skip
    school = row.school
    private = row.easting is not None
    km = km_apart(begin, place_of(row, viewer=None))
    trust = row.trust or (school.trust if school else None)
    return OfferSeen(
        pk=row.pk, uid=row.uid, kind=SupporterKind(row.kind), name=row.name, person_id=row.person_id, urn=row.school_id or "",
        school=school.name if school else "", trust=trust.name if trust else "", organisation=row.organisation,
        designations=tuple(row.designations), designation_names=tuple(name_of(key, named) for key in row.designations),
        expertise=tuple(row.expertise), phases=tuple(row.phases), formats=tuple(row.formats), says=row.says, reach_km=row.reach_km,
        km=STEP_KM * round(km / STEP_KM) if private and km is not None else km,
        easting=school.easting if school and not private else None, northing=school.northing if school and not private else None,
        assurance=state_on(evidence, on), assured_until=assured_until(evidence), school_year=year[0], year=year[1],
        day_pence=day_pence, published=row.published, taken_from=row.taken_from, fictitious=bool(school and school.fictitious),
        closed=_closed(row, on), own=own,
        version=row.version,
    )  # fmt: skip


def offers_for_matching(*, viewer: Viewer, at: date | datetime) -> list[Offer]:
    """Every supporter as the matching reads them, with what they declared; empty for whoever brokers nothing.

    Whoever comes from a school that has closed is not among them. Days are those left in the school year of the day, prices those of the
    rate card, a broker's share on top included. An answer of the matching names no interest. Five queries.
    """
    here = viewer.partnership
    if here is None or not viewer.may(Permission.SUPPORT_BROKER):
        return []
    on = day_of(at)
    standing = Supporter.objects.filter(in_force(on), partnership_id=here.id).select_related("school__trust", "trust")
    rows = [row for row in standing.only(*READ).order_by("id") if not _closed(row, on)]
    pks = [row.pk for row in rows]
    assured = assured_of(pks, viewer=viewer)
    years = years_of(pks, school_year_of(on).label, viewer=viewer)
    interests: dict[int, set[str]] = defaultdict(set)
    declared = StandingInterest.objects.filter(Q(until_on=None) | Q(until_on__gt=on), supporter_id__in=pks)
    for pk, urn in declared.values_list("supporter_id", "school_id"):
        interests[pk].add(urn)
    rates = day_rates(here.slug, viewer=viewer, on=on)
    return [
        _offer(
            row, assured=in_date(assured.get(row.pk, ()), on), left=years.get(row.pk, Year()).left, interests=interests[row.pk],
            day_pence=_day_pence(row, rates, on),
        )
        for row in rows
    ]  # fmt: skip


def years_of(supporter_ids: list[int], year: str, *, viewer: Viewer) -> dict[int, Year]:
    """Half days offered, booked and delivered in a school year, for each supporter who offers any. One query."""
    rows = CapacityYear.objects.filter(supporter_id__in=supporter_ids, year=year)
    return {
        row[0]: Year(*row[1:]) for row in rows.values_list("supporter_id", "half_days_offered", "half_days_booked", "half_days_delivered")
    }


def _closed(row: Supporter, on: date) -> bool:
    """Whether the school that somebody comes from has closed by a day, as the register has it."""
    school = row.school
    return school is not None and (school.status == CLOSED or (school.closed_on is not None and school.closed_on <= on))


def _day_pence(row: Supporter, rates: Iterable[Entry], on: date) -> int | None:
    """What a day of a supporter costs in all by the rate card, for the dearest of their designations; None where it names none of them."""
    found = rate_on(rates, row.designations, on)
    return price(2, found.rate).pence if found else None


def _offer(row: Supporter, *, assured: bool, left: int, interests: set[str], day_pence: int | None) -> Offer:
    """A supporter as the matching reads them: their own place where they have one, else that of their school."""
    school = row.school
    easting, northing = place_of(row, viewer=None)
    return Offer(
        id=str(row.pk), urn=row.school_id, trust=row.trust_id or (school.trust_id if school else None),
        federation=school.federation_id if school else None, organisation=row.organisation or (row.trust.name if row.trust else ""),
        themes=frozenset(row.expertise), phases=frozenset(row.phases), half_days_left=left, day_pence=day_pence, easting=easting,
        northing=northing, reach_km=row.reach_km, assured=assured, interests=frozenset(interests), formats=frozenset(row.formats),
    )  # fmt: skip


def place_of(row: Supporter, *, viewer: Viewer | None) -> tuple[int | None, int | None]:
    """Where a supporter sets out from, metres: a place of their own, else their school; nothing where neither is known."""
    if row.easting is not None and row.northing is not None:
        return row.easting, row.northing
    return (row.school.easting, row.school.northing) if row.school else (None, None)
