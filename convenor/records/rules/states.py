"""Where a request for information stands."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class RequestState(StrEnum):
    """Open until somebody says that it was answered, or the asker takes it back."""

    OPEN = "open"
    ANSWERED = "answered"
    TAKEN_BACK = "taken-back"


STATE_SAYS: Final = {
    RequestState.OPEN: "Open",
    RequestState.ANSWERED: "Answered",
    RequestState.TAKEN_BACK: "Taken back by the asker",
}
