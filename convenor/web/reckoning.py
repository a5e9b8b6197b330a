"""What is reckoned anew when published files came or were taken back: whose schools are similar, and the run over all of England.

Composed here, because files belong to the registers and reckoning to earlier identification. Each part does nothing where nothing has
changed, and is written whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from convenor.intelligence.actions import compute_run, compute_similar
from convenor.journal.actions import Actor

#: What is being done, in words, for a terminal.
Say = Callable[[str], None]


def reckon(*, by: Actor | str, at: datetime, say: Say) -> str:
    """Reckon all that rests on the published files, where it is not done yet. The key of a new run, "" where there is none."""
    say("Finding similar schools")
    compute_similar(by=by, at=at)
    say("Reckoning England's schools")
    run = compute_run(by=by, at=at)
    return run.key if run else ""
