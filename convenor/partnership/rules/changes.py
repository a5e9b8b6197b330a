"""What a new version of a constitution would change: shown before anything is, and written down when it is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from convenor.partnership.rules.constitution import Body, Constitution, Seat, in_force
from convenor.partnership.rules.merging import Merged, merge
from convenor.partnership.rules.roll import Roll


class Change(StrEnum):
    """What would happen to a thing."""

    BEGINS = "begins"
    ENDS = "ends"
    CHANGES = "changes"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that would change. `what` is partnership, tier, body, seat, area, member or appointment; `words` say how."""

    change: Change
    what: str
    key: str
    name: str
    words: str = ""

    def __str__(self) -> str:
        """One line for a manager: "body ends: Primary Consortium"."""
        return f"{self.what} {self.change.value}: {self.name}" + (f" ({self.words})" if self.words else "")


SPOKEN = {
    "reports_to": "reports to", "places": "places", "title": "title", "name": "name", "term_months": "term in months",
    "who": "who may fill it", "quorum": "quorum", "purpose": "purpose", "until_on": "until", "from_on": "from",
}  # fmt: skip


def differences(old: Constitution | None, new: Constitution, on: date, merged: Sequence[Merged] | None = None) -> list[Difference]:
    """What would change if `new` took the place of `old` (None: there is nothing yet) on the day.

    Bodies, seats and tiers that the new version does not name end; members are only ever added. `merged` is what becomes of the
    appointments (None: as if no version before had named any). An empty list means that nothing would change.
    """
    if old is None:
        old = Constitution(new.id, "", new.kind)
    found = _own(old, new)
    found += _compared("tier", {each.key: each for each in old.tiers}, {each.key: each for each in new.tiers})
    found += _compared("area", {each.code: each for each in old.areas}, {each.code: each for each in new.areas})
    old_bodies = _standing(old, on)
    now_bodies = _standing(new, on)
    found += _compared("body", old_bodies, now_bodies, leave=("seats",))
    for body in now_bodies.values():
        before = old_bodies.get(body.id)
        found += _compared("seat", _seats(before, on), _seats(body, on))
    there = {row.school for row in old.members}
    joining = {row.school: row.name or row.school for row in new.members if row.school not in there}
    found += [Difference(Change.BEGINS, "member", urn, name) for urn, name in joining.items()]
    found += _appointments(merge(old.appointments, (), new.appointments, on) if merged is None else merged)
    return found


def _appointments(merged: Sequence[Merged]) -> list[Difference]:
    """Who begins, who ends, and whose time changes. A name almost like one that ends is said, so that a slip of the pen is seen."""
    ending = {(each.after.body, each.after.seat, each.after.person) for each in merged if each.ends}
    found = []
    for each in merged:
        person, key = each.after.person, f"{each.after.body}/{each.after.seat}"
        if each.place is None:
            leaving = [name for body, seat, name in ending if (body, seat) == (each.after.body, each.after.seat)]
            like = next(iter(get_close_matches(person, leaving, n=1, cutoff=0.8)), "")
            words = f"a new person, spelt almost like {like}, who ends" if like else ""
            found.append(Difference(Change.BEGINS, "appointment", key, person, words))
        elif each.ends:
            found.append(Difference(Change.ENDS, "appointment", key, person, each.words))
        elif each.changed:
            found.append(Difference(Change.CHANGES, "appointment", key, person, each.words))
    return found


def _own(old: Constitution, new: Constitution) -> list[Difference]:
    """The partnership's own name, kind and purpose."""
    if not old.name:
        return [Difference(Change.BEGINS, "partnership", new.id, new.name)]
    words = _words(_outer(old), _outer(new))
    return [Difference(Change.CHANGES, "partnership", new.id, new.name, words)] if words else []


def _outer(constitution: Constitution) -> Constitution:
    """Without what is compared piece by piece."""
    return replace(constitution, tiers=(), areas=(), bodies=(), members=(), appointments=())


def _standing(constitution: Constitution, on: date) -> dict[str, Body]:
    """The bodies that stand on the day or will, each with the one to which it then reports."""
    roll = Roll(constitution)
    return {
        body.id: replace(body, reports_to=roll.reports_to(body, on), reporting_lines=()) for body in constitution.bodies if _lasts(body, on)
    }


def _seats(body: Body | None, on: date) -> dict[str, Seat]:
    return {f"{body.id}/{seat.id}": seat for seat in body.seats if _lasts(seat, on)} if body else {}


def _compared(what: str, old: Mapping[str, Any], new: Mapping[str, Any], leave: Iterable[str] = ()) -> list[Difference]:
    """Things of one kind by their keys: those that begin, those that change, those that end."""
    nothing: dict[str, Any] = dict.fromkeys(leave, ())
    found = []
    for key, thing in new.items():
        before = old.get(key)
        if before is None:
            found.append(Difference(Change.BEGINS, what, key, _name(thing)))
        elif words := _words(replace(before, **nothing), replace(thing, **nothing)):
            found.append(Difference(Change.CHANGES, what, key, _name(thing), words))
    return found + [Difference(Change.ENDS, what, key, _name(thing)) for key, thing in old.items() if key not in new]


def _lasts(thing: Any, on: date) -> bool:
    """Whether a thing would still be there on the day or after."""
    return in_force(thing, on) or thing.until_on is None or thing.until_on > on


def _name(thing: Any) -> str:
    return str(getattr(thing, "title", "") or getattr(thing, "name", ""))


def _words(old: Any, new: Any) -> str:
    """Which of its keys differ, in words; "" when none does. A first day that the new version does not give is not a change."""
    names = [each.name for each in fields(new) if getattr(old, each.name) != getattr(new, each.name)]
    return ", ".join(SPOKEN.get(name, name.replace("_", " ")) for name in names if not (name == "from_on" and new.from_on is None))
