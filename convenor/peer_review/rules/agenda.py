"""The agenda of a visit: activities with a host partner each, nobody in two places at one time, and a suggestion to begin from.

Source: the requirements H2 of the field notes: each activity names a host partner. What a visit often holds is data of its way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from convenor.peer_review.rules.gates import said
from convenor.peer_review.rules.refusals import Clash, Missing, WrongDay
from convenor.peer_review.rules.ways import SuggestedActivity

#: When a visit begins, where nobody says otherwise; when it pauses, and for how long; when its last activity should be over.
STARTS: Final = time(9, 0)
PAUSE_FROM: Final = time(12, 0)
PAUSE_MINUTES: Final = 60
BETWEEN_MINUTES: Final = 10
OVER_BY: Final = time(17, 0)
#: Kinds that stand on the last day of a visit, at its end.
LAST: Final = ("team", "feedback")
NOTHING: Final = "Nothing was changed."


@dataclass(frozen=True, slots=True)
class Slot:
    """One activity in time. `reviewers` are keys of those who take part; empty: the whole team."""

    title: str
    on: date
    starts: time
    ends: time
    host_partner: str
    reviewers: frozenset[int] = frozenset()

    def who(self, team: frozenset[int]) -> frozenset[int]:
        """Who takes part."""
        return self.reviewers or team


@dataclass(frozen=True, slots=True)
class Suggested:
    """An activity as it is suggested: what, of which kind, when."""

    title: str
    kind: str
    on: date
    starts: time
    ends: time


def check_slot(slot: Slot, others: Iterable[Slot], *, team: dict[int, str], from_on: date | None, until_on: date | None) -> None:
    """Whether an activity can stand beside the others. `team` are the names of the reviewers by key; the visit's days are half-open.

    Missing for no title, no host partner or somebody who is not on the team; WrongDay outside the visit, or for one that ends before
    it begins; Clash, with names, where a reviewer would be in two places.
    """
    if not slot.title.strip():
        raise Missing(f"Say what is done. {NOTHING}")
    if not slot.host_partner.strip():
        raise Missing(f"Say who of the school does it with the team, by role. {NOTHING}")
    if from_on is None or until_on is None:
        raise Missing(f"The visit has no days yet. The coordinator sets them. {NOTHING}")
    if not from_on <= slot.on < until_on:
        last = until_on - timedelta(days=1)
        days = said(from_on) if last == from_on else f"{said(from_on)} to {said(last)}"
        raise WrongDay(f"The visit is on {days}. {NOTHING}")
    if slot.ends <= slot.starts:
        raise WrongDay(f"An activity ends after it begins. {NOTHING}")
    if not slot.reviewers <= team.keys():
        raise Missing(f"Choose reviewers who are on the team. {NOTHING}")
    everybody = frozenset(team)
    for other in others:
        twice = slot.who(everybody) & other.who(everybody) if _at_once(slot, other) else frozenset()
        if twice:
            names = " and ".join(sorted(team[each] for each in twice))
            raise Clash(
                f"{names} would be in two places: “{other.title}” is from {other.starts:%H:%M} to {other.ends:%H:%M} on {said(other.on)}. "
                f"Choose another time, or other reviewers. {NOTHING}"
            )


def _at_once(one: Slot, other: Slot) -> bool:
    return one.on == other.on and one.starts < other.ends and other.starts < one.ends


def suggested(activities: Sequence[SuggestedActivity], days: Sequence[date], *, starts: time = STARTS) -> tuple[Suggested, ...]:
    """A way's activities set one after another on the days of the visit, an hour's pause at noon, ten minutes between two.

    The days are filled evenly in order; the team's own meeting and the feedback stand at the end of the last day. What does not end
    by five o'clock is left out: an agenda is a suggestion, never a squeeze.
    """
    if not days:
        return ()
    first = [each for each in activities if each.kind not in LAST]
    ends = [each for each in activities if each.kind in LAST]
    each_day = -(-len(first) // len(days)) if first else 0
    found: list[Suggested] = []
    for number, on in enumerate(days):
        chosen = first[number * each_day : (number + 1) * each_day] + (ends if number == len(days) - 1 else [])
        found += _one_day(chosen, on, starts)
    return tuple(found)


def _one_day(activities: Iterable[SuggestedActivity], on: date, starts: time) -> list[Suggested]:
    now, found = datetime.combine(on, starts), []
    pause_from = datetime.combine(on, PAUSE_FROM)
    pause_until = pause_from + timedelta(minutes=PAUSE_MINUTES)
    for each in activities:
        took = timedelta(minutes=each.minutes)
        if now < pause_until and now + took > pause_from:
            now = pause_until
        if now + took > datetime.combine(on, OVER_BY):
            break
        found.append(Suggested(each.title, each.kind, on, now.time(), (now + took).time()))
        now += took + timedelta(minutes=BETWEEN_MINUTES)
    return found
