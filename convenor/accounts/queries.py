"""Reads about people and their sign-in. What a person may do is never answered here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import sesame.utils
from django.utils.crypto import salted_hmac

from convenor.accounts.models import Person, Pin
from convenor.accounts.rules import INVITATION_LASTS, same_address

#: A link made for signing in opens nothing else, and nothing else signs in.
SCOPE = "sign-in"

#: Nor does an invitation: it lasts longer, so it may not be taken for a link, nor a link for it.
INVITATION_SCOPE = "invitation"


def person_to_sign_in(email: str) -> Person | None:
    """The active person with this address, in any case; None when nobody has it, or when they have left."""
    address = same_address(email)
    return Person.objects.filter(email__iexact=address, is_active=True).first() if address else None


def link_token(person: Person) -> str:
    """A signed token that signs this person in once. It stops working at their next sign-in by any way, or with age.

    It is for the person's own letter and for nothing else: whoever holds it can sign in as them. A changed address or password ends it.
    The person has an address.
    """
    return str(sesame.utils.get_token(person, scope=SCOPE))


def person_of_link(token: str) -> Person | None:
    """Whose link this is, without spending it; None when it is spent, too old, altered or of somebody who has left."""
    return _person_of(token, SCOPE, None)


def invitation_token(person: Person) -> str:
    """A signed token that lets this person come in once within fourteen days, for `sign-in-invited`'s `key`.

    As a link's, it is for the person's own letter alone and ends at their next sign-in by any way; inviting again leaves the earlier letter
    good until one of them is used. The letter that carries it is of a kind in `post.rules.DOOR_OPENING`, so that it is not kept once sent.
    The person has an address.
    """
    return str(sesame.utils.get_token(person, scope=INVITATION_SCOPE))


def person_of_invitation(token: str) -> Person | None:
    """Whose invitation this is, without spending it; None when it is spent, too old, altered or of somebody who has left."""
    return _person_of(token, INVITATION_SCOPE, INVITATION_LASTS)


def _person_of(token: str, scope: str, lasts: timedelta | None) -> Person | None:
    try:
        found = sesame.utils.get_user(token, scope=scope, max_age=lasts, update_last_login=False) if token else None
    except TypeError:  # the address that the token was made for is gone: nothing can be compared with it
        return None
    return found if isinstance(found, Person) else None


def person_by_id(person_id: int) -> Person | None:
    """The active person with this key, or None."""
    return Person.objects.filter(pk=person_id, is_active=True).first()


def fictitious_people(ids: Iterable[int]) -> list[Person]:
    """Those of `ids` who were invented for a demonstration, by name. A real person is never among them."""
    return list(Person.objects.filter(pk__in=list(ids), fictitious=True, is_active=True).order_by("name", "id"))


def has_pin(person_id: int) -> bool:
    """Whether somebody has chosen a PIN."""
    return Pin.objects.filter(person_id=person_id).exists()


def pin_sealed(person: Person, pin: str) -> str:
    """What is hashed in place of the PIN: it needs the site's secret key too.

    Six digits alone are soon found by whoever holds a copy of the database.
    """
    return salted_hmac("convenor pin", f"{person.pk}:{pin}", algorithm="sha256").hexdigest()
