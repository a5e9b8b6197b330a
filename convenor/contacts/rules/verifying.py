"""What an address must say, and for how long it counts as verified."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from convenor.contacts.rules.refusals import NotAContact
from convenor.contacts.rules.roles import CONTACT_ROLES

#: After this long somebody asks the school again.
A_YEAR: Final = timedelta(days=365)
#: An address as people write one; two addresses in one box are none.
ADDRESS: Final = re.compile(r"[^\s@,;:<>()\[\]\"\\]{1,64}@([a-z0-9-]+\.)+[a-z0-9-]{2,}")
NAME_AT_MOST, PHONE_AT_MOST, SOURCE_AT_MOST = 200, 40, 200


def checked(*, role: str, name: str, email: str, phone: str) -> tuple[str, str, str]:
    """Name, address and number as they are kept: blanks once, the address in small letters.

    Raises NotAContact for a role that there is not, for nothing at all, and for what is no address.
    """
    if role not in CONTACT_ROLES:
        raise NotAContact(f"There is no role called {role}. Choose one of: {', '.join(CONTACT_ROLES)}. Nothing was changed.")
    said, address, number = " ".join(name.split())[:NAME_AT_MOST], "".join(email.split()).lower(), " ".join(phone.split())[:PHONE_AT_MOST]
    if not (said or address or number):
        raise NotAContact("Give a name, an address or a telephone number. Nothing was changed.")
    if address and (len(address) > 254 or not ADDRESS.fullmatch(address)):
        raise NotAContact(f"“{email.strip()[:80]}” is not an e-mail address. Write it as name@school.sch.uk. Nothing was changed.")
    return said, address, number


def verified_lately(verified_on: date | None, on: date) -> bool:
    """Whether somebody verified it within the year before the day."""
    return verified_on is not None and on - verified_on < A_YEAR


def said_of(verified_on: date | None, on: date) -> str:
    """How its standing is said: "verified", "not verified for a year" or "never verified"."""
    if verified_on is None:
        return "never verified"
    return "verified" if verified_lately(verified_on, on) else "not verified for a year"
