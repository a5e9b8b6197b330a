"""Rows of a partnership, as JSON can say them, table by table and in the order of their keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from convenor.archive.queries.tables import model_of, tables
from convenor.archive.rules.belonging import PARTNERSHIP, PERSON, Belongs, Table, leaning_on
from convenor.archive.rules.changes import Key, Photograph
from convenor.archive.rules.values import Row, row_of
from convenor.partnership.gate import allow
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: Features whose rows no photograph holds: what was done, sent and asked stays told, whatever is taken back.
NOT_PHOTOGRAPHED = frozenset({"journal", "post", "archive", "records", "moving_in"})
#: Columns that no photograph holds.
NEVER = frozenset({"password"})
#: How many keys are asked for at once: SQLite takes no endless list.
AT_ONCE = 900


def photograph(slug: str, *, viewer: Viewer | str) -> Photograph:
    """Every row that belongs to the partnership, but the journal, letters, archives, requests and what was brought in; and everybody known.

    For whoever may bring things in or take everything out; raises NotAllowed for anybody else. To be asked for within the transaction
    of what is photographed. No photograph holds a password.
    """
    bringing = not isinstance(viewer, str) and viewer.may(Permission.MOVE_IN)
    allow(viewer, Permission.MOVE_IN if bringing else Permission.ARCHIVE_TAKE, partnership=slug)
    here = key_of(slug)
    found: dict[str, dict[Key, Row]] = {}
    for table in tables():
        if table.app in NOT_PHOTOGRAPHED or not (table.of_partnership or table.belongs is Belongs.PEOPLE):
            continue
        rows = {row[table.key]: row for row in read_rows(_photographed(table), rows_of(table, slug, here))}
        if rows:
            found[table.label] = rows
    return Photograph(slug, found)


def standing(table: Table, keys: Iterable[Key], *, viewer: Any) -> dict[Key, Row]:
    """The rows of these keys as they stand now, whosever they are, as a photograph would show them: for actions that have asked."""
    return {row[table.key]: row for row in _by_keys(_photographed(table), keys)}


def belonging(table: Table, slug: str, *, viewer: Any) -> Iterator[Row]:
    """The partnership's own rows of one table, every column, by key: for actions that have asked whether they may."""
    return read_rows(table, rows_of(table, slug, key_of(slug)))


def rows_of_keys(table: Table, keys: Iterable[Key], *, viewer: Any) -> Iterator[Row]:
    """Rows of these keys, every column, in the order of the keys: for actions that have asked whether they may."""
    return _by_keys(table, keys)


def leaning(label: str, keys: Iterable[Key], *, viewer: Any) -> Iterator[tuple[Table, Key, Key]]:
    """Every row, whosever, that points at one of these rows: its table, its key, and the key it points to. For actions that have asked.

    Histories are left out: they outlive what they tell of.
    """
    wanted = sorted(set(keys))
    for table, column in leaning_on(tables(), label):
        if not column.held:
            continue
        rows = model_of(table.label)._base_manager.order_by(table.key)
        for part in _parts(wanted):
            for key, to in rows.filter(**{f"{column.name}__in": part}).values_list(table.key, column.name):
                yield table, key, to


def people_named(slug: str, *, viewer: Any) -> list[int]:
    """Keys of everybody whom a row of the partnership names, by a key or in the journal, in order. For actions that have asked.

    The journal holds keys as text; whoever it names goes along, so that their key is nobody else's where the rows arrive.
    """
    here = key_of(slug)
    found: set[int] = set()
    for table, column in leaning_on(tables(), PERSON):
        if table.of_partnership:
            found.update(
                rows_of(table, slug, here).exclude(**{column.name: None}).order_by().values_list(column.name, flat=True).distinct()
            )
    for label in ("journal.entry", "journal.look"):
        keys = model_of(label)._base_manager.filter(partnership=slug).order_by().values_list("by_key", flat=True).distinct()
        found.update(int(key) for key in keys if key.isascii() and key.isdigit())
    return sorted(found)


def key_of(slug: str) -> int:
    """The partnership's key; 0 where there is none of this name."""
    key: int | None = model_of(PARTNERSHIP)._base_manager.filter(slug=slug).values_list("pk", flat=True).first()
    return key or 0


def rows_of(table: Table, slug: str, here: int) -> Any:
    """The partnership's own rows of a table; for people, everybody."""
    rows = model_of(table.label)._base_manager.order_by(table.key)
    if table.belongs is Belongs.ITSELF:
        return rows.filter(pk=here)
    if table.path:
        return rows.filter(**{"__".join(table.path): here})
    if table.by_name:
        return rows.filter(**{table.by_name: slug})
    return rows if table.belongs is Belongs.PEOPLE else rows.none()


def _photographed(table: Table) -> Table:
    """The table without the columns that no photograph holds."""
    return replace(table, columns=tuple(each for each in table.columns if each.name not in NEVER))


def read_rows(table: Table, rows: Any) -> Iterator[Row]:
    """Rows of a table as JSON can say them, a few thousand in memory at a time."""
    for values in rows.values_list(*(column.name for column in table.columns)).iterator(2000):
        yield row_of(table, values)


def _by_keys(table: Table, keys: Iterable[Key]) -> Iterator[Row]:
    rows = model_of(table.label)._base_manager.order_by(table.key)
    for part in _parts(sorted(set(keys))):
        yield from read_rows(table, rows.filter(Q(**{f"{table.key}__in": part})))


def _parts(keys: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]
