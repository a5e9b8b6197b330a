"""The organisation for which somebody came, as DfE Sign-in says it: read from its claim, never believed further than its identifiers.

Source: github.com/DFE-Digital/login.dfe.public-api, "Get organisations for user" (seen August 2026): `name`, `category` with `id`, `urn`,
`uid`, `ukprn`, `establishmentNumber`, `status`; a local authority is of category 002, its establishment number its own code of three
digits.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LOCAL_AUTHORITY = "002"
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who somebody came for; an identifier that was not said is an empty text."""

    name: str
    urn: str = ""
    uid: str = ""
    ukprn: str = ""
    authority_code: str = ""

    @property
    def named(self) -> bool:
        """Whether it holds anything by which a register could know it."""
        return bool(self.urn or self.uid or self.ukprn or self.authority_code)


def organisation_of(claims: Mapping[str, Any]) -> Organisation | None:
    """The organisation that the claims name; None where they name none, or nothing that can be read."""
    said = claims.get("organisation")
    if isinstance(said, str):
        try:
            said = json.loads(said)
        except ValueError:
            return None
    if not isinstance(said, dict):
        return None
    category = said.get("category")
    code = category.get("id") if isinstance(category, dict) else category
    authority = _digits(said.get("establishmentNumber"), 3) if str(code) == LOCAL_AUTHORITY else ""
    name = " ".join(str(said.get("name") or "").split())[:LONGEST_NAME]
    found = Organisation(
        name=name or "an organisation without a name",
        urn=_digits(said.get("urn"), 6, 7),
        uid=_digits(said.get("uid"), *range(1, 11)),
        ukprn=_digits(said.get("ukprn"), 8),
        authority_code=authority,
    )
    return found if found.named or name else None


def _digits(value: Any, *lengths: int) -> str:
    said = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return said if said.isascii() and said.isdigit() and len(said) in lengths else ""


def agreed(*answers: tuple[str, str] | None) -> tuple[str, str] | None:
    """The one thing that all identifiers lead to, as a kind and a key; None where they lead to none, or to different ones.

    Each answer is what one identifier led to; None for one that the register does not know, which settles nothing.
    """
    found = {answer for answer in answers if answer is not None}
    return found.pop() if len(found) == 1 else None
