"""What the platform holds beside each condition. Each feature tells what is its own to tell; those above add themselves to SOURCES.

Every line is told as the page that it comes from tells it, to whoever may see that page: in shares and ranges that name no school, the
same for everybody. Nothing of the local authority's statutory line is among it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Final

from convenor.conditions.rules.evidence import EvidenceLine, beside, count_of
from convenor.funding.queries import funds
from convenor.funding.rules import financial_year
from convenor.governance.queries import decisions, priorities, task_groups
from convenor.partnership.models import Appointment, Tenure
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.queries.members import engagement, member_counts
from convenor.partnership.queries.seats import seats
from convenor.partnership.queries.structure import BodySeen, HolderSeen, StructureSeen
from convenor.partnership.roles import Diocese, Permission, RegionalLink
from convenor.partnership.rules.engagement import Told
from convenor.partnership.rules.vocabulary import ROLES

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: A source of evidence: asked for a partnership's lines as one viewer may see them.
Source = Callable[..., Iterable[EvidenceLine]]
STRUCTURE: Final = "The partnership’s structure"
HEAD, OFFICER = ROLES["headteacher"], ROLES["officer"]
#: Posts by which a partner is in touch.
LINKS: Final = (RegionalLink.key, Diocese.key)
#: Roles of those who sit for a partner and not for a school, a trust or the authority.
PARTNERS: Final = frozenset(
    ROLES[key]
    for key in (
        "diocese", "dfe-region", "teaching-school-hub", "university", "college", "early-years", "heads-association", "business",
        "community",
    )
)  # fmt: skip


def evidence(slug: str, *, viewer: Viewer, at: date | datetime) -> dict[str, tuple[EvidenceLine, ...]] | None:
    """The lines beside each condition, as this viewer may see them; None outside the partnership. About forty queries."""
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.CONDITIONS_SEE):
        return None
    return beside(chain.from_iterable(source(slug, viewer=viewer, at=at) for source in SOURCES))


def of_structure(slug: str, *, viewer: Viewer, at: date | datetime) -> Iterable[EvidenceLine]:
    """Bodies, seats and terms, as the structure shows them to anyone. Nine queries."""
    seen, on = seats(slug, viewer=viewer, at=at, within_months=12), day_of(at)
    if seen is None:
        return
    bodies = seen.structure.bodies
    total, held = seen.structure.seats, seen.structure.filled
    yield EvidenceLine("leadership", "Seats held", f"{held} of {total}", "seats", on, STRUCTURE)
    yield EvidenceLine("leadership", "Terms that end within twelve months", str(len(seen.ending)), "seats", on, STRUCTURE)
    named = sum(bool(each.successor) for each in seen.ending)
    if seen.ending:
        yield EvidenceLine("leadership", "Of these, with somebody named to follow", str(named), "seats", on, STRUCTURE)
    chairs = [chair for body in bodies for chair in body.chairs]
    yield from _chairs(chairs, on)
    since = on - timedelta(days=365)
    left = Appointment.objects.filter(partnership__slug=slug, until_on__gt=since, until_on__lte=on).values("seat_id").distinct().count()
    yield EvidenceLine("trust", "Seats that somebody left in twelve months", f"{left} of {total}", "seats", on, STRUCTURE)
    posts = Tenure.objects.filter(in_force(on), partnership__slug=slug, post__role__in=LINKS).values_list("post__title", flat=True)
    titles, none = sorted(set(posts)), "" if posts else "nobody holds such a post yet"
    yield EvidenceLine("links", "Posts that link us with partners", "; ".join(titles), "", on, STRUCTURE, none)
    partners = sorted({holder.role for holder in _holders(seen.structure)} & PARTNERS)
    nobody = "" if partners else "no seat is held by a partner yet"
    yield EvidenceLine("links", "Partners who hold a seat", "; ".join(partners), "", on, STRUCTURE, nobody)
    yield EvidenceLine("structures", "Bodies", _by_tier(seen.structure), "", on, STRUCTURE)
    for says, has in (("with a written purpose", "purpose"), ("with a quorum", "quorum"), ("with a day of review", "review_on")):
        count = sum(bool(getattr(each, has)) for each in bodies)
        yield EvidenceLine("structures", f"Bodies {says}", f"{count} of {len(bodies)}", "bodies", on, STRUCTURE)
    yield EvidenceLine("structures", "Meetings held and quorate", "", "", on, STRUCTURE, "meetings are not kept here yet")


def _chairs(chairs: list[HolderSeen], on: date) -> Iterable[EvidenceLine]:
    """Who leads the bodies: heads and officers, by the role in which they sit."""
    if not chairs:
        yield EvidenceLine("authority", "Who chairs", "", "", on, STRUCTURE, "no body has a chair yet")
        return
    for says, role in (("heads", HEAD), ("officers of the authority", OFFICER)):
        count = sum(each.role == role for each in chairs)
        yield EvidenceLine("authority", f"Chairs who are {says}", f"{count} of {len(chairs)}", "chairs", on, STRUCTURE)
    yield EvidenceLine(
        "authority", "The authority’s statutory line", "", "", on, STRUCTURE, "kept apart: nothing of it is counted here"
    )  # fmt: skip


def _holders(structure: StructureSeen) -> Iterable[HolderSeen]:
    return (holder for body in structure.bodies for seat in body.seat_list for holder in seat.holders)


def _by_tier(structure: StructureSeen) -> str:
    """How many bodies of each tier, the top first."""
    counted: dict[str, list[BodySeen]] = {}
    for body in structure.bodies:
        counted.setdefault(body.tier_name, []).append(body)
    return "; ".join(f"{name}: {len(counted[name])}" for name in [tier.name for tier in structure.tiers] if name in counted)


def of_governance(slug: str, *, viewer: Viewer, at: date | datetime) -> Iterable[EvidenceLine]:
    """Priorities and task-and-finish groups, which are public; decisions for those who read papers. Three queries."""
    on, source = day_of(at), "Priorities and decisions"
    found = priorities(slug, viewer=viewer, at=at)
    says = "Priorities in force"
    if found:
        owned = sum(bool(each.lead_body) for each in found)
        yield EvidenceLine("vision", says, str(len(found)), "", on, source)
        yield EvidenceLine("vision", "Priorities with a body that leads", f"{owned} of {len(found)}", "", on, source)
        measured = sum(bool(each.measure) for each in found)
        yield EvidenceLine("vision", "Priorities with a measure", f"{measured} of {len(found)}", "", on, source)
    else:
        yield EvidenceLine("vision", says, "", "", on, source, "none is recorded")
    groups = task_groups(slug, viewer=viewer, at=at)
    done = [each for each in groups if each.finished_on is not None and each.finished_on <= on]
    in_time = sum(each.finished_on is not None and each.finished_on <= each.due_on for each in done)
    words = f"{count_of(len(groups) - len(done), 'group', 'groups')} at work, {count_of(len(done), 'group', 'groups')} finished"
    yield EvidenceLine("structures", "Task-and-finish groups", words + (f", {in_time} in time" if done else ""), "", on, source)
    if viewer.may(Permission.PAPERS_READ):
        year = [each for each in decisions(slug, viewer=viewer, limit=500) if (on - each.decided_on).days < 365]
        needs = Permission.PAPERS_READ.value
        yield EvidenceLine("structures", "Decisions recorded in twelve months", str(len(year)), "", on, source, "", needs)


def of_engagement(slug: str, *, viewer: Viewer, at: date | datetime) -> Iterable[EvidenceLine]:
    """Membership, which is public; taking part by phase and by type as totals tell it, rounded for everybody alike. Five queries."""
    on = day_of(at)
    counted = member_counts(slug, viewer=viewer, at=at)
    by_phase = "; ".join(f"{phase}: {count}" for phase, count in counted.by_phase)
    yield EvidenceLine("engagement", "Member schools", f"{counted.total} ({by_phase})" if counted.total else "0", "", on, "Members")
    seen = engagement(slug, viewer=viewer, at=at, exactly=False)
    if seen is None:
        return
    needs, source = Permission.ENGAGEMENT_SEE.value, "Taking part, rounded to five"
    says = "Schools that took part in twelve months"
    if seen.took_part is None:
        yield EvidenceLine("engagement", says, "", "", on, source, "too few schools to say", needs)
    else:
        yield EvidenceLine("engagement", says, f"about {seen.took_part} of {seen.schools}", "schools", on, source, "", needs)
    for name, told in (("phase", seen.by_phase), ("type", seen.by_type)):
        if len(told.groups) > 1:
            yield EvidenceLine("engagement", f"The same by {name}", _groups(told), "", on, source, "", needs)


def _groups(told: Told) -> str:
    return "; ".join(f"{each.name}: about {each.took_part} of {each.schools}" for each in told.groups)


def of_funding(slug: str, *, viewer: Viewer, at: date | datetime) -> Iterable[EvidenceLine]:
    """Funds of the financial year by source, for whoever sees money. One query."""
    if not viewer.may(Permission.FUND_SEE):
        return
    on, needs, source = day_of(at), Permission.FUND_SEE.value, "Funds"
    year = financial_year(on)
    found = funds(slug, viewer=viewer, year=year)
    if not found:
        yield EvidenceLine("contributions", f"Funds of {year}", "", "", on, source, "none is recorded", needs)
        return
    by_source: dict[str, int] = {}
    for fund in found:
        by_source[fund.source] = by_source.get(fund.source, 0) + fund.pence
    words = "; ".join(f"{name}: £{pence // 100:,}" for name, pence in sorted(by_source.items(), key=lambda each: (-each[1], each[0])))
    yield EvidenceLine("contributions", f"Funds of {year} by source", words, "", on, source, "", needs)
    committed = sum(each.committed_pence for each in found)
    total = sum(each.pence for each in found)
    yield EvidenceLine("contributions", "Committed so far", f"£{committed // 100:,} of £{total // 100:,}", "", on, source, "", needs)


#: Every source; a feature above adds its own when it begins.
SOURCES: list[Source] = [of_governance, of_engagement, of_structure, of_funding]
