"""What a file's appointments make of those that are there: an appointment is known by its body, its seat and its person.

What the file changes since the version before it, is changed; what has been changed by hand since, stays; one that the version
before named and this one names no longer, ends. Whoever sat twice is told apart by the days: the same first day, else days in
common, the nearer start first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from convenor.partnership.rules.constitution import Appointment, Seat, overlap

KEPT_FIELDS = ("from_on", "until_on", "role", "how", "successor", "handover")
"""What a file says of somebody in a seat that may change while it stays the same appointment."""

SPOKEN = {"from_on": "from", "until_on": "until", "handover": "hand-over note"}


@dataclass(frozen=True, slots=True)
class Merged:
    """One appointment as it is to be. `place` is where it stands among those loaded, None for a new one.

    `changed` names the fields that change; `ends` says that the file names it no longer, `stays` that it would end for that
    reason but was changed by hand; `words` say how it changes.
    """

    after: Appointment
    place: int | None = None
    changed: tuple[str, ...] = ()
    ends: bool = False
    stays: bool = False
    words: str = ""


def merge(
    loaded: Sequence[Appointment],
    former: Sequence[Appointment],
    new: Sequence[Appointment],
    day: date,
    *,
    ended_by_loading: Collection[int] = (),
) -> tuple[Merged, ...]:
    """Every appointment once the new version is loaded: those loaded first, in their order, then the new ones.

    `loaded` are those of the tables, `former` those of the last version that named any, `ended_by_loading` the places among
    `loaded` of those that a version ended and nobody by hand: named again, they go on. What ends, ends on `day`, or on its
    first day where that lies later. A file that names nobody says nothing of appointments, and ends none.
    """
    of_new, of_former = _pairs(new, loaded), _pairs(former, loaded)
    before = {place: former[number] for number, place in _pairs(former, new).items()}
    by_place = {place: number for number, place in of_new.items()}
    named_before = {place: former[number] for number, place in of_former.items()}
    found = []
    for place, standing in enumerate(loaded):
        if place in by_place:
            number = by_place[place]
            found.append(_changed(standing, place, new[number], before.get(number), reopen=place in ended_by_loading))
        elif new and place in named_before and (standing.until_on is None or standing.until_on > day):
            found.append(_unnamed(standing, place, named_before[place], day))
        else:
            found.append(Merged(standing, place))
    return (*found, *(Merged(each) for number, each in enumerate(new) if number not in of_new))


def _pairs(ones: Sequence[Appointment], others: Sequence[Appointment]) -> dict[int, int]:
    """Which of the others each of the ones is, by their places: in the same seat, the same person, on the same or common days."""
    there: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for place, other in enumerate(others):
        there[_who(other)].append(place)
    pairs: dict[int, int] = {}
    for same_start in (True, False):
        near = sorted(
            (_apart(one, others[place]), number, place)
            for number, one in enumerate(ones)
            for place in there.get(_who(one), ())
            if (one.from_on == others[place].from_on if same_start else overlap(one, others[place]))
        )
        taken = set(pairs.values())
        for _, number, place in near:
            if number not in pairs and place not in taken:
                pairs[number] = place
                taken.add(place)
    return pairs


def _who(each: Appointment) -> tuple[str, str, str]:
    return each.body, each.seat, each.person


def _apart(one: Appointment, other: Appointment) -> int:
    """How many days lie between two starts; one that is not known lies before all others."""
    return abs((one.from_on or date.min) - (other.from_on or date.min)).days


def _changed(standing: Appointment, place: int, named: Appointment, before: Appointment | None, *, reopen: bool) -> Merged:
    """A loaded appointment that the new file names: with what the file changes, or, where no version named it, with what it says."""
    values: dict[str, Any] = {}
    for name in KEPT_FIELDS:
        said = getattr(named, name)
        unsaid = said is None or said == ""
        if reopen and name == "until_on":
            values[name] = said
        elif before is None or (name == "from_on" and unsaid):
            values |= {} if unsaid else {name: said}
        elif said != getattr(before, name):
            values[name] = said
    changed = tuple(name for name in KEPT_FIELDS if name in values and values[name] != getattr(standing, name))
    after = replace(standing, **{name: values[name] for name in changed})
    return Merged(after, place, changed, words=", ".join(_in_words(name, getattr(after, name)) for name in changed))


def _in_words(name: str, value: Any) -> str:
    spoken = SPOKEN.get(name, name)
    if name == "handover":
        return spoken
    if value is None or value == "":
        return f"no {spoken}"
    return f"{spoken} {value}"


def _unnamed(standing: Appointment, place: int, before: Appointment, day: date) -> Merged:
    """One that the version before named and the new one does not: it ends, unless it was changed by hand since."""
    if any(getattr(standing, name) != getattr(before, name) for name in KEPT_FIELDS):
        return Merged(standing, place, stays=True)
    last = max(day, standing.from_on) if standing.from_on else day
    return Merged(replace(standing, until_on=last), place, ("until_on",), ends=True, words=f"the file names them no longer; until {last}")


def lasting(merged: Iterable[Merged], seats: dict[tuple[str, str], Seat], day: date) -> tuple[Appointment, ...]:
    """Those still to be judged on the day or after: who sits or will, and earlier terms where a seat limits how many may follow."""
    return tuple(
        each.after
        for each in merged
        if (each.after.body, each.after.seat) in seats
        and (each.after.until_on is None or each.after.until_on > day or seats[each.after.body, each.after.seat].terms_running is not None)
    )
