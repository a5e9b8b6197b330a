"""Answering: a school's draft is kept as it is written, sent in the name of a post, once; anybody's own view; a sheet of paper typed in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from convenor.consultation.actions.consultation_rows import NOT_THERE
from convenor.consultation.models import Consultation, Invitation, Proposition, Response
from convenor.consultation.queries.consultations import questions
from convenor.consultation.rules.answers import Answers, check_complete, checked_all, print_of, refuse_unless_open
from convenor.consultation.rules.refusals import AlreadySent, BadAnswer, ChangedMeanwhile
from convenor.consultation.rules.states import Came, ConsultationState, ResponseKind, ResponseState
from convenor.journal import actions as journal
from convenor.partnership.actions import record_engagement
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere

ROLE_AT_MOST = 80
NOT_ASKED = "This school was not asked: it was no member on the day the consultation opened. Nothing was changed."


def save_draft(
    *, slug: str, consultation_id: int, urn: str, answers: Mapping[str, Any], by: Viewer, at: datetime, was: Mapping[str, str] | None = None
) -> Response:
    """Keeps what is being written to some of the questions; it says nothing to anybody until it is sent. After the last day as well.

    `was` holds a print of each answer as the page had it: where a colleague changed that very answer since, theirs stands,
    ChangedMeanwhile is raised, and everything else is kept. Raises NotAllowed, NotThere, and what `rules.answers.checked` raises.
    """
    allow(by, Permission.SCHOOL_ACT, partnership=slug, urn=urn)
    with transaction.atomic():
        row = _row(slug, consultation_id, urn, by=by, at=at)
        clashes = _put(row, answers, was or {})
        row.drafted_by, row.drafted_at = by.label[:200], at
        row.version += 1
        row.save()
        before = Response.objects.select_related("consultation").get(pk=row.pk)
    if clashes:
        raise ChangedMeanwhile(
            f"A colleague changed {'an answer' if len(clashes) == 1 else 'answers'} here while you had it open. What you wrote stands "
            "below: look again, and save it once more to keep yours.",
            now=before.version,
        )
    return before


def send_response(*, slug: str, consultation_id: int, urn: str, by: Viewer, at: datetime, post: str = "") -> Response:
    """Sends the draft as the school's one formal response, in the name of a post (`post`, else the sender's own); or its change.

    Raises NotAllowed for whoever does not speak for the school, NotThere, NotOpen after the last day (the draft is kept), AlreadySent
    where it was sent as it stands, with who sent it, BadAnswer where something must still be answered.
    """
    allow(by, Permission.SCHOOL_SPEAK, partnership=slug, urn=urn)
    with transaction.atomic():
        row = _row(slug, consultation_id, urn, by=by, at=at)
        _refuse_shut(row.consultation, at)
        if row.state == ResponseState.SENT.value and row.draft == row.answers and row.proposition_id == _stands(row.consultation).pk:
            raise AlreadySent(_who_sent(row))
        asked = questions(consultation_id, viewer="the system")
        answers = checked_all(asked, row.draft)
        check_complete(asked, answers)
        first = row.state != ResponseState.SENT.value
        _send(row, answers, by=by, at=at)
        row.role, row.person_id, row.came, row.entered_by = (post or _post(by, urn))[:ROLE_AT_MOST], by.person_id, Came.WEB.value, ""
        row.save()
        _told(row, urn, "answered" if first else "answer-changed", slug=slug, by=by, at=at)
    return row


def send_view(
    *, slug: str, consultation_id: int, answers: Mapping[str, Any], secret: str, by: Viewer, at: datetime, role: str = "", phase: str = ""
) -> Response:
    """One person's own view, without an account: one for each browser, by what only that browser holds; sent again, it is changed.

    It stands beside the schools' responses and is never counted with them. Raises NotThere where views are not asked for, NotOpen,
    BadAnswer where nothing is said.
    """
    with transaction.atomic():
        row = Consultation.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, pk=consultation_id, public=True).first()
        if row is None or row.state in (ConsultationState.DRAFT.value, ConsultationState.WITHDRAWN.value):
            raise NotThere(NOT_THERE)
        _refuse_shut(row, at)
        given = checked_all(questions(consultation_id, viewer="the system"), answers)
        if not given:
            raise BadAnswer("Say something to one question at least. Nothing was sent.")
        sender = digest(consultation_id, secret)
        view = Response.objects.filter(consultation=row, sender=sender).first() or Response(
            consultation=row, kind=ResponseKind.VIEW.value, sender=sender, came=Came.WEB.value, started_at=at, version=0
        )
        view.proposition = _stands(row)
        view.role, view.phase, view.consultation = role.strip()[:ROLE_AT_MOST], phase.strip()[:40], row
        _send(view, given, by=by, at=at)
        view.save()
    return view


def enter_paper(
    *, slug: str, consultation_id: int, answers: Mapping[str, Any], by: Viewer, at: datetime, urn: str = "", role: str = "", phase: str = ""
) -> Response:
    """A sheet of paper, typed in: a school's response in the name of a post (`urn`, `role`), or somebody's own view.

    What must be answered on a screen may be left out on paper. Raises NotAllowed, NotThere, NotOpen, AlreadySent where the school has
    answered, with who sent it, BadAnswer.
    """
    allow(by, Permission.CONSULTATION_RUN, partnership=slug)
    with transaction.atomic():
        row = Consultation.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, pk=consultation_id).first()
        if row is None:
            raise NotThere(NOT_THERE)
        _refuse_shut(row, at)
        given = checked_all(questions(consultation_id, viewer="the system"), answers)
        if not given:
            raise BadAnswer("The sheet says nothing yet: type one answer at least.")
        if urn and not role.strip():
            raise BadAnswer("In whose name did the school answer? Type the post, as on the sheet. Nothing was sent.")
        response = _row(slug, consultation_id, urn, by=by, at=at) if urn else Response(
            consultation=row, kind=ResponseKind.VIEW.value, came=Came.PAPER.value, started_at=at, version=0, proposition=_stands(row)
        )  # fmt: skip
        if response.state == ResponseState.SENT.value:
            raise AlreadySent(_who_sent(response))
        _send(response, given, by=by, at=at)
        response.came, response.entered_by, response.role = Came.PAPER.value, by.label[:200], role.strip()[:ROLE_AT_MOST]
        response.phase = "" if urn else phase.strip()[:40]
        response.save()
        if urn:
            _told(response, urn, "answered", slug=slug, by=by, at=at)
    return response


def digest(consultation_id: int, secret: str) -> str:
    """What is kept of a browser's secret: it tells one browser's view from another's, and nothing else."""
    return hashlib.sha256(f"{consultation_id}:{secret}".encode()).hexdigest()


def _row(slug: str, consultation_id: int, urn: str, *, by: Viewer, at: datetime) -> Response:
    """The school's one response, held until the transaction ends; begun where nobody has yet. Two at once begin one."""
    asked = Invitation.objects.filter(consultation__partnership__slug=slug, consultation_id=consultation_id, school_id=urn)
    if not asked.exclude(consultation__state=ConsultationState.WITHDRAWN.value).exists():
        raise NotThere(NOT_ASKED)
    for _ in range(2):
        row = (
            Response.objects.select_for_update(of=("self",))
            .select_related("consultation__partnership", "proposition", "school")
            .filter(consultation_id=consultation_id, school_id=urn)
            .first()
        )
        if row is not None:
            return row
        stands = Proposition.objects.filter(consultation_id=consultation_id).latest("number")
        try:
            with transaction.atomic():
                Response.objects.create(
                    consultation_id=consultation_id, proposition=stands, kind=ResponseKind.SCHOOL.value, school_id=urn,
                    state=ResponseState.DRAFT.value, came=Came.WEB.value, started_at=at, version=0,
                )  # fmt: skip
        except IntegrityError:
            continue
    return _row(slug, consultation_id, urn, by=by, at=at)


def _put(row: Any, answers: Mapping[str, Any], was: Mapping[str, str]) -> list[str]:
    """Puts the answers that may be put into the draft; the keys of those that a colleague changed meanwhile."""
    asked = [each for each in questions(row.consultation_id, viewer="the system") if each.key in answers]
    given = checked_all(asked, answers)
    clashes = []
    draft = dict(row.draft)
    for each in asked:
        stands = draft.get(each.key)
        if each.key in was and was[each.key] != print_of(stands) and stands != given.get(each.key):
            clashes.append(each.key)
        elif each.key in given:
            draft[each.key] = given[each.key]
        else:
            draft.pop(each.key, None)
    row.draft = draft
    return clashes


def _send(row: Any, answers: Answers, *, by: Viewer, at: datetime) -> None:
    row.answers = row.draft = answers
    row.proposition = _stands(row.consultation)
    row.state, row.sent_at, row.version = ResponseState.SENT.value, at, row.version + 1
    if row.drafted_at is None:
        row.drafted_at = at


def _stands(consultation: Consultation) -> Proposition:
    found: Proposition = Proposition.objects.filter(consultation=consultation).latest("number")
    return found


def _refuse_shut(row: Any, at: datetime) -> None:
    refuse_unless_open(ConsultationState(row.state), opens_on=row.opens_on, closes_on=row.closes_on, on=day_of(at))


def _who_sent(row: Any) -> str:
    who = f"{row.role} of {row.school.name}" if row.role else row.school.name
    how = f", on paper, typed in by {row.entered_by}," if row.came == Came.PAPER.value else ""
    when = f"{day_of(row.sent_at).day} {row.sent_at:%B %Y}"
    return (
        f"A school has one formal response, and {who} sent it on {when}{how} in the school’s name. It stands. Whoever speaks for the "
        "school may change it until the last day. Nothing was sent a second time."
    )


def _post(by: Viewer, urn: str) -> str:
    return next((each.title for each in by.holdings if each.allows(Permission.SCHOOL_SPEAK, urn=urn)), "")


def _told(row: Any, urn: str, verb: str, *, slug: str, by: Viewer, at: datetime) -> None:
    """That the school answered counts as taking part; what it said is written nowhere but in its answer."""
    with suppress(NotThere):  # a school that has left since it was asked still has its answer
        record_engagement(
            slug=slug, urn=urn, kind="answered", what=row.consultation.title, on=day_of(at), by="the system", at=at,
            source=f"consultation-{row.consultation_id}",
        )  # fmt: skip
    journal.record(
        by=by, at=at, verb=f"consultation.{verb}", subject_kind="consultation", subject_key=row.consultation_id,
        subject_label=row.consultation.title, partnership=slug, urn=urn, detail={"post": row.role, "came": row.came},
    )  # fmt: skip
