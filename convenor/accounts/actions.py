"""Writes about people and their sign-in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction

from convenor.accounts.models import Person, Pin
from convenor.accounts.queries import person_of_invitation, person_of_link, pin_sealed
from convenor.accounts.rules import LinkRefused, PersonRefused, pins, same_address


def spend_link(*, token: str, by: Any, at: datetime) -> Person:
    """Spend a sign-in link, once. Of two that try at the same moment one succeeds.

    The token is bound to the moment of the last sign-in; moving that moment on is what spends it, and the database does it
    only while the old moment still stands. Raises LinkRefused when the link is spent, too old, altered, or of somebody who
    has left.
    """
    return _spend(person_of_link(token), at)


def spend_invitation(*, token: str, by: Any, at: datetime) -> Person:
    """Spend an invitation, once, as a link is spent; every invitation and link of this person sent before ends with it.

    Raises LinkRefused when it is spent, more than fourteen days old, altered, or of somebody who has left.
    """
    return _spend(person_of_invitation(token), at)


def _spend(person: Person | None, at: datetime) -> Person:
    if person is None:
        raise LinkRefused
    spent = Person.objects.filter(pk=person.pk, last_login=person.last_login, is_active=True).update(last_login=at)
    if spent != 1:
        raise LinkRefused
    person.last_login = at
    return person


def add_person(*, name: str, email: str | None, by: Any, at: datetime, fictitious: bool = False) -> Person:
    """Somebody the partnership now knows, with no password: they sign in by link. `email` None: they never sign in.

    Raises PersonRefused when the name is empty or the address is already somebody else's.
    """
    said = " ".join(name.split())
    if not said:
        raise PersonRefused("Give the person's name.")
    address = same_address(email) if email else None
    if address and Person.objects.filter(email__iexact=address).exists():
        raise PersonRefused("Somebody with this e-mail address is already known. Choose them from the list instead.")
    person = Person(name=said, email=address or None, created_at=at, fictitious=fictitious)
    person.set_unusable_password()
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise PersonRefused("Somebody with this e-mail address is already known. Choose them from the list instead.") from error
    return person


def give_address(*, person_id: int, email: str, by: Any, at: datetime) -> bool:
    """Somebody known by name alone may now sign in, by links to this address; False when they have one already, which stands.

    Raises PersonRefused when the address is somebody else's. The caller has asked whether they may, and writes it in the journal.
    """
    address = same_address(email)
    if Person.objects.filter(email__iexact=address).exclude(pk=person_id).exists():
        raise PersonRefused("Somebody else is known by this e-mail address already.")
    return bool(Person.objects.filter(pk=person_id, email=None, is_active=True).update(email=address))


def choose_password(*, person: Person, password: str, by: Any, at: datetime) -> None:
    """Set a new password; it ends every outstanding sign-in link of this person. The form has checked its strength."""
    person.set_password(password)
    person.save(update_fields=["password"])


def set_pin(*, person: Person, pin: str, again: str, by: Any, at: datetime, old: str | None = None) -> None:
    """Choose a PIN, or another. `old` is the one they have; None where it was proved otherwise, by a passkey or a code.

    Raises pins.PinRefused when it may not be chosen or `old` is wrong, pins.PinClosed after too many wrong ones.
    """
    said = pins.chosen(pin, again)
    if old is not None:
        check_pin(person=person, pin=old, by=by, at=at)
    with transaction.atomic():
        Pin.objects.update_or_create(
            person=person,
            defaults={"sealed": make_password(pin_sealed(person, said)), "chosen_at": at, "failed": 0, "last_failed_at": None},
        )


def set_first_pin(*, person: Person, pin: str, again: str, by: Any, at: datetime) -> None:
    """Choose a PIN where there is none yet. Of two that choose at the same moment one does; the other is asked for that one.

    Raises pins.PinRefused when it may not be chosen, or when there is one already.
    """
    said = pins.chosen(pin, again)
    _, made = Pin.objects.get_or_create(person=person, defaults={"sealed": make_password(pin_sealed(person, said)), "chosen_at": at})
    if not made:
        raise pins.PinRefused("There is a PIN already. Give that one.")


def check_pin(*, person: Person, pin: str, by: Any, at: datetime) -> None:
    """Hold what was typed against the PIN. Each try is counted, in the database, before it is looked at, so that many at once are many.

    Raises pins.PinRefused when it is wrong or there is none, pins.PinClosed after too many wrong ones in a row.
    """
    kept = Pin.objects.filter(person=person).first()
    if kept is None:
        raise pins.PinRefused("There is no PIN yet. Choose one first.")
    opens = pins.opens_again_at(failed=kept.failed, last_failed_at=kept.last_failed_at)
    if opens is not None and at < opens:
        raise pins.PinClosed(_closed(opens, at))
    mine = Pin.objects.filter(pk=kept.pk, failed=kept.failed, last_failed_at=kept.last_failed_at)
    if not mine.update(failed=kept.failed + 1, last_failed_at=at):
        raise pins.PinRefused("Somebody tried at the same moment. Try once more.")
    if check_password(pin_sealed(person, pins.digits(pin)), kept.sealed):
        Pin.objects.filter(pk=kept.pk).update(failed=0, last_failed_at=None)
        return
    opens = pins.opens_again_at(failed=kept.failed + 1, last_failed_at=at)
    if opens is not None:
        raise pins.PinClosed(_closed(opens, at))
    left = pins.TRIES - (kept.failed + 1) % pins.TRIES
    raise pins.PinRefused(f"That is not your PIN. {left} {'try' if left == 1 else 'tries'} left before a wait.")


def _closed(opens: datetime, at: datetime) -> str:
    minutes = max(1, -(-int((opens - at).total_seconds()) // 60))
    wait = "about an hour" if minutes > 45 else f"{minutes} minute{'s' if minutes > 1 else ''}"
    return f"Too many tries. Wait {wait}, then try again; nothing else of yours is closed."


def take_off_second_factor(*, person: Person, by: Any, at: datetime) -> None:
    """Remove every authenticator, passkey, recovery code and PIN of somebody who lost them, and end every session of theirs."""
    with transaction.atomic():
        Pin.objects.filter(person=person).delete()
        Authenticator.objects.filter(user_id=person.pk).delete()
        for session in UserSession.objects.filter(user_id=person.pk):
            session.end()


def forget_ended_sessions(*, by: Any, at: datetime) -> int:
    """Delete sessions that have run out, and with them what is kept of their browsers and addresses; how many of those."""
    Session.objects.filter(expire_date__lt=at).delete()
    return int(UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()[0])
