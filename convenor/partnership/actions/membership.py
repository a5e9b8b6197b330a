"""Joining and leaving the partnership, and the bodies a school sits in."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow
from convenor.partnership.models import Body, BodySchool, Membership, Partnership, Tenure
from convenor.partnership.queries.whole import read_whole
from convenor.partnership.roles import Permission
from convenor.partnership.rules.filling import refuse_unfit_place
from convenor.partnership.rules.refusals import AlreadyThere, NotThere, WrongDays
from convenor.registers.queries.known import school_in_short


def _allow(by: Viewer | str, slug: str, urn: str) -> None:
    """The manager may record it; whoever speaks for the school may do it."""
    speaks = isinstance(by, Viewer) and by.may(Permission.SCHOOL_SPEAK, urn=urn)
    allow(by, Permission.SCHOOL_SPEAK if speaks else Permission.MEMBER_ADMIT, partnership=slug, urn=urn if speaks else None)


def _name(urn: str) -> str:
    school = school_in_short(urn, viewer=None)
    if school is None:
        raise NotThere(f"No loaded edition of the register knows a school with URN {urn}. Nothing was changed.")
    return school.name


def join(*, slug: str, urn: str, from_on: date, by: Viewer | str, at: datetime) -> Membership:
    """A school joins from a day. Membership is open to a school of any type and phase, and equal.

    Raises NotThere for a URN that no edition knows, AlreadyThere when the school is a member then or later.
    """
    _allow(by, slug, urn)
    name = _name(urn)
    with transaction.atomic():
        partnership = Partnership.objects.select_for_update(of=("self",)).get(slug=slug)
        if partnership.memberships.filter(Q(until_on=None) | Q(until_on__gt=from_on), school=urn).exists():
            raise AlreadyThere(f"{name} is a member already. Nothing was changed.")
        membership = Membership.objects.create(partnership=partnership, school_id=urn, from_on=from_on)
        journal.record(
            by=by, at=at, verb="school.joined", subject_kind="school", subject_key=urn, subject_label=name, partnership=slug, urn=urn,
            detail={"from": from_on.isoformat()},
        )  # fmt: skip
    return membership


def leave(*, slug: str, urn: str, until_on: date, why: str, by: Viewer | str, at: datetime) -> Membership:
    """A school leaves: `until_on` is its first day outside. It leaves its bodies, and its people's posts there end, the same day.

    Raises NotThere when it is no member, WrongDays when it would leave before it joined.
    """
    _allow(by, slug, urn)
    name = _name(urn)
    with transaction.atomic():
        partnership = Partnership.objects.select_for_update(of=("self",)).get(slug=slug)
        lasting = Q(until_on=None) | Q(until_on__gt=until_on)
        membership = partnership.memberships.filter(lasting, school=urn).first()
        if membership is None:
            raise NotThere(f"{name} is not a member on {until_on}. Nothing was changed.")
        if membership.from_on is not None and until_on < membership.from_on:
            raise WrongDays(f"{name} joined on {membership.from_on}: it cannot leave before that. Nothing was changed.")
        membership.until_on, membership.left_why = until_on, why[:200]
        membership.save()
        for place in BodySchool.objects.filter(lasting, partnership=partnership, school=urn):
            place.until_on = max(until_on, place.from_on) if place.from_on else until_on
            place.save()
        for tenure in Tenure.objects.filter(lasting, partnership=partnership, post__school=urn):
            tenure.until_on = max(until_on, tenure.from_on)
            tenure.save()
        journal.record(
            by=by, at=at, verb="school.left", subject_kind="school", subject_key=urn, subject_label=name, partnership=slug, urn=urn,
            why=why, detail={"until": until_on.isoformat()},
        )  # fmt: skip
    return membership


def place_in_body(*, slug: str, body: str, urn: str, from_on: date, by: Viewer | str, at: datetime) -> BodySchool:
    """A member school sits in a cluster or other body from a day; it may sit in several, as far as the constitution allows.

    `body` is its key. Raises NotThere when the school is no member or the body not in force then, AlreadyThere when it sits
    there, SeatRefused with each rule it would break (such as one cluster only).
    """
    allow(by, Permission.MEMBER_ADMIT, partnership=slug)
    name = _name(urn)
    with transaction.atomic():
        partnership = Partnership.objects.select_for_update(of=("self",)).get(slug=slug)
        whole = read_whole(slug, members=True)
        if whole is None:
            raise NotThere("The partnership has no constitution yet. Nothing was changed.")
        if BodySchool.objects.filter(
            Q(until_on=None) | Q(until_on__gt=from_on), body__key=body, partnership=partnership, school=urn
        ).exists():
            raise AlreadyThere(f"{name} sits there already. Nothing was changed.")
        refuse_unfit_place(whole.constitution, urn, body, from_on)
        try:
            with transaction.atomic():
                place = BodySchool.objects.create(partnership=partnership, body_id=whole.body_ids[body], school_id=urn, from_on=from_on)
        except IntegrityError as error:
            raise AlreadyThere(f"{name} sits there already. Nothing was changed.") from error
        journal.record(
            by=by, at=at, verb="school.placed", subject_kind="body", subject_key=body, partnership=slug,
            subject_label=f"{name}, {_body_name(whole.body_ids[body])}", urn=urn, detail={"from": from_on.isoformat()},
        )  # fmt: skip
    return place


def _body_name(pk: int) -> str:
    return Body.objects.values_list("name", flat=True).get(pk=pk)


def take_out_of_body(*, slug: str, body: str, urn: str, until_on: date, by: Viewer | str, at: datetime, why: str = "") -> BodySchool:
    """A school sits in a body no longer from a day. Raises NotThere when it does not sit there, WrongDays when it came later."""
    allow(by, Permission.MEMBER_ADMIT, partnership=slug)
    name = _name(urn)
    with transaction.atomic():
        rows = BodySchool.objects.select_for_update(of=("self",)).select_related("body")
        place = rows.filter(Q(until_on=None) | Q(until_on__gt=until_on), partnership__slug=slug, body__key=body, school=urn).first()
        if place is None:
            raise NotThere(f"{name} does not sit there on {until_on}. Nothing was changed.")
        if place.from_on is not None and until_on < place.from_on:
            raise WrongDays(f"{name} came on {place.from_on}: it cannot leave before that. Nothing was changed.")
        place.until_on = until_on
        place.save()
        journal.record(
            by=by, at=at, verb="school.moved-out", subject_kind="body", subject_key=body, subject_label=f"{name}, {place.body.name}",
            partnership=slug, urn=urn, why=why, detail={"until": until_on.isoformat()},
        )  # fmt: skip
    return place
