"""Invitations to visits, sent to whoever takes part; and the secret address of a person's own calendar."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction

from convenor.journal import actions as journal
from convenor.partnership.gate import NotAllowed, Viewer, day_of
from convenor.partnership.rules.terms import said
from convenor.peer_review.calendars import Party, invitation
from convenor.peer_review.models import CalendarKey, PeerReview
from convenor.peer_review.queries.calendar import reviewers_by_key
from convenor.peer_review.queries.standing import ReviewHere
from convenor.peer_review.queries.steps import Somebody, host_people, team_people
from convenor.peer_review.rules.calendar import DAY, NO_VISIT, Appointments, Method, digest_of, visit_entry
from convenor.peer_review.rules.states import State
from convenor.post import actions as post
from convenor.post.actions import Addressed

#: The kind of a letter that carries an invitation.
INVITATION = "visit-invitation"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A person's new calendar key. The token is told once and kept nowhere."""

    token: str
    key: CalendarKey


def invite(row: PeerReview, here: ReviewHere, *, by: Viewer, at: datetime, site: str = "") -> int:
    """Invites host and team to the visit as it is dated now, or tells their calendars of its new days; how many letters.

    Call it inside the transaction that set the days, after the step was taken: the version that it counted is the invitation's SEQUENCE,
    and its UID never changes. `site` is where the site stands, such as https://convenor.example. Nothing for a review without days.
    """
    return _send(row, Method.REQUEST, _everybody(here, by, at), slug=here.slug, by=by, at=at, site=site)


def take_back(row: PeerReview, here: ReviewHere, *, by: Viewer, at: datetime) -> int:
    """Takes the visit out of the calendars of host and team; how many letters. Call it after the step was taken."""
    return _send(row, Method.CANCEL, _everybody(here, by, at), slug=here.slug, by=by, at=at)


def follow_team(
    row: PeerReview, *, left: Collection[int], joined: Collection[int], slug: str, by: Viewer, at: datetime, site: str = ""
) -> int:  # fmt: skip
    """After a change of team: takes the visit out of the calendars of reviewers who left and invites those who joined; how many letters.

    `left` and `joined` are keys of reviewers who are on the team in no part any more, or were in none before. Call it after the step was
    taken. Nothing is sent for a visit that stands in no calendar: without days, put off, or over.
    """
    if row.visit_until_on is None or row.visit_until_on <= day_of(at) or State(row.state) in NO_VISIT:
        return 0
    told = _send(row, Method.CANCEL, reviewers_by_key(left, viewer=by), slug=slug, by=by, at=at)
    return told + _send(row, Method.REQUEST, reviewers_by_key(joined, viewer=by), slug=slug, by=by, at=at, site=site)


def _everybody(here: ReviewHere, by: Viewer, at: datetime) -> list[Somebody]:
    """Heads and chairs of the host, and the team, each once."""
    people = (*host_people(here, viewer=by, at=at), *team_people(here, viewer=by))
    return list({each.person_id: each for each in people}.values())


def _send(
    row: PeerReview, method: Method, people: Iterable[Somebody], *, slug: str, by: Viewer, at: datetime, site: str = ""
) -> int:  # fmt: skip
    """A letter with the calendar message to each who has an address."""
    if row.visit_from_on is None or row.visit_until_on is None:
        return 0
    school = row.school.name
    entry = visit_entry(
        Appointments(
            row.pk, slug, school, State(row.state), None, None, False, row.visit_from_on, row.visit_until_on, None, None, row.version, at,
            row.round.opened_at,
        )
    )  # fmt: skip
    organiser = Party(by.partnership.name if by.partnership else "Convenor", parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    first, last = said(entry.from_on), said(entry.until_on - DAY)
    when = first if first == last else f"{first} to {last}"
    if method is Method.CANCEL:
        subject = f"Taken out of your calendar: peer review visit, {first}"
        words = f"This letter takes the peer review visit at {school}, {when}, out of your calendar."
    else:
        subject = f"For your calendar: peer review visit, {first}"
        words = f"The peer review visit at {school} is on {when}. This letter puts it into your calendar; you need not answer it."
    letters = [
        Addressed(
            each.email, each.name, subject, f"Dear {each.name},\n\n{words} Sign in to Convenor to read more.\n",
            invitation(entry, method, organiser=organiser, attendee=Party(each.name, each.email), site=site),
        )
        for each in people
        if each.email
    ]  # fmt: skip
    return post.enqueue_all(by=by, at=at, letters=letters, kind=INVITATION, partnership=slug)


def make_calendar_key(*, by: Viewer, at: datetime) -> NewKey:
    """Makes the secret address of a person's own calendar; any former one ends at once. Only its digest is kept.

    Raises NotAllowed for somebody who is not signed in.
    """
    person_id = _known(by)
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        CalendarKey.objects.filter(person_id=person_id, ended_at=None).update(ended_at=at)
        key = CalendarKey.objects.create(person_id=person_id, digest=digest_of(token), made_at=at)
        _record("calendar.made", by, at)
    return NewKey(token, key)


def end_calendar_key(*, by: Viewer, at: datetime) -> bool:
    """Ends the secret address of a person's own calendar: whoever has it reads nothing more. False where there was none."""
    person_id = _known(by)
    with transaction.atomic():
        ended = CalendarKey.objects.filter(person_id=person_id, ended_at=None).update(ended_at=at)
        if ended:
            _record("calendar.ended", by, at)
    return bool(ended)


def _known(by: Viewer) -> int:
    if by.person_id is None:
        raise NotAllowed("A calendar is a person’s own: sign in first. Nothing was changed.")
    return by.person_id


def _record(verb: str, by: Viewer, at: datetime) -> None:
    """A person's own calendar is no business of a partnership: it stands in no partnership's journal."""
    journal.record(by=by, at=at, verb=verb, subject_kind="calendar", subject_key=by.person_id, subject_label="own calendar")
