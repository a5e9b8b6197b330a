"""What waits in early identification: at one school for its own people, and among a broker's conversations. Counts and days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from convenor.intelligence.queries.circle import sight_of
from convenor.intelligence.queries.conversations import Held, conversations, open_conversation_of
from convenor.intelligence.queries.suggestions import suggestions
from convenor.intelligence.rules.circle import Sight
from convenor.intelligence.rules.conversation import Outcome, State
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import ClusterLead, Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: The room that a partnership may switch off.
ROOM: Final = "early-identification"
#: A review is spoken of this long before it is due.
SOON: Final = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class AtSchool:
    """Where a school stands, for somebody who may read its lines. `lines` suggest a conversation where none is open.

    `broker` is empty while nobody has taken it up; `alone_until` the last of the school's ten working days; `peer_review` says that a peer
    review was agreed as what comes next.
    """

    sight: Sight
    conversation: int | None = None
    state: State | None = None
    says: str = ""
    broker: str = ""
    asked_itself: bool = False
    alone_until: date | None = None
    lines: int = 0
    peer_review: bool = False


@dataclass(frozen=True, slots=True)
class AtBroker:
    """How many of a broker's conversations wait for each step. `review_on` is the nearest day by which one is to be reviewed."""

    to_take_up: int
    to_share: int
    to_answer: int
    to_agree: int
    to_review: int
    review_on: date | None


def _on(viewer: Viewer) -> bool:
    """Whether the viewer works in a partnership that uses this room."""
    return viewer.partnership is not None and ROOM not in viewer.partnership.rooms_off


def at_school(urn: str, *, viewer: Viewer, at: date | datetime) -> AtSchool | None:
    """Where a school stands, for those whom the circle lets read its lines; None for all others. No query for whoever never could.

    At most four queries beside those of the newest run.
    """
    own = viewer.sees_record(urn)
    if not _on(viewer) or not (own or viewer.may(Permission.CONVERSATION_HOLD) or viewer.holds(ClusterLead.key)):
        return None
    sight = Sight.OWN if own else sight_of(urn, viewer=viewer, at=at)
    if not sight.reads:
        return None
    row = open_conversation_of(urn, viewer=viewer, at=at)
    if row is not None:
        agreed = row.standing.outcome is Outcome.PEER_REVIEW
        return AtSchool(sight, row.id, row.state, row.state.says, row.broker, row.asked_itself, row.alone_until, peer_review=agreed)
    assert viewer.partnership is not None
    found = suggestions([urn], partnership_id=viewer.partnership.id, viewer=viewer, at=day_of(at)).get(urn)
    return AtSchool(sight, lines=found.lines if found else 0)


def at_broker(*, viewer: Viewer, at: date | datetime) -> AtBroker | None:
    """What waits for a broker; None for everybody else. It names no school."""
    if not _on(viewer) or not viewer.may(Permission.CONVERSATION_HOLD):
        return None
    assert viewer.partnership is not None
    on = day_of(at)
    seen = conversations(viewer.partnership.slug, viewer=viewer, at=on)
    if seen is None:
        return None
    due = [each.next_on for each in seen.held if each.state is State.TRIAGED and each.next_on is not None and each.next_on <= on + SOON]
    return AtBroker(
        to_take_up=len(seen.waiting),
        to_share=_count(seen.held, State.SUGGESTED),
        to_answer=sum(each.waiting_words for each in seen.held),
        to_agree=sum(each.state is State.REPLIED or (each.state is State.SHARED and _past(each.next_on, on)) for each in seen.held),
        to_review=len(due),
        review_on=min(due, default=None),
    )


def _count(held: Iterable[Held], state: State) -> int:
    return sum(each.state is state for each in held)


def _past(day: date | None, on: date) -> bool:
    return day is not None and day < on
