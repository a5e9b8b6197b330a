"""The room's phones for the table of access: the code opens their pages to anybody, signed in or not.

What a phone sends, and what it is told of the room and its result, is for phones that have joined alone, by a secret of their own: no
account opens it. Their tests stand in `tests/integration/conditions/test_phone_pages.py`.
"""

from __future__ import annotations

from typing import Any

from tests.factories.partnership import World
from tests.factories.workshops import code, workshop

ANYONE = frozenset({
    "head", "school-leader", "chair-of-governors", "clerk", "school-office", "trust-lead", "system-leader",
    "independent-supporter", "reviewer", "cluster-lead", "alliance-lead", "body-member", "board-member", "diocese", "regional-link",
    "officer", "broker", "manager", "auditor", "nobody signed in", "somebody with no post", "manager of elsewhere",
})  # fmt: skip
PAGES: dict[str, frozenset[str]] = {"join-code": ANYONE, "join-room": ANYONE, "join-token": ANYONE}
#: Opened by a phone's own secret, and by nothing else.
DOORS = {"join-send", "join-now", "join-results"}
OPEN = code(7)


def begin(everyone: World) -> None:
    """An open workshop."""
    workshop(everyone, join_code=OPEN)


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    return {"join-room": [OPEN], "join-token": [OPEN]}
