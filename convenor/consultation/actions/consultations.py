"""A consultation's way: begun from a template, written, opened on its day, its proposition changed in versions, closed on its day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from convenor.consultation.actions.consultation_rows import kept, locked, only_draft
from convenor.consultation.actions.invitations import ask_schools, remind_last, tell_of_change
from convenor.consultation.actions.reporting import work_out_due
from convenor.consultation.actions.votes import run_votes
from convenor.consultation.models import Consultation, Proposition, Question
from convenor.consultation.queries.consultations import questions as asked_of
from convenor.consultation.queries.consultations import versions_of
from convenor.consultation.rules.propositions import (
    Section,
    as_data,
    check_change,
    check_days,
    check_questions,
    sections_from,
    template,
)
from convenor.consultation.rules.questions import QuestionAsked, options_as_data, question_from
from convenor.consultation.rules.refusals import BadProposition, NotOpen, NoWords, WrongDay
from convenor.consultation.rules.states import ConsultationState
from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.queries.keys import partnership_id
from convenor.partnership.roles import Permission

TITLE_AT_MOST = 160
SAYS_AT_MOST = 1000


def start_consultation(
    *, slug: str, title: str, template_key: str, opens_on: date, closes_on: date, by: Viewer, at: datetime, public: bool = True,
    says: str = "",
) -> Consultation:  # fmt: skip
    """A draft that begins from a template: its sections and questions, to be changed at will until the day it opens.

    Raises NotAllowed, NoWords without a title, WrongDay, BadProposition for a template that is not there.
    """
    allow(by, Permission.CONSULTATION_RUN, partnership=slug)
    begun = template(template_key)
    check_days(opens_on, closes_on)
    with transaction.atomic():
        row = Consultation(
            partnership_id=partnership_id(slug), title=_title(title), says=says.strip()[:SAYS_AT_MOST] or begun.says,
            state=ConsultationState.DRAFT.value, opens_on=opens_on, closes_on=closes_on, public=public,
            source=f"{begun.key}@{begun.version}",
            sections=as_data(begun.sections), started_by_id=by.person_id or 0, started_at=at, version=0,
        )  # fmt: skip
        kept(row, "started", by=by, at=at, detail={"template": row.source})
        Question.objects.bulk_create(_question(row, each, order) for order, each in enumerate(begun.questions))
    return row


def change_consultation(
    *, slug: str, consultation_id: int, title: str, says: str, opens_on: date, closes_on: date, public: bool, by: Viewer, at: datetime,
    version: int | None = None,
) -> Consultation:  # fmt: skip
    """Title, days and whether anyone may answer. While it is open its last day may be moved later, never earlier, and its first day stands.

    Raises NotAllowed, NotThere, ChangedMeanwhile, NoWords, WrongDay, NotOpen once it has closed.
    """
    allow(by, Permission.CONSULTATION_RUN, partnership=slug)
    check_days(opens_on, closes_on)
    with transaction.atomic():
        row = locked(slug, consultation_id, version=version)
        if row.state == ConsultationState.OPEN.value:
            if opens_on != row.opens_on or closes_on < row.closes_on:
                raise WrongDay("Schools were told these days: the last one may be moved later, the others stand. Nothing was changed.")
        else:
            only_draft(row)
        row.title, row.says, row.opens_on, row.closes_on, row.public = (
            _title(title),
            says.strip()[:SAYS_AT_MOST],
            opens_on,
            closes_on,
            public,
        )
        kept(row, "changed", by=by, at=at, detail={"closes_on": closes_on.isoformat()})
    return row


def write_sections(
    *, slug: str, consultation_id: int, sections: Sequence[Mapping[str, Any]], by: Viewer, at: datetime, version: int | None = None
) -> Consultation:
    """What is proposed, while it is a draft. Questions about a section that is gone stand with the whole.

    Raises NotAllowed, NotThere, ChangedMeanwhile, NotOpen once schools were asked, BadProposition.
    """
    allow(by, Permission.CONSULTATION_RUN, partnership=slug)
    checked = sections_from(sections)
    with transaction.atomic():
        row = locked(slug, consultation_id, version=version)
        only_draft(row)
        row.sections = as_data(checked)
        Question.objects.filter(consultation=row).exclude(about__in=[each.key for each in checked]).update(about="")
        kept(row, "written", by=by, at=at)
    return row


def add_question(
    *, slug: str, consultation_id: int, question: Mapping[str, Any], by: Viewer, at: datetime, replaces: str = ""
) -> QuestionAsked:
    """A question is added while it is a draft, or one of the key `replaces` is put differently, in its place.

    Raises NotAllowed, NotThere, NotOpen once schools were asked, BadProposition.
    """
    allow(by, Permission.CONSULTATION_RUN, partnership=slug)
    with transaction.atomic():
        row = locked(slug, consultation_id)
        only_draft(row)
        asked = question_from(question, sections=[each["key"] for each in row.sections])
        there = Question.objects.filter(consultation=row)
        before = there.filter(key=replaces).first() if replaces else None
        if there.filter(key=asked.key).exclude(key=before.key if before else "").exists():
            raise BadProposition(f"There is a question of the key “{asked.key}” already. Give this one another.")
        made = _question(row, asked, before.order if before else (there.aggregate(last=Max("order"))["last"] or 0) + 1)
        if before is not None:
            made.pk = before.pk
        made.save()
        kept(row, "question-asked", by=by, at=at, detail={"question": asked.key})
    return asked


def drop_question(*, slug: str, consultation_id: int, key: str, by: Viewer, at: datetime) -> None:
    """A question is taken out while it is a draft. Raises NotAllowed, NotThere, NotOpen once schools were asked."""
    allow(by, Permission.CONSULTATION_RUN, partnership=slug)
    with transaction.atomic():
        row = locked(slug, consultation_id)
        only_draft(row)
        Question.objects.filter(consultation=row, key=key).delete()
        kept(row, "question-dropped", by=by, at=at, detail={"question": key})


def may_open(*, slug: str, consultation_id: int, by: Viewer, at: datetime) -> Consultation:
    """It may open: at once where its day has come, else on its day by itself.

    Raises NotAllowed, NotThere, NotOpen where it is no draft, BadProposition where it asks nothing, WrongDay where its last day is past.
    """
    allow(by, Permission.CONSULTATION_RUN, partnership=slug)
    with transaction.atomic():
        row = locked(slug, consultation_id)
        only_draft(row)
        _ready(row, day_of(at))
        if row.opens_on > day_of(at):
            row.ready_at = at
            kept(row, "ready", by=by, at=at, detail={"opens_on": row.opens_on.isoformat()})
        else:
            _open(row, by=by, at=at)
    return row


def open_consultation(*, slug: str, consultation_id: int, by: Viewer | str, at: datetime) -> Consultation:
    """It opens now, whatever day was set: the proposition becomes version 1, every member school of the day is asked, letters leave.

    Raises NotAllowed, NotThere, NotOpen where it is no draft, BadProposition where it asks nothing, WrongDay where its last day is past.
    """
    allow(by, Permission.CONSULTATION_RUN, partnership=slug)
    with transaction.atomic():
        row = locked(slug, consultation_id)
        only_draft(row)
        _ready(row, day_of(at))
        row.opens_on = min(row.opens_on, day_of(at))
        _open(row, by=by, at=at)
    return row


def change_proposition(
    *, slug: str, consultation_id: int, sections: Sequence[Mapping[str, Any]], changes: str, by: Viewer, at: datetime,
    version: int | None = None,
) -> Proposition:  # fmt: skip
    """The proposition changes while schools answer: a new version stands, answers keep the one they were given to, and every school that
    has answered is told what is different and may change its answer.

    Raises NotAllowed, NotThere, ChangedMeanwhile, NotOpen where it is not open, BadProposition, NoWords.
    """
    allow(by, Permission.CONSULTATION_RUN, partnership=slug)
    then = sections_from(sections)
    with transaction.atomic():
        row = locked(slug, consultation_id, version=version)
        if row.state != ConsultationState.OPEN.value:
            raise NotOpen("Only a proposition that schools are being asked about has versions. Nothing was changed.")
        stands = versions_of(row, viewer=by)[-1]
        check_change(stands.sections, then, changes)
        _keep_keys(stands.sections, then, row.pk)
        made = Proposition.objects.create(
            consultation=row, number=stands.number + 1, sections=as_data(then), changes=changes.strip()[:SAYS_AT_MOST], from_at=at,
            by=by.label[:200],
        )  # fmt: skip
        kept(row, "proposition-changed", by=by, at=at, why=made.changes, detail={"version": made.number})
        tell_of_change(row, made, by=by, at=at)
    return made


def close_consultation(*, slug: str, consultation_id: int, by: Viewer | str, at: datetime) -> Consultation:
    """It closes: no answer is taken any more, and drafts stay with their schools. Raises NotAllowed, NotThere, NotOpen, WrongDay by hand
    before its last day."""
    allow(by, Permission.CONSULTATION_RUN, partnership=slug)
    with transaction.atomic():
        row = locked(slug, consultation_id)
        if row.state != ConsultationState.OPEN.value:
            raise NotOpen("It is not open. Nothing was changed.")
        if day_of(at) <= row.closes_on:
            raise WrongDay(f"Schools were told that they may answer until {row.closes_on.day} {row.closes_on:%B %Y}. Nothing was changed.")
        row.state, row.closed_at = ConsultationState.CLOSED.value, at
        kept(row, "closed", by=by, at=at)
    return row


def withdraw_consultation(*, slug: str, consultation_id: int, why: str, by: Viewer, at: datetime) -> Consultation:
    """It is withdrawn before it is reported, with the reason. Raises NotAllowed, NotThere, NoWords, NotOpen once it was reported."""
    allow(by, Permission.CONSULTATION_RUN, partnership=slug)
    if not why.strip():
        raise NoWords("Say why, in words for the schools that were asked.")
    with transaction.atomic():
        row = locked(slug, consultation_id)
        if row.state in (ConsultationState.REPORTED.value, ConsultationState.WITHDRAWN.value):
            raise NotOpen("It stands as it is now. Nothing was changed.")
        row.state = ConsultationState.WITHDRAWN.value
        kept(row, "withdrawn", by=by, at=at, why=why.strip()[:SAYS_AT_MOST])
    return row


def run_due(*, by: str, at: datetime) -> tuple[int, int, int]:
    """What the days bring: consultations opened and closed and schools reminded in the last week; how many of each. Votes go along, and
    results of what has closed.

    What the worker calls at each of its looks: few queries where nothing is due.
    """
    on = day_of(at)
    rows = Consultation.objects.select_related("partnership")
    opened = closed = 0
    due = rows.filter(state=ConsultationState.DRAFT.value, opens_on__lte=on, closes_on__gte=on).exclude(ready_at=None)
    for slug, pk in due.values_list("partnership__slug", "pk"):
        open_consultation(slug=slug, consultation_id=pk, by=by, at=at)
        opened += 1
    for slug, pk in rows.filter(state=ConsultationState.OPEN.value, closes_on__lt=on).values_list("partnership__slug", "pk"):
        close_consultation(slug=slug, consultation_id=pk, by=by, at=at)
        closed += 1
    run_votes(by=by, at=at)
    work_out_due(by=by, at=at)
    return opened, closed, remind_last(by=by, at=at)


def _open(row: Consultation, *, by: Viewer | str, at: datetime) -> None:
    label = by if isinstance(by, str) else by.label
    Proposition.objects.create(consultation=row, number=1, sections=row.sections, from_at=at, by=label[:200])
    row.state, row.opened_at = ConsultationState.OPEN.value, at
    kept(row, "opened", by=by, at=at)
    asked = ask_schools(row, by=by, at=at)
    journal.record(
        by=by, at=at, verb="consultation.schools-asked", subject_kind="consultation", subject_key=row.pk, subject_label=row.title,
        partnership=row.partnership.slug, detail={"schools": asked[0], "letters": asked[1]},
    )  # fmt: skip


def _ready(row: Consultation, on: date) -> None:
    if row.closes_on < on:
        raise WrongDay("Its last day is past: give it new days first. Nothing was changed.")
    sections = sections_from(row.sections)
    asked = asked_of(row.pk, viewer="the system")
    check_questions(asked)
    for each in asked:  # as data that was checked when it was written: a template by hand may have slipped
        question_from(
            {"key": each.key, "kind": each.kind, "words": each.words, "options": options_as_data(each), "about": each.about},
            sections=[one.key for one in sections],
        )  # fmt: skip


def _keep_keys(now: Sequence[Section], then: Sequence[Section], consultation_id: int) -> None:
    """A section beside which a question stands cannot go while schools answer it."""
    gone = {each.key for each in now} - {each.key for each in then}
    if Question.objects.filter(consultation_id=consultation_id, about__in=gone).exists():
        raise BadProposition("A question stands beside a section that would be gone. Change its words, and keep it.")


def _question(row: Any, asked: QuestionAsked, order: int) -> Any:
    return Question(
        consultation=row, key=asked.key, kind=asked.kind.value, words=asked.words, hint=asked.hint, options=options_as_data(asked),
        about=asked.about, required=asked.required, order=order,
    )  # fmt: skip


def _title(title: str) -> str:
    said = " ".join(title.split())
    if not 0 < len(said) <= TITLE_AT_MOST:
        raise NoWords(f"Give it a title that a head would recognise, at most {TITLE_AT_MOST} letters.")
    return said
