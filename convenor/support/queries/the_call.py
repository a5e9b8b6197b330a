"""A call before an inspection, for those who know of it; for everybody else there is none, whatever they ask.

No total, list or calendar reads this table. A page that somebody who was not told opens reads as if no call had ever come.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from convenor.accounts.models import Person
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.queries.terms import calendars
from convenor.partnership.roles import Permission
from convenor.partnership.rules.terms import SchoolCalendar
from convenor.peer_review.queries.reviews_of_school import reviews_of_school
from convenor.peer_review.rules.states import State
from convenor.registers.models import School
from convenor.support.models import InspectionCall, Package, Visit
from convenor.support.rules.the_call import Call, Dated, giving_way, knows, reads_outcome, suggested

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

REVIEW: Final = "review"
VISIT: Final = "visit"
#: Reviews whose visit has not been held yet.
TO_COME: Final = frozenset({State.SCHEDULED, State.FOCUS_AGREED, State.DATA_SHARED})


@dataclass(frozen=True, slots=True)
class Gives:
    """A review or a support visit in the weeks of an inspection."""

    kind: str
    key: int
    name: str
    from_on: date
    package: int = 0


@dataclass(frozen=True, slots=True)
class InThoseWeeks:
    """What gives way at the school, and what its own people have elsewhere, which is for them to speak of with those concerned."""

    here: tuple[Gives, ...]
    elsewhere: tuple[Gives, ...] = ()


@dataclass(frozen=True, slots=True)
class CallSeen:
    """A call for somebody who knows of it. `own`: they pressed the button. `outcome` is empty for whoever may not read it yet."""

    pk: int
    urn: str
    school: str
    fictitious: bool
    own: bool
    called_at: datetime
    from_on: date
    last_on: date
    head: str
    told: tuple[str, ...]
    knows: tuple[int, ...]
    colleague: str
    colleague_id: int | None
    is_colleague: bool
    outcome: str
    published_on: date | None
    ended_on: date | None
    steps: tuple[tuple[str, datetime], ...]
    gave_way: tuple[tuple[str, date | None], ...]
    version: int

    @property
    def open(self) -> bool:
        """Whether it is not over."""
        return self.ended_on is None


def rule_of(row: InspectionCall, *, viewer: Viewer) -> Call:
    """A row as the rules know it; for this module and the actions alone."""
    return Call(
        row.by_id, frozenset(row.knows), row.colleague_id, day_of(row.called_at), row.until_on, row.published_on, row.ended_on
    )  # fmt: skip


def calls_known(*, viewer: Viewer, at: date | datetime) -> tuple[CallSeen, ...]:
    """The calls that this viewer knows of and that are not over, the newest first; for their home page. Two queries, or none."""
    if viewer.partnership is None or viewer.person_id is None:
        return ()
    rows = InspectionCall.objects.filter(partnership_id=viewer.partnership.id, ended_on=None).select_related("school", "by", "colleague")
    on = day_of(at)
    known = [row for row in rows.order_by("-called_at", "-pk") if knows(rule_of(row, viewer=viewer), viewer.person_id, on=on)]
    return tuple(_seen(row, viewer, on) for row in known)


def speaks_for(*, viewer: Viewer) -> tuple[tuple[str, str], ...]:
    """URN and name of the schools for which this viewer speaks, and so could press the button; the same whether or not anybody did.

    One query, or none.
    """
    urns = [urn for urn in viewer.urns if viewer.may(Permission.SCHOOL_SPEAK, urn=urn)]
    return tuple(School.objects.filter(urn__in=urns).order_by("name").values_list("urn", "name")) if urns else ()


def call_here(slug: str, urn: str, *, viewer: Viewer, at: date | datetime, pk: int | None = None) -> CallSeen | None:
    """The newest call of a school that this viewer knows of (their own first), or the one of that key; None where they know of none."""
    here = viewer.partnership
    if here is None or here.slug != slug or viewer.person_id is None:
        return None
    on = day_of(at)
    rows = InspectionCall.objects.filter(partnership_id=here.id, school_id=urn).select_related("school", "by", "colleague")
    if pk is not None:
        rows = rows.filter(pk=pk)
    known = [row for row in rows.order_by("-called_at", "-pk") if knows(rule_of(row, viewer=viewer), viewer.person_id, on=on)]
    known.sort(key=lambda row: (row.ended_on is not None, row.by_id != viewer.person_id))
    return _seen(known[0], viewer, on) if known else None


def _seen(row: InspectionCall, viewer: Viewer, on: date) -> CallSeen:
    own, call = row.by_id == viewer.person_id, rule_of(row, viewer=viewer)
    names = tuple(Person.objects.filter(pk__in=row.knows).order_by("name").values_list("name", flat=True)) if own else ()
    outcome = row.outcome if reads_outcome(call, viewer.person_id, on=on) else ""
    steps = tuple((str(each["what"]), datetime.fromisoformat(each["at"])) for each in row.steps) if own else ()
    moved = tuple((str(each["name"]), date.fromisoformat(each["to"]) if each["to"] else None) for each in row.moved) if own else ()
    colleague = row.colleague
    return CallSeen(
        row.pk, row.school_id, row.school.name, row.school.fictitious, own, row.called_at, row.from_on,
        row.until_on - timedelta(days=1), row.by.name, names, tuple(row.knows) if own else (), colleague.name if colleague else "",
        row.colleague_id if own else None, row.colleague_id == viewer.person_id, outcome,
        row.published_on if row.published_on is not None and row.published_on <= on else None, row.ended_on, steps, moved, row.version,
    )  # fmt: skip


def calendar_of(slug: str, urn: str, *, viewer: Viewer) -> SchoolCalendar:
    """The school days of a school: terms are published. Three queries."""
    authority = School.objects.filter(urn=urn).values_list("authority_id", flat=True).first()
    return calendars(slug, viewer=viewer).of(authority or "")


def usual_days(slug: str, urn: str, *, viewer: Viewer, at: date | datetime) -> tuple[date, date]:
    """The days with which the form begins, both inclusive. Three queries."""
    first, until = suggested(day_of(at), calendar_of(slug, urn, viewer=viewer))
    return first, until - timedelta(days=1)


def in_those_weeks(slug: str, urn: str, from_on: date, until_on: date, *, viewer: Viewer, at: date | datetime) -> InThoseWeeks:
    """Reviews at the school and support visits to it in those weeks that can still give way; and visits that its people owe elsewhere.

    For whoever speaks for the school; nothing for anybody else. Four queries.
    """
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.SCHOOL_SPEAK, urn=urn):
        return InThoseWeeks(())
    day, named = timedelta(days=1), dict[tuple[str, int], Gives]()
    dated = []
    for each in reviews_of_school(urn, viewer=viewer, at=at):
        if each.host and each.visit_from_on is not None and each.visit_last_on is not None and each.state in TO_COME:
            named[REVIEW, each.pk] = Gives(REVIEW, each.pk, f"Peer review, {each.round_name}", each.visit_from_on)
            dated.append(Dated(REVIEW, each.pk, each.visit_from_on, each.visit_last_on + day, each.visit_from_on < day_of(at)))
    to_come = Visit.objects.filter(delivered_on=None, cancelled_at=None, on__gte=day_of(at), package__partnership_id=here.id)
    packages = Package.objects.filter(partnership_id=here.id, ended_on=None)
    for row in to_come.filter(package__in=packages.filter(school_id=urn)).select_related("package").order_by("on", "pk"):
        named[VISIT, row.pk] = Gives(VISIT, row.pk, f"Support visit, {row.package.title}", row.on, row.package_id)
        dated.append(Dated(VISIT, row.pk, row.on, row.on + day))
    going = tuple(named[each.kind, each.key] for each in giving_way(dated, from_on, until_on))
    owed = to_come.filter(supporter__school_id=urn).exclude(package__school_id=urn).select_related("package", "package__school")
    away = {row.pk: row for row in owed.order_by("on", "pk")}
    gone = giving_way([Dated(VISIT, row.pk, row.on, row.on + day) for row in away.values()], from_on, until_on)
    return InThoseWeeks(
        going, tuple(Gives(VISIT, each.key, away[each.key].package.school.name, each.from_on, away[each.key].package_id) for each in gone)
    )  # fmt: skip
