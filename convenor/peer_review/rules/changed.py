"""Two people at one thing: whoever comes second is told what the first changed, and loses nothing that they typed."""

from __future__ import annotations

from collections.abc import Iterable

from convenor.partnership.rules.refusals import Refused


class ChangedMeanwhile(Refused):
    """Somebody else changed it since this person read it. Nothing was changed; `what` says what the other made of it, in words."""

    def __init__(self, thing: str, what: Iterable[str] = ()) -> None:
        self.what = tuple(what)
        changed = " Now it says: " + "; ".join(self.what) + "." if self.what else ""
        super().__init__(
            f"Somebody else changed {thing} while you had it open.{changed} Nothing of yours was saved yet: what you typed stands below. "
            "Look at both, then save again."
        )
