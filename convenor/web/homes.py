"""Which home a person comes to, and how the posts they hold are told apart. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class HomeKind(StrEnum):
    """The homes, each for a way of taking part. The value names its template."""

    FRONT = "front"
    HEAD = "head"
    OFFICE = "office"
    MANAGER = "manager"
    BOARD = "board"
    OFFICER = "officer"
    LEAD = "lead"
    AUDITOR = "auditor"
    MEMBER = "member"
    NO_POST = "no_post"


#: Which role comes home where. A role that is not here comes to the plain member's page.
HOMES: dict[str, HomeKind] = {
    "head": HomeKind.HEAD,
    "school-leader": HomeKind.HEAD,
    "chair-of-governors": HomeKind.HEAD,
    "trust-lead": HomeKind.HEAD,
    "school-office": HomeKind.OFFICE,
    "clerk": HomeKind.OFFICE,
    "manager": HomeKind.MANAGER,
    "board-member": HomeKind.BOARD,
    "regional-link": HomeKind.BOARD,
    "diocese": HomeKind.BOARD,
    "officer": HomeKind.OFFICER,
    "cluster-lead": HomeKind.LEAD,
    "alliance-lead": HomeKind.LEAD,
    "auditor": HomeKind.AUDITOR,
}


def holding_key(holding: Any) -> str:
    """Tells one holding of a person from their others: the role, and the post or the body by which it is held."""
    return f"{holding.role}.{holding.post_id or ''}.{holding.body_id or ''}"


def chosen_holding(viewer: Any, key: str | None) -> Any | None:
    """The holding that a person chose to work under, or the first they hold, or None when they hold none."""
    chosen = next((one for one in viewer.holdings if key and holding_key(one) == key), None)
    return chosen or next(iter(viewer.holdings), None)


def home_of(viewer: Any, holding: Any | None) -> HomeKind:
    """The home of somebody who works under this holding."""
    if not viewer.signed_in:
        return HomeKind.FRONT
    if holding is None:
        return HomeKind.NO_POST
    return HOMES.get(holding.role, HomeKind.MEMBER)
