"""How many early conversations there are, for whoever sees totals: the same for everyone, once a month, no school by difference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from convenor.intelligence.queries.conversation_counts import states_on
from convenor.intelligence.rules.conversation import State
from convenor.intelligence.rules.totals import Standing, Totals, counting_day, groups_of, tell
from convenor.partnership.models import BodySchool, Membership, ReportingLine
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: The states that are told, as few as a board needs: the fewer, the more may be told of the whole.
STATES: Final[dict[str, tuple[State, ...]]] = {
    "being talked about": (State.SUGGESTED, State.SHARED, State.REPLIED),
    "agreed what comes next": (State.TRIAGED,),
    "reviewed, and going on": (State.REVIEWED,),
}
_SAID: Final = {state.value: said for said, states in STATES.items() for state in states}
NO_PHASE: Final = "Phase not known"


@dataclass(frozen=True, slots=True)
class TotalsSeen:
    """The totals as their page shows them. `next_on` is the day on which they are next counted; `by` what a large phase is parted by."""

    totals: Totals
    next_on: date
    by: str


def totals(slug: str, *, viewer: Viewer, at: date | datetime) -> TotalsSeen | None:
    """Totals of a partnership's early conversations as at the first of the month; None for whoever may not see them. Six queries.

    Nothing that is asked narrows them: no phase, no place, no day. What is told is the same for everybody who may see totals.
    """
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.EARLY_TOTALS_SEE):
        return None
    on = counting_day(day_of(at))
    rows = Membership.objects.filter(in_force(on), partnership_id=here.id).order_by("school_id").values_list("school_id", "school__phase")
    phases = dict(rows)
    clusters, alliances = _places(here.id, on)
    states = states_on(on, viewer=viewer)
    said = {urn: _SAID.get(state, "") for urn, state in states.items()}
    choices = [("cluster", clusters), ("alliance", alliances)]
    parted = [
        (by, [Standing(urn, phase or NO_PHASE, place.get(urn, ""), said.get(urn, "")) for urn, phase in phases.items()])
        for by, place in choices
    ]
    by, schools = max(parted, key=lambda each: len(groups_of(each[1])))
    following = date(on.year + on.month // 12, on.month % 12 + 1, 1)
    return TotalsSeen(tell(schools, on=on, states=tuple(STATES)), following, by)


def _places(partnership_id: int, on: date) -> tuple[dict[str, str], dict[str, str]]:
    """The cluster and the alliance of each school, by URN; the first by the bodies' order where it sits in several."""
    sits = BodySchool.objects.filter(in_force(on), in_force(on, "body__"), partnership_id=partnership_id).order_by("body__order", "body_id")
    above = ReportingLine.objects.filter(in_force(on), partnership_id=partnership_id, reports_to__tier__hue="alliance")
    alliance_of = dict(above.order_by("-reports_to__order").values_list("body_id", "reports_to__name"))
    clusters: dict[str, str] = {}
    alliances: dict[str, str] = {}
    for urn, body, name, hue in sits.values_list("school_id", "body_id", "body__name", "body__tier__hue"):
        if hue == "cluster":
            clusters.setdefault(urn, name)
        place = name if hue == "alliance" else alliance_of.get(body)
        if place:
            alliances.setdefault(urn, place)
    return clusters, alliances
