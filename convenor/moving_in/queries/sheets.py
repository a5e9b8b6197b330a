"""One sheet of a move-in as its manager corrects what was recognised: its first lines, heading and all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from convenor.moving_in.models import BroughtSheet
from convenor.moving_in.rules.kinds import Kind
from convenor.moving_in.rules.states import State
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: Lines from the top that are shown.
TOP_LINES = 20


@dataclass(frozen=True, slots=True)
class SheetTop:
    """A sheet's first lines, each as wide as the widest. `header_rows` and `columns` are counted from 0; (-1, -1) is no heading."""

    id: int
    file: str
    name: str
    kind: str
    header_rows: tuple[int, int]
    columns: dict[str, int]
    told: str
    notes: tuple[str, ...]
    sure: float
    said_by: str
    rows: tuple[tuple[str, ...], ...]
    lines: int
    open: bool

    def headings(self, first: int, last: int) -> tuple[str, ...]:
        """The words above each column when these lines are the heading, counted from 0."""
        from convenor.moving_in.rules.reading import Sheet
        from convenor.moving_in.rules.recognising import headings

        return headings(Sheet(self.name, self.rows), (first + 1, last + 1))

    def columns_as(self, kind: Kind, first: int, last: int) -> dict[str, int]:
        """The column of each field, as far as its heading and its cells say, when the sheet is of this kind."""
        from convenor.moving_in.rules.reading import Sheet
        from convenor.moving_in.rules.recognising import columns_for

        return columns_for(Sheet(self.name, self.rows), kind, (first + 1, last + 1))


def sheet_of_move_in(slug: str, move_in_id: int, sheet_id: int, *, viewer: Viewer) -> SheetTop | None:
    """One sheet; None where there is none, and for whoever may not move in. One query."""
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.MOVE_IN):
        return None
    found = BroughtSheet.objects.filter(file__move_in__partnership__slug=slug, file__move_in_id=move_in_id, pk=sheet_id)
    row = found.exclude(file__move_in__state=State.DROPPED.value).select_related("file__move_in").first()
    if row is None:
        return None
    width = max((len(each) for each in row.rows), default=0)
    top = tuple(tuple(str(cell) for cell in (*each, *[""] * (width - len(each)))) for each in row.rows[:TOP_LINES])
    return SheetTop(
        id=row.pk, file=row.file.name, name=row.name, kind=row.kind, header_rows=(row.header_first, row.header_last),
        columns={str(key): int(at) for key, at in row.columns.items()}, told=row.told, notes=tuple(row.notes), sure=row.sure,
        said_by=row.said_by, rows=top, lines=len(row.rows), open=row.file.move_in.state != State.SAVED.value,
    )  # fmt: skip
