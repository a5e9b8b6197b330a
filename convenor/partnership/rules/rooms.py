"""The rooms a partnership may switch off: what it does not use disappears from its pages, and nothing in it is lost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Room:
    """A room, and what goes out of sight with it."""

    key: str
    name: str
    says: str


ROOMS: dict[str, Room] = {
    room.key: room
    for room in (
        Room("elections", "Calls and elections", "Open calls for empty seats, names put forward and how they were decided."),
        Room("engagement", "Taking part", "Which schools attended, reviewed, answered or offered, and which to invite."),
        Room("representation", "Representation", "The board beside the schools it stands for."),
        Room("priorities", "Priorities and decisions", "What the partnership has agreed to work on and what its bodies decided."),
        Room(
            "early-identification", "Early identification", "Which published figures call for an early conversation, and the conversations."
        ),
        Room(
            "conditions",
            "Nine conditions",
            "Workshops, what members say of the nine conditions, what was foreseen, two readings of the system.",
        ),
        Room("consultation", "Consultation", "Propositions, what schools answered, forum votes, and the set-up of the partnership."),
        Room("peer-review", "Peer review", "Rounds of peer review, teams, visits and what each school makes of them."),
        Room("support", "Support", "Who offers support, what schools ask for, packages of support and what came of them."),
        Room("funds", "Funds", "Money by tier and what has been committed from it."),
    )
}
"""Every room that can be switched off, by its key. Seats, members and the structure cannot: a partnership is made of them."""
