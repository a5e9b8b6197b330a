"""Writes of the outbox: a letter is queued with the change it tells of, and sent once that change stands."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from smtplib import SMTPRecipientsRefused
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, transaction

from convenor.post import rules
from convenor.post.models import Bounce, Letter, Practice

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
        queued_at=at, practice=_practises(partnership),
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
    practice = _practises(partnership)
    rows = Letter.objects.bulk_create(
        Letter(
            partnership=partnership, to_address=each.to_address, to_name=each.to_name, kind=kind, subject=each.subject, body=each.body,
            calendar=each.calendar, queued_at=at, practice=practice,
        )
        for each in asked
    )  # fmt: skip
    if rows:
        transaction.on_commit(partial(_leave_all, len(rows), at), robust=True)
    return len(rows)


def deliver_waiting(*, by: Any, at: datetime, only: int | None = None, limit: int = 200) -> tuple[int, int]:
    """Send what is due, oldest first: (letters sent, letters that met a problem). `only` is the key of a single letter.

    Nothing leaves of a partnership that practises, nor ever what was written while it did.

    Each letter is taken by one sender alone: the attempt is counted, in the database, before the letter is handed over.
    """
    practising = Practice.objects.values("partnership")
    waiting = Letter.objects.filter(sent_at=None, practice=False, attempts__lt=rules.ATTEMPTS).exclude(partnership__in=practising)
    waiting = waiting.order_by("queued_at", "id")
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
        tried = _hand_over(letter, carrier)
        if tried.problem:
            troubled += 1
            attempts = rules.ATTEMPTS if tried.for_good else letter.attempts + 1
            Letter.objects.filter(pk=letter.pk).update(problem=tried.problem, attempts=attempts)
            if tried.for_good:
                note_bounce(address=letter.to_address, why=tried.problem, partnerships=(letter.partnership,), by=by, at=at)
            log.warning("letter not sent", letter=letter.pk, kind=letter.kind, problem=tried.problem)
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
    """Delete letters whose keeping period has run out, sent or not; how many there were. Bounces as old go with them."""
    Bounce.objects.filter(noted_at__lt=at - rules.KEPT).delete()
    return Letter.objects.filter(queued_at__lt=at - rules.KEPT).delete()[0]


def begin_practice(*, slug: str, by: Any, at: datetime) -> bool:
    """From now on nothing leaves of this partnership: its letters are written and held. False when it practises already.

    The caller has asked whether they may, and writes it in the journal.
    """
    label = (by if isinstance(by, str) else by.label)[:200]
    return bool(Practice.objects.get_or_create(partnership=slug, defaults={"since": at, "by": label})[1])


def end_practice(*, slug: str, by: Any, at: datetime) -> int | None:
    """The practice ends, and what was written in it is deleted unsent: how many letters. None when it did not practise.

    Letters that waited before the practice began leave now. The caller has asked whether they may, and writes it in the journal.
    """
    with transaction.atomic():
        if not Practice.objects.filter(partnership=slug).delete()[0]:
            return None
        return int(Letter.objects.filter(partnership=slug, practice=True).delete()[0])


def drop_held(*, slug: str, kind: str, by: Any, at: datetime) -> int:
    """Letters of a kind that are held are deleted, since others are written in their place; how many."""
    return int(Letter.objects.filter(partnership=slug, kind=kind, practice=True).delete()[0])


def note_bounce(*, address: str, why: str, partnerships: Iterable[str] = (), by: Any, at: datetime) -> int:
    """An address takes no letters: in how many partnerships that is new. The partnerships that wrote to it, and those named, learn it.

    An address to which no partnership wrote is nobody's, and nothing is kept.
    """
    said = address.strip().lower()
    wrote = Letter.objects.filter(to_address__iexact=said, practice=False).values_list("partnership", flat=True)
    concerned = sorted({*wrote, *partnerships} - {""}) if said else []
    new = 0
    for slug in concerned:
        kept = {"why": " ".join(why.split())[:300], "noted_at": at}
        new += Bounce.objects.update_or_create(partnership=slug, address=said, defaults=kept)[1]
    return new


def forget_bounce(*, slug: str, address: str, by: Any, at: datetime) -> bool:
    """Somebody has verified the address: letters go there again. Whether anything was noted of it."""
    return bool(Bounce.objects.filter(partnership=slug, address=address.strip().lower()).delete()[0])


def _practises(slug: str) -> bool:
    """Whether what is written now for this partnership is held."""
    return bool(slug) and Practice.objects.filter(partnership=slug).exists()


def _hand_over(letter: Letter, carrier: Any) -> rules.Tried:
    """Give one letter to the mail server; how it went."""
    message = EmailMultiAlternatives(subject=letter.subject, body=letter.body, to=[letter.to_address], connection=carrier)
    if letter.calendar:  # an alternative is what Outlook and Google read, the file what others open
        message.attach_alternative(letter.calendar, f"text/calendar; method={rules.method_of(letter.calendar)}")
        message.attach("invitation.ics", letter.calendar.encode(), "application/ics")
    try:
        message.send()
    except SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()), (0, b""))
        words = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        return rules.Tried(f"{code} {words}"[:500], rules.refused_for_good(code, words))
    except Exception as error:  # whatever the mail server or the network did, the letter stays and says so
        return rules.Tried(f"{type(error).__name__}: {error}"[:500])
    return rules.Tried()


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
