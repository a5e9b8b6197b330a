"""Entering what nobody publishes about a school, saying that it is still so, taking it back, and answering it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from convenor.intelligence.actions.entering import about, holder_of, mine, note, said_by_school, take_back, tell_school
from convenor.intelligence.models import EnteredFigure, Response
from convenor.intelligence.queries.entered import answer_of, answers_before
from convenor.intelligence.queries.reach import Member, Standpoint
from convenor.intelligence.rules.entered import QUESTIONS, Answer, AnswerRefused, fresh, read_answer
from convenor.partnership.gate import Viewer, day_of
from convenor.partnership.queries.keys import partnership_id
from convenor.partnership.roles import Permission

#: What the form sends of one question: its code, what was ticked, the numbers given.
Entry = tuple[str, Sequence[str], Mapping[str, int | None]]


def enter_figures(*, slug: str, urn: str, entries: Sequence[Entry], as_of_on: date, by: Viewer, at: datetime) -> list[EnteredFigure]:
    """Keeps the answers to one or more questions about a school, as they were on a day. The school is told at once.

    A question left empty is not entered. An answer that the same source gave before, and that has not grown old, is kept again
    with the new day: it is still so. Raises AnswerRefused for an answer that cannot be so, a day to come, or one a year gone;
    NotAllowed, NotThere for who may not or no such school. Either way nothing is changed.
    """
    school, place = about(slug, urn, Permission.FIGURE_ENTER, by=by, at=at)
    today = day_of(at)
    if as_of_on > today or not fresh(as_of_on, on=today):
        raise AnswerRefused("as_of_on", "Enter the day on which it was so: today, or a day in the last year. Nothing was changed.")
    answers = [each for each in (read_answer(code, ticks=ticks, numbers=numbers) for code, ticks, numbers in entries) if not each.empty]
    if not answers:
        raise AnswerRefused("", "Nothing was answered. Tick what is so for at least one question. Nothing was changed.")
    for answer in answers:
        if QUESTIONS[answer.code].own and not place.own:
            raise AnswerRefused(answer.code, f"Only the school itself can answer: {QUESTIONS[answer.code].asks} Nothing was changed.")
    with transaction.atomic():
        rows = [_kept(slug, school, place, answer, as_of_on, by=by, at=at) for answer in answers]
        if not place.own:
            tell_school(slug, urn, by=by, at=at)
    return rows


def _kept(slug: str, school: Member, place: Standpoint, answer: Answer, as_of_on: date, *, by: Viewer, at: datetime) -> EnteredFigure:
    before = answers_before(slug, school.urn, viewer=by, at=at).get(answer.code)
    row = EnteredFigure.objects.create(
        partnership_id=partnership_id(slug), school_id=school.urn, code=answer.code, ticks=sorted(answer.ticks),
        numbers=dict(answer.numbers), as_of_on=as_of_on, entered_at=at, own=place.own, source_role=place.role,
        by_key=str(by.person_id), **holder_of("entered-figure"),
    )  # fmt: skip
    note("figure.renewed" if before == answer else "figure.entered", row, school, slug=slug, by=by, at=at, code=answer.code)
    return row


def renew_figure(*, slug: str, urn: str, figure_id: int, as_of_on: date, by: Viewer, at: datetime) -> EnteredFigure:
    """Says of something entered that it was still so on a later day: the same answer is kept again. Raises as `enter_figures` does."""
    about(slug, urn, Permission.FIGURE_ENTER, by=by, at=at)
    with transaction.atomic():
        row = mine(EnteredFigure, figure_id, slug=slug, urn=urn, by=by)
    if as_of_on < row.as_of_on:
        raise AnswerRefused("as_of_on", f"It was said to be so on {row.as_of_on:%-d %B %Y} already. Nothing was changed.")
    answer = answer_of(row)
    entry = (answer.code, sorted(answer.ticks), dict(answer.numbers))
    return enter_figures(slug=slug, urn=urn, entries=[entry], as_of_on=as_of_on, by=by, at=at)[0]


def withdraw_figure(*, slug: str, urn: str, figure_id: int, why: str, by: Viewer, at: datetime) -> EnteredFigure:
    """Takes back something entered, with the reason; it stays on record and makes no line any more.

    Whoever entered it may, and the school's own people what the school entered. Raises NotThere, NotAllowed, Refused.
    """
    return take_back(EnteredFigure, figure_id, slug=slug, urn=urn, why=why, by=by, at=at)


def answer_figure(*, slug: str, urn: str, figure_id: int, words: str, disputes: bool, by: Viewer, at: datetime) -> Response:
    """The school says something to one thing entered about it, or that it is not so. Its words stand beside it for ever."""
    return said_by_school(EnteredFigure, figure_id, slug=slug, urn=urn, words=words, disputes=disputes, by=by, at=at)
