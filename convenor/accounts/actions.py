"""Writes about people and their sign-in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction

from convenor.accounts.models import Person
from convenor.accounts.queries import person_of_invitation, person_of_link
from convenor.accounts.rules import LinkRefused, PersonRefused, same_address


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


def choose_password(*, person: Person, password: str, by: Any, at: datetime) -> None:
    """Set a new password; it ends every outstanding sign-in link of this person. The form has checked its strength."""
    person.set_password(password)
    person.save(update_fields=["password"])


def take_off_second_factor(*, person: Person, by: Any, at: datetime) -> None:
    """Remove every authenticator and recovery code of somebody who lost them, and end every session of theirs."""
    with transaction.atomic():
        Authenticator.objects.filter(user_id=person.pk).delete()
        for session in UserSession.objects.filter(user_id=person.pk):
            session.end()


def forget_ended_sessions(*, by: Any, at: datetime) -> int:
    """Delete sessions that have run out, and with them what is kept of their browsers and addresses; how many of those."""
    Session.objects.filter(expire_date__lt=at).delete()
    return int(UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()[0])
