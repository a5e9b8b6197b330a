"""Filling seats and leaving them, naming who follows, and handing over."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from convenor.accounts.queries import person_by_id
from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.models import Appointment, Seat
from convenor.partnership.queries.whole import read_whole
from convenor.partnership.roles import Permission
from convenor.partnership.rules import constitution as rules
from convenor.partnership.rules.filling import refuse_unfit
from convenor.partnership.rules.published import phase_key, type_key
from convenor.partnership.rules.refusals import AlreadyThere, NotThere, WrongDays
from convenor.partnership.rules.vocabulary import How
from convenor.post import actions as post
from convenor.registers.queries.known import school_in_short


def appoint(
    *,
    slug: str,
    body: str,
    seat: str,
    person_id: int,
    from_on: date,
    by: Viewer | str,
    at: datetime,
    until_on: date | None = None,
    role: str = "",
    urn: str = "",
    trust_uid: str = "",
    organisation: str = "",
    how: str = "",
) -> Appointment:
    """Somebody takes a seat from a day. Of two who would take the last place at the same moment, one gets it and the other is told.

    `body` and `seat` are their keys; `role` is a role of the constitution (headteacher, governor ...); `urn` the school they
    come from. Raises what `rules.filling.refuse_unfit` raises when the constitution does not allow it, NotThere when there is
    no such person, AlreadyThere when they hold that very seat from that day.
    """
    allow(by, Permission.SEAT_FILL, partnership=slug)
    with transaction.atomic():
        row = _locked_seat(slug, body, seat)
        appointment = _seated(
            row, slug, person_id=person_id, from_on=from_on, until_on=until_on, role=role, urn=urn, trust_uid=trust_uid,
            organisation=organisation, how=how, by=by, at=at,
        )  # fmt: skip
    return appointment


def _locked_seat(slug: str, body: str, seat: str) -> Seat:
    """The seat, held until the transaction ends, so that nobody else fills it meanwhile."""
    row = (
        Seat.objects.select_for_update(of=("self",)).select_related("body").filter(partnership__slug=slug, body__key=body, key=seat).first()
    )
    if row is None:
        raise NotThere("The constitution has no such seat. Nothing was changed.")
    return row


def _seated(
    row: Seat, slug: str, *, person_id: int, from_on: date, until_on: date | None, role: str, urn: str, trust_uid: str,
    organisation: str, how: str, by: Viewer | str, at: datetime,
) -> Appointment:  # fmt: skip
    """The rule, the row, the journal and the letter of one appointment, the seat being locked."""
    person = person_by_id(person_id)
    if person is None:
        raise NotThere("There is no such person any more. Nothing was changed.")
    whole = read_whole(slug, members=True)
    assert whole is not None, "a seat belongs to a partnership with a constitution"
    how = how or row.filled_by
    name = next((known for known, key in whole.people.items() if key == person_id), person.name)
    refuse_unfit(whole.constitution, _proposed(row, name, from_on, until_on, role, urn, trust_uid, how))
    try:
        with transaction.atomic():
            appointment = Appointment.objects.create(
                partnership_id=row.partnership_id, seat=row, person=person, school_id=urn or None, trust_id=trust_uid or None,
                organisation=organisation, role=role, how=how, from_on=from_on, until_on=until_on,
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadyThere(f"{person.name} holds that seat from that day already. Nothing was changed.") from error
    journal.record(
        by=by, at=at, verb="seat.filled", subject_kind="seat", subject_key=f"{row.body.key}/{row.key}", partnership=slug, urn=urn,
        subject_label=f"{row.title}, {row.body.name}", detail={"person": person_id, "from": from_on.isoformat(), "how": how},
    )  # fmt: skip
    if person.email:
        post.enqueue(
            by=by, at=at, to_address=person.email, to_name=person.name, kind="seat-filled", partnership=slug,
            subject=f"{row.title}, {row.body.name}",
            body=f"You hold the seat {row.title} on {row.body.name} from {from_on:%-d %B %Y}. Sign in to see what comes with it.",
        )  # fmt: skip
    return appointment


def _proposed(
    row: Seat, name: str, from_on: date, until_on: date | None, role: str, urn: str, trust_uid: str, how: str
) -> rules.Appointment:
    """The appointment as the rules know it, with the school's phase, type and trust from the register."""
    school = school_in_short(urn, viewer=None) if urn else None
    if urn and school is None:
        raise NotThere(f"No loaded edition of the register knows a school with URN {urn}. Nothing was changed.")
    return rules.Appointment(
        body=row.body.key, seat=row.key, person=name, from_on=from_on, until_on=until_on, role=role, school=urn,
        trust=(school.trust if school else "") or trust_uid, federation=school.federation if school else "",
        phase=phase_key(school.phase) if school else "", type=type_key(school.type_name) if school else "",
        how=How(how) if how else None,
    )  # fmt: skip


def _locked_appointment(slug: str, appointment_id: int) -> Appointment:
    rows = Appointment.objects.select_for_update(of=("self",)).select_related("seat__body", "person")
    found = rows.filter(partnership__slug=slug, pk=appointment_id).first()
    if found is None:
        raise NotThere("There is no such appointment in this partnership. Nothing was changed.")
    return found


def _label(row: Appointment) -> str:
    return f"{row.seat.title}, {row.seat.body.name}"


def end_appointment(*, slug: str, appointment_id: int, until_on: date, why: str, by: Viewer | str, at: datetime) -> Appointment:
    """Somebody leaves a seat: `until_on` is the first day on which they no longer hold it, and what it allowed ends that day.

    Raises WrongDays when that lies before they took it, AlreadyThere when their time ends by then anyway.
    """
    allow(by, Permission.SEAT_FILL, partnership=slug)
    with transaction.atomic():
        row = _locked_appointment(slug, appointment_id)
        if row.from_on is not None and until_on < row.from_on:
            raise WrongDays(f"{row.person.name} took the seat on {row.from_on}: it cannot end before that. Nothing was changed.")
        if row.until_on is not None and row.until_on <= until_on:
            raise AlreadyThere(f"Their time in the seat ends on {row.until_on} already. Nothing was changed.")
        row.until_on, row.ended_why = until_on, why[:200]
        row.save()
        journal.record(
            by=by, at=at, verb="seat.left", subject_kind="seat", subject_key=f"{row.seat.body.key}/{row.seat.key}", why=why,
            subject_label=_label(row), partnership=slug, urn=row.school_id or "",
            detail={"person": row.person_id, "until": until_on.isoformat()},
        )  # fmt: skip
    return row


def _allow_holder(row: Appointment, by: Viewer | str, slug: str) -> None:
    """The manager may, and whoever holds the seat today."""
    if isinstance(by, Viewer) and by.person_id == row.person_id and by.may(Permission.HAND_OVER_WRITE, body_id=row.seat.body_id):
        allow(by, Permission.HAND_OVER_WRITE, partnership=slug)
        return
    allow(by, Permission.SEAT_FILL, partnership=slug)


def name_successor(*, slug: str, appointment_id: int, person_id: int | None, by: Viewer | str, at: datetime) -> Appointment:
    """Says who is to follow in a seat, or, with None, that nobody is named any more. Naming fills no seat: that is an appointment.

    The manager and the holder of the seat may. Raises NotThere for somebody who is not known.
    """
    with transaction.atomic():
        row = _locked_appointment(slug, appointment_id)
        _allow_holder(row, by, slug)
        person = person_by_id(person_id) if person_id is not None else None
        if person_id is not None and person is None:
            raise NotThere("There is no such person any more. Nothing was changed.")
        row.successor = person
        row.save()
        journal.record(
            by=by, at=at, verb="successor.named" if person else "successor.unnamed", subject_kind="seat", partnership=slug,
            subject_key=f"{row.seat.body.key}/{row.seat.key}", subject_label=_label(row), detail={"person": person_id},
        )  # fmt: skip
    return row


def write_hand_over(*, slug: str, appointment_id: int, words: str, by: Viewer | str, at: datetime) -> Appointment:
    """Writes what the next holder of a seat needs to know. The manager and the holder may; the note stays when the holder leaves."""
    with transaction.atomic():
        row = _locked_appointment(slug, appointment_id)
        _allow_holder(row, by, slug)
        row.hand_over = words.strip()
        row.save()
        journal.record(
            by=by, at=at, verb="hand-over.written", subject_kind="seat", subject_key=f"{row.seat.body.key}/{row.seat.key}",
            subject_label=_label(row), partnership=slug, detail={"on": day_of(at).isoformat()},
        )  # fmt: skip
    return row
