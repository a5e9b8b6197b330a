"""What is reckoned anew when published files came or were taken back: the run over all of England, with everybody's similar schools.

Composed here, because files belong to the registers and reckoning to earlier identification. It does nothing where nothing has
changed, and is written whole or not at all. Nobody reads a run where no partnership stands, so none is made there: loading files on an
analyst's machine stays quick, and `convenor signals` and `convenor similar` reckon for themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from convenor.intelligence.actions import compute_run
from convenor.intelligence.queries.runs import newest_run
from convenor.journal.actions import Actor
from convenor.partnership.queries.fronts import any_stands
from convenor.registers.queries.newest import families_by_age

#: What is being done, in words, for a terminal.
Say = Callable[[str], None]


def reckon_for_partnerships(*, by: Actor | str, at: datetime, say: Say) -> str:
    """As `reckon`, where any partnership stands to read it."""
    return reckon(by=by, at=at, say=say) if any_stands(viewer=None) else ""


def reckon_if_never(*, by: Actor | str, at: datetime, say: Say) -> str:
    """As `reckon_for_partnerships`, where England was never reckoned though files are loaded: they came before the partnership did."""
    return reckon_for_partnerships(by=by, at=at, say=say) if newest_run(viewer=None) is None and families_by_age(viewer=None) else ""


def reckon(*, by: Actor | str, at: datetime, say: Say) -> str:
    """Reckon all that rests on the published files, where it is not done yet. The key of a new run, "" where there is none."""
    say("Reckoning England's schools, each beside the schools most like it")
    run = compute_run(by=by, at=at)
    return run.key if run else ""
