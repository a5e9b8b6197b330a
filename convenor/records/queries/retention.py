"""What is past its keeping period and may be deleted, asked of every table alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.db.models import DateTimeField, Model, Q, QuerySet

from convenor.accounts.models import Person
from convenor.england.keeping import Clock, Keep
from convenor.partnership.gate import allow
from convenor.partnership.models import Partnership
from convenor.partnership.roles import Permission
from convenor.records.models import Hold
from convenor.records.queries.reach import belongs_to, paths_to
from convenor.records.rules.going import Link, Row, bundles, may_go
from convenor.records.rules.holds import Held, HoldKind

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

LONDON = ZoneInfo("Europe/London")
#: How many keys are asked for at once.
AT_ONCE = 500
#: A row's time as a framework's own table keeps it: it goes with the row of ours that it belongs to.
WITH_ITS_PERSON = "goes with the person"


@dataclass(frozen=True, slots=True)
class Going:
    """What goes: groups of rows that hang together, whose each row is (0-based place in `of`) somebody's; and what holds kept back.

    `counts` by table; `held` how many rows past their period a hold keeps; `whose` the short name of the partnership of each row, "" for
    those that belong to none.
    """

    groups: tuple[tuple[Row, ...], ...]
    counts: dict[str, int]
    held: int
    whose: dict[Row, str]


def what_goes(*, viewer: Viewer | str, today: date, slug: str = "", invented: bool = False) -> Going:
    """Every row whose keeping period is over, that no hold keeps, with all that hangs on it.

    Of one partnership with `slug`, for whoever may see what was deleted there; of all for the system. Rows of demonstrations are invented,
    tell the story of many years, and stay unless `invented`. Raises NotAllowed.
    """
    allow(viewer, Permission.RETENTION_RUN, partnership=slug)
    past = _past(today)
    if not invented:
        _leave_invented(past)
    held = _held(past, today)
    rows = {(label, key) for label, keys in past.items() for key in keys - held[label]}
    links = list(_links(past))
    going = may_go(rows, links)
    whose = _whose(going)
    groups = [tuple(group) for group in bundles(going, links)]
    if slug:
        groups = [group for group in groups if any(whose[row] == slug for row in group)]
    counts: dict[str, int] = defaultdict(int)
    for group in groups:
        for label, _ in group:
            counts[label] += 1
    return Going(tuple(groups), dict(sorted(counts.items())), sum(map(len, held.values())), whose)


@cache
def ours() -> dict[str, type[Model]]:
    """Every table, by its label; histories among them."""
    return {model._meta.label: model for model in apps.get_models(include_auto_created=True)}


def rule_of(model: type[Model]) -> Keep | None:
    """The keeping rule of a table of ours; None for histories and for tables of the framework."""
    stated = getattr(model, "Keeping", None)
    return getattr(stated, "rule", None)


def is_past(model: type[Model], rule: Keep, today: date) -> Q:
    """The condition under which a row's own period is over on the day. Only for rules that run."""
    before = rule.goes_before(today)
    assert before is not None
    over, known = Q(), Q()
    for path in rule.since:
        edge: Any = before
        if isinstance(_field(model, path), DateTimeField):
            edge = datetime.combine(before, time(), tzinfo=LONDON)
        over &= Q(**{f"{path}__lt": edge}) | Q(**{f"{path}__isnull": True})
        known |= Q(**{f"{path}__isnull": False})
    if rule.named:
        first = before if rule.clock in (Clock.SCHOOL_YEAR, Clock.FINANCIAL_YEAR) else date(before.year + 1, 1, 1)
        over &= Q(**{f"{rule.named}__lt": f"{first.year}-{(first.year + 1) % 100:02d}"})
        known |= ~Q(**{rule.named: ""})
    if rule.ended:
        over &= Q(**{f"{rule.ended}__isnull": False})
    return over & known


def rows_of(label: str) -> QuerySet[Any]:
    """Every row of a table, whatever its own manager would refuse."""
    return QuerySet(ours()[label])


def _past(today: date) -> dict[str, set[Any]]:
    """The keys of the rows whose own period is over, by table; and, of tables without a clock, those that go with one of them."""
    past: dict[str, set[Any]] = {}
    for label, model in ours().items():
        rule = rule_of(model)
        if rule is not None and rule.runs:
            past[label] = set(rows_of(label).filter(is_past(model, rule, today)).values_list("pk", flat=True))
    past = {label: keys for label, keys in past.items() if keys}
    grew = True
    while grew:
        grew = False
        for label, model in ours().items():
            for field in _goes_with(model):
                to = field.related_model._meta.label
                if past.get(to):
                    found = {key for part in _parts(past[to]) for key in _pks(label, field.attname, part)} - past.get(label, set())
                    if found:
                        past[label] = past.get(label, set()) | found
                        grew = True
    return past


def _goes_with(model: type[Model]) -> Iterator[Any]:
    """The keys by which a row without a clock of its own goes with another: as its rule says, or, of the framework's tables, any."""
    rule = rule_of(model)
    for field in model._meta.concrete_fields:
        if field.is_relation and (
            (rule is not None and rule.clock is Clock.ACT and field.name in rule.within)
            or (rule is None and model._meta.app_label not in settings.LAYERS)
        ):
            yield field


def _pks(label: str, column: str, keys: list[Any]) -> Iterable[Any]:
    return rows_of(label).filter(**{f"{column}__in": keys}).values_list("pk", flat=True)


def _links(past: dict[str, set[Any]]) -> Iterator[Link]:
    """Every key of any row that points at one of these, and those by which one of these stays with another."""
    for label, model in ours().items():
        rule = rule_of(model)
        for field in model._meta.concrete_fields:
            if not field.is_relation or field.related_model is None:
                continue
            to = field.related_model._meta.label
            stays = rule is not None and field.name in rule.within
            for part in _parts(past.get(to, ())):
                for key, other in rows_of(label).filter(**{f"{field.attname}__in": part}).values_list("pk", field.attname):
                    yield Link((label, key), (to, other), stays)
            if stays:
                for part in _parts(past.get(label, ())):
                    rows = rows_of(label).filter(pk__in=part).exclude(**{field.attname: None})
                    for key, other in rows.values_list("pk", field.attname):
                        yield Link((label, key), (to, other), True)


def standing(today: date) -> list[Held]:
    """The holds that stand on the day, of every partnership: what somebody holds back anywhere stays everywhere."""
    return [
        held
        for row in Hold.objects.order_by("pk")
        if (held := as_held(row)).stands(today)
    ]  # fmt: skip


def as_held(row: Hold) -> Held:
    """A hold as the rules know it."""
    return Held(HoldKind(row.kind), row.school_id or row.record_class or str(row.person_id), row.partnership_id, row.from_on, row.until_on)


def _held(past: dict[str, set[Any]], today: date) -> dict[str, set[Any]]:
    """Of the rows whose period is over, those that a hold keeps."""
    kept: dict[str, set[Any]] = {label: set() for label in past}
    for hold in standing(today):
        slug = Partnership.objects.filter(pk=hold.partnership).values_list("slug", flat=True).get()
        for label, keys in past.items():
            for condition in _covers(hold, label, slug):
                for part in _parts(keys):
                    kept[label].update(rows_of(label).filter(condition, pk__in=part).values_list("pk", flat=True))
    return kept


def _covers(hold: Held, label: str, slug: str) -> Iterator[Q]:
    """The conditions, each alone, under which a hold covers a row of a table."""
    model = ours()[label]
    if hold.kind is HoldKind.CLASS:
        if model._meta.app_label == hold.on:
            whose = belongs_to(label)
            yield Q(**{whose: slug}) if whose else Q(pk__isnull=False)
        return
    end = "registers.School" if hold.kind is HoldKind.SCHOOL else "accounts.Person"
    if label == end:
        yield Q(pk=hold.on)
    for path in paths_to(label, end):
        yield Q(**{path: hold.on})
    columns = {field.name for field in model._meta.concrete_fields}
    if hold.kind is HoldKind.SCHOOL:
        yield from (Q(**{name: hold.on}) for name in ("urn",) if name in columns)
        return
    yield from (Q(**{name: hold.on}) for name in ("by_key",) if name in columns)
    address = Person.objects.filter(pk=hold.on).values_list("email", flat=True).first()
    if address:
        yield from (Q(**{f"{name}__iexact": address}) for name in ("to_address", "email", "address") if name in columns)


def _leave_invented(past: dict[str, set[Any]]) -> None:
    """Takes out what belongs to a demonstration by its keys, and people who are invented."""
    shows = list(Partnership.objects.filter(demonstration=True).values_list("slug", flat=True))
    for label in list(past):
        whose, columns = belongs_to(label), {field.name for field in ours()[label]._meta.concrete_fields}
        out = Q()
        if whose and "__" in whose:
            out |= Q(**{f"{whose}__in": shows})
        if "fictitious" in columns:
            out |= Q(fictitious=True)
        if out:
            past[label] -= {
                key for part in _parts(past[label]) for key in rows_of(label).filter(out, pk__in=part).values_list("pk", flat=True)
            }


def _whose(rows: Iterable[Row]) -> dict[Row, str]:
    """The short name of the partnership to which each row belongs, "" for none."""
    found = dict.fromkeys(rows, "")
    keys: dict[str, list[Any]] = defaultdict(list)
    for label, key in found:
        keys[label].append(key)
    for label, of_table in keys.items():
        path = belongs_to(label)
        if path:
            for part in _parts(of_table):
                for key, slug in rows_of(label).filter(pk__in=part).values_list("pk", path):
                    found[label, key] = slug or ""
    return found


def _field(model: type[Model], path: str) -> Any:
    first, _, rest = path.partition("__")
    found: Any = model._meta.get_field(first)
    return _field(found.related_model, rest) if rest else found


def _parts(keys: Iterable[Any]) -> Iterator[list[Any]]:
    every = sorted(keys)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]
