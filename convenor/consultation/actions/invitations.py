"""Asking every school, and asking again those not yet heard from: by letter, never more than one a week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from convenor.consultation.actions.consultation_rows import locked
from convenor.consultation.models import Consultation, Invitation, Response
from convenor.consultation.queries.people import addressees, reach
from convenor.consultation.rules.rates import LAST_CALL, last_call, may_write, size_band
from convenor.consultation.rules.refusals import NotOpen
from convenor.consultation.rules.states import ConsultationState, ResponseKind, ResponseState
from convenor.journal import actions as journal
from convenor.partnership.gate import ANYONE, NotAllowed, Viewer, allow, day_of
from convenor.partnership.queries.members import broad_type, members
from convenor.partnership.roles import Permission
from convenor.post.actions import Addressed, enqueue_all

INVITED, REMINDED, CHANGED = "consultation-invitation", "consultation-reminder", "consultation-changed"


def ask_schools(row: Any, *, by: Viewer | str, at: datetime) -> tuple[int, int]:
    """An invitation for each member school of the day, with its groups as they are, and letters: (schools, letters).

    Called in the transaction that opens the consultation.
    """
    seen = members(row.partnership.slug, viewer=ANYONE, at=at)
    everyone = seen.shown if seen else ()
    Invitation.objects.bulk_create(
        Invitation(
            consultation=row, school_id=each.urn, phase=each.phase[:40], type=broad_type(each)[:60], trust=each.trust[:200],
            cluster=each.clusters[0][:200] if each.clusters else "", size=size_band(each.pupils),
        )
        for each in everyone
    )  # fmt: skip
    rows = list(Invitation.objects.filter(consultation=row).select_related("school"))
    return len(rows), _write(row, rows, INVITED, by=by, at=at)


def remind(*, slug: str, consultation_id: int, by: Viewer, at: datetime, urns: Sequence[str] | None = None) -> int:
    """A letter to schools that were asked and are not yet heard from; how many letters. Never a second one within a week.

    The manager reminds any, the lead of a body its own schools. Raises NotAllowed, NotThere, NotOpen where no answers are taken.
    """
    allow(by, Permission.ENGAGEMENT_FOLLOW_UP, partnership=slug)
    with transaction.atomic():
        row = locked(slug, consultation_id)
        on = day_of(at)
        if row.state != ConsultationState.OPEN.value or not row.opens_on <= on <= row.closes_on:
            raise NotOpen("It takes no answers now, so nobody is reminded.")
        mine = reach(viewer=by, at=at)
        if mine is not None and urns is not None and not set(urns) <= mine:
            raise NotAllowed("You can remind schools of a body you lead. Nothing was sent.")
        rows = [each for each in _silent(row) if (mine is None or each.school_id in mine) and (urns is None or each.school_id in urns)]
        due = [each for each in rows if _rested(each, on)]
        count = _write(row, due, REMINDED, by=by, at=at)
        journal.record(
            by=by, at=at, verb="consultation.reminded", subject_kind="consultation", subject_key=row.pk, subject_label=row.title,
            partnership=slug, detail={"schools": len(due), "letters": count},
        )  # fmt: skip
    return count


def remind_last(*, by: str, at: datetime) -> int:
    """In the last week of each open consultation, one letter to those not yet heard from; how many letters. What the worker calls."""
    on = day_of(at)
    count = 0
    near = Consultation.objects.filter(state=ConsultationState.OPEN.value, closes_on__gte=on, closes_on__lte=on + LAST_CALL)
    for slug, pk in near.values_list("partnership__slug", "pk"):
        with transaction.atomic():
            row = locked(slug, pk)
            due = [each for each in _silent(row) if _last_call(each, row, on)]
            if due:
                count += _write(row, due, REMINDED, by=by, at=at)
    return count


def tell_of_change(row: Any, made: Any, *, by: Viewer, at: datetime) -> int:
    """Tells every school that answered an earlier version that there is a new one, what is different, and that it may change its answer."""
    answered = Response.objects.filter(
        consultation=row, kind=ResponseKind.SCHOOL.value, state=ResponseState.SENT.value, proposition__number__lt=made.number
    )
    urns = list(answered.values_list("school_id", flat=True))
    found = addressees(row.partnership_id, urns, viewer="the system", on=day_of(at))
    letters = [
        Addressed(
            each.email, each.name, f"Changed since you answered: {row.title}"[:180],
            f"Dear {each.name},\n\nThe proposition has changed since your school answered. What is different:\n\n{made.changes}\n\n"
            f"Your answer stands as one to version {made.number - 1} or earlier, and is counted so. You may change it until "
            f"{_day(row.closes_on)}:\n\n{_address(row, urn)}\n",
        )
        for urn, some in found.items() for each in some
    ]  # fmt: skip
    return enqueue_all(by=by, at=at, letters=letters, kind=CHANGED, partnership=row.partnership.slug)


def _silent(row: Any) -> list[Any]:
    heard = Response.objects.filter(consultation=row, state=ResponseState.SENT.value).exclude(school=None).values("school_id")
    return list(Invitation.objects.select_for_update(of=("self",)).filter(consultation=row).exclude(school_id__in=heard))


def _rested(each: Any, on: Any) -> bool:
    return may_write(
        invited_on=day_of(each.invited_at) if each.invited_at else None, reminded_on=day_of(each.reminded_at) if each.reminded_at else None,
        on=on,
    )  # fmt: skip


def _last_call(each: Any, row: Any, on: Any) -> bool:
    return last_call(
        invited_on=day_of(each.invited_at) if each.invited_at else None, reminded_on=day_of(each.reminded_at) if each.reminded_at else None,
        closes_on=row.closes_on, on=on,
    )  # fmt: skip


def _write(row: Any, invitations: Iterable[Any], kind: str, *, by: Viewer | str, at: datetime) -> int:
    """One letter to each person who is written to, however many schools they lead; and each invitation notes that it was sent."""
    rows = list(invitations)
    found = addressees(row.partnership_id, [each.school_id for each in rows], viewer="the system", on=day_of(at))
    people: dict[str, tuple[str, list[str]]] = {}
    for each in rows:
        for one in found.get(each.school_id, ()):
            people.setdefault(one.email, (one.name, []))[1].append(each.school_id)
        if each.school_id in found:
            if kind == INVITED:
                each.invited_at = at
            else:
                each.reminded_at, each.reminders = at, each.reminders + 1
    Invitation.objects.bulk_update([each for each in rows if each.school_id in found], ["invited_at", "reminded_at", "reminders"])
    letters = [_letter(row, email, name, urns, kind) for email, (name, urns) in people.items()]
    return enqueue_all(by=by, at=at, letters=letters, kind=kind, partnership=row.partnership.slug)


def _letter(row: Any, email: str, name: str, urns: list[str], kind: str) -> Addressed:
    asks = "would like to hear your school's answer" if kind == INVITED else "has not yet heard from your school, and would like to"
    where = "\n".join(_address(row, urn) for urn in urns)
    return Addressed(
        email, name, (row.title if kind == INVITED else f"Until {_day(row.closes_on)}: {row.title}")[:180],
        f"Dear {name},\n\n{row.partnership.name} {asks}: {row.title}.\n\n{row.says}\n\nIt takes about six minutes, on a phone too. You can "
        f"stop and go on later, and hand it to a colleague. The last day is {_day(row.closes_on)}.\n\n{where}\n\n"
        "Each school has one answer. Whatever it says, and whether or not it answers, your school stays as welcome as it was.\n",
    )  # fmt: skip


def _address(row: Any, urn: str) -> str:
    """Where the school answers."""
    return address_of(row, f"answer/{urn}/")


def address_of(row: Any, page: str) -> str:
    """Where a page of a consultation stands. The host is the first that this deployment serves: letters leave without a request, too."""
    host = next((each for each in settings.ALLOWED_HOSTS if each[:1] not in ".*"), "")
    root = f"{'https' if settings.HTTPS else 'http'}://{host}" if host else "Convenor: "
    return f"{root}/p/{row.partnership.slug}/consultations/{row.pk}/{page}"


def _day(on: Any) -> str:
    return f"{on.day} {on:%B %Y}"
