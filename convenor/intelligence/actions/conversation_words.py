"""What is said in an early conversation and what follows: the school's reply, the broker's answer, what comes next, the review."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from convenor.intelligence.actions.conversation_rows import ended, held, locked_open, step, tell_brokers, tell_school
from convenor.intelligence.models import EarlyConversation, Reply
from convenor.intelligence.rules.conversation import (
    SCHOOL_SAYS,
    NotYours,
    Outcome,
    OutOfTurn,
    ReplyKind,
    State,
    Step,
    check_holder,
    check_reply,
    check_triage,
    check_words,
    step_to,
)
from convenor.intelligence.rules.indicators import CODES
from convenor.intelligence.rules.lines import SOFT_SIGNAL
from convenor.intelligence.rules.secrecy import RECORD_CLASSES
from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.queries.keys import partnership_id
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import AlreadyThere
from convenor.registers.queries.known import school_in_short


def reply(
    *, slug: str, urn: str, kind: ReplyKind, words: str, by: Viewer, at: datetime, line: str = "", source: str = ""
) -> Reply:  # fmt: skip
    """A school comments on, corrects or disputes a line of its own, or the whole (`line` empty). It stands beside the score for ever.

    It may do so at any time. What was just shared with it becomes replied to. Raises NoWords where words, a line or a source are
    missing, OutOfTurn for a kind or a line that is not there.
    """
    allow(by, Permission.SCHOOL_SPEAK, partnership=slug, urn=urn)
    if kind not in SCHOOL_SAYS or (line and line not in (*CODES, SOFT_SIGNAL)):
        raise OutOfTurn("There is no such line, or no such kind of word. Nothing was changed.")
    kept = check_reply(kind, words=words, line=line, source=source)
    with transaction.atomic():
        row = locked_open(slug, urn, by, at)
        said = _said(slug, urn, row, kind, kept, line=line, source=source.strip(), answers=None, by=by, at=at)
        if row is not None:
            before, after = row.state, step_to(row.standing, Step.REPLIED)
            if after.value != before:
                row.state = after.value
                step(row, Step.REPLIED, slug=slug, by=by, at=at)
            if row.broker_id is not None:
                tell_brokers(urn, by=by, at=at, only=row.broker_id)
    return said


def _said(
    slug: str, urn: str, row: EarlyConversation | None, kind: ReplyKind, words: str, *, line: str, source: str, answers: int | None,
    by: Viewer, at: datetime,
) -> Reply:  # fmt: skip
    """The words, written down for ever, and the journal, which says that something was said and not what.

    Raises AlreadyThere for the same words of the same person in the same place: what was sent twice stands once.
    """
    same = Reply.objects.filter(partnership__slug=slug, school_id=urn, conversation=row, answers=answers, kind=kind.value, line=line)
    if same.filter(words=words, source=source, by_key=str(by.person_id)).exists():
        raise AlreadyThere("These words stand there already, and stand for ever. Nothing was changed.")
    record = RECORD_CLASSES["reply"]
    school = school_in_short(urn, viewer=by)
    assert school is not None, "a post is held at a school that the register knows"
    said = Reply.objects.create(
        partnership_id=partnership_id(slug), school_id=urn, conversation=row, answers_id=answers, kind=kind.value, line=line, words=words,
        source=source, at=at, by_key=str(by.person_id), by_label=by.label[:200], holder=record.holder, record_class=record.key,
    )  # fmt: skip
    verb = "conversation.answered" if kind is ReplyKind.ANSWER else "conversation.said"
    journal.record(
        by=by, at=at, verb=verb, subject_kind="reply", subject_key=said.pk, subject_label=school.name, partnership=slug, urn=urn,
        detail={"kind": kind.value, "line": line},
    )  # fmt: skip
    return said


def answer(*, slug: str, reply_id: int, words: str, by: Viewer, at: datetime) -> Reply:
    """The school's broker answers what it said; the answer stands beside it. Raises NotYours for anybody else, NoWords for none."""
    allow(by, Permission.CONVERSATION_HOLD, partnership=slug)
    kept = check_words(words, "what you answer")
    with transaction.atomic():
        standing = Reply.objects.exclude(conversation__state=State.WITHDRAWN.value)
        asked = standing.filter(partnership__slug=slug, pk=reply_id, answers=None).first()
        row = locked_open(slug, asked.school_id, by, at) if asked is not None else None
        if asked is None or row is None or row.broker_id != by.person_id:
            raise NotYours("There is nothing of that kind for you to answer. Nothing was changed.")
        check_holder(row.standing, person_id=by.person_id, own_school=row.school_id in by.urns)
        said = _said(slug, row.school_id, row, ReplyKind.ANSWER, kept, line=asked.line, source="", answers=asked.pk, by=by, at=at)
        tell_school(row.school_id, by=by, at=at)
    return said


def triage(
    *, slug: str, conversation_id: int, outcome: Outcome, why: str, by: Viewer, at: datetime, watch_until_on: date | None = None
) -> EarlyConversation:
    """The broker writes down what the two agreed comes next; it is reviewed within a term.

    A formal route is only noted: that the authority took its own step, nothing more. Raises what `check_triage` raises, and NoWords
    without a reason.
    """
    with transaction.atomic():
        row = held(slug, conversation_id, by, at)
        due = check_triage(row.standing, outcome, on=day_of(at), watch_until_on=watch_until_on)
        kept = check_words(why, "in a few words what was agreed, and why")
        row.state, row.outcome, row.triaged_on, row.review_due_on = State.TRIAGED.value, outcome.value, day_of(at), due
        step(row, Step.TRIAGED, slug=slug, by=by, at=at, why=kept, outcome=outcome, until_on=due)
        tell_school(row.school_id, by=by, at=at)
    return row


def review(*, slug: str, conversation_id: int, words: str, ends: bool, by: Viewer, at: datetime) -> EarlyConversation:
    """The broker writes down what came of it: it ends, or it goes on and what comes next is agreed anew.

    Both steps of an ending are written down. Raises OutOfTurn where nothing was agreed yet, NoWords without words.
    """
    with transaction.atomic():
        row = held(slug, conversation_id, by, at)
        kept = check_words(words, "what came of it")
        row.state, row.review_due_on = step_to(row.standing, Step.REVIEWED).value, None
        step(row, Step.REVIEWED, slug=slug, by=by, at=at, why=kept)
        if ends:
            ended(row, step_to(row.standing, Step.CLOSED), day_of(at))
            step(row, Step.CLOSED, slug=slug, by=by, at=at)
        tell_school(row.school_id, by=by, at=at)
    return row
