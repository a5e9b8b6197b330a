"""Which tables belong to a partnership, and by what path: worked out from a description of the tables, never from the tables themselves.

A row belongs to a partnership because it is the partnership, because a chain of keys leads up to it, or because it bears the
partnership's short name as plain text, as the journal, the letters and the papers do. People belong to everybody who names them;
published rows belong to nobody. What is left out is named here, with the reason: a table that fits nowhere is a fault in the house.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

PARTNERSHIP: Final = "partnership.partnership"
PERSON: Final = "accounts.person"
SCHOOL: Final = "registers.school"


class Kind(StrEnum):
    """What a column holds."""

    WHOLE = "whole number"
    REAL = "real number"
    TEXT = "text"
    YES_NO = "yes or no"
    DAY = "day"
    MOMENT = "moment"
    CLOCK = "time of day"
    JSON = "nested values"
    UID = "random identifier"


class Belongs(StrEnum):
    """Why a row of a table is a partnership's, or is not."""

    ITSELF = "it is the partnership"
    KEYS = "its keys lead up to the partnership"
    NAME = "it bears the partnership's short name"
    PEOPLE = "rows of the partnership name this person"
    PUBLISHED = "published, and shared by all partnerships"
    LEFT = "left behind"
    NOWHERE = "nobody has said"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `name` is what a row calls it, `field` what a question calls it; `to` the table it points to, "" for none.

    `privacy` is open, shared, personal or secret, "" where the table does not say. `private_key`: the value opens something (a
    password, a link, a phone's share in a room) and so never leaves. `held`: the database itself sees to it that what it points to is
    there; histories outlive what they tell of.
    """

    name: str
    field: str
    kind: Kind
    null: bool = False
    to: str = ""
    privacy: str = ""
    private_key: bool = False
    held: bool = True
    unique: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `label` as in "support.visit"; `key` the column that tells its rows apart; `path` the fields that lead up to the
    partnership; `by_name` the column that bears its short name, where there is no path; `why` it is left. A table that is left may still
    have a path: its rows are the partnership's, and stay."""

    label: str
    name: str
    key: str
    columns: tuple[Column, ...]
    belongs: Belongs = Belongs.NOWHERE
    path: tuple[str, ...] = ()
    by_name: str = ""
    why: str = ""

    @property
    def app(self) -> str:
        """The feature it is a table of."""
        return self.label.split(".")[0]

    @property
    def leaves(self) -> bool:
        """Whether its rows go along when a partnership takes everything."""
        return self.belongs not in {Belongs.LEFT, Belongs.NOWHERE}

    @property
    def of_partnership(self) -> bool:
        """Whether its rows are one partnership's own, and nobody else's."""
        return self.belongs in {Belongs.ITSELF, Belongs.KEYS, Belongs.NAME}

    @property
    def held(self) -> bool:
        """Whether it holds rows of a partnership, be they taken along or not."""
        return bool(self.of_partnership or self.path or self.by_name)

    def column(self, name: str) -> Column | None:
        """The column of this name; None when there is none such."""
        return next((each for each in self.columns if each.name == name), None)


#: Whole features that stay behind, and why.
APPS_LEFT: Final[Mapping[str, str]] = {
    "auth": "not used here: who may do what follows from posts and seats",
    "contenttypes": "the framework's own list of tables, made by every deployment for itself",
    "sessions": "who is signed in here is signed in nowhere else",
    "account": "passwords and the workings of sign-in: made again at the first sign-in",
    "mfa": "second factors and passkeys belong to one site and never leave it",
    "socialaccount": "sign-in with another service is agreed with one site and never leaves it",
    "usersessions": "who is signed in here is signed in nowhere else",
    "archive": "the archives that were made, which would otherwise hold themselves",
    "moving_in": "what was brought in stands in its own tables; the files it came from and the notes set apart for schools stay where "
    "they were read and are deleted there when their time comes",
}

#: Single tables that stay behind, and why.
TABLES_LEFT: Final[Mapping[str, str]] = {
    "accounts.pin": "PINs belong to one site and never leave it",
    "peer_review.calendarkey": "a key that opens somebody’s calendar: it is made again by whoever wants it",
    "peer_review.matchingwork": "a matching that is under way: it is started again where it is needed",
}

#: Tables whose rows are published, or reckoned from what is published, and are shared by all partnerships of a deployment.
PUBLISHED_APPS: Final = frozenset({"registers"})
PUBLISHED_TABLES: Final = frozenset(
    f"intelligence.{name}" for name in ("backtestresult", "run", "runschool", "similarbasis", "similarset", "phasebound")
)

#: Columns that open something. They never leave, and are made anew where the rows arrive. Found by their table and name.
PRIVATE_KEYS: Final = frozenset(
    {"accounts.person.password", "conditions.participant.secret", "conditions.workshop.join_code", "consultation.response.sender"}
)

#: The column by which a table without foreign keys says whose it is.
NAMED_BY: Final = ("partnership", "slug")


def place(tables: Iterable[Table]) -> tuple[Table, ...]:
    """The same tables, each with why it belongs and by what path, in the order of their labels.

    A path leads over keys that are never empty, except where the table points straight at the partnership; of several, the shortest
    and then the first by name. A table that fits nowhere comes back as Belongs.NOWHERE.
    """
    found = {each.label: _at_first(each) for each in tables}
    paths: dict[str, tuple[str, ...]] = {PARTNERSHIP: ()}
    waiting = [each for each in found.values() if each.belongs in {Belongs.NOWHERE, Belongs.LEFT}]
    while waiting:
        ways = {each.label: _next_step(each, paths, found) for each in waiting}
        reached = {label: way for label, way in ways.items() if way}
        if not reached:
            break
        paths |= reached
        waiting = [each for each in waiting if each.label not in reached]
    for label, table in found.items():
        named = next((c.name for name in NAMED_BY for c in table.columns if c.name == name and not c.to), "")
        if label != PARTNERSHIP and label in paths:
            found[label] = replace(table, belongs=_unless_left(table, Belongs.KEYS), path=paths[label])
        elif named and table.belongs in {Belongs.NOWHERE, Belongs.LEFT}:
            found[label] = replace(table, belongs=_unless_left(table, Belongs.NAME), by_name=named)
    return tuple(found[label] for label in sorted(found))


def _next_step(table: Table, paths: Mapping[str, tuple[str, ...]], found: Mapping[str, Table]) -> tuple[str, ...]:
    """The shortest path of a table over those reached so far, () for none. Nothing that goes along is reached over what stays behind."""
    steps = [
        (len(paths[c.to]), c.field, c.to)
        for c in table.columns
        if c.to in paths
        and (not c.null or c.to == PARTNERSHIP)
        and (table.belongs is Belongs.LEFT or found[c.to].belongs is not Belongs.LEFT)
    ]
    if not steps:
        return ()
    _, field, to = min(steps)
    return (field, *paths[to])


def _unless_left(table: Table, belongs: Belongs) -> Belongs:
    return Belongs.LEFT if table.belongs is Belongs.LEFT else belongs


def _at_first(table: Table) -> Table:
    """What can be said of a table by its label alone."""
    table = replace(table, columns=tuple(replace(c, private_key=f"{table.label}.{c.name}" in PRIVATE_KEYS) for c in table.columns))
    if table.label == PARTNERSHIP:
        return replace(table, belongs=Belongs.ITSELF)
    if table.label == PERSON:
        return replace(table, belongs=Belongs.PEOPLE)
    why = TABLES_LEFT.get(table.label) or APPS_LEFT.get(table.app, "")
    if why:
        return replace(table, belongs=Belongs.LEFT, why=why)
    if table.app in PUBLISHED_APPS or table.label in PUBLISHED_TABLES:
        return replace(table, belongs=Belongs.PUBLISHED)
    return table


def leaning_on(tables: Iterable[Table], label: str) -> tuple[tuple[Table, Column], ...]:
    """Every table and column that points at the table of this label."""
    return tuple((table, column) for table in tables for column in table.columns if column.to == label)


#: Keys of people that say who did something, not whom it is about; and any that ends in "_by".
DOERS: Final = frozenset({"by", "broker", "facilitator", "history_user"})


def says_who_did_it(column: Column) -> bool:
    """Whether a key of a person tells who did it, and not whom it is about."""
    return column.field in DOERS or column.field.endswith("_by")


def owned_by(table: Table, column: Column) -> bool:
    """Whether rows of the table are a part of what this column points to: the first step of their path to the partnership."""
    return bool(table.path) and table.path[0] == column.field and len(table.path) > 1
