"""Every row that a partnership holds about one person, about one school, or in which some words stand: for answering who asks.

More is found rather than less: whoever answers decides, line by line, what is disclosed. Nothing here is redacted or advised.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from convenor.archive.queries.reading import AT_ONCE, key_of, rows_of, rows_of_keys
from convenor.archive.queries.tables import model_of, table, tables
from convenor.archive.rules.belonging import PERSON, SCHOOL, Kind, Table, leaning_on, owned_by, says_who_did_it
from convenor.archive.rules.changes import Key
from convenor.archive.rules.values import Row
from convenor.partnership.gate import allow
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: Shorter words stand in too much to tell anything.
WORDS_LEAST = 4
Found = dict[str, set[Key]]


def rows_about_person(slug: str, person_id: int, *, viewer: Viewer | str) -> tuple[tuple[Table, Row], ...]:
    """Every row of the partnership that points at this person, is a part of one that does, bears their key, or in which their name or
    address stands, with the row of the person itself first; by table and key, without what opens anything.

    Empty for a person of whom nothing is held here. For whoever answers requests; raises NotAllowed for anybody else.
    """
    allow(viewer, Permission.REQUEST_ANSWER, partnership=slug)
    here, found = key_of(slug), _Finding()
    for of, column in leaning_on(_held(), PERSON):
        keys = _keys(of, slug, here, Q(**{column.name: person_id}))
        found.add(of, keys, parts=not says_who_did_it(column))
    person = model_of(PERSON)._base_manager.filter(pk=person_id).values_list("name", "email").first()
    if person is not None:
        for words in filter(None, person):
            found.add_all(_with_words(slug, here, words))
    for label in ("journal.entry", "journal.look"):
        found.add(table(label), _keys(table(label), slug, here, Q(by_key=str(person_id))))
    own = tuple((_shown(table(PERSON)), row) for row in rows_of_keys(_shown(table(PERSON)), [person_id], viewer=viewer))
    rest = tuple(found.rows(viewer))
    return (*own, *rest) if rest else ()


def rows_about_school(slug: str, urn: str, *, viewer: Viewer | str) -> tuple[tuple[Table, Row], ...]:
    """Every row of the partnership that points at this school, is a part of one that does, or bears its URN; by table and key.

    Empty for a school of which nothing is held here. For whoever answers requests: it holds what other schools said in confidence,
    which the school's own do not see unasked. Raises NotAllowed for anybody else.
    """
    allow(viewer, Permission.REQUEST_ANSWER, partnership=slug)
    here, found = key_of(slug), _Finding()
    for of, column in leaning_on(_held(), SCHOOL):
        found.add(of, _keys(of, slug, here, Q(**{column.name: urn})), parts=True)
    for of in _held():
        if (named := of.column("urn")) is not None and not named.to:
            found.add(of, _keys(of, slug, here, Q(urn=urn)), parts=True)
        found.add(of, _containing(of, slug, here, [f'"{urn}"'], (Kind.JSON,)))
    return tuple(found.rows(viewer))


def rows_with_words(slug: str, words: str, *, viewer: Viewer | str) -> tuple[tuple[Table, Row], ...]:
    """Every row of the partnership in which these words stand, whatever their case; none for fewer than four letters.

    For whoever answers requests; raises NotAllowed for anybody else.
    """
    allow(viewer, Permission.REQUEST_ANSWER, partnership=slug)
    found = _Finding()
    found.add_all(_with_words(slug, key_of(slug), words))
    return tuple(found.rows(viewer))


class _Finding:
    """Keys of rows found, by table; parts of a row come with it."""

    def __init__(self) -> None:
        self.found: Found = {}
        self.followed: Found = {}

    def add(self, of: Table, keys: Iterable[Key], *, parts: bool = False) -> None:
        """These rows; with `parts`, also the rows that point at them, and the parts of those that are parts of them."""
        here, followed = self.found.setdefault(of.label, set()), self.followed.setdefault(of.label, set())
        here.update(keys)
        new = set(keys) - followed if parts else set()
        followed.update(new)
        if not new:
            return
        for other, column in leaning_on(_held(), of.label):
            rows = model_of(other.label)._base_manager.order_by()
            leaning = {key for part in _parts(new) for key in rows.filter(**{f"{column.name}__in": part}).values_list("pk", flat=True)}
            self.add(other, leaning, parts=owned_by(other, column))

    def add_all(self, found: Iterable[tuple[Table, set[Key]]]) -> None:
        """Rows of many tables, without their parts."""
        for of, keys in found:
            self.add(of, keys)

    def rows(self, viewer: Any) -> Iterator[tuple[Table, Row]]:
        """What was found, by table and key."""
        for label in sorted(self.found):
            shown = _shown(table(label))
            yield from ((shown, row) for row in rows_of_keys(shown, self.found[label], viewer=viewer))


def _held() -> tuple[Table, ...]:
    """Tables that hold rows of a partnership, but for the archives that were made of them."""
    return tuple(each for each in tables() if each.held and each.app != "archive")


def _shown(of: Table) -> Table:
    """The table without what opens anything."""
    return replace(of, columns=tuple(each for each in of.columns if not each.private_key))


def _keys(of: Table, slug: str, here: int, where: Q) -> set[Key]:
    return set(rows_of(of, slug, here).order_by().filter(where).values_list("pk", flat=True))


def _with_words(slug: str, here: int, words: str) -> Iterator[tuple[Table, set[Key]]]:
    words = " ".join(words.split())
    if len(words) < WORDS_LEAST:
        return
    written = {words, json.dumps(words)[1:-1]}  # letters beyond ASCII stand escaped in nested values of one of the databases
    for of in _held():
        yield of, _containing(of, slug, here, written, (Kind.TEXT, Kind.JSON))


def _containing(of: Table, slug: str, here: int, words: Iterable[str], kinds: tuple[Kind, ...]) -> set[Key]:
    """Rows of which a column of these kinds contains any of the words."""
    columns = [each for each in of.columns if each.kind in kinds and not each.to and not each.private_key]
    if not columns:
        return set()
    texts = {f"_text_{at}": Cast(each.name, TextField()) for at, each in enumerate(columns)}
    where = Q()
    for name in texts:
        for word in words:
            where |= Q(**{f"{name}__icontains": word})
    return set(rows_of(of, slug, here).order_by().alias(**texts).filter(where).values_list("pk", flat=True))


def _parts(keys: Iterable[Key]) -> Iterator[list[Key]]:
    every = sorted(keys)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]
