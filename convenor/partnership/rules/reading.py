"""Reading a constitution file: every mistake is named with its place and its remedy, all of them at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from convenor.partnership.rules.constitution import Constitution, ConstitutionError, Problem
from convenor.partnership.rules.kinds_of_value import ID_PATTERN, as_key, nearest
from convenor.partnership.rules.schema import FIELD_OF_TABLE, PARTNERSHIP, Table, tables
from convenor.partnership.rules.vocabulary import BODY_KINDS, ROLES, Severity

OWN_WORDS = {
    ("body", "kind"): "[kinds]", ("belonging", "kind"): "[kinds]", ("seat", "who"): "[roles]", ("cap", "who"): "[roles]",
    ("appointment", "role"): "[roles]",
}  # fmt: skip
"""Where a file declares further words for a key of a table."""

NAMING = ("id", "key", "code", "person", "school", "kind", "to")
"""Keys by which a row is told from others of its table, the best first."""

NESTED = ("seat", "reporting_line")
"""Tables that stand under a body, and are often written by themselves."""


def parse(text: str) -> Constitution:
    """The constitution that a TOML file describes.

    Only the shape of the file is judged here; whether the partnership it describes keeps its own rules is for ``check``.
    Raises ConstitutionError, which carries one problem for each mistake in the file, with the place and what to write instead.
    """
    try:
        raw = tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise ConstitutionError((_unreadable(text, error),)) from error
    return _Reader().constitution(raw)


def _unreadable(text: str, error: Exception) -> Problem:
    """What to say of a file that is not TOML. Word processors make quotation marks curly, which TOML cannot read."""
    once = re.search(r"Cannot declare \('([a-z_]+)'(?:, '([a-z_]+)')?,?\) twice", str(error))
    if once:
        name = ".".join(part for part in once.groups() if part)
        words = f"[{name}] stands in single brackets where it comes more than once. Write [[{name}]] each time, in double square brackets."
        return Problem("", "not-toml", Severity.ERROR, f"The file cannot be read as TOML: {error}. {words}")
    look = "Look at that line for a missing quotation mark, bracket or equals sign, or a key that stands twice."
    if any(mark in text for mark in "“”"):
        look += ' The file holds curly quotation marks; write straight ones, ".'
    return Problem("", "not-toml", Severity.ERROR, f"The file cannot be read as TOML: {error}. {look}")


class _Reader:
    """Gathers the problems of one file while it is read."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def constitution(self, raw: Mapping[str, Any]) -> Constitution:
        known = ["partnership", "kinds", "roles", *FIELD_OF_TABLE]
        self._refuse_unknown(raw, known, "the file", "")
        values: dict[str, Any] = {}
        if isinstance(raw.get("partnership"), dict):
            values |= self._table(raw["partnership"], PARTNERSHIP, "[partnership]", "")
        else:
            self._say("", "missing", "The file has no [partnership] table: begin it with [partnership] and its id, name and kind.")
        values["kinds"] = self._further_words(raw.get("kinds", {}), "kinds")
        values["roles"] = self._further_words(raw.get("roles", {}), "roles")
        layout = tables(BODY_KINDS | dict(values["kinds"]), ROLES | dict(values["roles"]))
        for name, field in FIELD_OF_TABLE.items():
            values[field] = self._list_of(raw.get(name, []), layout[name], f"[[{name}]]", "")
        if self.problems:
            raise ConstitutionError(tuple(self.problems))
        return Constitution(**values)

    def _list_of(self, raw: Any, table: Table, heading: str, inside: str) -> tuple[Any, ...]:
        """Each of a repeated table's rows, as its dataclass. ``inside`` is the id of the body the rows stand in."""
        if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
            self._say(inside, "wrong-shape", f"{heading} should be written in double square brackets, once for each {table.called}.")
            return ()
        rows = []
        for number, row in enumerate(raw, start=1):
            body = inside or (str(row.get("id", "")) if table.called == "body" else "")
            before = len(self.problems)
            values = self._table(row, table, self._place(table, number, row, inside), body)
            for name, (field, inner) in (table.inside or {}).items():
                values[field] = self._list_of(row.get(name, []), inner, f"[[{table.called}.{name}]]", body)
            if len(self.problems) == before and table.makes is not None:
                rows.append(table.makes(**values))
        return tuple(rows)

    @staticmethod
    def _place(table: Table, number: int, row: Mapping[str, Any], inside: str) -> str:
        """Where a row stands, as a manager would find it: its kind, its number, and the name it gives itself."""
        keys = ("id", "name", "title") if table.called in ("body", "seat") else NAMING
        own = next((row[name] for name in keys if isinstance(row.get(name), str)), "")
        said = f' ("{own}")' if own else ""
        return f"{table.called} {number}{said}" + (f' of body "{inside}"' if inside else "")

    def _table(self, row: Mapping[str, Any], table: Table, place: str, body: str) -> dict[str, Any]:
        self._refuse_unknown(row, table.names, place, body)
        values: dict[str, Any] = {}
        for key in table.keys:
            if key.name not in row:
                if key.required:
                    self._say(body, "missing", f"{place}: {key.name} is missing; every {table.called} needs one.")
                continue
            try:
                values[key.held_as] = key.kind.read(row[key.name])
            except ValueError as error:
                self._say(body, "wrong-value", f"{place}: {key.name} {error}")
                own = OWN_WORDS.get((table.called, key.name))
                if own:
                    self.problems[-1] = replace(
                        self.problems[-1], message=f"{self.problems[-1].message} A word of your own goes under {own}."
                    )
        return values

    def _further_words(self, raw: Any, name: str) -> tuple[tuple[str, str], ...]:
        """The file's own kinds of body or roles: a key and its title each."""
        good = isinstance(raw, dict) and all(isinstance(title, str) and title.strip() for title in raw.values())
        if not good or not all(ID_PATTERN.fullmatch(as_key(key)) for key in raw):
            self._say("", "wrong-shape", f'[{name}] should hold a short name and a title on each line, such as police = "Police".')
            return ()
        return tuple((as_key(key), title) for key, title in raw.items())

    def _refuse_unknown(self, row: Mapping[str, Any], known: list[str], place: str, body: str) -> None:
        for name in row:
            if name not in known:
                hint = nearest(name, known) or f"; it may hold: {', '.join(known)}."
                if name in NESTED and place == "the file":
                    hint = f"; write [[body.{name}]] under the body it belongs to."
                self._say(body, "unknown-key", f'{place}: "{name}" is not something it may hold{hint}')

    def _say(self, body: str, rule: str, message: str) -> None:
        message = message if message.endswith((".", "?")) else message + "."
        self.problems.append(Problem(body, rule, Severity.ERROR, message))
