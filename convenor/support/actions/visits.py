"""Visits of a supporter: planned, moved, called off, held. Half days are booked, given back and delivered as they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.terms import DAY
from convenor.peer_review.rules.report import words_of
from convenor.support.actions import capacity
from convenor.support.actions.deployment_rows import WORKING, held, not_resting, package_id_of, running
from convenor.support.actions.package_rows import log, tell
from convenor.support.models import Package, Supporter, Visit
from convenor.support.queries.agreements import agreed_of
from convenor.support.queries.assurances import assured_of
from convenor.support.queries.costs import costs_of
from convenor.support.queries.standing import PackageHere
from convenor.support.queries.visits import calendar_of, diary_of, live_numbers
from convenor.support.rules import visits as rules
from convenor.support.rules.assurance import check_in_date
from convenor.support.rules.ownership import Sight
from convenor.support.rules.refusals import ChangedMeanwhile
from convenor.support.rules.states import PackageStep, Who

#: Both schools, the supporter and the broker move visits about.
EVERYBODY = (Who.RECEIVING, Who.SUPPLYING, Who.SUPPORTER, Who.BROKER)


def plan_visit(
    *, slug: str, package_id: int, on: date, half_days: int, by: Viewer, at: datetime, what: str = "", objectives: Iterable[int] = (),
    version: int | None = None,
) -> Visit:  # fmt: skip
    """Plans a visit for a day to come and books its half days; for a day that has passed, writes down that one was held.

    Raises Missing before both heads agree; WrongDay for holidays, days on which the supporter is elsewhere, and days out of reach;
    WrongSum for more than a day, or more than was agreed; NoDaysLeft, AssuranceEnded; OutOfTurn while the package is paused; what `held`
    raises. `version` is that of the package as it was read, so that a form sent twice plans one visit.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, _ = held(slug, package_id, *WORKING, sight=Sight.NOTES, by=by, at=at)
        if version is not None and version != row.version:
            raise ChangedMeanwhile(
                "This package was changed since you opened this form, perhaps by your own first press. Look at its visits before you press "
                "again. Nothing was changed.", now=row.version,
            )  # fmt: skip
        running(row)
        today, past = day_of(at), on < day_of(at)
        not_resting(row, on - DAY if past else today)  # one that was held before the pause is written down still
        agreed = agreed_of(row.pk, viewer=by)
        rules.check_may_begin(chosen=row.supporter is not None, agreed=agreed, began=row.started_on is not None)
        if past:
            diary = diary_of(row, viewer=by)
            rules.check_held(on, half_days, today=today, opened_on=row.opened_on, diary=diary)
        else:
            _check_day(row, on, half_days, by=by, at=at)
        _check_room(row, half_days, by)
        _book(row, on, half_days, by=by, at=at)
        visit = Visit.objects.create(
            package=row, supporter=_supporter(row), on=on, half_days=half_days, what=words_of(what, "what it is for", rules.WHAT_AT_MOST),
            objectives=rules.numbers_of(objectives, live_numbers(row, viewer=by)),
        )  # fmt: skip
        if past:
            _deliver(visit, on, by=by, at=at)
        log(row, PackageStep.VISITED, by=by, at=at, after=_told(visit))
        _tell(row, by, at)
    return visit


def move(
    *, slug: str, visit_id: int, on: date, by: Viewer, at: datetime, half_days: int | None = None, why: str = "",
    version: int | None = None,
) -> Visit:  # fmt: skip
    """Moves a visit that was not held yet to another day, or makes it longer or shorter; its half days go with it, across school years.

    Raises what `plan_visit` raises, OutOfTurn for one that was held or called off, ChangedMeanwhile.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        visit, row, _ = _held(slug, visit_id, by, at, version)
        running(row)
        rules.check_open(delivered=visit.delivered_on is not None, cancelled=visit.cancelled_at is not None)
        long = half_days or visit.half_days
        _check_day(row, on, long, by=by, at=at, but=visit.pk)
        _check_room(row, long, by, but=visit.pk)
        before = _told(visit)
        for each in rules.rebooking(visit.on, on, visit.half_days, long):
            if each.half_days > 0:
                capacity.book(visit.supporter_id, each.year, each.half_days, by=by, at=at)
            else:
                capacity.release(visit.supporter_id, each.year, -each.half_days, by=by, at=at)
        visit.on, visit.half_days, visit.version = on, long, visit.version + 1
        visit.save()
        log(row, PackageStep.VISITED, by=by, at=at, why=why[: rules.WHY_AT_MOST], before=before, after=_told(visit))
        _tell(row, by, at)
    return visit


def cancel(*, slug: str, visit_id: int, by: Viewer, at: datetime, why: str = "", version: int | None = None) -> Visit:
    """Calls a visit off; its half days can be booked by others again. Raises OutOfTurn for one that was held, what `held` raises."""
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        visit, row, _ = _held(slug, visit_id, by, at, version)
        rules.check_open(delivered=visit.delivered_on is not None, cancelled=visit.cancelled_at is not None)
        before = _told(visit)
        capacity.release(visit.supporter_id, rules.year_of(visit.on), visit.half_days, by=by, at=at)
        visit.cancelled_at, visit.cancelled_why, visit.version = at, why[: rules.WHY_AT_MOST], visit.version + 1
        visit.save()
        log(row, PackageStep.VISITED, by=by, at=at, before=before, after=_told(visit))
        _tell(row, by, at)
    return visit


def hold(*, slug: str, visit_id: int, by: Viewer, at: datetime, held_on: date | None = None, version: int | None = None) -> Visit:
    """A planned visit was held, on its day or on `held_on`. Raises WrongDay for a day to come, OutOfTurn, what `held` raises."""
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        visit, row, _ = _held(slug, visit_id, by, at, version)
        keep_held(visit, row, held_on or visit.on, by=by, at=at)
        log(row, PackageStep.VISITED, by=by, at=at, after=_told(visit))
    return visit


def keep_held(visit: Visit, row: Package, held_on: date, *, by: Viewer, at: datetime) -> None:
    """Counts a visit as held: part of a note that is written straight away. Raises WrongDay, OutOfTurn."""
    not_resting(row, held_on - DAY)  # on the morning of the pause it could be held
    rules.check_open(delivered=visit.delivered_on is not None, cancelled=visit.cancelled_at is not None)
    rules.check_delivered(visit.on, held_on, today=day_of(at), opened_on=row.opened_on)
    _deliver(visit, held_on, by=by, at=at)


def _held(slug: str, visit_id: int, by: Viewer, at: datetime, version: int | None) -> tuple[Visit, Package, PackageHere]:
    """A visit with its package, held until the transaction ends."""
    package_id = package_id_of(Visit, slug, visit_id, "package")
    row, here = held(slug, package_id, *EVERYBODY, sight=Sight.NOTES, by=by, at=at)
    visit = Visit.objects.select_for_update(of=("self",)).get(pk=visit_id)
    if version is not None and version != visit.version:
        raise ChangedMeanwhile(
            "Somebody changed this visit while you were reading it. Look at it as it stands now. Nothing was changed.", now=visit.version
        )  # fmt: skip
    return visit, row, here


def _supporter(row: Package) -> Supporter:
    assert row.supporter is not None, "a package with visits has a supporter"
    return row.supporter


def _check_day(row: Package, on: date, half_days: int, *, by: Viewer, at: datetime, but: int | None = None) -> None:
    """The receiving school is open, the supporter is free, and somebody vouches for them on that day."""
    calendar, diary = calendar_of(row, viewer=by), diary_of(row, viewer=by, but=but)
    rules.check_planned(on, half_days, today=day_of(at), calendar=calendar, diary=diary)
    who = _supporter(row)
    check_in_date(who.name, assured_of([who.pk], viewer=by).get(who.pk, ()), on)


def _check_room(row: Package, half_days: int, by: Viewer, but: int | None = None) -> None:
    """Visits take no more half days than were agreed, where any were priced."""
    priced = sum(each.half_days for each in costs_of(row.pk, viewer=by))
    stand = Visit.objects.filter(package=row, cancelled_at=None)
    others = (stand if but is None else stand.exclude(pk=but)).values_list("half_days", flat=True)
    rules.check_booked(sum(others), half_days, priced or None)


def _book(row: Package, on: date, half_days: int, *, by: Viewer, at: datetime) -> None:
    capacity.book(_supporter(row).pk, rules.year_of(on), half_days, by=by, at=at)


def _deliver(visit: Visit, held_on: date, *, by: Viewer, at: datetime) -> None:
    capacity.deliver(visit.supporter_id, rules.year_of(visit.on), visit.half_days, by=by, at=at)
    visit.delivered_on, visit.version = held_on, visit.version + 1
    visit.save()


def _tell(row: Package, by: Viewer, at: datetime) -> None:
    tell(row, Who.RECEIVING, Who.SUPPORTER, by=by, at=at)


def _told(visit: Visit) -> dict[str, str | int | None]:
    """A visit as the log keeps it."""
    return {
        "visit": visit.pk,
        "on": visit.on.isoformat(),
        "half_days": visit.half_days,
        "held_on": visit.delivered_on.isoformat() if visit.delivered_on else None,
        "off": "yes" if visit.cancelled_at else None,
    }
