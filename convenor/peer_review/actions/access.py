"""Whom the host lets read its report: a named person, until a day or until it is taken back, which works at once."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from convenor.accounts.queries import person_by_id
from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import AlreadyThere, NotThere
from convenor.peer_review.actions.review_rows import SOMETHING_WAITS, locked
from convenor.peer_review.models import Grant, PeerReview
from convenor.peer_review.queries.access import person
from convenor.peer_review.queries.standing import ReviewHere
from convenor.peer_review.rules.refusals import NotYours, WrongDay
from convenor.post import actions as post


def let_read(*, slug: str, review_id: int, person_id: int, by: Viewer, at: datetime, until_on: date | None = None) -> Grant:
    """Whoever speaks for the host lets somebody of the partnership read the final report; `until_on` is the last day of it, if any.

    The letter to them says that something waits, and nothing else. Raises NotThere for somebody who holds nothing in the partnership
    or acts for the school itself, AlreadyThere where they read it already, WrongDay for a day that is past.
    """
    with transaction.atomic():
        row, here = _of_host(slug, review_id, by, at)
        if until_on is not None and until_on < day_of(at):
            raise WrongDay("The last day is today or later. Nothing was changed.")
        found = person(here, person_id, viewer=by, at=at)
        somebody = person_by_id(person_id) if found is not None else None
        if somebody is None:
            raise NotThere(
                "That person holds nothing in this partnership, or reads the report already as one of your own. Nothing was changed."
            )
        grant = _grant(row, person_id, until_on, by, at)
        _journal(row, "review.access-given", slug, by, at)
        if somebody.email:
            post.enqueue(
                by=by, at=at, to_address=somebody.email, to_name=somebody.name, kind=SOMETHING_WAITS,
                subject="There is something for you in Convenor",
                body=f"Dear {somebody.name},\n\nThere is something for you in Convenor. Please sign in to read it.\n\n"
                "This letter says nothing more on purpose.\n",
            )  # fmt: skip
    return grant


def _grant(row: PeerReview, person_id: int, until_on: date | None, by: Viewer, at: datetime) -> Grant:
    """A new grant; one that ran out makes room for it. AlreadyThere where one stands."""
    first_without = date.fromordinal(until_on.toordinal() + 1) if until_on else None
    Grant.objects.filter(review=row, person_id=person_id, withdrawn_at=None, until_on__lte=day_of(at)).update(withdrawn_at=at)
    try:
        with transaction.atomic():
            return Grant.objects.create(review=row, person_id=person_id, granted_at=at, granted_by=by.label[:200], until_on=first_without)
    except IntegrityError as error:
        raise AlreadyThere("They may read it already. Nothing was changed.") from error


def take_back(*, slug: str, review_id: int, grant_id: int, by: Viewer, at: datetime) -> Grant:
    """Whoever speaks for the host takes back that somebody reads its report, from this moment on. Raises NotThere for none that stands."""
    with transaction.atomic():
        row, _ = _of_host(slug, review_id, by, at)
        grant = Grant.objects.select_for_update(of=("self",)).filter(review=row, pk=grant_id, withdrawn_at=None).first()
        if grant is None:
            raise NotThere("That is taken back already. Nothing was changed.")
        grant.withdrawn_at = at
        grant.save()
        _journal(row, "review.access-taken-back", slug, by, at)
    return grant


def _of_host(slug: str, review_id: int, by: Viewer, at: datetime) -> tuple[PeerReview, ReviewHere]:
    """The review, locked, for whoever speaks for its host. Raises NotAllowed, NotThere or NotYours."""
    allow(by, Permission.SCHOOL_SPEAK, partnership=slug)
    row, here = locked(slug, review_id, by=by, at=at)
    if not by.may(Permission.SCHOOL_SPEAK, urn=row.school_id):
        raise NotYours("The report is the school’s: its head or chair says who reads it. Nothing was changed.")
    return row, here


def _journal(row: PeerReview, verb: str, slug: str, by: Viewer, at: datetime) -> None:
    """That access was given or taken back; to whom, the school's own page says."""
    journal.record(
        by=by, at=at, verb=verb, subject_kind="peer-review", subject_key=row.pk, partnership=slug, subject_label=row.school.name,
        urn=row.school_id,
    )  # fmt: skip
