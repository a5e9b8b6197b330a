"""Inviting heads: one letter to each address, who is left and why, and when somebody may be asked again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from convenor.contacts.rules.roles import plain

#: Whoever has not come in yet is asked again at most once a week.
A_WEEK: Final = timedelta(days=7)
#: What stands in a letter in place of the link while the partnership practises: such a letter opens nothing.
LINK_OF_PRACTICE: Final = "(here stands a link of their own; in practice there is none)"
#: What stands for the link where a letter is only looked at.
LINK_OF_THEIR_OWN: Final = "(here stands a link of their own)"
KIND: Final = "head-invitation"


class Left(StrEnum):
    """Why a school's head gets no letter."""

    NOBODY = "nobody known"
    NO_ADDRESS = "no address"
    CAME_BACK = "letters come back"
    TWO_NAMES = "one address, two names"


LEFT_SAYS: Final[dict[str, str]] = {
    Left.NOBODY: "No head is known. Enter an address, or give the post.",
    Left.NO_ADDRESS: "The head is known by name, and no address is. Enter it.",
    Left.CAME_BACK: "Letters to the address come back. Ask the school for the right one.",
    Left.TWO_NAMES: "The address stands for two people by name. One address is one person’s way in: give one of them their own.",
}


@dataclass(frozen=True, slots=True)
class KnownHead:
    """Somebody known as head of a school. `person_id` is there for whoever holds the post, or is known by that address.

    `holds` says that they hold the post already. `came_in`: they hold it, and have signed in at some time. `last_on` is the day of their
    last invitation, `known_as` the name of the person whose address it is already.
    """

    urn: str
    school: str
    name: str
    email: str
    person_id: int | None = None
    holds: bool = False
    came_in: bool = False
    last_on: date | None = None
    known_as: str = ""


@dataclass(frozen=True, slots=True)
class ToInvite:
    """One letter: to one address, for one or several schools."""

    email: str
    name: str
    heads: tuple[KnownHead, ...]

    @property
    def schools(self) -> tuple[str, ...]:
        """The names of the schools."""
        return tuple(dict.fromkeys(each.school for each in self.heads))

    @property
    def last_on(self) -> date | None:
        """The day of the last letter."""
        return max((each.last_on for each in self.heads if each.last_on is not None), default=None)


@dataclass(frozen=True, slots=True)
class NotReached:
    """A school whose head gets no letter, and why."""

    urn: str
    school: str
    name: str
    why: Left


@dataclass(frozen=True, slots=True)
class Inviting:
    """How inviting stands: who gets a first letter, who may be asked again, who was asked lately, who is in, whom no letter reaches.

    `twice` names people who stand with two addresses: each of them gets a letter at each.
    """

    first: tuple[ToInvite, ...]
    again: tuple[ToInvite, ...]
    waiting: tuple[ToInvite, ...]
    inside: tuple[ToInvite, ...]
    left: tuple[NotReached, ...]
    twice: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def schools(self) -> int:
        """How many schools get a first letter."""
        return len({each.urn for letter in self.first for each in letter.heads})


def standing(schools: Mapping[str, str], heads: Iterable[KnownHead], *, come_back: Iterable[str] = (), on: date) -> Inviting:
    """How inviting stands on a day. `schools` are the members, URN and name; every one is in a letter or among those left.

    An address is one person's way in: where it stands for two names nobody is written to, since either could open what is the other's.
    """
    back = {each.lower() for each in come_back}
    by_address: dict[str, list[KnownHead]] = {}
    left: list[NotReached] = []
    for each in heads:
        if each.urn not in schools:
            continue
        if not each.email:
            left.append(NotReached(each.urn, schools[each.urn], each.name, Left.NO_ADDRESS))
        elif each.email.lower() in back and not each.came_in:
            left.append(NotReached(each.urn, schools[each.urn], each.name, Left.CAME_BACK))
        else:
            by_address.setdefault(each.email.lower(), []).append(each)
    letters: list[ToInvite] = []
    for email, some in by_address.items():
        if _two_names(some):
            left += [NotReached(each.urn, schools[each.urn], each.name, Left.TWO_NAMES) for each in some]
        else:
            letters.append(ToInvite(email, next((each.name for each in some if each.name), ""), tuple(some)))
    heard = {each.urn for letter in letters for each in letter.heads} | {each.urn for each in left}
    left += [NotReached(urn, name, "", Left.NOBODY) for urn, name in schools.items() if urn not in heard]
    groups: dict[str, list[ToInvite]] = {"first": [], "again": [], "waiting": [], "inside": []}
    for letter in letters:
        groups[_group(letter, on)].append(letter)
    order = list(schools)

    def group(key: str) -> tuple[ToInvite, ...]:
        return tuple(sorted(groups[key], key=lambda each: (each.schools[0], each.email)))

    return Inviting(
        first=group("first"),
        again=group("again"),
        waiting=group("waiting"),
        inside=group("inside"),
        left=tuple(sorted(left, key=lambda each: (order.index(each.urn), each.name))),
        twice=_twice(letters),
    )


def _group(letter: ToInvite, on: date) -> str:
    lasts = [each.last_on for each in letter.heads if not each.came_in]
    if not lasts:
        return "inside"
    known = [each for each in lasts if each is not None]
    if len(known) < len(lasts):
        return "first"
    return "again" if on - max(known) >= A_WEEK else "waiting"


def _two_names(some: Iterable[KnownHead]) -> bool:
    said = {plain(name) for each in some for name in (each.name, each.known_as) if name}
    return len(said - {""}) > 1


def _twice(letters: Iterable[ToInvite]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    by_name: dict[str, list[ToInvite]] = {}
    for letter in letters:
        if plain(letter.name):
            by_name.setdefault(plain(letter.name), []).append(letter)
    return tuple((some[0].name, tuple(sorted(each.email for each in some))) for some in by_name.values() if len(some) > 1)


@dataclass(frozen=True, slots=True)
class Words:
    """Subject and body of a letter."""

    subject: str
    body: str


def invitation(*, partnership: str, name: str, schools: Iterable[str], link: str, site: str, by: str) -> Words:
    """The words of an invitation: what for, one link, what waits there. It says nothing of how any school does.

    `link` is the whole address of their own way in, or LINK_OF_PRACTICE; `site` the root of the site; `by` who invites.
    """
    named = list(schools)
    of = ", ".join(named[:-1]) + f" and {named[-1]}" if len(named) > 1 else "".join(named)
    return Words(
        f"{partnership}: your way in"[:180],
        f"Dear {name or 'colleague'},\n\n"
        f"{partnership} invites you in as head of {of}.\n\n"
        f"Your own link:\n{link}\n\n"
        "It works once, within fourteen days, on a phone too. It opens a page with one button; press it and you are in. There is no "
        "password to think of. Later, ask for a new link whenever you need one:\n"
        f"{site}/sign-in/\n\n"
        "What waits there: your school as published figures show it, what the partnership holds about it and who has looked, and what "
        "your school is asked for, with the minutes it takes. You can open pages to a deputy or your office.\n\n"
        f"If you no longer lead {'these schools' if len(named) > 1 else 'this school'}, or this address is not yours, please tell {by}.\n",
    )  # fmt: skip


def circular(*, partnership: str, name: str, subject: str, words: str, standing_for: Iterable[str], stop: str, by: str) -> Words:
    """One reader's own letter of a letter to many: the words, who sent it and why to them, and how to get no more of them.

    `standing_for` says in which role of which school, as "head of Fernhollow Primary School"; `stop` is the address of their own page.
    """
    why = "; ".join(standing_for)
    return Words(
        subject,
        f"Dear {name or 'colleague'},\n\n{words.strip()}\n\n{by}\n{partnership}\n\n"
        f"----\nYou get this as {why}. No address of another reader is in it.\nNo more letters to many, without signing in:\n{stop}\n",
    )  # fmt: skip
