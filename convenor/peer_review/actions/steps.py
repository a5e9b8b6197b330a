"""Steps of a review that hold no words of a report: the visit begins and ends, it is postponed, goes on, is taken back; its school changes.

Each takes `by` (a viewer), `at` and the `version` that they read, and raises what `review_rows.locked` and `rules.gates` raise.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.peer_review.actions.calendar import invite, take_back
from convenor.peer_review.actions.dates import move_visit
from convenor.peer_review.actions.review_rows import locked, pass_gate, step, tell_host, tell_team
from convenor.peer_review.models import Grant, PeerReview
from convenor.peer_review.queries.steps import has_closed, successor, whos
from convenor.peer_review.rules.gates import BESIDE, Who, check_reason
from convenor.peer_review.rules.refusals import NotYours, OutOfTurn
from convenor.peer_review.rules.states import State, Step


def begin_visit(*, slug: str, review_id: int, by: Viewer, at: datetime, version: int | None = None) -> PeerReview:
    """The visit begins, from its first day: the lead or the school says so. Each activity has a host partner."""
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, review_id, by=by, at=at, version=version)
        pass_gate(row, here, Step.ON_SITE, by=by, at=at)
    return row


def feed_back(*, slug: str, review_id: int, by: Viewer, at: datetime, version: int | None = None) -> PeerReview:
    """The lead says that the team told the school what it found, before it left; a later day is taken and marked late."""
    allow(by, Permission.REVIEW_OFFER, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, review_id, by=by, at=at, version=version)
        pass_gate(row, here, Step.FED_BACK, by=by, at=at)
        tell_host(row, here, by=by, at=at)
    return row


def postpone(*, slug: str, review_id: int, why: str, by: Viewer, at: datetime, version: int | None = None) -> PeerReview:
    """The school or the coordinator puts a review off, with a reason that team and coordinator read; its state is kept.

    A visit that has not begun is taken out of calendars until the review goes on.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, review_id, by=by, at=at, version=version)
        pass_gate(row, here, Step.POSTPONED, by=by, at=at, why=check_reason(why))
        if _dated(row):
            take_back(row, here, by=by, at=at)
        tell_team(row, here, by=by, at=at)
        tell_host(row, here, by=by, at=at)
    return row


def resume(
    *, slug: str, review_id: int, by: Viewer, at: datetime, from_on: date | None = None, asked: bool = False, why: str = "",
    version: int | None = None, site: str = "",
) -> PeerReview:  # fmt: skip
    """A postponed review goes on from the state it was left in, on new days where `from_on` says so; calendars hear of its days.

    `asked`: those who had not offered the new days agree to them. WrongDay where the visit lies in the past: it needs a new day;
    and what `actions.dates.move_visit` raises of that day.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        kept = check_reason(why, needed=False)
        if from_on is not None:
            move_visit(
                slug=slug, review_id=review_id, from_on=from_on, why=kept[:300] or "New days after it was put off.", asked=asked, by=by,
                at=at, version=version, site=site,
            )  # fmt: skip
        row, here = locked(slug, review_id, by=by, at=at, version=version if from_on is None else None)
        pass_gate(row, here, Step.RESUMED, by=by, at=at, why=kept)
        if _dated(row):
            invite(row, here, by=by, at=at, site=site)
        tell_team(row, here, by=by, at=at)
        tell_host(row, here, by=by, at=at)
    return row


def withdraw(*, slug: str, review_id: int, by: Viewer, at: datetime, why: str = "", version: int | None = None) -> PeerReview:
    """The school takes its review back, at any time. A reason may be given, and stays with the school.

    From then on nobody but the school reads any of it: the team and whoever the school let read it, no more.
    """
    allow(by, Permission.REVIEW_HOST, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, review_id, by=by, at=at, version=version)
        pass_gate(row, here, Step.WITHDRAWN, by=by, at=at, why=check_reason(why, needed=False))
        _end_grants(row, at)
        if _dated(row):
            take_back(row, here, by=by, at=at)
        tell_team(row, here, by=by, at=at)
    return row


def _end_grants(row: PeerReview, at: datetime) -> None:
    """Whoever was let read the report reads it no more."""
    Grant.objects.filter(review=row, withdrawn_at=None).update(withdrawn_at=at)


def _dated(row: PeerReview) -> bool:
    """Whether a visit that has not begun stands in calendars."""
    stands = State(row.resumes) if row.resumes else State(row.state)
    return row.visit_from_on is not None and stands in BESIDE[Step.MOVED]


def follow_school(*, slug: str, review_id: int, by: Viewer, at: datetime, version: int | None = None) -> PeerReview:
    """The review of a school that closed or converted goes on with the one school that the published links name as its successor.

    By the coordinator, or by the former school's own people while they hold a post there. OutOfTurn where the school stands, where no
    successor is published, or where there are several: then the coordinator ends it instead. Everything written stays as it was.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, review_id, by=by, at=at, version=version)
        follows = successor(row.school_id, viewer=by, on=day_of(at))
        if follows is None:
            raise OutOfTurn("The register names no one school that this one became, so there is none to go on with. Nothing was changed.")
        if PeerReview.objects.filter(round_id=row.round_id, school_id=follows).exists():
            raise OutOfTurn("The school that it became hosts a review in this round already. Nothing was changed.")
        before = row.school.name
        row.school_id = follows
        row.save()
        row = PeerReview.objects.select_related("school", "round").get(pk=row.pk)
        why = f"{before} became {row.school.name}; the review goes on with it."
        pass_gate(row, here, Step.FOLLOWED, by=by, at=at, why=why)
        tell_team(row, here, by=by, at=at)
    return row


def end_for_closed_school(*, slug: str, review_id: int, by: Viewer, at: datetime, version: int | None = None) -> PeerReview:
    """The coordinator ends the review of a school that closed and became no other; the step says so. OutOfTurn where it did, or stands."""
    allow(by, Permission.ROUND_RUN, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, review_id, by=by, at=at, version=version)
        if Who.COORDINATOR not in whos(here, viewer=by):
            raise NotYours("That is for the coordinator to do. Nothing was changed.")
        if not has_closed(row.school_id, viewer=by, on=day_of(at)) or successor(row.school_id, viewer=by, on=day_of(at)) is not None:
            raise OutOfTurn("The school has not closed, or it became another. Nothing was changed.")
        if (here.resumes or here.state) not in BESIDE[Step.WITHDRAWN] or here.state is State.WITHDRAWN:
            raise OutOfTurn("The review has ended already. Nothing was changed.")
        step(row, Step.WITHDRAWN, slug=slug, by=by, at=at, why="The school closed, and the register names no school that it became.")
        _end_grants(row, at)
        if _dated(row):
            take_back(row, here, by=by, at=at)
        tell_team(row, here, by=by, at=at)
    return row
