"""Soft signals about a school: all of them for its own people, at once; for the circle what it may read; for others those they noted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from convenor.agreements.queries.uses import withheld
from convenor.agreements.rules.classes import DataClass
from convenor.intelligence.models import Response, SoftSignal
from convenor.intelligence.queries.circle import sight_of
from convenor.intelligence.queries.entered import ResponseSeen, responses_to
from convenor.intelligence.queries.reach import Member, Standpoint, member, standpoint
from convenor.intelligence.rules.circle import Sight
from convenor.intelligence.rules.entered import fresh
from convenor.intelligence.rules.lines import SOFT_SIGNAL, Assessment
from convenor.intelligence.rules.soft_signals import CONFIDENCE_WORDS, KINDS, SOURCES, Confidence, Sensitivity, stale_on
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class SignalSeen:
    """One soft signal. `source` is the role of whoever noted it and `told_by` the group that saw it, "" where the writer did; `expired`
    says that it is set aside; `mine` that this viewer noted it."""

    id: int
    kind: str
    words: str
    happened_on: date
    as_of_on: date
    stale_on: date
    confidence: str
    confidence_says: str
    told_by: str
    source: str
    broker_only: bool
    own: bool
    mine: bool
    expired: bool
    disputed: bool
    noted_at: datetime
    withdrawn_why: str
    responses: tuple[ResponseSeen, ...]


@dataclass(frozen=True, slots=True)
class SchoolSignals:
    """What a viewer may know of the soft signals about a school, and from where they may note one. `holds`: as its named broker."""

    school: Member
    standpoint: Standpoint | None
    sees_all: bool
    own_people: bool
    holds: bool
    signals: tuple[SignalSeen, ...]

    @property
    def fresh(self) -> tuple[SignalSeen, ...]:
        """Those that stand."""
        return tuple(each for each in self.signals if not each.expired and not each.withdrawn_why)

    @property
    def aside(self) -> tuple[SignalSeen, ...]:
        """Those set aside: a year old, or taken back."""
        return tuple(each for each in self.signals if each.expired or each.withdrawn_why)

    def one(self, signal_id: int) -> SignalSeen | None:
        """One of them."""
        return next((each for each in self.signals if each.id == signal_id), None)


def school_signals(slug: str, urn: str, *, viewer: Viewer, at: date | datetime) -> SchoolSignals | None:
    """The soft signals about a member school, newest first; None for a school that is no member. At most seven queries.

    The school's own people see every one, and the named broker too. Others whom the school lets read see those that are not for the
    broker alone. Anybody else sees those that they noted; so does everybody beyond the school where its agreement lets no more be used.
    """
    school = member(urn, slug=slug, viewer=viewer, at=at)
    if school is None or viewer.partnership is None or viewer.partnership.slug != slug:
        return None
    sight = sight_of(urn, viewer=viewer, at=at)
    rows = SoftSignal.objects.filter(partnership_id=viewer.partnership.id, school_id=urn)
    mine = rows.filter(by_key=str(viewer.person_id))
    if sight < Sight.READS:
        rows = mine
    elif sight < Sight.HOLDS:
        rows = rows.filter(sensitivity=Sensitivity.CIRCLE.value) | mine
    if not viewer.sees_record(urn):
        rows = rows.filter(Q(by_key=str(viewer.person_id)) | ~Q(withheld(DataClass.ENTERED, viewer=viewer, at=at)))
    found = list(rows.order_by("-as_of_on", "-id"))
    said = responses_to(Response.objects.filter(signal__in=found).order_by("at", "id"))
    return SchoolSignals(
        school=school,
        standpoint=standpoint(school, viewer=viewer, permission=Permission.SIGNAL_NOTE, at=at),
        sees_all=sight.reads,
        own_people=viewer.sees_record(urn),
        holds=sight is Sight.HOLDS,
        signals=tuple(_signal(row, said.get(("signal", row.pk), ()), viewer, day_of(at)) for row in found),
    )


def as_read_along(assessment: Assessment, *, viewer: Viewer) -> Assessment:
    """A school's lines for somebody whom the school lets read along: no line of a kind of which a signal is for the broker alone.

    Neither its kind nor how many there are is theirs to know, so the whole line goes, and what it added to the suggestion. One query,
    none where no line is made of signals.
    """
    if viewer.partnership is None or all(line.code != SOFT_SIGNAL for line in assessment.lines):
        return assessment
    rows = SoftSignal.objects.filter(partnership_id=viewer.partnership.id, school_id=assessment.urn, sensitivity=Sensitivity.BROKER.value)
    kinds = tuple(f"{KINDS[kind].name}: " for kind in rows.order_by().values_list("kind", flat=True).distinct())
    lines = tuple(line for line in assessment.lines if line.code != SOFT_SIGNAL or not line.says.startswith(kinds))
    levelled = {line.code for line in lines if line.level is not None}
    return replace(assessment, lines=lines, suggested_by=tuple(code for code in assessment.suggested_by if code in levelled))


def _signal(row: SoftSignal, said: tuple[ResponseSeen, ...], viewer: Viewer, on: date) -> SignalSeen:
    return SignalSeen(
        id=row.pk, kind=KINDS[row.kind].name, words=row.words, happened_on=row.happened_on, as_of_on=row.as_of_on,
        stale_on=stale_on(row.as_of_on), confidence=row.confidence, confidence_says=CONFIDENCE_WORDS[Confidence(row.confidence)],
        told_by=SOURCES.get(row.source, ""), source="the school" if row.own else row.source_role,
        broker_only=row.sensitivity == Sensitivity.BROKER.value, own=row.own, mine=row.by_key == str(viewer.person_id),
        expired=not fresh(row.as_of_on, on=on), disputed=any(each.disputes for each in said), noted_at=row.noted_at,
        withdrawn_why=row.withdrawn_why if row.withdrawn_at is not None else "", responses=said,
    )  # fmt: skip
