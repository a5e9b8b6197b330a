"""Mentors: a broker offers, the head says first whether they would like it, then the mentor; either ends it, no reason asked.

The mentor learns who the head is once the head has agreed. Nothing is written down of what the two speak about.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import AlreadyThere, NotThere
from convenor.support.actions.beside_letters import tell
from convenor.support.actions.deployment_rows import writer
from convenor.support.models import Mentoring
from convenor.support.queries.mentors import could_be_matched, part_in
from convenor.support.rules.mentors import LASTS, why
from convenor.support.rules.refusals import Conflict, OutOfTurn

NOT_THERE = "There is no such offer of a mentor, or it is not yours to answer. Nothing was changed."


def offer_mentor(*, slug: str, head_id: int, supporter_id: int, by: Viewer, at: datetime) -> Mentoring:
    """A broker offers a new or acting head a mentor; the head is told that something waits, and nobody else.

    Raises NotThere for somebody who is no new head or no mentor, Conflict (in words) where a rule stands between the two, the broker's
    own organisation among them, AlreadyThere where the head has a mentor or an offer.
    """
    allow(by, Permission.SUPPORT_BROKER, partnership=slug)
    head, mentor, refused = could_be_matched(head_id, supporter_id, viewer=by, at=at)
    if head is None or mentor is None:
        raise NotThere("They are no head who waits for a mentor, or nobody who offers to mentor. Nothing was changed.")
    if refused:
        raise Conflict(f"{refused} Nothing was changed.")
    on = day_of(at)
    assert by.partnership is not None
    try:
        with transaction.atomic():
            row = Mentoring.objects.create(
                partnership_id=by.partnership.id, school_id=head.head.urn, head_id=head_id, mentor_id=supporter_id,
                why=list(why(head.head, mentor)), offered_at=at, offered_by_id=writer(by), from_on=on, until_on=on + LASTS,
            )  # fmt: skip
            _journal(row, "mentoring.offered", slug, by, at)
            tell([head_id], by=by, at=at)
    except IntegrityError as error:
        raise AlreadyThere("They have a mentor, or an offer of one, already. Nothing was changed.") from error
    return row


def agree_mentoring(*, slug: str, mentoring_id: int, by: Viewer, at: datetime) -> Mentoring:
    """The head, or then the mentor, would like it; when both have said so it begins, and counts a year from that day.

    Raises NotThere for anybody else, and for the mentor before the head has agreed; OutOfTurn where it has ended.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, head = _held(slug, mentoring_id, by)
        if head and row.head_agreed_at is None:
            row.head_agreed_at = at
            tell([row.mentor.person_id] if row.mentor.person_id else [], by=by, at=at)
        elif not head and row.mentor_agreed_at is None:
            row.mentor_agreed_at = at
            row.from_on, row.until_on = day_of(at), day_of(at) + LASTS
            tell([row.head_id, row.offered_by_id], by=by, at=at)
        row.version += 1
        row.save()
        _journal(row, "mentoring.agreed", slug, by, at)
    return row


def end_mentoring(*, slug: str, mentoring_id: int, by: Viewer, at: datetime) -> Mentoring:
    """The head or the mentor would rather not, or it has done its work: it ends today, no reason asked, and the broker may offer another.

    The broker who offered it may take the offer back while the head has not agreed. Raises NotThere, OutOfTurn.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, _ = _held(slug, mentoring_id, by, offering=True)
        row.ended_on = day_of(at)
        row.version += 1
        row.save()
        _journal(row, "mentoring.ended", slug, by, at)
        tell([row.offered_by_id], by=by, at=at)
    return row


def _held(slug: str, mentoring_id: int, by: Viewer, *, offering: bool = False) -> tuple[Mentoring, bool]:
    """The row, held until the transaction ends, and whether `by` is its head."""
    rows = Mentoring.objects.select_for_update(of=("self",)).select_related("mentor", "school")
    row = rows.filter(partnership__slug=slug, pk=mentoring_id).first()
    part = part_in(row, viewer=by) if row is not None else ""
    takes_back = offering and row is not None and part == "broker" and row.head_agreed_at is None
    if row is None or (part not in ("head", "mentor") and not takes_back):
        raise NotThere(NOT_THERE)
    if row.ended_on is not None:
        raise OutOfTurn("It has ended already. Nothing was changed.")
    return row, part == "head"


def _journal(row: Mentoring, verb: str, slug: str, by: Viewer, at: datetime) -> None:
    """That it was done, for the head's own school; not in the partnership's journal by the mentor's name."""
    journal.record(
        by=by, at=at, verb=verb, subject_kind="mentoring", subject_key=row.pk, subject_label=row.school.name, partnership=slug,
        urn=row.school_id,
    )  # fmt: skip
