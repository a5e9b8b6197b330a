"""What was entered about a school: for its own people everything at once, for the circle what it may read, for others their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from convenor.agreements.queries.uses import withheld
from convenor.agreements.rules.classes import DataClass
from convenor.intelligence.models import EnteredFigure, Response, SoftSignal
from convenor.intelligence.queries.circle import sight_of
from convenor.intelligence.queries.reach import Member, Standpoint, member, standpoint
from convenor.intelligence.rules import entered as rules
from convenor.intelligence.rules import soft_signals
from convenor.intelligence.rules.circle import Sight
from convenor.intelligence.rules.entered import QUESTIONS, Answer, Given
from convenor.intelligence.rules.lines import Line
from convenor.intelligence.rules.soft_signals import Confidence, Signal
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class ResponseSeen:
    """What the school said to one thing."""

    words: str
    disputes: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FigureSeen:
    """One thing entered. `says` is what it says in a sentence; `expired` that it is set aside; `newest` that nothing of the same source
    has taken its place; `mine` that this viewer entered it."""

    id: int
    code: str
    name: str
    says: str
    as_of_on: date
    expires_on: date
    entered_at: datetime
    source: str
    own: bool
    mine: bool
    newest: bool
    expired: bool
    withdrawn_why: str
    responses: tuple[ResponseSeen, ...]


@dataclass(frozen=True, slots=True)
class SchoolEntries:
    """What a viewer may know of a school's entries: the school, from where they may enter, and the entries that are theirs to see."""

    school: Member
    standpoint: Standpoint | None
    sees_all: bool
    own_people: bool
    figures: tuple[FigureSeen, ...]


def school_entries(slug: str, urn: str, *, viewer: Viewer, at: date | datetime) -> SchoolEntries | None:
    """What was entered about a member school, newest first; None for a school that is no member. At most six queries.

    The school's own people see everything, and so does whoever its circle lets read, unless the school's agreement does not let it be used
    beyond the school. Anybody else sees what they entered themselves.
    """
    school = member(urn, slug=slug, viewer=viewer, at=at)
    if school is None or viewer.partnership is None or viewer.partnership.slug != slug:
        return None
    sees_all = sight_of(urn, viewer=viewer, at=at).reads
    rows = EnteredFigure.objects.filter(partnership_id=viewer.partnership.id, school_id=urn)
    if not sees_all:
        rows = rows.filter(by_key=str(viewer.person_id))
    elif not viewer.sees_record(urn):
        rows = rows.filter(Q(by_key=str(viewer.person_id)) | ~Q(withheld(DataClass.ENTERED, viewer=viewer, at=at)))
    found = list(rows.order_by("-as_of_on", "-id"))
    said = responses_to(Response.objects.filter(figure__in=found).order_by("at", "id"))
    newest = _newest(found)
    return SchoolEntries(
        school=school,
        standpoint=standpoint(school, viewer=viewer, permission=Permission.FIGURE_ENTER, at=at),
        sees_all=sees_all,
        own_people=viewer.sees_record(urn),
        figures=tuple(_figure(row, said.get(("figure", row.pk), ()), row.pk in newest, viewer, day_of(at)) for row in found),
    )


def responses_to(rows: Iterable[Response]) -> dict[tuple[str, int], tuple[ResponseSeen, ...]]:
    """What was said to each figure or signal, by ("figure" or "signal", its key), in the order in which it was said."""
    found: dict[tuple[str, int], list[ResponseSeen]] = defaultdict(list)
    for row in rows:
        key = ("figure", row.figure_id) if row.figure_id is not None else ("signal", row.signal_id or 0)
        found[key].append(ResponseSeen(row.words, row.disputes, row.by_label, row.at))
    return {key: tuple(said) for key, said in found.items()}


def _newest(rows: Iterable[EnteredFigure]) -> frozenset[int]:
    """Keys of the newest answer of each source to each question; a withdrawn one is none. `rows` are newest first."""
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.withdrawn_at is None:
            seen.setdefault((row.code, "own" if row.own else row.by_key), row.pk)
    return frozenset(seen.values())


def _figure(row: EnteredFigure, said: tuple[ResponseSeen, ...], newest: bool, viewer: Viewer, on: date) -> FigureSeen:
    return FigureSeen(
        id=row.pk, code=row.code, name=QUESTIONS[row.code].name, says=rules.judge(answer_of(row)).says, as_of_on=row.as_of_on,
        expires_on=rules.expires_on(row.as_of_on), entered_at=row.entered_at, source="the school" if row.own else row.source_role,
        own=row.own, mine=row.by_key == str(viewer.person_id), newest=newest, expired=not rules.fresh(row.as_of_on, on=on),
        withdrawn_why=row.withdrawn_why if row.withdrawn_at is not None else "", responses=said,
    )  # fmt: skip


def answer_of(row: EnteredFigure) -> Answer:
    """A kept answer as the rules know it."""
    return Answer(row.code, frozenset(row.ticks), tuple(sorted(row.numbers.items())))


def answers_before(slug: str, urn: str, *, viewer: Viewer, at: date | datetime) -> dict[str, Answer]:
    """What to fill a form with: the school's newest answers for its own people, for anybody else the newest that they gave themselves."""
    if viewer.partnership is None or viewer.partnership.slug != slug:
        return {}
    rows = EnteredFigure.objects.filter(partnership_id=viewer.partnership.id, school_id=urn, withdrawn_at=None)
    rows = rows.filter(own=True) if viewer.sees_record(urn) else rows.filter(own=False, by_key=str(viewer.person_id))
    return {row.code: answer_of(row) for row in rows.order_by("as_of_on", "id")}


def entered_lines(
    urns: Iterable[str], *, partnership_id: int | None, at: date | datetime, viewer: Viewer | None = None
) -> dict[str, list[Line]]:
    """The lines that entries and soft signals make of schools on a day, by URN; schools without any are absent. Three queries.

    For the query of a school's lines, which has asked who may see them. What is a year old, or withdrawn, is set aside. Of soft
    signals it tells their kind and number, never their words. What a school's agreement does not let be used beyond it makes no line for
    anybody but its own people (`viewer`; None for what is for many).
    """
    asked, on = sorted(set(urns)), day_of(at)
    if partnership_id is None or not asked:
        return {}
    own = [urn for urn in asked if viewer is not None and viewer.sees_record(urn)]
    used = Q(school_id__in=own) | ~Q(withheld(DataClass.ENTERED, viewer=viewer, at=at))
    figures, signals, disputed = _held(asked, partnership_id, used)
    found: dict[str, list[Line]] = {}
    for urn in asked:
        lines = [
            *rules.lines_of([_given(row, ("figure", row.pk) in disputed) for row in figures.get(urn, ())], on=on),
            *soft_signals.lines_of([signal_of(row, ("signal", row.pk) in disputed) for row in signals.get(urn, ())], on=on),
        ]
        if lines:
            found[urn] = lines
    return found


Figures = dict[str, list[EnteredFigure]]
Signals = dict[str, list[SoftSignal]]


def _held(urns: list[str], partnership_id: int, used: Q) -> tuple[Figures, Signals, frozenset[tuple[str, int]]]:
    """What is held and not withdrawn, by URN, and which of it is disputed."""
    figures: Figures = defaultdict(list)
    signals: Signals = defaultdict(list)
    standing = EnteredFigure.objects.filter(used, partnership_id=partnership_id, school_id__in=urns, withdrawn_at=None)
    for figure in standing.order_by("as_of_on", "id"):
        figures[figure.school_id].append(figure)
    for signal in SoftSignal.objects.filter(used, partnership_id=partnership_id, school_id__in=urns, withdrawn_at=None):
        signals[signal.school_id].append(signal)
    disputes = Response.objects.filter(partnership_id=partnership_id, school_id__in=urns, disputes=True).select_related("signal")
    return figures, signals, frozenset(_stands(each) for each in disputes if _since(each))


def _stands(row: Response) -> tuple[str, int]:
    return ("figure", row.figure_id) if row.figure_id is not None else ("signal", row.signal_id or 0)


def _since(row: Response) -> bool:
    """Whether nobody has said since a dispute that the signal is still so."""
    return row.signal is None or row.signal.renewed_at is None or row.at >= row.signal.renewed_at


def _given(row: EnteredFigure, disputed: bool) -> Given:
    return Given(answer_of(row), row.as_of_on, row.source_role.lower(), row.own, disputed)


def signal_of(row: SoftSignal, disputed: bool) -> Signal:
    """A kept signal as the rules know it."""
    return Signal(row.kind, Confidence(row.confidence), row.as_of_on, row.by_key, row.source_role, row.source, row.own, disputed)


__all__ = [
    "FigureSeen", "ResponseSeen", "SchoolEntries", "Sight", "answer_of", "answers_before", "entered_lines", "responses_to",
    "school_entries", "signal_of",
]  # fmt: skip
