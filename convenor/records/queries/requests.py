"""The register of requests for information, for whoever answers them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Count, Prefetch, Q, QuerySet

from convenor.partnership.gate import day_of
from convenor.partnership.roles import Permission
from convenor.records.models import InformationRequest, RequestItem, RequestStop
from convenor.records.rules.classes import class_of
from convenor.records.rules.clock import KIND_SAYS, STOP_SAYS, Due, RequestKind, Stop, StopKind, due
from convenor.records.rules.decisions import DECIDED_SAYS, Decision, letter
from convenor.records.rules.states import STATE_SAYS, RequestState

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: What a look at a school's own record is called when it is read to answer somebody.
LOOKED_AT = "what was found for a request for information"


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One thing that was found, in a list: what it is, never what it says. `told` is the decision in a word."""

    pk: int
    title: str
    holder: str
    told: str
    marked: int
    changed: bool
    by_hand: bool

    @property
    def decided(self) -> bool:
        """Whether somebody decided on it as it stands."""
        return bool(self.told) and not self.changed


@dataclass(frozen=True, slots=True)
class Group:
    """What was found in one table."""

    key: str
    name: str
    record_class: str
    items: tuple[ItemLine, ...]

    @property
    def undecided(self) -> int:
        """How many wait for a decision."""
        return sum(not each.decided for each in self.items)


@dataclass(frozen=True, slots=True)
class StopSeen:
    """One time that the clock stood still."""

    says: str
    from_on: date
    until_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request, in the register."""

    pk: int
    kind: RequestKind
    says: str
    asker: str
    received_on: date
    state: RequestState
    stands: str
    due: Due
    found: int
    undecided: int

    @property
    def open(self) -> bool:
        """Whether it is still to be answered."""
        return self.state is RequestState.OPEN


@dataclass(frozen=True, slots=True)
class RequestSeen(RequestLine):
    """One request whole."""

    words: str
    answer_to: str
    about: str
    urn: str
    person_id: int | None
    longer_why: str
    searched_at: datetime | None
    letter: str
    ended_on: date | None
    ended_note: str
    recorded_by: str
    stops: tuple[StopSeen, ...]
    groups: tuple[Group, ...]
    counts: tuple[tuple[str, int], ...]
    version: int


@dataclass(frozen=True, slots=True)
class ItemSeen:
    """One thing that was found, with what it says."""

    pk: int
    request: RequestLine
    title: str
    table: str
    record_class: str
    holder: str
    urn: str
    school_record: bool
    lines: tuple[dict[str, str], ...]
    marks: dict[str, str]
    note: str
    decision: str
    why: str
    left_out: tuple[str, ...]
    decided_at: datetime | None
    decided_by: str
    changed: bool
    version: int


def requests(slug: str, *, viewer: Viewer, at: date | datetime) -> tuple[RequestLine, ...] | None:
    """The register: open requests first, those due soonest at the top, then those that are over; None for anybody else. Two queries."""
    if not _answers(slug, viewer):
        return None
    lines = [_line(row, day_of(at)) for row in _rows(slug)]
    far = date.max
    return tuple(sorted(lines, key=lambda each: (not each.open, each.due.on or far, -each.pk) if each.open else (True, far, -each.pk)))


def request(slug: str, pk: int, *, viewer: Viewer, at: date | datetime) -> RequestSeen | None:
    """One request with what was found; None for anybody else. Three queries."""
    if not _answers(slug, viewer):
        return None
    row = _rows(slug).filter(pk=pk).select_related("person", "school").first()
    return None if row is None else _whole(row, day_of(at))


def item(slug: str, pk: int, item_id: int, *, viewer: Viewer, at: date | datetime) -> ItemSeen | None:
    """One thing that was found, with what it says, for whoever answers; None for anybody else. Three queries."""
    if not _answers(slug, viewer):
        return None
    row = _rows(slug).filter(pk=pk).first()
    found = RequestItem.objects.filter(pk=item_id, request_id=pk).first()
    if row is None or found is None:
        return None
    return _item(found, _line(row, day_of(at)))


@dataclass(frozen=True, slots=True)
class Answering:
    """What the archive is made of: a request whose everything is decided. Only what is disclosed is in it."""

    seen: RequestSeen
    items: tuple[ItemSeen, ...]

    @property
    def urns(self) -> tuple[str, ...]:
        """The schools of whose own records something is disclosed, each once."""
        disclosed = (Decision.DISCLOSE.value, Decision.PART.value)
        return tuple(dict.fromkeys(each.urn for each in self.items if each.school_record and each.decision in disclosed))


def answering(slug: str, pk: int, *, viewer: Viewer, at: date | datetime) -> Answering | None:
    """A request with everything that was found and what was decided on each; None for anybody else. Four queries."""
    seen = request(slug, pk, viewer=viewer, at=at)
    if seen is None:
        return None
    rows = RequestItem.objects.filter(request_id=pk).order_by("table", "pk")
    return Answering(seen, tuple(_item(found, seen) for found in rows))


def draft_of(seen: RequestSeen, *, viewer: Viewer) -> str:
    """The first draft of the letter, from what was decided; for whoever was shown the request."""
    told = {said: decision for decision, said in DECIDED_SAYS.items()}
    return letter(
        asker=seen.asker, partnership=viewer.partnership.name if viewer.partnership else "", received=in_words(seen.received_on),
        counts={told[said]: count for said, count in seen.counts}, words=seen.words, about_asker=seen.kind is RequestKind.SUBJECT_ACCESS,
    )  # fmt: skip


def in_words(day: date) -> str:
    """A day as it stands in a letter."""
    return f"{day.day} {day:%B %Y}"


def stops_of(rows: Any) -> list[Stop]:
    """The stops of a request as the rules know them."""
    return [Stop(StopKind(each.kind), each.from_on, each.until_on) for each in rows]


def _item(found: RequestItem, seen: RequestLine) -> ItemSeen:
    about = class_of(found.table or found.record_class)
    return ItemSeen(
        found.pk, seen, found.title, found.table, about.name, found.holder, found.urn, bool(found.urn) and about.own_school,
        tuple(found.content), dict(found.marks), found.note, found.decision, found.why, tuple(found.left_out), found.decided_at,
        found.decided_by, found.changed, found.version,
    )  # fmt: skip


def _answers(slug: str, viewer: Viewer) -> bool:
    here = viewer.partnership
    return here is not None and here.slug == slug and viewer.may(Permission.REQUEST_ANSWER)


def _rows(slug: str) -> QuerySet[InformationRequest]:
    waits = Q(items__decision="") | Q(items__changed=True)
    rows = InformationRequest.objects.filter(partnership__slug=slug).prefetch_related(
        Prefetch("stops", queryset=RequestStop.objects.order_by("from_on", "pk"))
    )
    return rows.annotate(found=Count("items"), undecided=Count("items", filter=waits)).order_by("-received_on", "-pk")


def _line(row: Any, today: date) -> RequestLine:
    return RequestLine(**_told(row, today))


def _told(row: Any, today: date) -> dict[str, Any]:
    kind, state = RequestKind(row.kind), RequestState(row.state)
    when = due(kind, row.received_on, stops_of(row.stops.all()), longer=bool(row.longer_why), own_day=row.own_day, today=today)
    return {
        "pk": row.pk, "kind": kind, "says": KIND_SAYS[kind], "asker": row.asker, "received_on": row.received_on, "state": state,
        "stands": STATE_SAYS[state], "due": when, "found": row.found, "undecided": row.undecided,
    }  # fmt: skip


def _whole(row: Any, today: date) -> RequestSeen:
    items = RequestItem.objects.filter(request_id=row.pk).defer("content").order_by("table", "pk")
    groups: dict[tuple[str, str], list[ItemLine]] = {}
    counts: dict[str, int] = {}
    for each in items:
        told = DECIDED_SAYS[Decision(each.decision)] if each.decision else ""
        group = (each.table, "") if each.table else ("", each.record_class)
        groups.setdefault(group, []).append(
            ItemLine(each.pk, each.title, each.holder, told, len(each.marks), each.changed, not each.table)
        )  # fmt: skip
        if told and not each.changed:
            counts[told] = counts.get(told, 0) + 1
    stops = tuple(StopSeen(STOP_SAYS[StopKind(each.kind)], each.from_on, each.until_on, each.note) for each in row.stops.all())
    return RequestSeen(
        **_told(row, today), words=row.words, answer_to=row.answer_to, urn=row.school_id or "", person_id=row.person_id,
        about=row.person.name if row.person else row.school.name if row.school else "", longer_why=row.longer_why,
        searched_at=row.searched_at, letter=row.letter, ended_on=row.ended_on, ended_note=row.ended_note, recorded_by=row.recorded_by,
        stops=stops, groups=tuple(_group(table, by_hand, tuple(found)) for (table, by_hand), found in groups.items()),
        counts=tuple((told, counts[told]) for told in DECIDED_SAYS.values() if told in counts), version=row.version,
    )  # fmt: skip


def _group(table: str, record_class: str, items: tuple[ItemLine, ...]) -> Group:
    if not table:
        return Group(f"other-{record_class}", "Kept elsewhere", class_of(record_class).name, items)
    plural = str(apps.get_model(table)._meta.verbose_name_plural)
    return Group(table, plural[:1].upper() + plural[1:], class_of(table).name, items)
