"""The list of packages: each viewer finds those in which they have a part, whoever follows them finds all. Never what was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Max, Q, QuerySet

from convenor.accounts.models import Person
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission
from convenor.support.models import Package, PackageTask
from convenor.support.rules.listing import STATUS_SAYS, Asked, opened_between
from convenor.support.rules.ownership import SUPPLIER_READS_FOR
from convenor.support.rules.states import PackageStatus, TaskStatus, Who
from convenor.support.rules.tasks import said_on
from convenor.support.rules.workflows import Workflow, kept_workflow

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

PAGE_SIZE = 50
OPEN = (TaskStatus.NOT_STARTED.value, TaskStatus.IN_PROGRESS.value)
GOING = (PackageStatus.WAITS.value, PackageStatus.ON_ITS_WAY.value)


@dataclass(frozen=True, slots=True)
class PackageLine:
    """One package in a list. `turn` is whose next task is due first, None where nothing is due; `own`: it is of the viewer's own school."""

    pk: int
    urn: str
    school: str
    fictitious: bool
    supporter: str
    broker: str
    workflow: str
    state: str
    status: PackageStatus
    opened_on: date
    next_due_on: date | None
    turn: Who | None
    own: bool
    what: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing to filter by, and how many packages it has."""

    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class PackagesSeen:
    """A page of the list. The facets count what this viewer may see, whatever is filtered."""

    lines: tuple[PackageLine, ...]
    found: int
    total: int
    page: int
    pages: int
    statuses: tuple[Facet, ...]
    states: tuple[Facet, ...]
    brokers: tuple[Facet, ...]
    follows: bool
    on: date


def seen_by(*, viewer: Viewer, at: date | datetime) -> QuerySet[Package]:
    """The packages of this partnership in which the viewer has a part today; all for whoever follows or signs off.

    The same as `standing.package_here` answers for each; a test holds the two together. No query.
    """
    here = viewer.partnership
    if here is None or viewer.person_id is None:
        return Package.objects.none()
    rows = Package.objects.filter(partnership_id=here.id)
    if follows(viewer):
        return rows
    on = day_of(at)
    own = [urn for urn in viewer.urns if viewer.sees_record(urn)]
    supplying = Q(supporter__school_id__in=own)
    if viewer.may(Permission.SUPPORT_GIVE):
        supplying |= Q(supporter__person_id=viewer.person_id)
    parts = Q(school_id__in=own) | supplying & (Q(ended_on=None) | Q(ended_on__gte=on - SUPPLIER_READS_FOR))
    if viewer.may(Permission.SUPPORT_BROKER):
        parts |= Q(broker_id=viewer.person_id)
    return rows.filter(parts)


def follows(viewer: Viewer) -> bool:
    """Whether this viewer sees states and dates of every package of the partnership."""
    asked = (Permission.PACKAGE_FOLLOW, Permission.PACKAGE_SIGN_OFF)
    return any(each.body_id is None and each.allows(permission) for each in viewer.holdings for permission in asked)


def packages(slug: str, *, viewer: Viewer, at: datetime, asked: Asked = Asked()) -> PackagesSeen | None:  # noqa: B008 - frozen
    """A page of the packages that this viewer may see, the longest due first; None outside the partnership. Seven queries at most."""
    here = viewer.partnership
    if here is None or here.slug != slug:
        return None
    on = day_of(at)
    everything = seen_by(viewer=viewer, at=at)
    counts: list[Any] = list(
        everything.order_by()
        .values("workflow_key", "workflow_version", "state", "status", "broker_id")
        .annotate(n=Count("pk"), any=Max("pk"))
    )
    total = sum(each["n"] for each in counts)
    late = everything.filter(_late(on)).count() if total else 0
    flows = _flows(counts)
    rows = _narrowed(everything, asked, on)
    found = rows.count() if _asks(asked) else total
    pages = max(1, -(-found // PAGE_SIZE))
    page = min(max(asked.page, 1), pages)
    chosen = _page(rows, page) if found else []
    turns = _turns([each.pk for each in chosen])
    return PackagesSeen(
        tuple(_line(each, flows, turns, viewer, on) for each in chosen), found, total, page, pages, _statuses(counts, late),
        _states(counts, flows), _brokers(counts), follows(viewer), on,
    )  # fmt: skip


def _late(on: date) -> Q:
    return Q(status__in=GOING, next_due_on__lt=on)


def _asks(asked: Asked) -> bool:
    return asked.status is not None or bool(asked.state) or asked.age is not None or asked.broker is not None


def _narrowed(rows: QuerySet[Package], asked: Asked, on: date) -> QuerySet[Package]:
    """Only what is asked for. A status of the list is what it says: one that is late does not also stand under "on its way"."""
    if asked.status is PackageStatus.LATE:
        rows = rows.filter(_late(on))
    elif asked.status is not None:
        rows = rows.filter(status=asked.status.value).exclude(_late(on))
    if asked.state:
        key, _, state = asked.state.partition(":")
        rows = rows.filter(workflow_key=key, state=state)
    if asked.age is not None:
        after, until = opened_between(asked.age, on)
        rows = rows.filter(opened_on__gt=after, opened_on__lte=until)
    if asked.broker is not None:
        rows = rows.filter(broker_id=asked.broker or None)
    return rows


def _page(rows: QuerySet[Package], page: int) -> list[Package]:
    """One page, its keys found first: what stands in a row is fetched for fifty and not for all."""
    begin = (page - 1) * PAGE_SIZE
    ordered = rows.order_by(F("next_due_on").asc(nulls_last=True), "opened_on", "pk")
    keys = list(ordered.values_list("pk", flat=True)[begin : begin + PAGE_SIZE])
    fetched = Package.objects.filter(pk__in=keys).select_related("school", "supporter", "broker").defer("workflow", "title")
    by_key = {each.pk: each for each in fetched}
    return [by_key[key] for key in keys if key in by_key]


def _flows(counts: list[dict[str, Any]]) -> dict[tuple[str, int], Workflow]:
    """The workflows that packages keep, by key and version: one kept copy of each. One query."""
    newest: dict[tuple[str, int], int] = {}
    for each in counts:
        key = (each["workflow_key"], each["workflow_version"])
        newest[key] = max(newest.get(key, 0), each["any"])
    kept = dict(Package.objects.filter(pk__in=newest.values()).values_list("pk", "workflow")) if newest else {}
    return {key: kept_workflow(kept[pk]) for key, pk in newest.items() if pk in kept}


def _turns(keys: list[int]) -> dict[int, tuple[Who, str]]:
    """Whose task of each package is due first, and which. One query."""
    rows = PackageTask.objects.filter(package_id__in=keys, status__in=OPEN).exclude(due_on=None).order_by("due_on", "id")
    found: dict[int, tuple[Who, str]] = {}
    for package_id, who, key in rows.values_list("package_id", "who", "key") if keys else ():
        found.setdefault(package_id, (Who(who), key))
    return found


def _line(
    row: Package, flows: Mapping[tuple[str, int], Workflow], turns: Mapping[int, tuple[Who, str]], viewer: Viewer, on: date
) -> PackageLine:  # fmt: skip
    flow = flows.get((row.workflow_key, row.workflow_version))
    turn, key = turns.get(row.pk, (None, ""))
    resting = PackageStatus(row.status).value not in GOING
    return PackageLine(
        row.pk, row.school_id, row.school.name, row.school.fictitious, row.supporter.name if row.supporter else "",
        row.broker.name if row.broker else "", flow.name if flow else row.workflow_key, _state_name(flow, row.state),
        said_on(PackageStatus(row.status), row.next_due_on, on), row.opened_on, row.next_due_on, None if resting else turn,
        viewer.sees_record(row.school_id), "" if resting else _task_name(flow, key),
    )  # fmt: skip


def _state_name(flow: Workflow | None, state: str) -> str:
    return next((each.name for each in flow.states if each.key == state), state) if flow is not None else state


def _task_name(flow: Workflow | None, key: str) -> str:
    """The name of a task or, after "timer:", of a time limit."""
    if flow is None or not key:
        return ""
    if key.startswith("timer:"):
        return next((each.name for each in flow.timers if f"timer:{each.key}" == key), "")
    try:
        return flow.task(key).name
    except KeyError:
        return ""


def _statuses(counts: list[dict[str, Any]], late: int) -> tuple[Facet, ...]:
    found = {status: sum(each["n"] for each in counts if each["status"] == status.value) for status in PackageStatus}
    found[PackageStatus.LATE] = late
    return tuple(Facet(status.value, STATUS_SAYS[status], number) for status, number in found.items() if number)


def _states(counts: list[dict[str, Any]], flows: Mapping[tuple[str, int], Workflow]) -> tuple[Facet, ...]:
    """States in the order of their workflow; named with it where there are several."""
    many = len({key for key, _ in flows}) > 1
    found: dict[str, Facet] = {}
    for (key, _), flow in sorted(flows.items()):
        for state in flow.states:
            number = sum(each["n"] for each in counts if (each["workflow_key"], each["state"]) == (key, state.key))
            if number:
                label = f"{flow.name}: {state.name}" if many else state.name
                found[f"{key}:{state.key}"] = Facet(f"{key}:{state.key}", label, number)
    return tuple(found.values())


def _brokers(counts: list[dict[str, Any]]) -> tuple[Facet, ...]:
    numbers: dict[int, int] = {}
    for each in counts:
        numbers[each["broker_id"] or 0] = numbers.get(each["broker_id"] or 0, 0) + each["n"]
    names = dict(Person.objects.filter(pk__in=numbers).values_list("pk", "name")) if numbers else {}
    found = [Facet(str(pk), names.get(pk, "No broker"), number) for pk, number in numbers.items()]
    return tuple(sorted(found, key=lambda each: (each.key == "0", each.label)))
