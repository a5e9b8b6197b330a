"""Who is written to when many are: consent, the public task, and each reason for leaving somebody out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from convenor.contacts.rules.roles import PUBLIC_TASK, is_private, role_word


class Consent(StrEnum):
    """What somebody said of letters to many."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Why(StrEnum):
    """Why somebody of the list is left out."""

    NO_ADDRESS = "no address"
    SAID_NO = "said no"
    CAME_BACK = "letters come back"
    OWN_MAILBOX = "own mailbox"
    NOT_ASKED = "not asked"


#: How each reason is said, and what would help.
WHY_SAYS: Final[dict[str, str]] = {
    Why.NO_ADDRESS: "no e-mail address is known",
    Why.SAID_NO: "asked for no letters to many",
    Why.CAME_BACK: "letters to the address come back: verify it with the school",
    Why.OWN_MAILBOX: "the address is somebody’s own mailbox, and nobody has said yes to letters there",
    Why.NOT_ASKED: "not in a role that the partnership writes to in its own business, and nobody has said yes",
}


@dataclass(frozen=True, slots=True)
class Reachable:
    """Somebody of a school in a role: one line of the list."""

    key: int
    urn: str
    school: str
    role: str
    name: str
    email: str
    consent: str
    phase: str = ""
    clusters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """One letter: to one address, however many schools and roles it stands for."""

    email: str
    name: str
    lines: tuple[Reachable, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """Who gets a letter and who is left out, with why."""

    readers: tuple[Reader, ...]
    left: tuple[tuple[Reachable, Why], ...]

    @property
    def schools(self) -> int:
        """How many schools are reached."""
        return len({line.urn for reader in self.readers for line in reader.lines})

    @property
    def left_counts(self) -> dict[str, int]:
        """How many lines are left out, by reason."""
        return {why.value: count for why, count in Counter(why for _, why in self.left).items()}


def why_left(line: Reachable, *, said_no: Collection[str], come_back: Collection[str]) -> Why | None:
    """Why this line gets no letter; None when it gets one.

    A no counts before everything, for the address and not only for the line. Roles in which a school deals with the partnership are
    written to in its public task (UK GDPR Article 6(1)(e)) at the school's own addresses; everybody else only after a yes.
    """
    if not line.email:
        return Why.NO_ADDRESS
    if line.consent == Consent.NO or line.email in said_no:
        return Why.SAID_NO
    if line.email in come_back:
        return Why.CAME_BACK
    if line.consent == Consent.YES:
        return None
    if line.role not in PUBLIC_TASK:
        return Why.NOT_ASKED
    return Why.OWN_MAILBOX if is_private(line.email) else None


def reach_of(lines: Iterable[Reachable], *, said_no: Collection[str] = (), come_back: Collection[str] = ()) -> Reach:
    """Each address once, in the order of the list; who says no once says it for every line of that address."""
    asked = list(lines)
    no = {*said_no, *(each.email for each in asked if each.email and each.consent == Consent.NO)}
    readers: dict[str, list[Reachable]] = {}
    left: list[tuple[Reachable, Why]] = []
    for line in asked:
        why = why_left(line, said_no=no, come_back=come_back)
        if why is None:
            readers.setdefault(line.email, []).append(line)
        else:
            left.append((line, why))
    found = tuple(Reader(email, next((each.name for each in some if each.name), ""), tuple(some)) for email, some in readers.items())
    return Reach(found, tuple(left))


def chosen(
    lines: Iterable[Reachable], *, roles: Collection[str], phases: Collection[str] = (), clusters: Collection[str] = ()
) -> tuple[Reachable, ...]:
    """The lines that a filter asks for: of these roles, and, where any are named, of these phases and clusters."""
    return tuple(
        each
        for each in lines
        if each.role in roles and (not phases or each.phase in phases) and (not clusters or set(clusters) & set(each.clusters))
    )


def standing_for(line: Reachable) -> str:
    """In which role of which school somebody gets a letter: "head of Fernhollow Primary School"."""
    word = role_word(line.role)
    said = "contact" if line.role == "other" else word if word.isupper() else word[:1].lower() + word[1:]
    return f"{said} of {line.school}"
