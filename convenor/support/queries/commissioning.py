"""How support goes, for whoever sees totals: as at the first of the month, the same for everybody, naming no school. And, for whoever
follows packages, what each cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import F, Q, Sum

from convenor.intelligence.rules.totals import counting_day
from convenor.partnership.models import Membership, Tenure
from convenor.partnership.queries.holdings import LONDON, day_of, in_force
from convenor.partnership.roles import Broker, Permission
from convenor.peer_review.rules.health import FEWEST, Measure
from convenor.registers.models import School
from convenor.support.models import CapacityYear, Choice, Need, Package, PackageCost, Supporter, Visit
from convenor.support.queries.waiting import on_room
from convenor.support.rules import commissioning as rules
from convenor.support.rules.commissioning import HALF_DAYS_ROUNDED_TO, PENCE_ROUNDED_TO, Part, Piece, Sums, kind_of
from convenor.support.rules.states import Payer

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

YEAR: Final = timedelta(days=365)
NO_TIER, NO_PRIORITY = "Of no tier", "Of no priority"


@dataclass(frozen=True, slots=True)
class Offered:
    """Half days of the directory in the school year of the counting day. It stands before every member, so it is told as it is."""

    offered: int
    booked: int
    delivered: int
    supporters: int


@dataclass(frozen=True, slots=True)
class CommissioningSeen:
    """What is told of support as at `on`; next counted on `next_on`. Shares are of schools; days are halves; money is pence."""

    on: date
    next_on: date
    matched: tuple[Part, ...]
    reach: Measure
    own_bodies: Part
    days_by_tier: Sums
    days_by_priority: Sums
    days_planned: Sums
    cost: Sums
    offered: Offered | None


def commissioning(slug: str, *, viewer: Viewer, at: date | datetime) -> CommissioningSeen | None:
    """How a partnership's support goes; None for whoever may not see totals. Ten queries at most.

    Nothing that is asked narrows it, as with the review engine: what is told is the same for everybody, and changes once a month.
    """
    here = viewer.partnership
    if here is None or here.slug != slug or not on_room(viewer) or not viewer.may(Permission.SUPPORT_TOTALS_SEE):
        return None
    on = counting_day(day_of(at))
    running = _running(here.id, on)
    delivered = _delivered(here.id, on)
    pieces = [(row, Piece(row["pk"], row["school_id"], delivered.get(row["pk"], 0))) for row in running]
    by_tier, by_priority = rules.two_sums(
        _cells((row["tier"] or NO_TIER, piece) for row, piece in pieces),
        _cells((row["aim"] or NO_PRIORITY, piece) for row, piece in pieces),
        rounded_to=HALF_DAYS_ROUNDED_TO,
    )
    planned = [("All", Piece(row["pk"], row["school_id"], row["asked"] or 0)) for row in running]
    return CommissioningSeen(
        on=on,
        next_on=date(on.year + on.month // 12, on.month % 12 + 1, 1),
        matched=rules.matched_within(_waits(here.id, on)),
        reach=rules.reach(_members(here.id, on), {row["school_id"] for row in running}),
        own_bodies=rules.part(_by_own_bodies(running, here.id, on)),
        days_by_tier=by_tier,
        days_by_priority=by_priority,
        days_planned=rules.sums(_cells(planned), rounded_to=HALF_DAYS_ROUNDED_TO),
        cost=_cost(running, here.id, on),
        offered=_offered(here.id, on),
    )


def _running(partnership_id: int, on: date) -> list[dict[str, Any]]:
    """Packages whose support had begun by the day and had not ended a year before it. Two queries.

    A package is of the tier that it names, or its request; else of the tier whose fund pays for it.
    """
    rows = Package.objects.filter(partnership_id=partnership_id, started_on__lte=on)
    rows = rows.filter(Q(ended_on=None) | Q(ended_on__gt=on - YEAR)).order_by("pk")
    found = rows.values(
        "pk", "school_id", "supporter_id", tier_name=F("tier__name"), need_tier=F("need__tier__name"), aim=F("priority__title"),
        need_aim=F("need__priority__title"), asked=F("need__half_days"),
    )  # fmt: skip
    paid = PackageCost.objects.filter(package__in=rows, ended_on=None, commitment__fund__tier__isnull=False).order_by("-pk")
    funded = dict(paid.values_list("package_id", "commitment__fund__tier__name"))
    return [
        {**row, "tier": row["tier_name"] or row["need_tier"] or funded.get(row["pk"]), "aim": row["aim"] or row["need_aim"]}
        for row in found
    ]


def _delivered(partnership_id: int, on: date) -> dict[int, int]:
    """Half days delivered in the year to the day, by package. One query."""
    rows = Visit.objects.filter(package__partnership_id=partnership_id, delivered_on__gt=on - YEAR, delivered_on__lte=on)
    return dict(rows.order_by().values_list("package_id").annotate(halves=Sum("half_days")))


def _cells(pieces: Iterable[tuple[str, Piece]]) -> dict[str, list[Piece]]:
    found: dict[str, list[Piece]] = defaultdict(list)
    for name, piece in pieces:
        found[name].append(piece)
    return dict(found)


def _waits(partnership_id: int, on: date) -> dict[str, int | None]:
    """For each school that asked in the year to the day, the days from its newest asking to a choice by then; None for none. Two queries.

    Somebody who asked within the longest of the times that are told, and waits still, is not counted yet.
    """
    end = datetime.combine(on + timedelta(days=1), time(), tzinfo=LONDON)
    asked = Need.objects.filter(partnership_id=partnership_id, asked_at__lt=end, asked_at__gte=end - YEAR).exclude(state="withdrawn")
    chosen: dict[int, date] = {}
    for need, moment in Choice.objects.filter(need__in=asked, at__lt=end).order_by("-at").values_list("need_id", "at"):
        chosen[need] = day_of(moment)
    found: dict[str, int | None] = {}
    for pk, urn, moment in asked.order_by("asked_at", "pk").values_list("pk", "school_id", "asked_at"):
        took = (chosen[pk] - day_of(moment)).days if pk in chosen else None
        if took is not None or on - day_of(moment) >= timedelta(days=rules.WITHIN_DAYS[-1]):
            found[urn] = took
    return found


def _members(partnership_id: int, on: date) -> dict[str, str]:
    """The kind of each member school on the day. One query."""
    rows = Membership.objects.filter(in_force(on), partnership_id=partnership_id)
    return {urn: kind_of(phase, group) for urn, phase, group in rows.values_list("school_id", "school__phase", "school__type_group")}


def _by_own_bodies(running: list[dict[str, Any]], partnership_id: int, on: date) -> dict[str, bool]:
    """For each school with support: whether any of it comes from a school or trust at which a broker holds a post. Three queries."""
    brokers = Tenure.objects.filter(in_force(on), partnership_id=partnership_id, post__role=Broker.key).values("person_id")
    posts = Tenure.objects.filter(in_force(on), partnership_id=partnership_id, person_id__in=brokers).exclude(post__role=Broker.key)
    schools, trusts = set[str](), set[str]()
    for urn, trust in posts.values_list("post__school_id", "post__trust_id"):
        schools |= {urn} if urn else set()
        trusts |= {trust} if trust else set()
    employing = School.objects.filter(urn__in=schools).exclude(trust_id=None).values_list("trust_id", flat=True)
    trusts |= set(employing) if schools else set()
    own = Supporter.objects.filter(partnership_id=partnership_id).filter(
        Q(person_id__in=brokers) | Q(school_id__in=schools) | Q(trust_id__in=trusts) | Q(school__trust_id__in=trusts)
    )
    theirs = set(own.values_list("pk", flat=True))
    found: dict[str, bool] = {}
    for row in running:
        if row["supporter_id"] is not None:
            found[row["school_id"]] = found.get(row["school_id"], False) or row["supporter_id"] in theirs
    return found


#: Who pays, as totals say it.
PAYS: Final[dict[str, str]] = {
    Payer.FUND.value: "A fund of the partnership",
    Payer.RECEIVING.value: "The schools that received it",
    Payer.SUPPLYING.value: "The schools that gave it",
    Payer.ELSEWHERE.value: "Somebody else",
}


def _cost(running: list[dict[str, Any]], partnership_id: int, on: date) -> Sums:
    """What these packages cost as agreed by the day, by who pays. One query."""
    schools = {row["pk"]: row["school_id"] for row in running}
    rows = PackageCost.objects.filter(package__partnership_id=partnership_id, agreed_on__lte=on).filter(
        Q(ended_on=None) | Q(ended_on__gt=on)
    )
    paid: dict[tuple[str, int], int] = defaultdict(int)
    for package, payer, pence in rows.order_by().values_list("package_id", "payer", "pence"):
        if package in schools and payer in PAYS:
            paid[PAYS[payer], package] += pence
    return rules.sums(
        _cells((payer, Piece(package, schools[package], pence)) for (payer, package), pence in sorted(paid.items())),
        rounded_to=PENCE_ROUNDED_TO,
    )


def _offered(partnership_id: int, on: date) -> Offered | None:
    """What the directory offers in the school year; None where it offers too little to speak of. One query."""
    start = on.year if on.month >= 9 else on.year - 1
    rows = CapacityYear.objects.filter(supporter__partnership_id=partnership_id, year=f"{start}-{(start + 1) % 100:02}")
    found = list(rows.values_list("half_days_offered", "half_days_booked", "half_days_delivered"))
    offered, booked, delivered = (sum(each[i] for each in found) for i in range(3))
    return Offered(offered, booked, delivered, len(found)) if len(found) >= FEWEST else None


@dataclass(frozen=True, slots=True)
class PackageSpent:
    """What one package asked for, was given and cost, for whoever follows packages. Halves of days; pence."""

    pk: int
    urn: str
    school: str
    fictitious: bool
    supporter: str
    state: str
    started_on: date | None
    planned: int
    delivered: int
    pence: int
    broker_pence: int
    payers: tuple[str, ...]


def package_costs(slug: str, *, viewer: Viewer, at: date | datetime) -> tuple[PackageSpent, ...] | None:
    """What each package of the partnership cost, the newest first; None for whoever follows none. Three queries.

    States, days and money are what a coordinator sees of a package: nothing that was written about the school.
    """
    here = viewer.partnership
    if here is None or here.slug != slug or not on_room(viewer):
        return None
    if not any(each.body_id is None and not each.urns and each.allows(Permission.PACKAGE_FOLLOW) for each in viewer.holdings):
        return None
    rows = Package.objects.filter(partnership_id=here.id).exclude(started_on=None)
    delivered = Visit.objects.filter(package__in=rows).exclude(delivered_on=None).order_by().values_list("package_id")
    days = dict(delivered.annotate(halves=Sum("half_days")))
    spent: dict[int, tuple[int, int, set[str]]] = {}
    costs = PackageCost.objects.filter(package__in=rows, ended_on=None).order_by("pk")
    for package, payer, pence, share in costs.values_list("package_id", "payer", "pence", "broker_pence"):
        before = spent.get(package, (0, 0, set()))
        spent[package] = (before[0] + pence, before[1] + share, before[2] | {PAYS.get(payer, "Nobody: it is given freely")})
    fields = ("pk", "school_id", "school__name", "school__fictitious", "supporter__name", "status", "started_on", "need__half_days")
    found = []
    for pk, urn, school, invented, who, state, started_on, planned in rows.order_by("-started_on", "-pk").values_list(*fields):
        pence, share, payers = spent.get(pk, (0, 0, set()))
        found.append(
            PackageSpent(
                pk, urn, school, invented, who or "", state, started_on, planned or 0, days.get(pk, 0), pence, share, tuple(sorted(payers))
            )
        )
    return tuple(found)
