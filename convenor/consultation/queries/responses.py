"""Responses: what was sent, for whoever reckons with it; and a school's own answer, for its own people."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Exists

from convenor.consultation.models import Invitation, Response
from convenor.consultation.queries.consultations import ConsultationSeen, consultation
from convenor.consultation.rules.answers import Answers, SentResponse, missing, print_of
from convenor.consultation.rules.questions import QuestionAsked
from convenor.consultation.rules.rates import SIZE_WORDS
from convenor.consultation.rules.states import ConsultationState, ResponseKind, ResponseState
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.queries.today import Colleague, OwnSchool, colleagues, own_schools
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

__all__ = ["OwnAnswer", "SentResponse", "answer_of_school", "own_lines", "sent", "strata_of"]

NO_TRUST = "In no trust"
NO_CLUSTER = "In no cluster"
NOT_SAID = "Not said"


def sent(consultation_id: int, *, viewer: Viewer | str) -> list[SentResponse]:
    """Every response that was sent, by its key, with the groups of its sender. Two queries.

    These are answers of named schools and of single people: for whoever runs the consultation, and, as "the system", for our own queries
    that show nothing of it but what `rules.disclosure` lets through. Nobody else is given any.
    """
    rows = Response.objects.filter(consultation_id=consultation_id, state=ResponseState.SENT.value)
    if not isinstance(viewer, str):
        if viewer.partnership is None or not viewer.may(Permission.CONSULTATION_RUN):
            return []
        rows = rows.filter(consultation__partnership_id=viewer.partnership.id)
    strata = strata_of(consultation_id, viewer=viewer)
    fields = ("pk", "kind", "school_id", "role", "phase", "proposition__number", "answers")
    return [
        SentResponse(
            pk, ResponseKind(kind), urn or "",
            strata.get(urn, {}) if urn else {"role": role or NOT_SAID, "phase": phase or NOT_SAID}, number, answers,
        )
        for pk, kind, urn, role, phase, number, answers in rows.order_by("pk").values_list(*fields)
    ]  # fmt: skip


def strata_of(consultation_id: int, *, viewer: Viewer | str) -> dict[str, dict[str, str]]:
    """For each school that was asked, its groups on the day of opening, in words. All of it is published. One query."""
    rows = Invitation.objects.filter(consultation_id=consultation_id)
    return {
        urn: {
            "phase": phase or NOT_SAID, "type": kind or NOT_SAID, "trust": trust or NO_TRUST, "cluster": cluster or NO_CLUSTER,
            "size": SIZE_WORDS.get(size, size),
        }
        for urn, phase, kind, trust, cluster, size in rows.values_list("school_id", "phase", "type", "trust", "cluster", "size")
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """A school's own answer, for those who act for it. `draft` is what is being written, `answers` what was sent."""

    seen: ConsultationSeen
    school: OwnSchool
    others: tuple[OwnSchool, ...]
    speaks: bool
    post: str
    draft: Answers
    answers: Answers
    state: ResponseState | None
    version_answered: int | None
    role: str
    drafted_by: str
    drafted_at: datetime | None
    sent_at: datetime | None
    came: str
    colleagues: tuple[Colleague, ...]

    @property
    def sent(self) -> bool:
        """Whether the school's response was sent."""
        return self.state is ResponseState.SENT

    @property
    def behind(self) -> bool:
        """Whether the proposition has changed since the school answered."""
        return self.sent and self.version_answered is not None and self.version_answered < self.seen.now.number

    @property
    def unsent(self) -> bool:
        """Whether something is written that was not sent."""
        return self.draft != self.answers

    @property
    def left(self) -> tuple[QuestionAsked, ...]:
        """What must still be answered before it can be sent."""
        return missing(self.seen.questions, self.draft)

    def was(self, key: str) -> str:
        """A print of the draft's answer to a question, by which a clash with a colleague is known."""
        return print_of(self.draft.get(key))


def answer_of_school(slug: str, pk: int, urn: str, *, viewer: Viewer, at: date | datetime) -> OwnAnswer | None:
    """A school's answer as it stands, or as it would begin, filled with what is known; None for anybody who does not act for the school,
    and for a school that was not asked. About eight queries."""
    if viewer.partnership is None or viewer.partnership.slug != slug or not viewer.may(Permission.SCHOOL_ACT, urn=urn):
        return None
    seen = consultation(slug, pk, viewer=viewer, at=at)
    asked = set(Invitation.objects.filter(consultation_id=pk, school_id__in=viewer.urns).values_list("school_id", flat=True))
    if seen is None or urn not in asked:
        return None
    on = day_of(at)
    own = own_schools(viewer=viewer, on=on)
    school = next(each for each in own if each.urn == urn)
    row = Response.objects.filter(consultation_id=pk, school_id=urn).select_related("proposition").first()
    post = next((each.title for each in viewer.holdings if each.allows(Permission.SCHOOL_ACT, urn=urn)), "")
    others = tuple(each for each in own if each.urn in asked and each.urn != urn and viewer.may(Permission.SCHOOL_ACT, urn=each.urn))
    mates = tuple(colleagues(viewer=viewer, on=on, urn=urn))
    speaks = viewer.may(Permission.SCHOOL_SPEAK, urn=urn)
    if row is None:
        return OwnAnswer(seen, school, others, speaks, post, {}, {}, None, None, "", "", None, None, "", mates)
    return OwnAnswer(
        seen, school, others, speaks, post, row.draft, row.answers, ResponseState(row.state), row.proposition.number, row.role,
        row.drafted_by, row.drafted_at, row.sent_at, row.came, mates,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnLine:
    """One of the viewer's schools beside a consultation that takes answers: whether it has answered."""

    consultation_id: int
    title: str
    closes_on: date
    urn: str
    school: str
    state: ResponseState | None
    speaks: bool


def is_asked(urns: Collection[str], *, viewer: Viewer, at: date | datetime) -> Exists:
    """Whether any of these schools of the viewer was asked something that takes answers today: a part of another query."""
    here, on = viewer.partnership.id if viewer.partnership else 0, day_of(at)
    own = [urn for urn in urns if viewer.may(Permission.SCHOOL_ACT, urn=urn)]
    asked = Invitation.objects.filter(
        consultation__partnership_id=here, school_id__in=own, consultation__state=ConsultationState.OPEN.value
    )
    return Exists(asked.filter(consultation__opens_on__lte=on, consultation__closes_on__gte=on))


def own_lines(slug: str, *, viewer: Viewer, at: date | datetime, pk: int | None = None) -> list[OwnLine]:
    """For each of the viewer's schools that was asked, where its answer stands, in consultations open today. Two queries, or none."""
    if viewer.partnership is None or viewer.partnership.slug != slug:
        return []
    own = [urn for urn in viewer.urns if viewer.may(Permission.SCHOOL_ACT, urn=urn)]
    if not own:
        return []
    on = day_of(at)
    asked = Invitation.objects.filter(consultation__partnership_id=viewer.partnership.id, school_id__in=own)
    asked = asked.filter(consultation__state="open", consultation__opens_on__lte=on, consultation__closes_on__gte=on)
    if pk is not None:
        asked = asked.filter(consultation_id=pk)
    rows = list(
        asked.order_by("consultation__closes_on", "school__name").values_list(
            "consultation_id", "consultation__title", "consultation__closes_on", "school_id", "school__name"
        )
    )
    states: dict[tuple[int, Any], str] = {
        (where, urn): state
        for where, urn, state in Response.objects.filter(
            consultation_id__in={each[0] for each in rows}, school_id__in=own
        ).values_list("consultation_id", "school_id", "state")
    }  # fmt: skip
    return [
        OwnLine(
            key, title, closes, urn, name, ResponseState(states[key, urn]) if (key, urn) in states else None,
            viewer.may(Permission.SCHOOL_SPEAK, urn=urn),
        )
        for key, title, closes, urn, name in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnView:
    """What a browser sent before."""

    answers: Answers
    role: str
    phase: str


def own_view(pk: int, sender: str, *, viewer: Viewer) -> OwnView | None:
    """What was sent with this digest: only the browser that holds the secret can name it. One query, or none."""
    if not sender:
        return None
    row = Response.objects.filter(consultation_id=pk, sender=sender).values_list("answers", "role", "phase").first()
    return OwnView(*row) if row else None


def not_heard_choices(pk: int, *, viewer: Viewer) -> list[tuple[str, str]]:
    """Schools that were asked and have not answered, URN and name, for whoever runs the consultation. One query."""
    if viewer.partnership is None or not viewer.may(Permission.CONSULTATION_RUN):
        return []
    asked = Invitation.objects.filter(consultation_id=pk, consultation__partnership_id=viewer.partnership.id)
    heard = Response.objects.filter(consultation_id=pk, state=ResponseState.SENT.value).exclude(school=None).values("school_id")
    return list(asked.exclude(school_id__in=heard).order_by("school__name").values_list("school_id", "school__name"))
