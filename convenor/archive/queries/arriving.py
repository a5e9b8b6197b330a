"""What stands here already where an archive would put its rows, and what its rows would rest on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from convenor.archive.queries.everything import editions_here
from convenor.archive.queries.reading import AT_ONCE, rows_of_keys
from convenor.archive.queries.tables import model_of
from convenor.archive.rules.belonging import PARTNERSHIP, PERSON, Belongs, Table
from convenor.archive.rules.changes import Key
from convenor.archive.rules.form import EditionNamed
from convenor.archive.rules.leaving import same
from convenor.archive.rules.values import Row


def apart(of: Table, rows: Mapping[Key, Row], *, viewer: Any) -> tuple[list[Row], list[Key]]:
    """Of these rows, those that are not here yet, and the keys that another row bears already.

    People and what is published are everybody's: a row that stands here already, the very same, is neither.
    """
    here = {row[of.key]: row for row in rows_of_keys(of, rows, viewer=viewer)}
    shared = of.belongs in {Belongs.PEOPLE, Belongs.PUBLISHED}
    taken = [key for key, row in here.items() if not (shared and same(of, row, rows[key]))]
    return [row for key, row in rows.items() if key not in here], taken


def is_empty(of: Table, *, viewer: Any) -> bool:
    """Whether nothing stands in the table yet, so that nothing can stand in the way."""
    return not model_of(of.label)._base_manager.order_by().exists()


def absent(label: str, keys: Iterable[Key], *, viewer: Any) -> list[Key]:
    """Of these keys, those that no row of the table bears."""
    wanted = sorted(set(keys))
    rows, there = model_of(label)._base_manager.order_by(), set()
    for start in range(0, len(wanted), AT_ONCE):
        there.update(rows.filter(pk__in=wanted[start : start + AT_ONCE]).values_list("pk", flat=True))
    return [key for key in wanted if key not in there]


def addresses_taken(people: Mapping[str, Key], *, viewer: Any) -> list[str]:
    """Of these e-mail addresses, those that somebody with another key bears here, whatever their case."""
    small = {address.lower(): key for address, key in people.items()}
    rows = model_of(PERSON)._base_manager.exclude(email=None).values_list("email", "pk")
    return sorted(email for email, pk in rows if email.lower() in small and small[email.lower()] != pk)


def partnership_here(slug: str, *, viewer: Any) -> bool:
    """Whether there is a partnership of this short name."""
    return bool(model_of(PARTNERSHIP)._base_manager.filter(slug=slug).exists())


def editions_missing(wanted: Collection[EditionNamed], *, viewer: Any) -> list[EditionNamed]:
    """Editions that are not here under the same key and with the same digest."""
    here = {(each.pk, each.digest) for each in editions_here(viewer=viewer)}
    return [each for each in wanted if (each.pk, each.digest) not in here]
