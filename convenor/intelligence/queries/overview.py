"""Where early identification begins for each: own schools with where they stand, how much waits for a broker, and totals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.intelligence.queries.conversations import ConversationsSeen, conversations
from convenor.intelligence.queries.runs import newest_run
from convenor.intelligence.queries.suggestions import suggestions
from convenor.intelligence.queries.totals import TotalsSeen, totals
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission
from convenor.registers.queries.known import school_in_short

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: At most this many schools of one's own are listed: a trust's leader may have many.
OWN = 40


@dataclass(frozen=True, slots=True)
class OwnSchool:
    """One of the viewer's own schools: whether a conversation is suggested, by how many lines, and where an open one stands."""

    urn: str
    name: str
    suggested: bool
    lines: int
    state: str
    conversation: int | None
    next_says: str
    next_on: date | None


@dataclass(frozen=True, slots=True)
class Overview:
    """What waits for this viewer. Counts are of conversations they may know of; `totals` is None for whoever may not see them.

    `reckoned` says that a run stands: without one nothing is suggested because nothing was looked at.
    """

    own: tuple[OwnSchool, ...]
    reckoned: bool
    holds: bool
    held: int
    waiting: int
    words_waiting: int
    follows: bool
    followed: int
    reads_along: int
    totals: TotalsSeen | None


def overview(slug: str, *, viewer: Viewer, at: date | datetime) -> Overview | None:
    """What early identification is to this viewer; None outside the partnership."""
    here, on = viewer.partnership, day_of(at)
    if here is None or here.slug != slug or not viewer.may(Permission.PARTNERSHIP_SEE):
        return None
    seen = conversations(slug, viewer=viewer, at=on)
    urns = [urn for urn in viewer.urns if viewer.sees_record(urn)][:OWN]
    return Overview(
        own=_own(urns, here.id, seen, viewer, on),
        reckoned=not urns or newest_run(viewer) is not None,
        holds=viewer.may(Permission.CONVERSATION_HOLD),
        held=len(seen.held) if seen else 0,
        waiting=len(seen.waiting) if seen else 0,
        words_waiting=sum(each.waiting_words for each in seen.held) if seen else 0,
        follows=viewer.may(Permission.CONVERSATION_FOLLOW),
        followed=len(seen.followed) if seen else 0,
        reads_along=len(seen.read_along) if seen else 0,
        totals=totals(slug, viewer=viewer, at=on),
    )


def _own(urns: list[str], partnership_id: int, seen: ConversationsSeen | None, viewer: Viewer, on: date) -> tuple[OwnSchool, ...]:
    """The viewer's schools. A conversation that ended is not told again here."""
    if not urns:
        return ()
    found = suggestions(urns, partnership_id=partnership_id, viewer=viewer, at=on)
    going = {each.urn: each for each in (seen.own if seen else ()) if each.state.open}
    schools = []
    for urn in urns:
        short, held, given = school_in_short(urn, viewer=viewer), going.get(urn), found.get(urn)
        if short is not None:
            schools.append(
                OwnSchool(
                    urn, short.name, given is not None, given.lines if given else 0, held.says if held else "",
                    held.id if held else None, held.next_says if held else "", held.next_on if held else None,
                )
            )  # fmt: skip
    return tuple(sorted(schools, key=lambda school: school.name))
