"""*What is held*: every class of record, how many, how old, for how long, and what went when its time came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count, Max, Min, Model

from convenor.england.keeping import Clock, Keep
from convenor.partnership.gate import day_of
from convenor.partnership.roles import Permission
from convenor.records.models import RetentionRun
from convenor.records.queries.reach import belongs_to
from convenor.records.queries.retention import LONDON, ours, rows_of, rule_of, what_goes
from convenor.records.rules.classes import CLASSES, RecordClass, class_of

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: How many runs the page tells of.
RUNS = 12


@dataclass(frozen=True, slots=True)
class TableHeld:
    """One kind of record. `count` None: published rows, which are not the partnership's own. `first_to_go` the day from which its oldest
    goes, None where none has begun to run; `past` how many are past their period now."""

    label: str
    name: str
    says: str
    count: int | None
    oldest: date | None
    first_to_go: date | None
    past: int
    period: str
    authority: str
    goes: str


@dataclass(frozen=True, slots=True)
class ClassHeld:
    """One class of record with its tables."""

    about: RecordClass
    tables: tuple[TableHeld, ...]

    @property
    def count(self) -> int:
        """How many records of the partnership's own."""
        return sum(each.count or 0 for each in self.tables)

    @property
    def oldest(self) -> date | None:
        """The oldest day of any."""
        return min((each.oldest for each in self.tables if each.oldest), default=None)

    @property
    def first_to_go(self) -> date | None:
        """When the next of them go."""
        return min((each.first_to_go for each in self.tables if each.first_to_go), default=None)

    @property
    def past(self) -> int:
        """How many are past their period now."""
        return sum(each.past for each in self.tables)


@dataclass(frozen=True, slots=True)
class Run:
    """One time that something was deleted, in numbers by class of record."""

    on: date
    by: str
    counts: tuple[tuple[str, int], ...]
    failed: int

    @property
    def total(self) -> int:
        """How many rows went."""
        return sum(count for _, count in self.counts)


@dataclass(frozen=True, slots=True)
class HeldSeen:
    """The page. `invented`: a demonstration, whose rows stay; `last_on` when the deleting last ran, whatever went."""

    classes: tuple[ClassHeld, ...]
    runs: tuple[Run, ...]
    last_on: date | None
    invented: bool


def held(slug: str, *, viewer: Viewer, at: date | datetime) -> HeldSeen | None:
    """What the partnership holds, class by class; None for anybody else. A query or two for each table that is its own."""
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.RETENTION_RUN):
        return None
    today = day_of(at)
    past = what_goes(viewer=viewer, today=today, slug=slug, invented=True).counts
    tables: dict[str, list[TableHeld]] = {}
    for label, model in ours().items():
        if model._meta.app_label in settings.LAYERS and rule_of(model) is not None:
            tables.setdefault(class_of(label).key, []).append(_table(label, model, slug, past.get(label, 0)))
    order = [*CLASSES, *(key for key in tables if key not in CLASSES)]
    classes = tuple(ClassHeld(class_of(key), tuple(tables[key])) for key in order if key in tables)
    last = RetentionRun.objects.filter(partnership="").aggregate(last=Max("on"))["last"]
    rows = RetentionRun.objects.filter(partnership=slug).order_by("-at", "-pk")[:RUNS]
    return HeldSeen(classes, tuple(_run(row) for row in rows), last, here.demonstration)


def _table(label: str, model: type[Model], slug: str, past: int) -> TableHeld:
    rule, stated, whose = rule_of(model), model.Keeping, belongs_to(label)  # type: ignore[attr-defined]
    assert rule is not None
    count, oldest = None, None
    if rule.clock is not Clock.PUBLISHED and (whose or label == "accounts.Person"):
        rows = rows_of(label).filter(**{whose: slug}) if whose else rows_of(label)
        days = {f"_{number}": Min(path) for number, path in enumerate(rule.since)}
        found = rows.aggregate(_count=Count("pk"), **days)
        count = found.pop("_count")
        known = [_day(value) for value in found.values() if value is not None]
        oldest = min(known, default=None)
    name, says = str(model._meta.verbose_name_plural), " ".join((model.__doc__ or "").split("\n\n")[0].split())
    first = rule.last_day([oldest]) if oldest and not rule.ended and not rule.within else None
    return TableHeld(
        label, name[:1].upper() + name[1:], says, count, oldest, first, past, stated.period, stated.authority, goes(rule)
    )  # fmt: skip


def goes(rule: Keep) -> str:
    """How rows of a table go, in words: by the machine, with something else, by somebody's act, or not."""
    if rule.clock is Clock.LASTING:
        return "Stays."
    if rule.clock is Clock.PUBLISHED:
        return "Goes with the publisher’s edition."
    if rule.clock is Clock.ACT:
        return f"Goes when {rule.by}."
    return "Goes by itself, together with what it belongs to." if rule.within else "Goes by itself."


def _day(value: date | datetime) -> date:
    return value.astimezone(LONDON).date() if isinstance(value, datetime) else value


def _run(row: RetentionRun) -> Run:
    counts: dict[str, int] = {}
    for label, count in row.counts.items():
        name = class_of(label).name
        counts[name] = counts.get(name, 0) + count
    return Run(row.on, row.by, tuple(sorted(counts.items())), sum(row.failed.values()))
