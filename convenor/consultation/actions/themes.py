"""Reading what was written: themes named by people, answers filed under them, and what was done about each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from convenor.consultation.actions.consultation_rows import CHANGED, kept, locked
from convenor.consultation.models import Coding, Consultation, Question, Response, Theme
from convenor.consultation.queries.themes import written
from convenor.consultation.rules.grouping import how_made
from convenor.consultation.rules.refusals import BadAnswer, ChangedMeanwhile, NotOpen, NoWords
from convenor.consultation.rules.states import ConsultationState, Heard, QuestionKind
from convenor.consultation.rules.themes import checked_did, checked_name, checked_said
from convenor.governance.queries import decision_standing
from convenor.partnership.gate import Viewer, allow
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere

NO_THEME = "There is no such theme here any more. Nothing was changed."


def name_theme(*, slug: str, consultation_id: int, question: str, name: str, by: Viewer, at: datetime, suggested: bool = False) -> Theme:
    """A theme of one open question, by the question's key. `suggested`: it began from a grouping made by a program, and says so for ever.

    Raises NotAllowed, NotThere, NotOpen before the last day is over and after the report, NoWords without a name or with one that is there.
    """
    allow(by, Permission.CONSULTATION_RUN, partnership=slug)
    said = checked_name(name)
    with transaction.atomic():
        row = _readable(slug, consultation_id)
        asked = Question.objects.filter(consultation=row, key=question, kind=QuestionKind.OPEN.value).first()
        if asked is None:
            raise NotThere("There is no such open question here. Nothing was changed.")
        _free(asked.pk, said)
        how = how_made(len(written(row.pk, asked.key, viewer=by))) if suggested else ""
        theme = Theme.objects.create(
            consultation=row, question=asked, name=said, from_suggestion=how[:200], named_by=by.label[:200], named_at=at
        )
        kept(row, "theme-named", by=by, at=at, detail={"theme": theme.pk})
    return theme


def file_answers(*, slug: str, theme_id: int, shown: Collection[int], about: Collection[int], by: Viewer, at: datetime) -> tuple[int, int]:
    """Of the answers that were `shown`, those in `about` are filed under the theme and the others are not: (filed now, taken out now).

    Answers that were not shown stay as they are. Raises NotAllowed, NotThere, NotOpen, BadAnswer for an answer to something else.
    """
    allow(by, Permission.CONSULTATION_RUN, partnership=slug)
    with transaction.atomic():
        theme = _theme(slug, theme_id)
        row = _readable(slug, theme.consultation_id)
        known = set(written(row.pk, theme.question.key, viewer=by))
        if not set(shown) <= known or not set(about) <= set(shown):
            raise BadAnswer("One of these is no answer to this question. Nothing was changed.")
        filed = set(Coding.objects.filter(theme=theme, response_id__in=shown).values_list("response_id", flat=True))
        gone, new = filed - set(about), set(about) - filed
        Coding.objects.filter(theme=theme, response_id__in=gone).delete()
        Coding.objects.bulk_create(
            Coding(theme=theme, response_id=pk, by_id=by.person_id or 0, at=at)
            for pk in Response.objects.filter(pk__in=new).order_by("pk").values_list("pk", flat=True)
        )
        kept(row, "answers-filed", by=by, at=at, detail={"theme": theme.pk})
    return len(new), len(gone)


def say_theme(
    *, slug: str, theme_id: int, name: str, said: str, heard: Heard | None, did: str, decision_id: int | None, version: int, by: Viewer,
    at: datetime,
) -> Theme:  # fmt: skip
    """ "You said, we did": what these answers say in our own words, what came of it, and the decision on which that rests.

    Raises NotAllowed, NotThere, NotOpen, ChangedMeanwhile, NoWords for words that stand so in an answer, or for something done that rests
    on no decision.
    """
    allow(by, Permission.CONSULTATION_RUN, partnership=slug)
    with transaction.atomic():
        theme = _theme(slug, theme_id)
        row = _readable(slug, theme.consultation_id)
        if theme.version != version:
            raise ChangedMeanwhile(CHANGED, now=theme.version)
        if decision_id is not None and decision_standing(slug, decision_id) is None:
            raise NotThere("There is no such decision in this partnership. Nothing was changed.")
        kept_name = checked_name(name)
        _free(theme.question_id, kept_name, but=theme.pk)
        theme.said = checked_said(said, written(row.pk, theme.question.key, viewer=by).values())
        theme.did = checked_did(heard, did, decision=decision_id is not None)
        theme.name, theme.heard, theme.decision_id = kept_name, heard.value if heard else "", decision_id
        theme.version += 1
        theme.save()
        kept(row, "theme-said", by=by, at=at, detail={"theme": theme.pk})
    return theme  # type: ignore[no-any-return]


def drop_theme(*, slug: str, theme_id: int, by: Viewer, at: datetime) -> None:
    """A theme is taken back with what was filed under it; the answers stay. Raises NotAllowed, NotThere, NotOpen."""
    allow(by, Permission.CONSULTATION_RUN, partnership=slug)
    with transaction.atomic():
        theme = _theme(slug, theme_id)
        row = _readable(slug, theme.consultation_id)
        theme.delete()
        kept(row, "theme-dropped", by=by, at=at, detail={"theme": theme_id})


def _theme(slug: str, theme_id: int) -> Any:
    rows = Theme.objects.select_for_update(of=("self",)).select_related("question")
    theme = rows.filter(consultation__partnership__slug=slug, pk=theme_id).first()
    if theme is None:
        raise NotThere(NO_THEME)
    return theme


def _readable(slug: str, consultation_id: int) -> Consultation:
    row = locked(slug, consultation_id)
    if row.state == ConsultationState.REPORTED.value:
        raise NotOpen("The report is published, and what it says stands. Nothing was changed.")
    if row.state != ConsultationState.CLOSED.value:
        raise NotOpen("Answers may still be changed until the last day is over; then they are read. Nothing was changed.")
    return row


def _free(question_id: int, name: str, but: int = 0) -> None:
    if Theme.objects.filter(question_id=question_id, name__iexact=name).exclude(pk=but).exists():
        raise NoWords(f"There is a theme “{name}” already: file the answers under that one. Nothing was changed.")
