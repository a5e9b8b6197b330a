"""What every action on an early conversation shares: the locked row, the step written down, the letter that carries nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from convenor.intelligence.models import ConversationStep, EarlyConversation
from convenor.intelligence.models.conversations import OPEN_STATES
from convenor.intelligence.queries.circle import as_they_stand, standing_of
from convenor.intelligence.queries.conversation_people import Somebody, brokers, speakers
from convenor.intelligence.rules.conversation import Outcome, State, Step, check_holder
from convenor.journal import actions as journal
from convenor.partnership.gate import NotAllowed, Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.post import actions as post

#: One kind for every letter of this feature, so that not even its kind says what it is about.
SOMETHING_WAITS = "something-waits"


def locked(slug: str, pk: int, by: Viewer, at: datetime) -> EarlyConversation:
    """The conversation, held until the transaction ends. Raises NotThere, also where its school is no member any more."""
    rows = as_they_stand(EarlyConversation.objects.filter(partnership__slug=slug, pk=pk), viewer=by, on=day_of(at))
    row: EarlyConversation | None = rows.select_for_update(of=("self",)).first()
    if row is None or not standing_of(row, viewer=by).member:
        raise NotThere("There is no such conversation in this partnership. Nothing was changed.")
    return row


def locked_open(slug: str, urn: str, by: Viewer, at: datetime) -> EarlyConversation | None:
    """The school's open conversation, held until the transaction ends, or None. Whose broker is none any more is held by nobody."""
    rows = EarlyConversation.objects.filter(partnership__slug=slug, school_id=urn, state__in=OPEN_STATES)
    row: EarlyConversation | None = as_they_stand(rows, viewer=by, on=day_of(at)).select_for_update(of=("self",)).first()
    if row is not None:
        row.broker_id = standing_of(row, viewer=by).broker_id
    return row


def held(slug: str, pk: int, by: Viewer, at: datetime) -> EarlyConversation:
    """The conversation, locked, for its one named broker. Raises NotAllowed, NotThere or NotYours.

    A broker who does not hold it is told the same as for one that is not there: not even that it exists.
    """
    allow(by, Permission.CONVERSATION_HOLD, partnership=slug)
    row = locked(slug, pk, by, at)
    if row.broker_id != by.person_id:
        raise NotThere("There is no such conversation in this partnership. Nothing was changed.")
    check_holder(row.standing, person_id=by.person_id, own_school=row.school_id in by.urns)
    return row


def of_own_school(slug: str, pk: int, by: Viewer) -> EarlyConversation:
    """The conversation, locked, for somebody who speaks for its school. Raises NotAllowed for anybody else, whether it is there or not."""
    allow(by, Permission.SCHOOL_SPEAK, partnership=slug)
    row = EarlyConversation.objects.select_for_update(of=("self",)).select_related("school").filter(partnership__slug=slug, pk=pk).first()
    if row is None or not by.may(Permission.SCHOOL_SPEAK, urn=row.school_id):
        raise NotAllowed(f"You cannot {Permission.SCHOOL_SPEAK.value}: no post you hold today allows it. Nothing was changed.")
    return row


def step(
    row: EarlyConversation,
    what: Step,
    *,
    slug: str,
    by: Viewer,
    at: datetime,
    why: str = "",
    outcome: Outcome | None = None,
    until_on: date | None = None,
) -> None:
    """Saves the conversation, writes the step down for ever, and records it. The journal says that, never what was said."""
    row.save()
    ConversationStep.objects.create(
        conversation=row, step=what.value, state=row.state, at=at, by_key=str(by.person_id), by_label=by.label[:200], why=why,
        outcome=outcome.value if outcome else "", until_on=until_on,
    )  # fmt: skip
    journal.record(
        by=by, at=at, verb=f"conversation.{what.value}", subject_kind="early-conversation", subject_key=row.pk, partnership=slug,
        subject_label=row.school.name, urn=row.school_id,
    )  # fmt: skip


def tell_school(urn: str, *, by: Viewer, at: datetime) -> None:
    """A letter to the school's heads and chair that something waits: not what, not from whom, not about which school."""
    _tell(speakers(urn, viewer=by, at=at), "There is something for you in Convenor about your school", by=by, at=at)


def tell_brokers(urn: str, *, by: Viewer, at: datetime, only: int | None = None) -> None:
    """A letter to the brokers who may hold the school's conversation, or to one of them, that something waits."""
    found = [each for each in brokers(urn, viewer=by, at=at) if only is None or each.person_id == only]
    _tell(found, "There is something for you in Convenor", by=by, at=at)


def _tell(people: Iterable[Somebody], subject: str, *, by: Viewer, at: datetime) -> None:
    """The letters belong to no partnership's list: the manager, who sees which could not be sent, would learn of the school by them."""
    for each in people:
        if each.email and each.person_id != by.person_id:
            post.enqueue(
                by=by, at=at, to_address=each.email, to_name=each.name, kind=SOMETHING_WAITS, subject=subject,
                body=f"Dear {each.name},\n\n{subject}. Please sign in to read it.\n\nThis letter says nothing more on purpose.\n",
            )  # fmt: skip


def ended(row: EarlyConversation, state: State, on: date) -> None:
    """The conversation ends on a day; nobody reads along any more."""
    row.state, row.ended_on, row.cluster_may_see, row.review_due_on = state.value, on, False, None
