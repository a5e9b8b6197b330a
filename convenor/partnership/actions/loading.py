"""Writing a constitution into the tables: what begins, what changes, what ends. Nothing that has been is ever taken away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from simple_history.utils import bulk_create_with_history

from convenor.accounts import actions as accounts
from convenor.partnership.models import (
    Appointment,
    Body,
    BodySchool,
    Membership,
    Partnership,
    Post,
    ReportingLine,
    Seat,
    Tenure,
    Tier,
)
from convenor.partnership.queries.constitution import BODY_ENDED, NO_LONGER_NAMED, SEAT_ENDED, Preview
from convenor.partnership.rules import constitution as rules
from convenor.partnership.rules.merging import Merged
from convenor.partnership.rules.storing import layout, to_row
from convenor.partnership.rules.vocabulary import How
from convenor.registers.queries.known import groups_called


def _ends_by(row: Any, day: date) -> date:
    """The day a row ends when its thing ends on `day`: never before it began."""
    return max(day, row.from_on) if row.from_on else day


def _merged(periods: Iterable[tuple[date | None, date | None]]) -> list[tuple[date | None, date | None]]:
    """Periods that follow one another without a gap, as one."""
    found: list[tuple[date | None, date | None]] = []
    for start, end in sorted(periods, key=lambda each: each[0] or date.min):
        if found and found[-1][1] is not None and start is not None and start <= found[-1][1]:
            found[-1] = (found[-1][0], None if end is None else max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


@dataclass
class Loading:
    """One loading of one version, as `seen` before. `first` says that the partnership had no constitution before."""

    partnership: Partnership
    seen: Preview
    first: bool
    by: Any
    at: datetime
    people: Mapping[str, int]

    def __post_init__(self) -> None:
        self.new = self.seen.constitution
        self.day = self.seen.takes_effect
        self.tables = layout(self.new.kinds, self.new.roles)
        self.bodies: dict[str, Body] = {}
        self.seats: dict[tuple[str, str], Seat] = {}

    def write(self) -> None:
        """Everything, in the order in which one thing leans on another."""
        tiers = self._tiers()
        self._bodies(tiers)
        self._lines()
        self._seats()
        self._end_of_bodies_and_seats()
        self._members()
        self._appointments()

    def _since(self, thing: rules.Dated) -> date | None:
        """The first day of something new: what the file says; else the day of the restructure, or unknown on the first load."""
        return thing.from_on if thing.from_on is not None or self.first else self.day

    def _tiers(self) -> dict[str, Tier]:
        there = {tier.key: tier for tier in Tier.objects.filter(partnership=self.partnership)}
        for rank, tier in enumerate(self.new.tiers):
            row = there.get(tier.key) or Tier(partnership=self.partnership, key=tier.key)
            row.name, row.hue, row.purpose, row.level = tier.name, tier.hue.value, tier.purpose, len(self.new.tiers) - rank
            row.save()
            there[tier.key] = row
        return there

    def _bodies(self, tiers: Mapping[str, Tier]) -> None:
        there = {row.key: row for row in Body.objects.filter(partnership=self.partnership)}
        for order, body in enumerate(self.new.bodies):
            row = there.get(body.id)
            if row is None:
                row = Body(partnership=self.partnership, key=body.id, from_on=self._since(body))
            members = body.members or rules.Places(0, None)
            values = {
                "tier": tiers[body.tier], "name": body.name, "kind": body.kind, "purpose": body.purpose, "phases": list(body.phases),
                "quorum": body.quorum, "meets": body.meets[:120], "names_no_school": body.no_individual_schools,
                "members_minimum": members.minimum if body.members else None, "members_maximum": members.maximum, "order": order,
                "review_on": body.review_on, "rules": self._row(body, "body"), "not_found": list(body.not_found),
                "from_on": body.from_on or row.from_on, "until_on": body.until_on,
            }  # fmt: skip
            if _set(row, values) or row.pk is None:
                row.save()
            self.bodies[body.id] = row
        for key, row in there.items():
            if key not in self.bodies and (row.until_on is None or row.until_on > self.day):
                row.until_on = _ends_by(row, self.day)
                row.save()

    def _row(self, thing: Any, table: str) -> dict[str, Any]:
        """What the file says, without the days, which have columns of their own."""
        row = to_row(thing, self.tables[table])
        return {key: value for key, value in row.items() if key not in ("from", "until", "review_on", "reports_to")}

    def _lines(self) -> None:
        there: dict[int, list[ReportingLine]] = {}
        for standing in ReportingLine.objects.filter(partnership=self.partnership):
            there.setdefault(standing.body_id, []).append(standing)
        for body in self.new.bodies:
            row = self.bodies[body.id]
            lasting = [line for line in there.get(row.pk, []) if line.until_on is None or line.until_on > self.day]
            wanted = list(body.reporting_lines)
            if body.reports_to:
                wanted.append(rules.ReportingLine(body.reports_to))
            for line in wanted:
                to = self.bodies[line.to].pk
                same = next((each for each in lasting if each.reports_to_id == to and line.from_on in (None, each.from_on)), None)
                if same is None:
                    start = line.from_on or (self.day if row.pk in there else None)
                    ReportingLine.objects.create(
                        partnership=self.partnership, body=row, reports_to_id=to, from_on=start, until_on=line.until_on
                    )
                    continue
                lasting.remove(same)
                if same.until_on != line.until_on:
                    same.until_on = line.until_on
                    same.save()
            for gone in lasting:
                gone.until_on = _ends_by(gone, self.day)
                gone.save()

    def _seats(self) -> None:
        there = {(row.body_id, row.key): row for row in Seat.objects.filter(partnership=self.partnership)}
        kept: set[int] = set()
        for body in self.new.bodies:
            for order, seat in enumerate(body.seats):
                row = there.get((self.bodies[body.id].pk, seat.id))
                if row is None:
                    row = Seat(partnership=self.partnership, body=self.bodies[body.id], key=seat.id, from_on=self._since(seat))
                how = How.EX_OFFICIO if seat.ex_officio is not None else seat.how
                values = {
                    "title": seat.title, "part": seat.part.value, "constituency": seat.constituency[:120], "order": order,
                    "places_minimum": seat.places.minimum, "places_maximum": seat.places.maximum, "filled_by": how.value if how else "",
                    "term_months": seat.term_months, "terms_running": seat.terms_running, "rules": self._row(seat, "seat"),
                    "from_on": seat.from_on or row.from_on, "until_on": seat.until_on,
                }  # fmt: skip
                if _set(row, values) or row.pk is None:
                    row.save()
                self.seats[body.id, seat.id] = row
                kept.add(row.pk)
        for row in there.values():
            if row.pk not in kept and (row.until_on is None or row.until_on > self.day):
                row.until_on = _ends_by(row, self.day)
                row.save()

    def _end_of_bodies_and_seats(self) -> None:
        """Whoever sits where there is no seat any more has left it; schools and posts leave a body that has ended."""
        sitting = Appointment.objects.filter(partnership=self.partnership).select_related("seat__body")
        for each in sitting:
            for thing, why in ((each.seat.body, BODY_ENDED), (each.seat, SEAT_ENDED)):
                if thing.until_on is not None and thing.until_on <= self.day and (each.until_on is None or each.until_on > thing.until_on):
                    each.until_on, each.ended_why = _ends_by(each, thing.until_on), why
                    each.save()
        ended = Body.objects.filter(partnership=self.partnership, until_on__lte=self.day)
        for place in BodySchool.objects.filter(body__in=ended, until_on=None).select_related("body"):
            place.until_on = _ends_by(place, place.body.until_on or self.day)
            place.save()
        for tenure in Tenure.objects.filter(post__in=Post.objects.filter(body__in=ended), until_on=None):
            tenure.until_on = _ends_by(tenure, self.day)
            tenure.save()

    def _members(self) -> None:
        """A school the file names is a member and sits where the file says; one it does not name stays as it is."""
        rows: dict[str, list[rules.Member]] = {}
        for member in self.new.members:
            rows.setdefault(member.school, []).append(member)
        if not rows:
            return
        members: dict[str, list[Membership]] = {}
        for membership in Membership.objects.filter(partnership=self.partnership, school__in=rows):
            members.setdefault(membership.school_id, []).append(membership)
        places: dict[tuple[str, int], list[BodySchool]] = {}
        for place in BodySchool.objects.filter(partnership=self.partnership, school__in=rows):
            places.setdefault((place.school_id, place.body_id), []).append(place)
        new_members, new_places = [], []
        for urn, listed in rows.items():
            for start, end in _merged((row.from_on, row.until_on) for row in listed):
                if not _known(members.get(urn, []), start, end):
                    new_members.append(
                        Membership(partnership=self.partnership, school_id=urn, from_on=start or self._start(), until_on=end)
                    )
            wanted = {self.bodies[key].pk for row in listed for key in row.bodies}
            for body_id in wanted:
                inside = [(row.from_on, row.until_on) for row in listed if any(self.bodies[key].pk == body_id for key in row.bodies)]
                for start, end in _merged(inside):
                    if not _known(places.get((urn, body_id), []), start, end):
                        begin = start or self._start()
                        new_places.append(
                            BodySchool(partnership=self.partnership, school_id=urn, body_id=body_id, from_on=begin, until_on=end)
                        )
            for (school, body_id), there in places.items():
                if school == urn and body_id not in wanted:
                    for place in there:
                        if place.until_on is None:
                            place.until_on = _ends_by(place, self.day)
                            place.save()
        Membership.objects.bulk_create(new_members)
        BodySchool.objects.bulk_create(new_places)

    def _start(self) -> date | None:
        return None if self.first else self.day

    def _appointments(self) -> None:
        """Who sits where: new ones begin, those there already change or end as the merging says."""
        known = self._known_people()
        changed = {self.seen.sittings[each.place]: each for each in self.seen.merged if each.place is not None and each.changed}
        for row in Appointment.objects.filter(partnership=self.partnership, pk__in=changed):
            self._change(row, changed[row.pk], known)
        fresh = []
        beginning = [each.after for each in self.seen.merged if each.place is None]
        trusts = groups_called({row.trust for row in beginning if row.trust and not row.school}, viewer=self.by)
        for each in beginning:
            seat = self.seats[each.body, each.seat]
            told = {"trust": each.trust, "federation": each.federation, "phase": each.phase, "type": each.type}
            fresh.append(
                Appointment(
                    partnership=self.partnership, seat=seat, person_id=self._person(each.person, known), school_id=each.school or None,
                    trust_id=trusts.get(each.trust) if not each.school else None, organisation="", role=each.role,
                    told={key: value for key, value in told.items() if value}, how=each.how.value if each.how else "",
                    from_on=each.from_on, until_on=each.until_on, hand_over=each.handover,
                    successor_id=self._person(each.successor, known) if each.successor else None,
                )
            )  # fmt: skip
        bulk_create_with_history(fresh, Appointment, default_date=self.at)

    def _change(self, row: Appointment, merged: Merged, known: dict[str, int]) -> None:
        """Gives one appointment what the file changes of it; the row as it was stays in its history."""
        after = merged.after
        for name in merged.changed:
            if name == "successor":
                row.successor_id = self._person(after.successor, known) if after.successor else None
            elif name == "how":
                row.how = after.how.value if after.how else ""
            else:
                setattr(row, {"handover": "hand_over"}.get(name, name), getattr(after, name))
        if "until_on" in merged.changed:
            row.ended_why = NO_LONGER_NAMED if merged.ends else ""
        row._history_date = self.at  # type: ignore[attr-defined]  # where the history looks for the time
        row.save()

    def _known_people(self) -> dict[str, int]:
        """Names that already mean somebody here: those given with the file, then those who hold, or held, a seat or post."""
        seated = Appointment.objects.filter(partnership=self.partnership).values_list("person__name", "person_id")
        follow = Appointment.objects.filter(partnership=self.partnership, successor__isnull=False).values_list(
            "successor__name", "successor_id"
        )
        posted = Tenure.objects.filter(partnership=self.partnership).values_list("person__name", "person_id")
        return dict((*posted, *follow, *seated)) | dict(self.people)

    def _person(self, name: str, known: dict[str, int]) -> int:
        if name not in known:
            person = accounts.add_person(name=name, email=None, by=self.by, at=self.at, fictitious=self.partnership.demonstration)
            known[name] = person.pk
        return known[name]


def _known(rows: Iterable[Any], start: date | None, end: date | None) -> bool:
    """Whether a row covers the start of the period already; if the file knows when it ended and the row does not, it ends."""
    for row in rows:
        if (row.from_on or date.min) <= (start or row.from_on or date.min) and (
            row.until_on is None or start is None or start < row.until_on
        ):
            if end is not None and row.until_on is None:
                row.until_on = end
                row.save()
            return True
    return False


def _set(row: Any, values: Mapping[str, Any]) -> bool:
    """Gives a row its values; whether any of them is new."""
    new = [name for name, value in values.items() if row.pk is None or getattr(row, name) != value]
    for name in new:
        setattr(row, name, values[name])
    return bool(new)
