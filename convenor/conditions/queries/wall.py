"""What the wall of a room shows: where it stands, how to join, how many came and sent, and what was said once the facilitator shows it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from convenor.conditions.queries.workshops import Canvas, Console, canvas_of, console, foreseen
from convenor.conditions.rules.agendas import Step
from convenor.conditions.rules.cards import Card
from convenor.conditions.rules.states import StepKind, WorkshopState

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class Wall:
    """The wall at one moment. `diamond`: the diamond's results belong on it now; `canvas` and `foreseen` what a shown step holds."""

    pk: int
    title: str
    state: WorkshopState
    step: Step | None
    number: int
    steps: int
    together: bool
    says: str
    takes_entries: bool
    join_code: str
    joined: int
    sent: int
    shown: bool
    diamond: bool
    canvas: Canvas | None
    foreseen: tuple[str, ...]
    cards: tuple[Card, ...]
    token: str


def wall(slug: str, pk: int, *, viewer: Viewer, at: datetime) -> Wall | None:
    """The wall of a workshop, for whoever leads it; None for everybody else.

    Results stand on it while the room is at a step that has been shown, and, at the close, those of the diamond if they were shown.
    `token` changes with anything on it.
    """
    found = console(slug, pk, viewer=viewer, at=at)
    if found is None:
        return None
    seen, step = found.seen, found.seen.step
    shown = step is not None and step.key in seen.shown
    canvas = canvas_of(pk, step, viewer=viewer) if step is not None and shown and step.kind is StepKind.CANVAS else None
    said = tuple(foreseen(pk, viewer=viewer)) if step is not None and shown and step.kind is StepKind.FORESIGHT else ()
    lasting = seen.results and (seen.state is WorkshopState.CLOSED or (step is not None and step.kind is StepKind.CLOSE))
    keys = [each.key for each in seen.agenda.steps]
    return Wall(
        pk, seen.title, seen.state, step, keys.index(step.key) + 1 if step is not None else 0, len(keys), seen.agenda.together,
        seen.agenda.says, found.entries_open, found.join_code, found.progress.joined,
        found.progress.sent.get(step.key, 0) if step is not None else 0, shown,
        lasting or (shown and step is not None and step.kind is StepKind.DIAMOND), canvas, said, seen.chosen or seen.cards,
        _token(found, canvas, said),
    )  # fmt: skip


def _token(found: Console, canvas: Canvas | None, said: tuple[str, ...]) -> str:
    """Sixteen signs that stand for what is on the wall."""
    moving = found.progress
    parts = (found.version, found.seen.state, moving.joined, sorted(moving.sent.items()), canvas and canvas.count, len(said))
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
