"""Asking for everything on a page: where it stands, how long the file is kept, and when a making is given up."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

#: How long the file of an archive stands: long enough to fetch it, no longer.
KEPT: Final = timedelta(days=7)
#: A making that has not ended for so long is taken for one whose process is gone, and begun again.
GIVEN_UP: Final = timedelta(hours=1)


class TakingState(StrEnum):
    """Where an archive that was asked for stands."""

    ASKED = "asked"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    GONE = "gone"


SAYS: Final = {
    TakingState.ASKED: "It is made next.",
    TakingState.MAKING: "It is being made. You may leave this page.",
    TakingState.READY: "Ready to be fetched.",
    TakingState.FAILED: "It could not be made.",
    TakingState.GONE: "The file has been removed.",
}


def may_begin(state: TakingState, begun_at: datetime | None, *, at: datetime) -> bool:
    """Whether it is to be made now: nobody has begun, or whoever did is gone."""
    if state is TakingState.ASKED:
        return True
    return state is TakingState.MAKING and (begun_at is None or at - begun_at > GIVEN_UP)


def kept_until(made_at: datetime) -> datetime:
    """When the file goes."""
    return made_at + KEPT


def file_name(slug: str, at: datetime, pk: int) -> str:
    """What the file is called, as somebody finds it again in ten years."""
    return f"convenor-{slug}-{at:%Y-%m-%d}-{pk}.zip"
