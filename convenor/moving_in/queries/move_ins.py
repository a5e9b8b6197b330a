"""Move-ins as their manager sees them; nothing at all for anybody else."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from convenor.moving_in.models import BroughtSheet, LegacyNote, MoveIn
from convenor.moving_in.rules.planning import Change, Question, shown_from
from convenor.moving_in.rules.states import State
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: Lines of a sheet that a page shows.
FIRST_ROWS = 8


@dataclass(frozen=True, slots=True)
class SheetSeen:
    """One sheet, and what it is taken to be. `header_rows` is the first and last line of its heading, counted from 0, (-1, -1) for none;
    `columns` the number of each field's column, counted from 0.

    `headings` are the words of its heading, column by column; `sure` from 0 to 1; `said_by` empty while the machine took it so.
    """

    id: int
    file_id: int
    file: str
    name: str
    kind: str
    header_rows: tuple[int, int]
    columns: dict[str, int]
    headings: tuple[str, ...]
    first_rows: tuple[tuple[str, ...], ...]
    lines: int
    sure: float
    told: str
    notes: tuple[str, ...]
    said_by: str


@dataclass(frozen=True, slots=True)
class FileSeen:
    """One file that was brought: how many lines its sheets have together."""

    id: int
    name: str
    kind_of_file: str
    brought_at: datetime
    brought_by: str
    lines: int


@dataclass(frozen=True, slots=True)
class MoveInLine:
    """One move-in in the list of them. `brings`: how many things are, or were, new or changed."""

    id: int
    state: State
    begun_at: datetime
    begun_by: str
    saved_at: datetime | None
    undone_at: datetime | None
    files: tuple[str, ...]
    questions: int
    brings: int


@dataclass(frozen=True, slots=True)
class MoveInSeen:
    """A whole move-in. `changes` by kind of sheet; `counts` by kind, then new, changed or same; `left` file, line and why.

    `can_save` with `why_not` empty, or false with the reason in words. `apart`: for how many ratings and notes each school is the first
    to say what becomes of them, once saved (never their words). `undone_since` is the moment it was undone, None while it stands.
    """

    id: int
    state: State
    version: int
    begun_at: datetime
    begun_by: str
    saved_at: datetime | None
    saved_by: str
    undone_since: datetime | None
    undone_by: str
    files: tuple[FileSeen, ...]
    sheets: tuple[SheetSeen, ...]
    questions: tuple[Question, ...]
    answered: tuple[Question, ...]
    changes: dict[str, tuple[Change, ...]]
    counts: dict[str, dict[str, int]]
    left: tuple[tuple[str, int, str], ...]
    told: tuple[str, ...]
    apart: int
    can_save: bool
    why_not: str
    can_undo: bool


def _may(viewer: Viewer | str, slug: str) -> bool:
    """Whoever may move in; and whoever runs the machine, whose name is a string."""
    if isinstance(viewer, str):
        return True
    return viewer.partnership is not None and viewer.partnership.slug == slug and viewer.may(Permission.MOVE_IN)


def move_ins(slug: str, *, viewer: Viewer | str, at: datetime) -> list[MoveInLine]:
    """The partnership's move-ins, newest first, without those that were dropped; empty for whoever may not move in. Two queries."""
    if not _may(viewer, slug):
        return []
    rows = MoveIn.objects.filter(partnership__slug=slug).exclude(state=State.DROPPED.value).prefetch_related("files").defer("changes")
    found = []
    for row in rows:
        plan = shown_from(row.plan)
        names = tuple(each.name for each in row.files.all())
        found.append(
            MoveInLine(
                row.pk, State(row.state), row.begun_at, row.begun_by, row.saved_at, row.undone_at, names, len(plan.open), plan.brings
            )
        )
    return found


def move_in(slug: str, pk: int, *, viewer: Viewer | str, at: datetime) -> MoveInSeen | None:
    """One move-in with all that it would change; None where there is none, and for whoever may not move in. Four queries."""
    if not _may(viewer, slug):
        return None
    row = MoveIn.objects.filter(partnership__slug=slug, pk=pk).exclude(state=State.DROPPED.value).defer("changes").first()
    if row is None:
        return None
    brought = BroughtSheet.objects.filter(file__move_in=row).select_related("file").order_by("file", "order", "pk")
    sheets = tuple(_sheet(each) for each in brought)
    lines = Counter({each.file_id: 0 for each in sheets})
    for each in sheets:
        lines[each.file_id] += each.lines
    files = tuple(
        FileSeen(each.pk, each.name, each.kind_of_file, each.brought_at, each.brought_by, lines[each.pk]) for each in row.files.all()
    )
    plan = shown_from(row.plan)
    by_kind: dict[str, list[Change]] = {}
    for change in plan.changes:
        by_kind.setdefault(change.kind, []).append(change)
    why_not = _why_not(State(row.state), len(plan.open), plan.brings, bool(files))
    return MoveInSeen(
        id=row.pk, state=State(row.state), version=row.version, begun_at=row.begun_at, begun_by=row.begun_by, saved_at=row.saved_at,
        saved_by=row.saved_by, undone_since=row.undone_at if row.state == State.UNDONE.value else None, undone_by=row.undone_by,
        files=files, sheets=sheets, questions=plan.open, answered=plan.answered,
        changes={kind: tuple(found) for kind, found in by_kind.items()}, counts=plan.counts,
        left=tuple((each.file, each.line, each.why) for each in plan.left), told=plan.told,
        apart=LegacyNote.objects.filter(move_in=row).count(), can_save=not why_not, why_not=why_not,
        can_undo=row.state == State.SAVED.value,
    )  # fmt: skip


def _why_not(state: State, questions: int, brings: int, files: bool) -> str:
    """Why it cannot be saved now; "" when it can."""
    if state is State.SAVED:
        return "It is saved."
    if not files:
        return "Bring a file, or paste cells, first."
    if questions:
        return f"{questions} question{'' if questions == 1 else 's'} to answer first."
    return "" if brings else "There is nothing new in it: all of it stands already, or is left out."


def _sheet(row: BroughtSheet) -> SheetSeen:
    rows = [tuple(str(cell) for cell in each) for each in row.rows]
    width = max((len(each) for each in rows), default=0)
    heading = rows[row.header_first : row.header_last + 1] if row.header_first >= 0 else []
    headings = tuple(" ".join(dict.fromkeys(each[at] for each in heading if at < len(each) and each[at])) for at in range(width))
    below = rows[row.header_last + 1 :] if heading else rows
    return SheetSeen(
        id=row.pk, file_id=row.file_id, file=row.file.name, name=row.name, kind=row.kind, header_rows=(row.header_first, row.header_last),
        columns=dict(row.columns), headings=headings, first_rows=tuple(below[:FIRST_ROWS]),
        lines=sum(any(cell for cell in each) for each in below), sure=row.sure, told=row.told, notes=tuple(row.notes), said_by=row.said_by,
    )  # fmt: skip


def partnership_of(pk: int, *, viewer: str) -> str:
    """The slug of the partnership whose move-in this is, "" for none: for whoever runs the machine. One query."""
    return MoveIn.objects.filter(pk=pk).values_list("partnership__slug", flat=True).first() or ""
