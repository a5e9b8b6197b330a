"""Consultations: which there are, what one proposes in which version, and what it asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from convenor.consultation.models import Consultation, Proposition, Question
from convenor.consultation.rules.answers import takes_answers
from convenor.consultation.rules.propositions import Section, Step, steps
from convenor.consultation.rules.questions import Option, QuestionAsked
from convenor.consultation.rules.states import ConsultationState, QuestionKind
from convenor.partnership.queries.holdings import PartnershipHere, day_of, partnership_here
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

__all__ = ["ConsultationSeen", "PropositionSeen", "QuestionAsked", "consultation", "consultations", "questions"]

LONDON = ZoneInfo("Europe/London")
#: What everybody may know of: it was put to schools, whatever became of it.
PUT_TO_SCHOOLS = (ConsultationState.OPEN.value, ConsultationState.CLOSED.value, ConsultationState.REPORTED.value)


@dataclass(frozen=True, slots=True)
class PropositionSeen:
    """One version of what is proposed."""

    pk: int
    number: int
    sections: tuple[Section, ...]
    changes: str
    from_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConsultationSeen:
    """A consultation as a page shows it. `runs`: whether this viewer runs it. Versions oldest first; before the opening, a draft."""

    pk: int
    slug: str
    partnership: str
    title: str
    says: str
    state: ConsultationState
    opens_on: date
    closes_on: date
    public: bool
    ready_at: datetime | None
    version: int
    runs: bool
    takes: bool
    versions: tuple[PropositionSeen, ...]
    questions: tuple[QuestionAsked, ...]

    @property
    def now(self) -> PropositionSeen:
        """The version that stands."""
        return self.versions[-1]

    @property
    def steps(self) -> tuple[Step, ...]:
        """What an answer goes through, screen by screen."""
        return steps(self.now.sections, self.questions)


@dataclass(frozen=True, slots=True)
class ConsultationLine:
    """One consultation in a list."""

    pk: int
    title: str
    says: str
    state: ConsultationState
    opens_on: date
    closes_on: date
    takes: bool
    ready: bool


def runs_here(viewer: Viewer, slug: str) -> bool:
    """Whether they run consultations of this partnership."""
    return viewer.partnership is not None and viewer.partnership.slug == slug and viewer.may(Permission.CONSULTATION_RUN)


def questions(consultation_id: int, *, viewer: Viewer | str) -> list[QuestionAsked]:
    """What is asked, in order. Questions are as open as the proposition itself; a draft's are for whoever runs it, and for our own reading.

    `viewer` may be the words "the system" for a query or an action that has asked whether it may. One query.
    """
    rows = Question.objects.filter(consultation_id=consultation_id)
    if not isinstance(viewer, str):
        place = viewer.partnership.id if viewer.partnership is not None and viewer.may(Permission.CONSULTATION_RUN) else 0
        rows = rows.exclude(consultation__state=ConsultationState.DRAFT.value) | rows.filter(consultation__partnership_id=place)
    return [_asked(each) for each in rows.order_by("order", "id")]


def consultations(slug: str, *, viewer: Viewer, at: date | datetime) -> tuple[PartnershipHere, tuple[ConsultationLine, ...]] | None:
    """The partnership and its consultations, newest first; drafts and withdrawn ones only for whoever runs them. Two queries."""
    here = partnership_here(slug)
    if here is None:
        return None
    rows = Consultation.objects.filter(partnership_id=here.id)
    if not runs_here(viewer, slug):
        rows = rows.filter(state__in=PUT_TO_SCHOOLS)
    on = day_of(at)
    return here, tuple(
        ConsultationLine(
            each.pk, each.title, each.says, ConsultationState(each.state), each.opens_on, each.closes_on, _takes(each, on),
            each.ready_at is not None,
        )
        for each in rows
    )  # fmt: skip


def consultation(slug: str, pk: int, *, viewer: Viewer, at: date | datetime) -> ConsultationSeen | None:
    """One consultation with its versions and questions; None where there is none, or it is not yet for this viewer. Three queries."""
    row = Consultation.objects.filter(partnership__slug=slug, pk=pk).select_related("partnership").first()
    if row is None:
        return None
    runs = runs_here(viewer, slug)
    if row.state not in PUT_TO_SCHOOLS and not runs:
        return None
    return ConsultationSeen(
        row.pk, slug, row.partnership.name, row.title, row.says, ConsultationState(row.state), row.opens_on, row.closes_on, row.public,
        row.ready_at, row.version, runs, _takes(row, day_of(at)), versions_of(row, viewer=viewer),
        tuple(questions(row.pk, viewer="the system")),
    )  # fmt: skip


def versions_of(row: Any, *, viewer: Viewer | str) -> tuple[PropositionSeen, ...]:
    """The versions of a consultation that its caller may see; before the opening, what is being written. One query."""
    found = Proposition.objects.filter(consultation=row).order_by("number")
    made = tuple(PropositionSeen(each.pk, each.number, _sections(each.sections), each.changes, each.from_at) for each in found)
    return made or (PropositionSeen(0, 1, _sections(row.sections), "", None),)


def _takes(row: Any, on: date) -> bool:
    return takes_answers(ConsultationState(row.state), opens_on=row.opens_on, closes_on=row.closes_on, on=on)


def _sections(stored: list[dict[str, Any]]) -> tuple[Section, ...]:
    return tuple(Section(each["key"], each["heading"], tuple(each["paragraphs"])) for each in stored)


def _asked(row: Any) -> QuestionAsked:
    options = tuple(Option(each["key"], each["words"]) for each in row.options)
    return QuestionAsked(row.key, QuestionKind(row.kind), row.words, options, row.required, row.hint, row.about)
