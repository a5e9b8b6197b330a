"""The plan of a move-in, worked out from its sheets, what was said, and what stands."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from convenor.moving_in.models import MoveIn
from convenor.moving_in.rules.planning import Shown


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan: as it is shown, with the digest of that."""

    shown: Shown
    digest: str


def planned(row: MoveIn, *, viewer: Any, at: datetime) -> Planned:
    """The plan of a move-in as things stand."""
    shown = Shown()
    kept = json.dumps(shown.as_json(), sort_keys=True)
    return Planned(shown, hashlib.sha256(kept.encode()).hexdigest())
