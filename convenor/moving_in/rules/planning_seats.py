"""Seats and terms of office: which body and seat a line means, who sits there and until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from typing import Final

from convenor.moving_in.rules.constitution import Draft, first_day_without, part_of
from convenor.moving_in.rules.kinds import Kind, folded
from convenor.moving_in.rules.planning import Question
from convenor.moving_in.rules.planning_clusters import almost, plain
from convenor.moving_in.rules.planning_desk import LEAVE, Desk, Where, key_of
from convenor.moving_in.rules.planning_people import People
from convenor.moving_in.rules.planning_schools import Schools
from convenor.moving_in.rules.planning_standing import AboutSchool, Brought, Standing
from convenor.moving_in.rules.planning_values import Cells
from convenor.moving_in.rules.planning_work import Who
from convenor.moving_in.rules.states import Verb
from convenor.partnership.rules.constitution import Appointment, Body, Seat, in_force, months_later
from convenor.partnership.rules.vocabulary import BODY_KINDS, CHAIRING_PARTS

#: Kinds that a body of a list may be made as.
KINDS_OFFERED: Final = ("board", "steering-group", "sub-group", "committee", "panel", "forum", "area-group")


@dataclass(frozen=True, slots=True)
class Sitting:
    """One line, read: who sits where, over which days."""

    body: str
    title: str
    constituency: str
    who: Who
    urn: str
    from_on: date | None
    until_on: date | None
    where: Where


@dataclass(slots=True)
class Seats:
    """The seats of one plan."""

    standing: Standing
    desk: Desk
    schools: Schools
    people: People
    cells: Cells
    draft: Draft
    found: dict[str, str] = field(default_factory=dict)

    def take(self, sheets: Iterable[Brought]) -> None:
        """Takes in every line of these sheets."""
        sittings = [
            found for sheet in sheets for line in sheet.lines
            if (found := self._line(sheet, dict(line.values), sheet.where(line))) is not None
        ]  # fmt: skip
        of_seat: dict[tuple[str, str], list[Sitting]] = {}
        for each in sittings:
            of_seat.setdefault((each.body, folded(each.title)), []).append(each)
        for (body, _), together in of_seat.items():
            self._seat(body, together)

    def _line(self, sheet: Brought, values: dict[str, str], where: Where) -> Sitting | None:
        title = " ".join((values.get("seat") or values.get("constituency") or "Member").split())
        name = " ".join(values.get("name", "").split())
        if not name or folded(name) in ("vacant", "vacancy", "tbc", "tba", "none"):
            self.desk.leave(where, "Nobody sits there: an empty seat is told by the constitution.")
            return None
        body = self._body(sheet, values.get("body", ""), where)
        if not body:
            return None
        urn = ""
        if any(values.get(key, "").strip() for key in ("urn", "laestab", "school")):
            urn = self.schools.of(values, where)
            if not urn:
                return None
        who = self.people.of(name, values.get("email", ""), where)
        if who is None:
            return None
        start = self.cells.day(values.get("from", ""), where, "From")
        last = self.cells.day(values.get("until", ""), where, "Until")
        until = first_day_without(last)
        months = self.cells.months(values.get("term", ""))
        if until is None and start is not None and months:
            until = months_later(start, months)
        if start is not None and until is not None and until <= start:
            self.desk.leave(where, f"The term of {name} would end before it begins.")
            return None
        return Sitting(body, title, " ".join(values.get("constituency", "").split())[:120], who, urn, start, until, where)

    def _body(self, sheet: Brought, said: str, where: Where) -> str:
        """The body that a line names, or the one that was said for a sheet without such a column."""
        name = " ".join(said.split())
        known = {each.id: each.name for each in self.draft.bodies()}
        if not name:
            top = next((each.id for each in self.draft.bodies() if not each.reports_to), "")
            question = Question(
                f"sheet-body:{sheet.file_id}:{sheet.sheet_id}", f"On which body are the seats of “{sheet.sheet}”?",
                f"{sheet.file} has no column for it.",
                (*sorted(known.items(), key=lambda each: (each[0] != top, each[1])), (LEAVE, "Leave them out")),
            )  # fmt: skip
            answer = self.desk.ask(question, [where])
            if answer == LEAVE:
                self.desk.leave(where, "You said to leave this sheet’s seats out.")
            return answer if answer in known else ""
        key = plain(name)
        if self.found.get(key):
            return self.found[key]
        exact = next((pk for pk, title in known.items() if plain(title) == key or folded(title) == folded(name)), "")
        if exact:
            self.found[key] = exact
            return exact
        return self._asked(name, key, known, where)

    def _asked(self, name: str, key: str, known: dict[str, str], where: Where) -> str:
        near = get_close_matches(key, [plain(each) for each in known.values()], 3, 0.6)
        choices = [(pk, f"It is {title}") for pk, title in known.items() if plain(title) in near]
        choices += [(f"new-{kind}", f"A new {BODY_KINDS[kind].lower()}") for kind in KINDS_OFFERED]
        said = self.desk.said.get(question_key := key_of("body", "seats", name), "")
        answer = self.desk.ask(
            Question(
                question_key, f"The constitution has no body called “{name}”. What is it?", "Its seats were in a list that you brought.",
                (*choices, (LEAVE, "Leave its seats out")), free=said in known,
            ),
            [where],
        )  # fmt: skip
        if answer == LEAVE:
            self.desk.leave(where, f"You said to leave “{name}” out.")
        elif answer.startswith("new-"):
            made = self.draft.add_body(name, answer.removeprefix("new-"))
            self.desk.change(Kind.SEATS, Verb.NEW, f"{BODY_KINDS[answer.removeprefix('new-')]} {name}", where)
            self.found[key] = made
            return made
        elif answer in known:
            self.found[key] = answer
            return answer
        return ""

    def _seat(self, body_id: str, together: list[Sitting]) -> None:
        """One seat with all whom the lists name for it."""
        body, title = self.draft.body(body_id), together[0].title
        seat = self._known_seat(body, title)
        on = self.standing.on
        new = [each for each in together if self._sitting(body_id, seat, each) is None] if seat else together
        if seat is not None and seat.ex_officio is not None:
            for each in together:
                self.desk.leave(each.where, f"{seat.title} goes with an office on another body: its holder sits there without being named.")
            return
        most = _most_at_once([(each.from_on, each.until_on) for each in together], on)
        if seat is None:
            seat_id = self.draft.add_seat(body_id, title, max(1, most), together[0].constituency)
            words = f"Seat {title}, {body.name}"
            self.desk.change(Kind.SEATS, Verb.NEW, words, together[0].where, after=f"{max(1, most)} place{'s' if most > 1 else ''}")
        else:
            seat_id = seat.id
            if not self._roomy(body, seat, new, together):
                return
        for each in together:
            self._appoint(body_id, seat_id, seat, each)

    def _known_seat(self, body: Body, title: str) -> Seat | None:
        seats = [each for each in body.seats if in_force(each, self.standing.on)]
        exact = next((each for each in seats if folded(each.title) == folded(title)), None)
        if exact is not None:
            return exact
        part = part_of(title)
        alike = [each for each in seats if each.part is part and part in CHAIRING_PARTS]
        if len(alike) == 1:
            return alike[0]
        return next((each for each in seats if almost(folded(title), folded(each.title))), None)

    def _roomy(self, body: Body, seat: Seat, new: list[Sitting], together: list[Sitting]) -> bool:
        """Whether everybody finds room in a seat; asked where the list names more than the constitution has places."""
        most = seat.places.maximum
        there = [
            (each.from_on, each.until_on) for each in self.draft.made.appointments
            if (each.body, each.seat) == (body.id, seat.id) and not any(self._sitting(body.id, seat, one) is each for one in together)
        ]  # fmt: skip
        held = _most_at_once([*there, *((each.from_on, each.until_on) for each in together)], self.standing.on)
        if most is None or held <= max(most, seat.places.minimum) or not new:
            return True
        names = ", ".join(each.who.name for each in together[:4])
        question = Question(
            key_of("seat-room", body.id, seat.id, str(held)),
            f"{seat.title} of {body.name} has {seat.places} in the constitution, and {held} would hold it: {names}. What is right?",
            "The constitution and the list differ.",
            (("widen", f"Make it {held} places"), (LEAVE, "Leave the list’s holders out")),
        )  # fmt: skip
        said = self.desk.ask(question, [each.where for each in new])
        if said == "widen":
            self.draft.widen_seat(body.id, seat.id, held)
            self.desk.change(
                Kind.SEATS, Verb.CHANGED, f"Seat {seat.title}, {body.name}", new[0].where, before=str(seat.places), after=str(held)
            )  # fmt: skip
        elif said == LEAVE:
            for each in new:
                self.desk.leave(each.where, f"You said to leave further holders of {seat.title} out.")
        return said == "widen"

    def _sitting(self, body_id: str, seat: Seat | None, each: Sitting) -> Appointment | None:
        """The appointment that stands for a line, if one does."""
        if seat is None:
            return None
        wanted = folded(each.who.name)
        known = {name for name, pk in self.standing.people_of_constitution.items() if pk == each.who.id}
        for stands in self.draft.made.appointments:
            same = stands.person in known if each.who.id is not None and known else folded(stands.person) == wanted
            if same and (stands.body, stands.seat) == (body_id, seat.id) and (
                each.from_on is None or stands.from_on is None or each.from_on == stands.from_on
                or (stands.until_on is None or each.from_on < stands.until_on)
            ):  # fmt: skip
                return stands
        return None

    def _appoint(self, body_id: str, seat_id: str, seat: Seat | None, each: Sitting) -> None:
        body = self.draft.body(body_id)
        stands = self._sitting(body_id, seat, each)
        words, after = f"{each.who.name}, {each.title}, {body.name}", _days(each.from_on, each.until_on)
        role = next(iter(seat.who), "") if seat is not None and len(seat.who) == 1 else _role_of(seat, each.urn)
        if stands is None:
            from_on = self._begins(each, body, seat)
            if from_on is not None and each.until_on is not None and each.until_on <= from_on:
                self.desk.leave(each.where, f"It ended before {from_on:%d/%m/%Y}, when the constitution begins to tell who sits where.")
                return
            about = self.standing.schools.get(each.urn) or AboutSchool("", "")
            self.draft.appoint(
                Appointment(
                    body_id, seat_id, self.people.seated(each.who), from_on, each.until_on, role=role, school=each.urn, trust=about.trust,
                    federation=about.federation, phase=about.phase, type=about.type,
                )
            )  # fmt: skip
            self.desk.change(Kind.SEATS, Verb.NEW, words, each.where, after=after, urn=each.urn)
            return
        changed = replace(stands, from_on=stands.from_on or each.from_on, until_on=each.until_on or stands.until_on)
        if changed == stands:
            self.desk.change(Kind.SEATS, Verb.SAME, words, each.where, after=after, urn=each.urn)
            return
        before = _days(stands.from_on, stands.until_on)
        self.draft.change_appointment(stands, changed)
        self.desk.change(Kind.SEATS, Verb.CHANGED, words, each.where, before=before, after=_days(changed.from_on, changed.until_on))

    def _begins(self, each: Sitting, body: Body, seat: Seat | None) -> date | None:
        """From when somebody sits there, as far back as the constitution reaches: what lies before it is told, and not kept."""
        known = (self.draft.made.from_on, self._since(body), seat.from_on if seat is not None else None)
        floors = [day for day in known if day is not None]
        if each.from_on is None or not floors or each.from_on >= max(floors):
            return each.from_on
        self.desk.tell(f"{body.name}: terms that began before the constitution does count from {max(floors):%d/%m/%Y} here.")
        return max(floors)

    def _since(self, body: Body) -> date | None:
        return None if body.id in self.draft.new_bodies else body.from_on


def _role_of(seat: Seat | None, urn: str) -> str:
    """The role in which somebody of a school most likely sits where the seat names several: its head, if heads may."""
    return "headteacher" if seat is not None and urn and "headteacher" in seat.who else ""


def _most_at_once(periods: list[tuple[date | None, date | None]], on: date) -> int:
    """The most of these periods that run on one day."""
    days = sorted({start or date.min for start, _ in periods} | {on})
    return max(
        (sum((start or date.min) <= day and (until is None or day < until) for start, until in periods) for day in days), default=0
    )  # fmt: skip


def _days(start: date | None, until: date | None) -> str:
    """A period as it reads."""
    said = f"from {start:%d/%m/%Y}" if start else ""
    return f"{said}{' ' if said and until else ''}{f'until {until:%d/%m/%Y}' if until else ''}" or "no days named"
