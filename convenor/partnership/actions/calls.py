"""Calls for seats: opened, names put forward, decided or withdrawn."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction

from convenor.accounts.queries import person_by_id
from convenor.journal import actions as journal
from convenor.partnership.actions.seats import _locked_seat, _proposed, _seated
from convenor.partnership.gate import NotAllowed, Viewer, allow, day_of
from convenor.partnership.models import Appointment, Nomination, SeatCall, Tenure
from convenor.partnership.queries.holdings import in_force
from convenor.partnership.queries.whole import read_whole
from convenor.partnership.roles import Permission
from convenor.partnership.rules.filling import decide, refuse_unfit, without_holders
from convenor.partnership.rules.refusals import AlreadyThere, NotOpen, NotThere, SeatByOffice, StillOpen, TooMany, WrongDays
from convenor.partnership.rules.vocabulary import How


def open_call(
    *,
    slug: str,
    body: str,
    seat: str,
    places: int,
    closes_on: date,
    term_from_on: date,
    by: Viewer | str,
    at: datetime,
    method: str = "",
    words: str = "",
) -> SeatCall:
    """Calls for names for a seat. `closes_on` is the last day to put somebody forward; `term_from_on` the first of the term.

    `method` is how it is filled, by default as the constitution says. Raises SeatByOffice, TooMany for more places than the
    seat has, WrongDays when it would close in the past, AlreadyThere when a call for the seat is open.
    """
    allow(by, Permission.SEAT_FILL, partnership=slug)
    with transaction.atomic():
        row = _locked_seat(slug, body, seat)
        if row.filled_by == How.EX_OFFICIO:
            raise SeatByOffice(f"{row.title} comes with an office: fill the office instead. Nothing was changed.")
        if places < 1 or (row.places_maximum is not None and places > row.places_maximum):
            raise TooMany(f"{row.title} has {row.places_maximum} places: call for between 1 and {row.places_maximum}. Nothing was changed.")
        if closes_on < day_of(at):
            raise WrongDays("The closing day has gone by. Choose today or later. Nothing was changed.")
        if row.calls.filter(decided_on=None, withdrawn_why="").exists():
            raise AlreadyThere("A call for that seat is open already. Decide or withdraw it first. Nothing was changed.")
        call = SeatCall.objects.create(
            partnership_id=row.partnership_id, seat=row, places=places, method=method or row.filled_by or How.NOMINATION.value,
            words=words.strip(), opened_on=day_of(at), closes_on=closes_on, term_from_on=term_from_on,
        )  # fmt: skip
        _record(call, slug, "call.opened", by, at, detail={"places": places, "closes": closes_on.isoformat()})
    return call


def _record(
    call: SeatCall, slug: str, verb: str, by: Viewer | str, at: datetime, *, why: str = "", detail: dict[str, object] | None = None
) -> None:
    label = f"{call.seat.title}, {call.seat.body.name}"
    journal.record(
        by=by, at=at, verb=verb, subject_kind="call", subject_key=call.pk, subject_label=label, partnership=slug, why=why, detail=detail
    )


def _locked_call(slug: str, call_id: int) -> SeatCall:
    rows = SeatCall.objects.select_for_update(of=("self",)).select_related("seat__body")
    call = rows.filter(partnership__slug=slug, pk=call_id).first()
    if call is None:
        raise NotThere("There is no such call in this partnership. Nothing was changed.")
    if call.decided_on is not None or call.withdrawn_why:
        raise NotOpen("The call is closed: it was decided or withdrawn. Nothing was changed.")
    return call


def nominate(
    *, slug: str, call_id: int, person_id: int, by: Viewer | str, at: datetime, urn: str = "", role: str = "", statement: str = ""
) -> Nomination:
    """Somebody is put forward, by themselves, by their school or by the manager, up to the call's last day.

    Raises NotOpen after that, AlreadyThere when they stand already, SeatRefused when the constitution does not let them fill
    the seat, NotAllowed when a school puts forward somebody who is not of it.
    """
    allow(by, Permission.SEAT_NOMINATE, partnership=slug)
    with transaction.atomic():
        call = _locked_call(slug, call_id)
        if day_of(at) > call.closes_on:
            raise NotOpen(f"The last day to put somebody forward was {call.closes_on}. Nothing was changed.")
        person = person_by_id(person_id)
        if person is None:
            raise NotThere("There is no such person any more. Nothing was changed.")
        _allow_name(by, slug, person_id, urn, day_of(at))
        whole = read_whole(slug, members=True)
        assert whole is not None, "a call belongs to a partnership with a constitution"
        name = next((known for known, key in whole.people.items() if key == person_id), person.name)
        # Whether a place is free is for the decision; whether they may fill it at all is asked now.
        vacant = without_holders(whole.constitution, call.seat.body.key, call.seat.key)
        refuse_unfit(vacant, _proposed(call.seat, name, call.term_from_on, None, role, urn, "", call.method))
        try:
            with transaction.atomic():
                nomination = Nomination.objects.create(
                    partnership_id=call.partnership_id, call=call, person=person, school_id=urn or None, role=role, at=at,
                    statement=statement.strip(), put_forward_by=(by if isinstance(by, str) else by.label)[:200],
                )  # fmt: skip
        except IntegrityError as error:
            raise AlreadyThere(f"{person.name} stands already. Nothing was changed.") from error
        _record(call, slug, "call.nominated", by, at, detail={"person": person_id})
    return nomination


def _allow_name(by: Viewer | str, slug: str, person_id: int, urn: str, on: date) -> None:
    """A manager may put anybody forward; others themselves, or somebody who holds a post at a school they act for."""
    if isinstance(by, str) or by.may(Permission.SEAT_FILL):
        return
    if urn and urn not in by.urns:
        raise NotAllowed("You can put somebody forward only for a school you act for. Nothing was changed.")
    if person_id == by.person_id:
        return
    ours = Tenure.objects.filter(in_force(on), partnership__slug=slug, person=person_id, post__school__in=by.urns)
    if not ours.exists():
        raise NotAllowed("You can put forward yourself or somebody of your own school. Nothing was changed.")


def withdraw_call(*, slug: str, call_id: int, why: str, by: Viewer | str, at: datetime) -> SeatCall:
    """Ends a call without filling the seat, and says why. Raises NotOpen when it is decided or withdrawn already."""
    allow(by, Permission.SEAT_FILL, partnership=slug)
    with transaction.atomic():
        call = _locked_call(slug, call_id)
        call.withdrawn_why = why.strip()[:200] or "No reason was given."
        call.save()
        _record(call, slug, "call.withdrawn", by, at, why=call.withdrawn_why)
    return call


def decide_call(
    *,
    slug: str,
    call_id: int,
    by: Viewer | str,
    at: datetime,
    votes: Mapping[int, int] | None = None,
    chosen: Collection[int] | None = None,
    why: str = "",
) -> list[Appointment]:
    """Decides a call after its last day: those chosen take the seat from the first day of the term.

    `votes` and `chosen` go by the keys of the nominations; see `rules.filling.decide` for how one or the other settles it.
    All of it or nothing: raises StillOpen before the closing day is over, Undecided, and whatever an appointment may raise.
    """
    allow(by, Permission.SEAT_FILL, partnership=slug)
    with transaction.atomic():
        call = _locked_call(slug, call_id)
        seat = _locked_seat(slug, call.seat.body.key, call.seat.key)
        if day_of(at) <= call.closes_on:
            raise StillOpen(f"Names may be put forward until {call.closes_on}. Decide from the day after. Nothing was changed.")
        standing = {each.pk: each for each in call.nominations.order_by("at", "pk")}
        decision = decide(list(standing), call.places, votes=votes, chosen=chosen, why=why)
        found = [
            _seated(
                seat, slug, person_id=standing[key].person_id, from_on=call.term_from_on, until_on=None, role=standing[key].role,
                urn=standing[key].school_id or "", trust_uid="", organisation="", how=call.method, by=by, at=at,
            )
            for key in decision.chosen
        ]  # fmt: skip
        for key, nomination in standing.items():
            nomination.chosen = key in decision.chosen
            nomination.votes = votes.get(key) if votes else None
            nomination.save()
        call.decided_on, call.outcome = day_of(at), decision.words
        call.save()
        _record(call, slug, "call.decided", by, at, why=decision.words, detail={"stood": len(standing), "chosen": len(found)})
    return found
