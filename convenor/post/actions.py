"""Writes of the outbox: a letter is queued with the change it tells of, and sent once that change stands."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, transaction

from convenor.post import rules
from convenor.post.models import Letter

log = structlog.get_logger(__name__)
#: How many letters that waited before leave with many at once.
SOME_MORE = 50


def enqueue(
    *, by: Any, at: datetime, to_address: str, kind: str, subject: str, body: str, partnership: str = "", to_name: str = "",
    calendar: str = "",
) -> Letter:  # fmt: skip
    """Queue a letter in the caller's transaction; it leaves when that transaction stands, or never.

    `calendar` is an iCalendar message with its METHOD that goes with it, as calendars expect an invitation.

    How it leaves is `settings.POST_LEAVES`: "now" in the caller's own thread, "beside" in a thread of its own so that the page
    need not wait, or "worker" when `convenor worker` runs. Raises rules.LetterRefused when the words may not be posted.
    """
    rules.check(subject=subject, body=body, calendar=calendar)
    letter = Letter.objects.create(
        partnership=partnership, to_address=to_address, to_name=to_name, kind=kind, subject=subject, body=body, calendar=calendar,
        queued_at=at,
    )  # fmt: skip
    transaction.on_commit(partial(_leave, letter.pk, at), robust=True)
    return letter


@dataclass(frozen=True, slots=True)
class Addressed:
    """One of many letters of a kind: to whom, its words, and the calendar message that goes with it, if any."""

    to_address: str
    to_name: str
    subject: str
    body: str
    calendar: str = ""


def enqueue_all(*, by: Any, at: datetime, letters: Iterable[Addressed], kind: str, partnership: str = "") -> int:
    """Queue many letters of one kind at once; how many. They leave together, over one connection, as `enqueue` says.

    Raises rules.LetterRefused when the words of one may not be posted; then none is queued.
    """
    asked = list(letters)
    for each in asked:
        rules.check(subject=each.subject, body=each.body, calendar=each.calendar)
    rows = Letter.objects.bulk_create(
        Letter(
            partnership=partnership, to_address=each.to_address, to_name=each.to_name, kind=kind, subject=each.subject, body=each.body,
            calendar=each.calendar, queued_at=at,
        )
        for each in asked
    )  # fmt: skip
    if rows:
        transaction.on_commit(partial(_leave_all, len(rows), at), robust=True)
    return len(rows)


def deliver_waiting(*, by: Any, at: datetime, only: int | None = None, limit: int = 200) -> tuple[int, int]:
    """Send what is due, oldest first: (letters sent, letters that met a problem). `only` is the key of a single letter.

    Each letter is taken by one sender alone: the attempt is counted, in the database, before the letter is handed over.
    """
    waiting = Letter.objects.filter(sent_at=None, attempts__lt=rules.ATTEMPTS).order_by("queued_at", "id")
    if only is not None:
        waiting = waiting.filter(pk=only)
    sent = troubled = 0
    carrier = None
    for letter in waiting[:limit]:
        if not rules.due(queued_at=letter.queued_at, attempts=letter.attempts, at=at):
            continue
        mine = Letter.objects.filter(pk=letter.pk, sent_at=None, attempts=letter.attempts).update(attempts=letter.attempts + 1)
        if not mine:
            continue
        carrier = carrier or get_connection()
        problem = _hand_over(letter, carrier)
        if problem:
            troubled += 1
            Letter.objects.filter(pk=letter.pk).update(problem=problem)
            log.warning("letter not sent", letter=letter.pk, kind=letter.kind, problem=problem)
            continue
        sent += 1
        body = rules.NOT_KEPT if letter.kind in rules.DOOR_OPENING else letter.body
        Letter.objects.filter(pk=letter.pk).update(sent_at=at, problem="", body=body)
    return sent, troubled


def try_again(*, letter_id: int, partnership: str, by: Any, at: datetime) -> bool:
    """Put a resting letter of this partnership back in the queue, as the manager asks; False when there is none such."""
    waiting = Letter.objects.filter(pk=letter_id, partnership=partnership, sent_at=None).exclude(partnership="")
    put_back = waiting.update(attempts=0, queued_at=at)
    if put_back:
        transaction.on_commit(partial(_leave, letter_id, at), robust=True)
    return bool(put_back)


def forget_old(*, by: Any, at: datetime) -> int:
    """Delete letters whose keeping period has run out, sent or not; how many there were."""
    return Letter.objects.filter(queued_at__lt=at - rules.KEPT).delete()[0]


def _hand_over(letter: Letter, carrier: Any) -> str:
    """Give one letter to the mail server; the problem in words, or an empty text."""
    message = EmailMultiAlternatives(subject=letter.subject, body=letter.body, to=[letter.to_address], connection=carrier)
    if letter.calendar:  # an alternative is what Outlook and Google read, the file what others open
        message.attach_alternative(letter.calendar, f"text/calendar; method={rules.method_of(letter.calendar)}")
        message.attach("invitation.ics", letter.calendar.encode(), "application/ics")
    try:
        message.send()
    except Exception as error:  # whatever the mail server or the network did, the letter stays and says so
        return f"{type(error).__name__}: {error}"[:500]
    return ""


def _leave(letter_id: int, at: datetime) -> None:
    """Send one letter now, beside us, or leave it to the worker."""
    if settings.POST_LEAVES == "now":
        deliver_waiting(by="the system", at=at, only=letter_id)
    elif settings.POST_LEAVES == "beside":
        threading.Thread(target=_beside, args=(letter_id, at), name="post", daemon=True).start()


def _leave_all(count: int, at: datetime) -> None:
    """Send what waits now, beside us, or leave it to the worker; a little more than was queued, for what waited before."""
    if settings.POST_LEAVES == "now":
        deliver_waiting(by="the system", at=at, limit=count + SOME_MORE)
    elif settings.POST_LEAVES == "beside":
        threading.Thread(target=_all_beside, args=(count, at), name="post", daemon=True).start()


def _all_beside(count: int, at: datetime) -> None:
    """The thread's work for many letters; it gives its database connection back."""
    try:
        deliver_waiting(by="the system", at=at, limit=count + SOME_MORE)
    finally:
        connection.close()


def _beside(letter_id: int, at: datetime) -> None:
    """The thread's work; it gives its database connection back."""
    try:
        deliver_waiting(by="the system", at=at, only=letter_id)
    finally:
        connection.close()
