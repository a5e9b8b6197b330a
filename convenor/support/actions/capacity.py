"""Days of a supporter: offered, booked, given back, delivered.

Two brokers who book the last day at one moment: one of them gets it and the other is told. The row is held while it is read and written,
the write itself asks once more, and the table refuses what would still pass.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from convenor.journal import actions as journal
from convenor.partnership.gate import NotAllowed, Viewer
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.support.models import CapacityYear, Supporter
from convenor.support.queries.assurances import assured_of
from convenor.support.rules import capacity as rules
from convenor.support.rules.assurance import check_in_date
from convenor.support.rules.capacity import Year
from convenor.support.rules.refusals import NoDaysLeft

#: Whoever takes part in packages may move days about; the package's own action says whose package it is.
MOVES_DAYS = (Permission.SUPPORT_BROKER, Permission.SUPPORT_GIVE, Permission.SUPPORT_ASK, Permission.DIRECTORY_KEEP)


def book(supporter_id: int, year: str, half_days: int, *, by: Viewer | str, at: datetime) -> CapacityYear:
    """Books half days of a supporter in a school year ("2026-27").

    Raises NoDaysLeft with the number that is left, AssuranceEnded where nothing vouches for them today, WrongSum, NotThere, NotAllowed.
    """
    with transaction.atomic():
        supporter, row = _held(supporter_id, year, by)
        check_in_date(supporter.name, assured_of([supporter.pk], viewer=by).get(supporter.pk, ()), day_of(at))
        rules.booked(_year(row), half_days, name=supporter.name, year=year)
        still = CapacityYear.objects.filter(pk=row.pk, half_days_booked__lte=F("half_days_offered") - half_days)
        if not still.update(half_days_booked=F("half_days_booked") + half_days):
            row.refresh_from_db()
            raise NoDaysLeft(rules.too_few(supporter.name, _year(row).left, year))
        row.refresh_from_db()
        _record(supporter, "days.booked", year, half_days, by, at)
    return row


def release(supporter_id: int, year: str, half_days: int, *, by: Viewer | str, at: datetime) -> CapacityYear:
    """Gives booked half days back: somebody else can have them. Raises WrongSum for more than are still to come, NotThere, NotAllowed."""
    with transaction.atomic():
        supporter, row = _held(supporter_id, year, by)
        row.half_days_booked = rules.released(_year(row), half_days, name=supporter.name, year=year)
        row.save(update_fields=["half_days_booked"])
        _record(supporter, "days.released", year, half_days, by, at)
    return row


def deliver(supporter_id: int, year: str, half_days: int, *, by: Viewer | str, at: datetime) -> CapacityYear:
    """Counts booked half days as delivered. Raises WrongSum for more than are booked, NotThere, NotAllowed."""
    with transaction.atomic():
        supporter, row = _held(supporter_id, year, by)
        row.half_days_delivered = rules.delivered(_year(row), half_days, name=supporter.name, year=year)
        row.save(update_fields=["half_days_delivered"])
        _record(supporter, "days.delivered", year, half_days, by, at)
    return row


def offer_days(supporter_id: int, year: str, half_days: int, *, by: Viewer | str, at: datetime) -> CapacityYear:
    """Says how many half days a supporter offers in a school year.

    They themselves may, whoever speaks for the school that lends them, and whoever keeps the directory. Raises NotAllowed, NotThere,
    WrongSum for fewer than are booked.
    """
    with transaction.atomic():
        supporter = _supporter(supporter_id)
        allow_own(supporter, by)
        CapacityYear.objects.get_or_create(supporter=supporter, year=year, defaults={"half_days_offered": 0})
        row = CapacityYear.objects.select_for_update(of=("self",)).get(supporter=supporter, year=year)
        row.half_days_offered = rules.offered(_year(row), half_days, name=supporter.name, year=year)
        row.save(update_fields=["half_days_offered"])
        _record(supporter, "days.offered", year, half_days, by, at)
    return row


def allow_own(supporter: Supporter, by: Viewer | str) -> None:
    """Raises NotAllowed unless they keep the directory, are the supporter, or speak for the school or trust whose they are."""
    if isinstance(by, str):
        return
    here = by.partnership.id if by.partnership else None
    own = supporter.person_id is not None and supporter.person_id == by.person_id and by.may(Permission.SUPPORT_GIVE)
    speaks = supporter.school_id is not None and by.may(Permission.SCHOOL_SPEAK, urn=supporter.school_id)
    trust = supporter.trust_id is not None and any(
        each.trust_uid == supporter.trust_id and each.allows(Permission.SCHOOL_SPEAK) for each in by.holdings
    )
    if here != supporter.partnership_id or not (own or speaks or trust or by.may(Permission.DIRECTORY_KEEP)):
        raise NotAllowed("You can change your own entry in the directory, and those of a school that you speak for. Nothing was changed.")


def _held(supporter_id: int, year: str, by: Viewer | str) -> tuple[Supporter, CapacityYear]:
    """A supporter and their year, held until the transaction ends. A year in which nothing was offered is a year with no days."""
    supporter = _supporter(supporter_id)
    if not isinstance(by, str):
        here = by.partnership.id if by.partnership else None
        if here != supporter.partnership_id or not any(by.may(each) for each in MOVES_DAYS):
            raise NotAllowed("You cannot book or give back days: no post you hold today allows it. Nothing was changed.")
    row = CapacityYear.objects.select_for_update(of=("self",)).filter(supporter_id=supporter_id, year=year).first()
    if row is None:
        raise NoDaysLeft(rules.too_few(supporter.name, 0, year))
    return supporter, row


def _supporter(supporter_id: int) -> Supporter:
    row = Supporter.objects.select_related("partnership").filter(pk=supporter_id).first()
    if row is None:
        raise NotThere("There is no such supporter any more. Nothing was changed.")
    return row


def _year(row: CapacityYear) -> Year:
    return Year(row.half_days_offered, row.half_days_booked, row.half_days_delivered)


def _record(supporter: Supporter, verb: str, year: str, half_days: int, by: Viewer | str, at: datetime) -> None:
    journal.record(
        by=by, at=at, verb=verb, subject_kind="supporter", subject_key=supporter.pk, subject_label=supporter.name,
        partnership=supporter.partnership.slug, urn=supporter.school_id or "", detail={"year": year, "half_days": half_days},
    )  # fmt: skip
