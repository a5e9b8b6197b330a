"""Seats and elections: what is empty, who may fill it, who follows, and how a call comes out."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from convenor.partnership import actions, forms
from convenor.partnership.gate import Permission
from convenor.partnership.queries import seats as queries
from convenor.partnership.queries.seats import CallPage, SeatsSeen
from convenor.partnership.queries.structure import BodySeen, SeatSeen
from convenor.partnership.views.pages import ActionPage, PartnershipPage


class Seats(PartnershipPage):
    """Every seat at a glance, for members; with what may be done about it, for the manager."""

    permission = Permission.PARTNERSHIP_SEE
    tab = "seats"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Empty seats, terms ending, calls."""
        seen: SeatsSeen = self.found(queries.seats(slug, viewer=self.viewer, at=self.today))
        calls_room = "elections" not in seen.here.rooms_off
        return self.page("partnership/seats.jinja", seen=seen, calls_room=calls_room)


class SeatAction(ActionPage):
    """An action about one seat of one body."""

    permission = Permission.SEAT_FILL
    tab = "seats"

    @cached_property
    def seen(self) -> SeatsSeen:
        """Every seat."""
        return self.found(queries.seats(self.slug, viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]

    @cached_property
    def place(self) -> tuple[BodySeen, SeatSeen]:
        """The body and seat of the address."""
        body = self.seen.structure.body(self.kwargs["body"])
        seat = next((each for each in body.seat_list if each.key == self.kwargs["seat"]), None) if body else None
        if body is None or seat is None:
            raise Http404("There is no such seat.")
        return body, seat

    def about(self) -> dict[str, Any]:
        body, seat = self.place
        return {"title": f"{self.title}: {seat.title}", "eyebrow": body.name, "seat": seat, "body": body}


class OpenCall(SeatAction):
    """Call for names for a seat."""

    room = "elections"
    title, button, done = "Call for names", "Open the call", "The call is open. Members see it on their seats page."

    def form(self, data: Any = None) -> forms.CallForm:
        _, seat = self.place
        start = {
            "places": max(1, len(seat.empty_since)),
            "closes_on": self.today + timedelta(days=21),
            "term_from_on": self.today + timedelta(days=42),
        }
        return forms.CallForm(data, initial=start)

    def perform(self, form: Any) -> None:
        body, seat = self.place
        actions.open_call(slug=self.slug, body=body.key, seat=seat.key, by=self.viewer, at=self.now, **form.cleaned_data)


class Appoint(SeatAction):
    """Somebody takes a seat."""

    title, button = "Fill the seat", "Record the appointment"
    done = "The appointment is recorded. If we have their address, a letter tells them."

    def form(self, data: Any = None) -> forms.AppointForm:
        people = queries.people_to_choose(self.slug, viewer=self.viewer, at=self.today)
        return forms.AppointForm(data, people=people, initial={"from_on": self.today})

    def perform(self, form: Any) -> None:
        body, seat = self.place
        chosen, given = form.chosen, form.cleaned_data
        actions.appoint(
            slug=self.slug, body=body.key, seat=seat.key, person_id=chosen.person_id, urn=chosen.urn, role=chosen.role,
            from_on=given["from_on"], until_on=given["until_on"], how=given["how"], by=self.viewer, at=self.now,
        )  # fmt: skip


class AppointmentAction(ActionPage):
    """An action about one appointment."""

    permission = Permission.SEAT_FILL
    tab = "seats"

    @cached_property
    def appointment(self) -> queries.AppointmentSeen:
        """The appointment of the address."""
        found = queries.appointment(self.slug, self.kwargs["appointment"], viewer=self.viewer, at=self.today)
        return self.found(found)  # type: ignore[no-any-return]

    def about(self) -> dict[str, Any]:
        one = self.appointment
        return {"title": f"{self.title}: {one.name}", "eyebrow": f"{one.title}, {one.body_name}"}


class EndAppointment(AppointmentAction):
    """Somebody leaves a seat."""

    title, button = "End the appointment", "End the appointment"
    lede = "What the seat allowed ends on that day. Who sat there, and any hand-over note, stays on record."
    done = "The end of the appointment is recorded."

    def form(self, data: Any = None) -> forms.EndForm:
        return forms.EndForm(data, initial={"until_on": self.today})

    def perform(self, form: Any) -> None:
        actions.end_appointment(slug=self.slug, appointment_id=self.kwargs["appointment"], by=self.viewer, at=self.now, **form.cleaned_data)


class Successor(AppointmentAction):
    """Who follows in a seat. The holder may say it too."""

    permission = Permission.PARTNERSHIP_SEE
    title, button, done = "Who follows", "Save who follows", "Saved."

    def form(self, data: Any = None) -> forms.SuccessorForm:
        self._own_or_manager()
        return forms.SuccessorForm(data, people=queries.people_to_choose(self.slug, viewer=self.viewer, at=self.today))

    def _own_or_manager(self) -> None:
        if not self.appointment.may_write:
            raise Http404("That is for the holder of the seat and the partnership manager.")

    def perform(self, form: Any) -> None:
        person = form.chosen.person_id if form.cleaned_data["person"] else None
        actions.name_successor(slug=self.slug, appointment_id=self.kwargs["appointment"], person_id=person, by=self.viewer, at=self.now)


class HandOver(AppointmentAction):
    """What the next holder needs to know. The holder may write it too."""

    permission = Permission.PARTNERSHIP_SEE
    title, button, done = "Hand-over note", "Save the note", "The note is saved. It stays with the seat."
    lede = "Read by whoever follows, by the holder and by the partnership manager."

    def form(self, data: Any = None) -> forms.HandOverForm:
        if not self.appointment.may_write:
            raise Http404("That is for the holder of the seat and the partnership manager.")
        return forms.HandOverForm(data, initial={"words": self.appointment.hand_over})

    def perform(self, form: Any) -> None:
        actions.write_hand_over(slug=self.slug, appointment_id=self.kwargs["appointment"], by=self.viewer, at=self.now, **form.cleaned_data)


class Call(PartnershipPage):
    """One call: what is asked, who stands, and what this viewer may do."""

    permission = Permission.PARTNERSHIP_SEE
    tab, room = "seats", "elections"

    def get(self, request: HttpRequest, slug: str, call: int) -> HttpResponse:
        """The call."""
        return self.page("partnership/call.jinja", seen=self.found(queries.call(slug, call, viewer=self.viewer, at=self.today)))


class CallAction(ActionPage):
    """An action about one call."""

    permission = Permission.SEAT_FILL
    tab, room = "seats", "elections"

    @cached_property
    def seen(self) -> CallPage:
        """The call of the address."""
        return self.found(queries.call(self.slug, self.kwargs["call"], viewer=self.viewer, at=self.today))  # type: ignore[no-any-return]

    def about(self) -> dict[str, Any]:
        return {"title": f"{self.title}: {self.seen.call.title}", "eyebrow": self.seen.call.body_name, "call": self.seen.call}

    def back(self) -> str:
        return reverse("seat-call", args=[self.slug, self.kwargs["call"]])


class Nominate(CallAction):
    """Put somebody forward."""

    permission = Permission.SEAT_NOMINATE
    title, button, done = "Put somebody forward", "Put forward", "The name is put forward."

    def form(self, data: Any = None) -> forms.NominateForm:
        return forms.NominateForm(data, people=queries.people_to_choose(self.slug, viewer=self.viewer, at=self.today))

    def perform(self, form: Any) -> None:
        chosen = form.chosen
        actions.nominate(
            slug=self.slug, call_id=self.kwargs["call"], person_id=chosen.person_id, urn=chosen.urn, role=chosen.role,
            statement=form.cleaned_data["statement"], by=self.viewer, at=self.now,
        )  # fmt: skip


class WithdrawCall(CallAction):
    """End a call without filling the seat."""

    title, button, done = "Withdraw the call", "Withdraw the call", "The call is withdrawn."

    def form(self, data: Any = None) -> forms.WithdrawForm:
        return forms.WithdrawForm(data)

    def perform(self, form: Any) -> None:
        actions.withdraw_call(slug=self.slug, call_id=self.kwargs["call"], by=self.viewer, at=self.now, **form.cleaned_data)


class DecideCall(CallAction):
    """How a call came out."""

    title, button, done = "Decide the call", "Record the outcome", "The outcome is recorded and the seat is filled."

    def form(self, data: Any = None) -> forms.DecideForm:
        return forms.DecideForm(data, standing=self.seen.standing)

    def perform(self, form: Any) -> None:
        actions.decide_call(
            slug=self.slug, call_id=self.kwargs["call"], votes=form.votes(), chosen=form.chosen(), why=form.cleaned_data["why"],
            by=self.viewer, at=self.now,
        )  # fmt: skip
