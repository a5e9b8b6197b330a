"""The yearly self-assessment: opened, answered in private, closed and told.

Who answered what is written down nowhere but in the row itself: the journal is read by others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from convenor.conditions.models import SelfAssessment, SelfAssessmentAnswer
from convenor.conditions.queries.assessments import answers_of, group_of_viewer
from convenor.conditions.queries.evidence import evidence
from convenor.conditions.queries.people import as_manager, whoever_says
from convenor.conditions.rules import cards as card_rules
from convenor.conditions.rules import self_assessment as rules
from convenor.conditions.rules.cards import NINE_CONDITIONS
from convenor.conditions.rules.evidence import kept as kept_evidence
from convenor.conditions.rules.refusals import ChangedMeanwhile, NotOpen
from convenor.conditions.rules.states import AssessmentState
from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.queries.keys import partnership_id
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.post.actions import Addressed, enqueue_all

INVITED, REMINDED, TOLD = "assessment-open", "assessment-reminder", "assessment-told"
NOT_THERE = "There is no such self-assessment in this partnership. Nothing was changed."


def open_assessment(*, slug: str, title: str, closes_on: date, by: Viewer, at: datetime) -> SelfAssessment:
    """Asks every member how the nine conditions stand, and writes to them. Raises NotAllowed, NotOpen, NoWords, WrongDay."""
    allow(by, Permission.CONDITIONS_ASK, partnership=slug)
    with transaction.atomic():
        here = partnership_id(slug)
        open_already = SelfAssessment.objects.filter(partnership_id=here, state=AssessmentState.OPEN.value).exists()
        said = rules.check_asking(title, closes_on, today=day_of(at), open_already=open_already)
        row = SelfAssessment.objects.create(
            partnership_id=here, title=said, state=AssessmentState.OPEN.value, cards=card_rules.as_dicts(NINE_CONDITIONS),
            levels=rules.as_dicts(), opens_on=day_of(at), closes_on=closes_on, opened_by_id=by.person_id or 0, opened_at=at,
        )  # fmt: skip
        _journal(row, "conditions.opened", slug, by, at)
        letter = ("Nine taps: how does our partnership stand?", _invitation(row), INVITED)
        _write(slug, whoever_says(slug, viewer=by, at=at), letter, by, at)
    return row


def answer(
    *, slug: str, assessment_id: int, levels: Mapping[str, int | None], words: Mapping[str, str], in_groups: bool, version: int, by: Viewer,
    at: datetime,
) -> SelfAssessmentAnswer:  # fmt: skip
    """What one member says, for the first time (`version` 0) or anew; `in_groups`: it also counts among people like them.

    Raises NotAllowed, NotThere, NotOpen, NoWords, ChangedMeanwhile where they answered elsewhere since they read it.
    """
    allow(by, Permission.CONDITIONS_SAY, partnership=slug)
    with transaction.atomic():
        row = _held(slug, assessment_id)
        rules.refuse_unless_open(row.state, closes_on=row.closes_on, on=day_of(at))
        keys = [each["key"] for each in row.cards]
        judged = rules.check_levels(levels, conditions=keys, offered=[each["level"] for each in row.levels])
        said = rules.check_words(words, conditions=keys)
        mine = SelfAssessmentAnswer.objects.filter(assessment=row, person_id=by.person_id or 0).first()
        now = mine.version if mine else 0
        if version != now:
            raise ChangedMeanwhile(
                "You answered this elsewhere meanwhile. What you chose here still stands below: look, and send it.", now=now
            )
        groups = group_of_viewer(viewer=by) if in_groups else ("", "", "")
        kept = mine or SelfAssessmentAnswer(assessment=row, person_id=by.person_id or 0, version=0)
        kept.role, kept.phase, kept.type = groups
        kept.levels, kept.words, kept.version, kept.sent_at = judged, said, kept.version + 1, at
        kept.save()
    return kept


def close_assessment(*, slug: str, assessment_id: int, version: int, by: Viewer, at: datetime) -> SelfAssessment:
    """Ends the asking: what members said together is told, beside what the data say that day, and both are kept.

    Raises NotAllowed, NotThere, NotOpen, ChangedMeanwhile.
    """
    allow(by, Permission.CONDITIONS_ASK, partnership=slug)
    with transaction.atomic():
        row = _held(slug, assessment_id)
        if row.state != AssessmentState.OPEN.value:
            raise NotOpen("It is closed already. Nothing was changed.")
        if row.version != version:
            raise ChangedMeanwhile("A colleague changed this meanwhile. Look at it as it stands now. Nothing was changed.", now=row.version)
        return _close(row, slug, by, at)


def close_ended(*, by: str, at: datetime) -> int:
    """Closes every self-assessment whose last day is over; how many. What the worker calls: one query where none is."""
    with transaction.atomic():
        rows = SelfAssessment.objects.select_for_update(of=("self",)).select_related("partnership")
        ended = list(rows.filter(state=AssessmentState.OPEN.value, closes_on__lt=day_of(at)))
        for row in ended:
            _close(row, row.partnership.slug, by, at)
    return len(ended)


def remind_of_assessments(*, by: str, at: datetime) -> int:
    """Reminds those who have not answered, once, in the last days; how many letters were queued. One query where none is due."""
    on, sent = day_of(at), 0
    with transaction.atomic():
        rows = SelfAssessment.objects.select_for_update(of=("self",)).select_related("partnership")
        going = rows.filter(state=AssessmentState.OPEN.value, reminded_on=None)
        for row in [each for each in going if rules.to_remind(closes_on=each.closes_on, reminded_on=each.reminded_on, on=on)]:
            row.reminded_on, slug = on, row.partnership.slug
            row.save(update_fields=["reminded_on"])
            answered = set(SelfAssessmentAnswer.objects.filter(assessment=row).values_list("person_id", flat=True))
            people = [each for each in whoever_says(slug, viewer=by, at=at) if each.pk not in answered]
            sent += _write(slug, people, ("Still time: how does our partnership stand?", _invitation(row), REMINDED), by, at)
    return sent


def _close(row: SelfAssessment, slug: str, by: Viewer | str, at: datetime) -> SelfAssessment:
    """Keeps what is told and what the data say, as whoever runs the partnership would see them, whoever closes it."""
    told = rules.tell(answers_of(row.pk, viewer=by), conditions=[each["key"] for each in row.cards])
    lines = evidence(slug, viewer=as_manager(slug, viewer=by), at=at) or {}
    row.told, row.evidence = rules.kept(told), kept_evidence(line for each in lines.values() for line in each)
    row.state, row.closed_at, row.version = AssessmentState.CLOSED.value, at, row.version + 1
    row.save()
    _journal(row, "conditions.closed", slug, by, at)
    if told.enough:
        letter = ("How our partnership stands: what members said", _result(row), TOLD)
        _write(slug, whoever_says(slug, viewer=by, at=at), letter, by, at)
    return row


def _journal(row: SelfAssessment, verb: str, slug: str, by: Viewer | str, at: datetime) -> None:
    journal.record(
        by=by, at=at, verb=verb, subject_kind="self-assessment", subject_key=row.pk, subject_label=row.title, partnership=slug
    )  # fmt: skip


def _write(slug: str, people: Iterable[Any], letter: tuple[str, str, str], by: Viewer | str, at: datetime) -> int:
    """One letter (subject, words, kind) to each of these."""
    subject, body, kind = letter
    letters = [Addressed(each.email, each.name, subject, f"Dear {each.name},\n\n{body}") for each in people if each.email]
    return enqueue_all(by=by, at=at, letters=letters, kind=kind, partnership=slug)


def _invitation(row: SelfAssessment) -> str:
    return (
        f"{row.title}: how does each of the nine conditions of a good local system stand with us? It takes about three minutes on a phone, "
        "and begins with what you said last time. What you say is told of nobody: only together, of five people or more. Please sign in; "
        f"it is open until {row.closes_on:%-d %B %Y}.\n"
    )


def _result(row: SelfAssessment) -> str:
    return (
        f"{row.title} is closed. What members said together now stands beside what our data say, condition by condition. "
        "Please sign in to see it.\n"
    )


def _held(slug: str, assessment_id: int) -> SelfAssessment:
    """A self-assessment of this partnership, held until the transaction ends."""
    row = SelfAssessment.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, pk=assessment_id).first()
    if row is None:
        raise NotThere(NOT_THERE)
    return row
