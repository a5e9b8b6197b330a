"""What is held about a person, about a school, or in which some words stand: each row as a reader can read it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db.models import TextField

from convenor.accounts.models import Person
from convenor.archive.queries.about import rows_about_person, rows_about_school, rows_with_words
from convenor.archive.queries.reading import people_named
from convenor.archive.rules.belonging import Kind, Table
from convenor.partnership.queries.seats import people_to_choose
from convenor.partnership.roles import Permission
from convenor.records.queries.reach import paths_to
from convenor.records.queries.retention import rows_of
from convenor.records.rules.classes import class_of
from convenor.records.rules.decisions import MOST_TITLE, Field, Subject, marks
from convenor.registers.models import School

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

LONDON = ZoneInfo("Europe/London")
#: Features whose rows are about this very asking, and columns that say nothing to a reader.
NOT_FOUND, NOT_SHOWN = frozenset({"records", "archive"}), frozenset({"partnership_id", "version"})


@dataclass(frozen=True, slots=True)
class Found:
    """One row as a reader can read it. `lines` as they are kept: name, label, value; `marks` say which name others, or may."""

    table: str
    key: str
    title: str
    record_class: str
    holder: str
    urn: str
    lines: tuple[dict[str, str], ...]
    marks: dict[str, str]


def find(slug: str, *, person_id: int | None, urn: str, words: str, viewer: Viewer | str) -> list[Found]:
    """Everything held about a person, about a school and with some words in it, each row once, by table and key.

    For whoever answers requests; raises NotAllowed for anybody else. What opens anything (a password, a link) is never among it.
    """
    rows: dict[tuple[str, Any], tuple[Table, dict[str, Any]]] = {}
    found: list[tuple[Table, dict[str, Any]]] = []
    if person_id is not None:
        found += rows_about_person(slug, person_id, viewer=viewer)
    if urn:
        found += rows_about_school(slug, urn, viewer=viewer)
    if words.strip():
        found += rows_with_words(slug, words, viewer=viewer)
    for table, row in found:
        if table.app not in NOT_FOUND and table.key:
            rows.setdefault((table.label, row[table.key]), (table, row))
    return _read(list(rows.values()), _subject(person_id))


def _subject(person_id: int | None) -> Subject:
    person = Person.objects.filter(pk=person_id).values_list("name", "email").first() if person_id is not None else None
    return Subject(str(person_id), tuple(filter(None, person))) if person else Subject()


def _read(rows: list[tuple[Table, dict[str, Any]]], subject: Subject) -> list[Found]:
    people, schools = _names(rows)
    urns = _schools_of(rows)
    found = []
    for table, row in rows:
        model = apps.get_model(table.label)
        label, key = model._meta.label, str(row[table.key])
        lines = [_line(model, table, column, row, people, schools) for column in table.columns]
        shown = [each for each in lines if each is not None and each.value]
        urn = urns.get((table.label, row[table.key]), "")
        about = class_of(label)
        name = str(model._meta.verbose_name)
        parts = [name[:1].upper() + name[1:], _day(table, row) or str(row.get("year") or ""), schools.get(urn, "")]
        found.append(
            Found(
                label, key, ", ".join(filter(None, parts))[:MOST_TITLE], about.key, about.holder.value, urn,
                tuple({"name": each.name, "label": each.label, "value": each.value} for each in shown), marks(shown, subject),
            )
        )  # fmt: skip
    return found


def _line(model: Any, table: Table, column: Any, row: dict[str, Any], people: dict[str, str], schools: dict[str, str]) -> Field | None:
    """One column as a line; None for one that says nothing to a reader, or that may open something."""
    value = row.get(column.name)
    if column.name in NOT_SHOWN or column.name == table.key or value in (None, "", [], {}) or _opens(table, column, row):
        return None
    field = model._meta.get_field(column.field)
    label = str(field.verbose_name)
    person = ""
    if column.to == "accounts.person":
        person, said = str(value), people.get(str(value), f"person {value}")
    elif column.to == "registers.school":
        said = schools.get(str(value), str(value))
    elif column.to:
        said = f"{field.related_model._meta.verbose_name} {value}"
    else:
        said = _said(column.kind, value)
    free = column.kind is Kind.JSON or isinstance(field, TextField)
    return Field(column.name, label[:1].upper() + label[1:], said, column.privacy, person, free)


def _opens(table: Table, column: Any, row: dict[str, Any]) -> bool:
    """Whether a column may open something: what accounts seal, and the words of a letter that has not left, or that led to the door."""
    if table.app == "accounts":
        return bool(column.privacy == "secret")
    unsent = table.label == "post.letter" and (not row.get("sent_at") or "/sign-in/" in str(row.get("body")))
    return unsent and column.privacy == "secret"


def _said(kind: Kind, value: Any) -> str:
    if kind is Kind.YES_NO:
        return "yes" if value else "no"
    if kind is Kind.MOMENT:
        moment = datetime.fromisoformat(value.replace("Z", "+00:00")).astimezone(LONDON)
        return f"{moment.day} {moment:%B %Y, %H:%M}"
    if kind is Kind.DAY:
        day = date.fromisoformat(value)
        return f"{day.day} {day:%B %Y}"
    return json.dumps(value, ensure_ascii=False, indent=1) if kind is Kind.JSON else str(value)


def _day(table: Table, row: dict[str, Any]) -> str:
    """The first day or moment that a row bears, in words."""
    for column in table.columns:
        if column.kind in (Kind.DAY, Kind.MOMENT) and row.get(column.name):
            return _said(column.kind, row[column.name]).split(",")[0]
    return ""


def _names(rows: Iterable[tuple[Table, dict[str, Any]]]) -> tuple[dict[str, str], dict[str, str]]:
    """Names of the people and of the schools to which these rows point, by key. Two queries."""
    keys: dict[str, set[Any]] = defaultdict(set)
    for table, row in rows:
        for column in table.columns:
            if (column.to or column.name == "urn") and row.get(column.name) is not None:
                keys[column.to or "registers.school"].add(row[column.name])
    people = {str(key): name for key, name in Person.objects.filter(pk__in=keys["accounts.person"]).values_list("pk", "name")}
    return people, dict(School.objects.filter(pk__in=keys["registers.school"]).values_list("pk", "name"))


def _schools_of(rows: Iterable[tuple[Table, dict[str, Any]]]) -> dict[tuple[str, Any], str]:
    """Whose school's record each row is, if one's: by its own key or URN, else by what it is a part of. A query for each table."""
    found: dict[tuple[str, Any], str] = {}
    parts: dict[str, list[Any]] = defaultdict(list)
    for table, row in rows:
        urn = row.get("school_id") or row.get("urn") or ""
        if urn:
            found[table.label, row[table.key]] = str(urn)
        else:
            parts[table.label].append(row[table.key])
    for label, keys in parts.items():
        full = apps.get_model(label)._meta.label
        path = next(iter(paths_to(full, "registers.School")), "")
        for start in range(0, len(keys) if path else 0, 500):
            for key, urn in rows_of(full).filter(pk__in=keys[start : start + 500]).values_list("pk", path):
                found[label, key] = urn or ""
    return found


def people_to_ask_about(slug: str, *, viewer: Viewer, at: date | datetime) -> list[tuple[int, str]]:
    """Everybody whom a row of the partnership names, those who left included, with what they hold now, by name: for whoever answers."""
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.REQUEST_ANSWER):
        return []
    holds = {each.person_id: each.said for each in people_to_choose(slug, viewer=viewer, at=at)}
    named = people_named(slug, viewer=viewer)
    people = Person.objects.filter(pk__in=named).order_by("name", "pk").values_list("pk", "name")
    return [(key, f"{name} – {holds.get(key, 'holds nothing now')}") for key, name in people]
