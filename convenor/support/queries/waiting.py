"""What waits in support: at one school for its own people, for a supporter, for a broker, and for whoever follows packages. Days and
counts, never what was written about a school."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from convenor.england.school_years import school_year_of
from convenor.partnership.models import Partnership
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission
from convenor.support.models import (
    Assurance,
    ContactNote,
    Mentoring,
    Need,
    NoteOfVisit,
    Package,
    PackageTask,
    RingLink,
    SchoolAnswer,
    Visit,
)
from convenor.support.queries.standing import parts_of
from convenor.support.rules.ownership import supplier_still_reads
from convenor.support.rules.package_words import name_in, names_of, stands_in
from convenor.support.rules.states import NeedState, PackageStatus, StateKind, TaskStatus, Who

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: The room that a partnership may switch off.
ROOM: Final = "support"
#: Tasks that somebody can do now.
OPEN: Final = (TaskStatus.NOT_STARTED.value, TaskStatus.IN_PROGRESS.value)
#: Assurance that ends so soon is spoken of to whoever keeps the directory.
SOON: Final = timedelta(days=60)


def on_room(viewer: Viewer) -> bool:
    """Whether the viewer stands in a partnership that uses this room."""
    return viewer.partnership is not None and viewer.person_id is not None and ROOM not in viewer.partnership.rooms_off


@dataclass(frozen=True, slots=True)
class TaskOpen:
    """One task of a package that can be done now: what it is called, whose it is, by when."""

    name: str
    who: Who
    due_on: date | None


@dataclass(frozen=True, slots=True)
class PackageTurn:
    """One package as a list of one's own shows it: where it stands, what waits and whose turn it is.

    `mine` is the first task that waits for this viewer, `next` the first that waits for anybody. `receiving`: it is of their own school.
    """

    pk: int
    urn: str
    school: str
    fictitious: bool
    supporter: str
    stands: str
    kind: StateKind
    status: PackageStatus
    opened_on: date
    ended_on: date | None
    who: frozenset[Who]
    mine: TaskOpen | None
    next: TaskOpen | None

    @property
    def receiving(self) -> bool:
        """Whether it is a package for the viewer's own school."""
        return Who.RECEIVING in self.who

    @property
    def open(self) -> bool:
        """Whether it goes on."""
        return self.ended_on is None and self.kind is not StateKind.ENDED

    @property
    def due_on(self) -> date | None:
        """The day of what waits first."""
        first = self.mine or self.next
        return first.due_on if first else None

    def late(self, on: date) -> bool:
        """Whether that day has passed."""
        return self.due_on is not None and self.due_on < on


def own_turns(*, viewer: Viewer, at: date | datetime, urns: tuple[str, ...] | None = None) -> tuple[PackageTurn, ...]:
    """The packages in which somebody takes a part of their own (receiving, supplying, supporter, broker), what is late first.

    `urns` narrows the schools they act for. A supplying side has a package that ended for 30 days more. Two queries.
    """
    if not on_room(viewer):
        return ()
    on, found = day_of(at), []
    for row in _own(viewer, urns).select_related("school", "supporter").order_by("opened_on", "pk"):
        who = parts_of(row, viewer=viewer) & {Who.RECEIVING, Who.SUPPLYING, Who.SUPPORTER, Who.BROKER}
        if who & {Who.RECEIVING, Who.BROKER} or (who and supplier_still_reads(row.ended_on, on)):
            found.append((row, who))
    return _turns(found)


def _own(viewer: Viewer, urns: tuple[str, ...] | None) -> Any:
    """Rows of the packages in which somebody may take a part of their own."""
    assert viewer.partnership is not None
    own = [urn for urn in (viewer.urns if urns is None else urns) if viewer.sees_record(urn)]
    parts = Q(school_id__in=own) | Q(supporter__school_id__in=own)
    if viewer.may(Permission.SUPPORT_GIVE):
        parts |= Q(supporter__person_id=viewer.person_id)
    if viewer.may(Permission.SUPPORT_BROKER):
        parts |= Q(broker_id=viewer.person_id)
    return Package.objects.filter(parts, partnership_id=viewer.partnership.id)


def followed_turns(*, viewer: Viewer, at: date | datetime) -> tuple[PackageTurn, ...]:
    """Every package that goes on, for whoever follows them all; nothing for anybody else. Two queries."""
    if not on_room(viewer) or not viewer.may(Permission.PACKAGE_FOLLOW):
        return ()
    assert viewer.partnership is not None
    rows = Package.objects.filter(partnership_id=viewer.partnership.id, ended_on=None).exclude(kind=StateKind.ENDED.value)
    found = [(row, parts_of(row, viewer=viewer)) for row in rows.select_related("school", "supporter").order_by("opened_on", "pk")]
    return _turns([(row, who) for row, who in found if who])


def _turns(rows: list[tuple[Package, frozenset[Who]]]) -> tuple[PackageTurn, ...]:
    open_tasks: dict[int, list[tuple[str, str, date | None]]] = defaultdict(list)
    if rows:
        tasks = PackageTask.objects.filter(package_id__in=[row.pk for row, _ in rows], status__in=OPEN)
        for package, key, who, due_on in tasks.order_by("pk").values_list("package_id", "key", "who", "due_on"):
            open_tasks[package].append((key, who, due_on))
    return tuple(sorted((_turn(row, who, open_tasks[row.pk]) for row, who in rows), key=_order))


def _order(turn: PackageTurn) -> tuple[bool, bool, date, int]:
    return (not turn.open, turn.mine is None, turn.due_on or date.max, turn.pk)


def _turn(row: Package, who: frozenset[Who], tasks: Iterable[tuple[str, str, date | None]]) -> PackageTurn:
    going = row.ended_on is None and row.paused_on is None
    names = names_of(row.workflow)
    listed = [TaskOpen(name_in(names, key), Who(whose), due_on) for key, whose, due_on in tasks] if going else []
    listed.sort(key=lambda each: each.due_on or date.max)
    supporter = row.supporter
    return PackageTurn(
        row.pk, row.school_id, row.school.name, row.school.fictitious, supporter.name if supporter else "",
        stands_in(row.workflow, row.state), StateKind(row.kind), PackageStatus(row.status), row.opened_on, row.ended_on, who,
        next((each for each in listed if each.who in who), None), listed[0] if listed else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AtSchool:
    """What support asks of a school besides the tasks of its packages: whether it has said what it offers and wants this year, notes of
    contact and of visits that nobody has marked, rings that wait for its word, and a mentor offered to this very person.

    `noted` is the package of the oldest note of a visit that waits, 0 for none.
    """

    answered: bool
    year: str
    contact_notes: int
    rings: int
    mentors: int
    visit_notes: int = 0
    noted: int = 0


def at_school(urn: str, *, viewer: Viewer, at: date | datetime) -> AtSchool | None:
    """What waits at a school for its own people; None for everybody else. One query."""
    return personal((urn,), viewer=viewer, at=at).asked if viewer.may(Permission.SUPPORT_ASK, urn=urn) else None


@dataclass(frozen=True, slots=True)
class Personal:
    """What waits for somebody: their packages, and what support asks of the first of these schools besides.

    `also`: which of the other features' questions are so; None where they were not asked.
    """

    turns: tuple[PackageTurn, ...] = ()
    asked: AtSchool | None = None
    also: frozenset[str] | None = None


def personal(
    urns: tuple[str, ...], *, viewer: Viewer, at: date | datetime, packages: bool = False, also: Mapping[str, Exists] | None = None
) -> Personal:  # fmt: skip
    """What waits for somebody at these schools; with `packages` also theirs. One query where they have no package, three otherwise.

    `also` are questions of other features, by a name of theirs, that are asked with the same query; those that are so are in the answer.
    """
    if not on_room(viewer):
        return Personal()
    assert viewer.partnership is not None
    here, year = viewer.partnership.id, str(school_year_of(day_of(at)))
    urn = next((each for each in urns if viewer.may(Permission.SUPPORT_ASK, urn=each)), "")
    own = urn if viewer.sees_record(urn) else ""
    notes = ContactNote.objects.filter(partnership_id=here, school_id=own, marks=None)
    links = RingLink.objects.filter(giver_id=urn, giver_agreed_at=None, ring__partnership_id=here, ring__begun_on=None, ring__ended_on=None)
    mentors = Mentoring.objects.filter(partnership_id=here, school_id=urn, head_id=viewer.person_id, head_agreed_at=None, ended_on=None)
    unmarked = NoteOfVisit.objects.filter(visit__package__partnership_id=here, visit__package__school_id=own, marks=None)
    limit = PackageTask.objects.filter(package_id=OuterRef("visit__package_id"), key__startswith="timer:", who=Who.RECEIVING.value)
    unmarked = unmarked.exclude(Exists(limit.filter(status__in=OPEN)))  # where the workflow itself asks for it, it is asked once
    first = unmarked.order_by("at", "pk").values("visit__package_id")[:1]
    row = Partnership.objects.filter(pk=here).annotate(
        packages=Exists(_own(viewer, urns)),
        answered=Exists(SchoolAnswer.objects.filter(partnership_id=here, school_id=urn, year=year)),
        notes=_many(notes),
        links=_many(links),
        mentors=_many(mentors),
        visit_notes=_many(unmarked),
        noted=Coalesce(Subquery(first, output_field=IntegerField()), 0),
    )
    asked = dict(also or {})
    told = ("packages", "answered", "notes", "links", "mentors", "visit_notes", "noted")
    any_package, answered, *rest = row.annotate(**asked).values_list(*told, *asked).get()
    counts, so = rest[: len(told) - 2], rest[len(told) - 2 :]
    turns = own_turns(viewer=viewer, at=at, urns=urns) if packages and any_package else ()
    found = frozenset(name for name, is_so in zip(asked, so, strict=True) if is_so)
    return Personal(turns, AtSchool(answered, year, *counts) if urn else None, found)


def _many(rows: Any) -> Any:
    """How many rows there are, inside another query."""
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(many=Count("pk")).values("many")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


@dataclass(frozen=True, slots=True)
class Coming:
    """A visit to come: when, at which school, and whether that is the viewer's own."""

    package: int
    on: date
    school: str
    receiving: bool


def visits_to_come(turns: Iterable[PackageTurn], *, viewer: Viewer, at: date | datetime) -> tuple[Coming, ...]:
    """The visits to come of packages in which the viewer is a side, of those told by `own_turns`, the next first. One query, or none."""
    sides = {each.pk: each for each in turns if each.open and each.who & {Who.RECEIVING, Who.SUPPORTER, Who.SUPPLYING}}
    if not sides or not on_room(viewer):
        return ()
    rows = Visit.objects.filter(package_id__in=sides, on__gte=day_of(at), cancelled_at=None, delivered_on=None).order_by("on", "pk")
    return tuple(Coming(pk, on, sides[pk].school, sides[pk].receiving) for pk, on in rows.values_list("package_id", "on")[:12])


@dataclass(frozen=True, slots=True)
class ForBrokers:
    """What waits for whoever matches: requests for which nobody is chosen yet, how many of them found nobody, the day of the first."""

    waiting: int
    unmet: int
    first_on: date | None


def for_brokers(*, viewer: Viewer, at: date | datetime) -> ForBrokers | None:
    """Requests that wait for a broker, without those of schools of their own or that another broker holds; None for everybody else."""
    if not on_room(viewer) or not viewer.may(Permission.SUPPORT_BROKER):
        return None
    assert viewer.partnership is not None
    waiting = [each.value for each in NeedState if each.waits]
    rows = Need.objects.filter(Q(broker=None) | Q(broker_id=viewer.person_id), partnership_id=viewer.partnership.id, state__in=waiting)
    rows = rows.exclude(school_id__in=[urn for urn in viewer.urns if viewer.sees_record(urn)])
    rows = rows.exclude(Exists(Package.objects.filter(need_id=OuterRef("pk"), ended_on=None)))
    found = list(rows.order_by("asked_at").values_list("state", "asked_at"))
    unmet = sum(state == NeedState.UNMET for state, _ in found)
    return ForBrokers(len(found), unmet, day_of(found[0][1]) if found else None)


def assurance_ending(*, viewer: Viewer, at: date | datetime) -> int:
    """How many supporters' last assurance ends within two months, or has ended, for whoever keeps the directory. One query."""
    if not on_room(viewer) or not viewer.may(Permission.DIRECTORY_KEEP):
        return 0
    assert viewer.partnership is not None
    on = day_of(at)
    rows = Assurance.objects.filter(supporter__partnership_id=viewer.partnership.id, supporter__until_on=None, withdrawn_on=None)
    last: dict[int, date] = {}
    for supporter, until_on in rows.order_by("valid_until_on").values_list("supporter_id", "valid_until_on"):
        last[supporter] = until_on
    return sum(until_on <= on + SOON for until_on in last.values())
