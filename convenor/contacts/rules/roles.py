"""Roles in which a school is reached, and what makes an address that of a role rather than of a person."""

from __future__ import annotations

from typing import Final

#: Key of each role, and how it is said.
CONTACT_ROLES: Final[dict[str, str]] = {
    "head": "Head",
    "chair": "Chair of governors or trustees",
    "clerk": "Clerk or governance professional",
    "senco": "SENCO",
    "business-manager": "School business manager",
    "other": "Another",
}
#: Posts of a school whose holders are reached in a role, by the post's key.
ROLE_OF_POST: Final[dict[str, str]] = {
    "head": "head", "chair-of-governors": "chair", "clerk": "clerk", "school-office": "business-manager",
}  # fmt: skip
#: Roles that a school is written to in for the partnership's own business, without having been asked first.
PUBLIC_TASK: Final = frozenset(CONTACT_ROLES) - {"other"}

#: Mail services at which people keep private mailboxes. An address there is somebody's own, whatever its name.
PRIVATE_SERVICES: Final = frozenset({
    "aol.com", "btinternet.com", "gmail.com", "googlemail.com", "gmx.co.uk", "gmx.com", "hotmail.co.uk", "hotmail.com", "icloud.com",
    "live.co.uk", "live.com", "mac.com", "me.com", "msn.com", "ntlworld.com", "outlook.com", "outlook.co.uk", "proton.me",
    "protonmail.com", "sky.com", "talktalk.net", "virginmedia.com", "yahoo.co.uk", "yahoo.com", "ymail.com",
})  # fmt: skip


def role_word(role: str) -> str:
    """How a role is said; an unknown key is said as it stands."""
    return CONTACT_ROLES.get(role, role)


def is_private(address: str) -> bool:
    """Whether an address is at a service where people keep private mailboxes."""
    return address.strip().lower().rpartition("@")[2] in PRIVATE_SERVICES


def plain(name: str) -> str:
    """A name without its title and case, to hold it against another: "Mrs Ada Example" is "ada example"."""
    titles = {"mr", "mrs", "ms", "miss", "mx", "dr", "rev", "sr", "prof", "sir", "dame"}
    return " ".join(word for word in name.casefold().replace(".", " ").split() if word not in titles)
