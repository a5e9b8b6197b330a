"""Reads about people and their sign-in. What a person may do is never answered here."""

from __future__ import annotations

from collections.abc import Iterable

import sesame.utils

from convenor.accounts.models import Person
from convenor.accounts.rules import same_address

#: A link made for signing in opens nothing else, and nothing else signs in.
SCOPE = "sign-in"


def person_to_sign_in(email: str) -> Person | None:
    """The active person with this address, in any case; None when nobody has it, or when they have left."""
    address = same_address(email)
    return Person.objects.filter(email__iexact=address, is_active=True).first() if address else None


def link_token(person: Person) -> str:
    """A signed token that signs this person in once. It stops working at their next sign-in by any way, or with age."""
    return str(sesame.utils.get_token(person, scope=SCOPE))


def person_of_link(token: str) -> Person | None:
    """Whose link this is, without spending it; None when it is spent, too old, altered or of somebody who has left."""
    found = sesame.utils.get_user(token, scope=SCOPE, update_last_login=False) if token else None
    return found if isinstance(found, Person) else None


def person_by_id(person_id: int) -> Person | None:
    """The active person with this key, or None."""
    return Person.objects.filter(pk=person_id, is_active=True).first()


def fictitious_people(ids: Iterable[int]) -> list[Person]:
    """Those of `ids` who were invented for a demonstration, by name. A real person is never among them."""
    return list(Person.objects.filter(pk__in=list(ids), fictitious=True, is_active=True).order_by("name", "id"))
