"""Working out the results once the last day is over, and publishing the report to everybody who was asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from convenor.consultation.actions.consultation_rows import kept, locked
from convenor.consultation.actions.invitations import address_of
from convenor.consultation.models import Consultation, ConsultationReport, Invitation, Response, ResultsRun
from convenor.consultation.queries.consultations import questions
from convenor.consultation.queries.people import addressees
from convenor.consultation.queries.report import draft_of
from convenor.consultation.queries.responses import sent
from convenor.consultation.queries.themes import themes_of
from convenor.consultation.rules import report as reports
from convenor.consultation.rules.refusals import NotOpen, NoWords
from convenor.consultation.rules.results import METHOD, as_data, work_out
from convenor.consultation.rules.states import ConsultationState, ResponseKind, ResponseState
from convenor.consultation.rules.themes import unfinished
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.post.actions import Addressed, enqueue_all

REPORTED = "consultation-report"


def work_out_results(*, slug: str, consultation_id: int, by: Viewer | str, at: datetime) -> ResultsRun:
    """The results, worked out once from all that was sent. What is there already is given back as it is.

    For a large county it takes a minute or two; the worker does it. The answers of a consultation that has closed no longer change, so
    they are read, and reckoned with, before anything is held. Raises NotAllowed, NotThere, NotOpen before the last day is over.
    """
    allow(by, Permission.CONSULTATION_RUN, partnership=slug)
    with transaction.atomic():
        row = locked(slug, consultation_id)
        if row.state not in (ConsultationState.CLOSED.value, ConsultationState.REPORTED.value):
            raise NotOpen("Results are worked out once the last day is over. Nothing was changed.")
        made = ResultsRun.objects.filter(consultation=row).first()
    if made is not None:
        return made  # type: ignore[no-any-return]
    asked = Invitation.objects.filter(consultation_id=consultation_id).count()
    found = work_out(questions(consultation_id, viewer="the system"), sent(consultation_id, viewer="the system"), asked=asked)
    with transaction.atomic():
        row = locked(slug, consultation_id)
        made, new = ResultsRun.objects.get_or_create(
            consultation=row,
            defaults={
                "content": as_data(found),
                "method": METHOD,
                "worked_out_at": at,
                "by": (by if isinstance(by, str) else by.label)[:200],
            },
        )
        if new:
            kept(row, "results-worked-out", by=by, at=at)
    return made


def work_out_due(*, by: str, at: datetime) -> int:
    """The results of each consultation that has closed and has none yet; how many. What the worker calls."""
    due = Consultation.objects.filter(state=ConsultationState.CLOSED.value, results=None)
    waiting = list(due.values_list("partnership__slug", "pk"))
    for slug, pk in waiting:
        work_out_results(slug=slug, consultation_id=pk, by=by, at=at)
    return len(waiting)


def publish_report(*, slug: str, consultation_id: int, by: Viewer, at: datetime) -> ConsultationReport:
    """The report as it stands is published, for anyone to read, and every school that was asked is told that it is there.

    From then on neither results nor themes change. Raises NotAllowed, NotThere, NotOpen before the results are worked out or after it was
    published, NoWords where a theme does not say what was said and what came of it.
    """
    allow(by, Permission.CONSULTATION_RUN, partnership=slug)
    with transaction.atomic():
        row = locked(slug, consultation_id)
        if row.state == ConsultationState.REPORTED.value:
            raise NotOpen("The report is published already, and stands. Nothing was changed.")
        if row.state != ConsultationState.CLOSED.value or not ResultsRun.objects.filter(consultation=row).exists():
            raise NotOpen("The results are not worked out yet, so there is nothing to report. Nothing was changed.")
        left = unfinished((each.name, each.said, each.heard) for each in themes_of(row.pk, viewer=by))
        if left:
            raise NoWords(f"Say of each theme what was said and what came of it. Still to do: {'; '.join(left)}. Nothing was published.")
        draft = draft_of(row, viewer=by)
        made = ConsultationReport.objects.create(consultation=row, content=reports.as_data(draft), published_at=at, by=by.label[:200])
        row.state, row.reported_at = ConsultationState.REPORTED.value, at
        kept(row, "reported", by=by, at=at)
        _tell(row, by=by, at=at)
    return made


def _tell(row: Any, *, by: Viewer, at: datetime) -> int:
    """A letter to each school that was asked: thanks to those that answered, and where the report is."""
    heard = set(
        Response.objects.filter(consultation=row, state=ResponseState.SENT.value, kind=ResponseKind.SCHOOL.value).values_list(
            "school_id", flat=True
        )
    )
    urns = list(Invitation.objects.filter(consultation=row).order_by("school_id").values_list("school_id", flat=True))
    found = addressees(row.partnership_id, urns, viewer="the system", on=day_of(at))
    people: dict[str, tuple[str, bool]] = {}
    for urn, some in found.items():
        for each in some:
            people[each.email] = (each.name, urn in heard or people.get(each.email, ("", False))[1])
    address = address_of(row, "report/")
    letters = [
        Addressed(
            email, name, f"What was said, and what is done: {row.title}"[:180],
            f"Dear {name},\n\n{'Thank you for your answer. ' if answered else ''}The report of the consultation “{row.title}” is there: "
            f"what schools said, whether those not heard from could have changed it, and what is done about each theme.\n\n{address}\n",
        )
        for email, (name, answered) in people.items()
    ]  # fmt: skip
    return enqueue_all(by=by, at=at, letters=letters, kind=REPORTED, partnership=row.partnership.slug)
