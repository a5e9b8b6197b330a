"""What the actions of moving in share: the row they hold, its plan made anew, and its line in the journal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from convenor.journal import actions as journal
from convenor.moving_in.models import MoveIn
from convenor.moving_in.queries.planned import planned
from convenor.moving_in.rules.states import State
from convenor.partnership.gate import Viewer
from convenor.partnership.rules.refusals import NotThere, Refused


def label_of(by: Viewer | str) -> str:
    """Who acts, as it is written down."""
    return (by if isinstance(by, str) else by.label)[:200]


def held(slug: str, move_in_id: int, *, saved: bool = False) -> MoveIn:
    """A move-in, held until the transaction ends: one that is not saved, or with `saved` one that is. Raises NotThere, Refused."""
    row = MoveIn.objects.select_for_update(of=("self",)).filter(partnership__slug=slug, pk=move_in_id).first()
    if row is None or row.state == State.DROPPED.value:
        raise NotThere("There is no such move-in any more. Nothing was changed.")
    if not saved and row.state == State.SAVED.value:
        when = f"{row.saved_by} saved this move-in on {row.saved_at:%-d %B %Y}."
        raise Refused(f"{when} Undo it first, or begin another. Nothing was changed.")
    return row


def plan_anew(row: MoveIn, *, by: Viewer | str, at: datetime) -> None:
    """Works the plan out from what was brought, said and stands, and keeps it with a new version."""
    found = planned(row, viewer=by, at=at)
    row.plan, row.plan_digest = found.shown.as_json(), found.digest
    row.version += 1
    row.save(update_fields=["plan", "plan_digest", "version"])


def record(row: MoveIn, verb: str, *, slug: str, by: Viewer | str, at: datetime, detail: dict[str, Any] | None = None) -> None:
    """One line of the journal about a move-in."""
    journal.record(
        by=by, at=at, verb=verb, subject_kind="move-in", subject_key=row.pk, subject_label=f"Move-in {row.pk}", partnership=slug,
        detail=detail,
    )  # fmt: skip
