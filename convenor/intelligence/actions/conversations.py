"""An early conversation begun, shared, handed on, taken back. Each takes `by` (a viewer: a conversation is between people) and `at`.

Each raises NotAllowed when they may not, NotThere when there is no such conversation for them, and a named refusal
(`rules.conversation`) when the step does not follow; either way nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from convenor.accounts.queries import person_by_id
from convenor.intelligence.actions.conversation_rows import ended, held, locked_open, of_own_school, step, tell_brokers, tell_school
from convenor.intelligence.models import EarlyConversation
from convenor.intelligence.queries.circle import standing_of
from convenor.intelligence.queries.conversations import suggestion_to_take_up
from convenor.intelligence.queries.reach import member
from convenor.intelligence.queries.suggestions import lines_now
from convenor.intelligence.rules.conversation import (
    Origin,
    OutOfTurn,
    State,
    Step,
    check_successor,
    check_take_up,
    check_topics,
    check_withdrawal,
    check_words,
    step_to,
)
from convenor.intelligence.rules.lines import as_dict
from convenor.intelligence.rules.secrecy import RECORD_CLASSES
from convenor.partnership.gate import Viewer, allow, day_of, viewer_for
from convenor.partnership.queries.keys import partnership_id
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import AlreadyThere, NotThere

#: The longest text of what a school would like to talk about, in characters.
ASKED_AT_MOST = 1000


def refer_self(*, slug: str, urn: str, by: Viewer, at: datetime, about: Iterable[str] = (), words: str = "") -> EarlyConversation:
    """A school asks for a conversation itself: a strength, on record as one, which adds to no score. Brokers are told that something waits.

    `about` are keys of `TOPICS`; both it and the words may be empty. Raises AlreadyThere while a conversation is open.
    """
    allow(by, Permission.SCHOOL_SPEAK, partnership=slug, urn=urn)
    if member(urn, slug=slug, viewer=by, at=at) is None:
        raise NotThere("Your school is no member of the partnership today. Nothing was changed.")
    kept = check_words(words, "what you would like to talk about", at_most=ASKED_AT_MOST, needed=False)
    with transaction.atomic():
        row = _begin(slug, urn, Origin.SCHOOL, at)
        row.asked_about, row.asked_words = check_topics(about), kept
        step(row, Step.REFERRED, slug=slug, by=by, at=at)
        tell_school(urn, by=by, at=at)
        tell_brokers(urn, by=by, at=at)
    return row


def _begin(slug: str, urn: str, origin: Origin, at: datetime, run: str = "") -> EarlyConversation:
    """A new row; AlreadyThere when the school has an open one, also when another opened it at this very moment."""
    record = RECORD_CLASSES["self-referral" if origin is Origin.SCHOOL else "early-conversation"]
    try:
        with transaction.atomic():
            return EarlyConversation.objects.create(
                partnership_id=partnership_id(slug), school_id=urn, origin=origin.value, state=State.SUGGESTED.value,
                opened_on=day_of(at), run=run, holder=record.holder, record_class=record.key,
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadyThere("A conversation is open already, and a school has one at a time. Nothing was changed.") from error


def take_up(*, slug: str, urn: str, by: Viewer, at: datetime) -> EarlyConversation:
    """A broker becomes the one named broker of a school that asked itself, that a run suggests, or whose broker stepped aside.

    From now on they, and no other broker, read the school's lines, and the school sees that they did. Raises what
    `check_take_up` raises; of two who try at once, one gets it and the other is told.
    """
    allow(by, Permission.CONVERSATION_HOLD, partnership=slug)
    assert by.person_id is not None, "whoever holds a permission is known"
    with transaction.atomic():
        row = locked_open(slug, urn, by, at)
        if row is not None and not standing_of(row, viewer=by).member:
            raise OutOfTurn("No conversation is suggested for this school. Nothing was changed.")
        suggested = suggestion_to_take_up(urn, viewer=by, at=at) if row is None else None
        check_take_up(
            row.standing if row else None, person_id=by.person_id, own_school=urn in by.urns, suggested=suggested is not None
        )  # fmt: skip
        row = row or _begin(slug, urn, Origin.RUN, at, run=suggested.run if suggested else "")
        row.broker_id = by.person_id
        step(row, Step.TAKEN_UP, slug=slug, by=by, at=at)
    return row


def share(*, slug: str, conversation_id: int, by: Viewer, at: datetime, words: str = "") -> EarlyConversation:
    """The broker shares a school's lines with it, as they stand today; they are frozen, and its ten working days begin.

    Raises OutOfTurn where it was shared before, or where a suggestion's lines are no longer there.
    """
    with transaction.atomic():
        row = held(slug, conversation_id, by, at)
        row.state = step_to(row.standing, Step.SHARED).value
        now = lines_now(row.school_id, partnership_id=row.partnership_id, viewer=by, at=day_of(at))
        if now is None and row.origin == Origin.RUN.value:
            raise OutOfTurn("The lines that suggested this are no longer there, so there is nothing to share. Nothing was changed.")
        row.shared_on = day_of(at)
        if now is not None:
            row.lines, row.run, row.weights_year = as_dict(now.assessment), now.run, now.weights_year
        step(row, Step.SHARED, slug=slug, by=by, at=at, why=check_words(words, "it", needed=False))
        tell_school(row.school_id, by=by, at=at)
    return row


def hand_over(*, slug: str, conversation_id: int, to_person_id: int, why: str, by: Viewer, at: datetime) -> EarlyConversation:
    """The broker hands a conversation to another, who from now on alone holds it. The school is told that something waits.

    Raises NotYours for somebody who is no broker today, acts for the school, or holds it already; NoWords without a reason.
    """
    with transaction.atomic():
        row = held(slug, conversation_id, by, at)
        person = person_by_id(to_person_id)
        to = viewer_for(person, partnership_slug=slug, on=day_of(at))
        check_successor(
            row.standing, to_id=to_person_id, is_broker=to.may(Permission.CONVERSATION_HOLD), own_school=row.school_id in to.urns
        )  # fmt: skip
        row.broker_id = to_person_id
        step(row, Step.HANDED_OVER, slug=slug, by=by, at=at, why=check_words(why, "why"))
        tell_school(row.school_id, by=by, at=at)
        tell_brokers(row.school_id, by=by, at=at, only=to_person_id)
    return row


def step_aside(*, slug: str, conversation_id: int, why: str, by: Viewer, at: datetime) -> EarlyConversation:
    """The broker lets a conversation go; another may take it up, and until then nobody holds it. It keeps its state."""
    with transaction.atomic():
        row = held(slug, conversation_id, by, at)
        row.state = step_to(row.standing, Step.STEPPED_ASIDE).value
        row.broker_id = None
        step(row, Step.STEPPED_ASIDE, slug=slug, by=by, at=at, why=check_words(why, "why"))
        tell_school(row.school_id, by=by, at=at)
        tell_brokers(row.school_id, by=by, at=at)
    return row


def withdraw(*, slug: str, conversation_id: int, by: Viewer, at: datetime, why: str = "") -> EarlyConversation:
    """A school takes back the conversation that it asked for; from now on nobody but the school sees it. A reason may be given.

    Raises OutOfTurn for a conversation that a run suggested, or that has ended.
    """
    with transaction.atomic():
        row = of_own_school(slug, conversation_id, by)
        ended(row, check_withdrawal(row.standing), day_of(at))
        step(row, Step.WITHDRAWN, slug=slug, by=by, at=at, why=check_words(why, "why", needed=False))
        if row.broker_id is not None:
            tell_brokers(row.school_id, by=by, at=at, only=row.broker_id)
    return row


def let_cluster_lead_see(*, slug: str, conversation_id: int, agreed: bool, by: Viewer, at: datetime) -> EarlyConversation:
    """A school agrees that the lead of its cluster reads along, or takes that back at once. Raises AlreadyThere when it is so already."""
    with transaction.atomic():
        row = of_own_school(slug, conversation_id, by)
        what = Step.CLUSTER_INVITED if agreed else Step.CLUSTER_ASKED_OUT
        row.state = step_to(row.standing, what).value
        if row.cluster_may_see == agreed:
            raise AlreadyThere("It is so already. Nothing was changed.")
        row.cluster_may_see = agreed
        step(row, what, slug=slug, by=by, at=at)
    return row
