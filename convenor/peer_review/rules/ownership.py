"""Who sees what of a peer review. The host school owns it: everybody else sees only what this page lets them.

| who | what |
| --- | --- |
| the host's own people | everything that the team has shared, who looked, and how far expectations agree with it once the report is final |
| the team | plan, self-review, evidence and report, until 30 days after the report is final; then only that they took part |
| a person whom the host named | the final report, while the host lets them; somebody of the team also the priorities |
| cluster or alliance lead, coordinator | the state and the dates, and who is on the team |
| everybody else of the partnership | totals and themes, from five schools up |

The mirror is apart: each side reads its own words; the overlap, by theme, is the host's alone.
Source: the requirements H2 of the field notes; 30 days is proposed there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from convenor.peer_review.rules.states import WAY, State

#: How long the team still reads the report after it is final.
TEAM_READS_FOR: Final = timedelta(days=30)


class Sight(StrEnum):
    """One part of a review that somebody may see."""

    STATES = "states and dates"
    TEAM = "who is on the team"
    PLAN = "questions, activities and agenda"
    SELF_REVIEW = "the school's self-review and its figures"
    EVIDENCE = "the evidence log"
    DRAFT = "the draft report and the host's check of it"
    REPORT = "the final report"
    PRIORITIES = "agreed priorities and the impact visit"
    OWN_EXPECTATION = "what one's own side expected"
    OVERLAP = "how far expectations and findings overlap"
    ACCESS = "who may read it and who looked"


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Somebody in regard to one review, on a day. `granted`: the host lets them read; `follows`: they lead its body or run the round."""

    host: bool = False
    team: bool = False
    granted: bool = False
    follows: bool = False


#: What is left to somebody beyond the host school where its agreement does not let reviews be used there.
WITHHELD_LEAVES: Final = frozenset({Sight.STATES, Sight.TEAM})


def sights(
    looking: Onlooker, *, state: State, resumes: State | None, final_on: date | None, on: date, withheld: bool = False
) -> frozenset[Sight]:  # fmt: skip
    """What somebody may see of a review on a day; empty for anybody who has no part in it.

    `resumes` is the state of a review that is postponed. The team loses sight 30 days after `final_on`, whatever comes after; a
    review that was withdrawn is closed to the team at once, its report being final or not. Where the host's agreement does not let reviews
    be used beyond the school (`withheld`), nobody but its own people reads a report that is final; the team finishes its work until the
    workshop is done.
    """
    found: set[Sight] = set()
    reached = _reached(state, resumes)
    if looking.host:
        found |= {Sight.STATES, Sight.TEAM, Sight.PLAN, Sight.SELF_REVIEW, Sight.ACCESS, Sight.PRIORITIES, Sight.OWN_EXPECTATION}
        if State.REPORT_DRAFT in reached:
            found |= {Sight.DRAFT, Sight.EVIDENCE}
        if State.REPORT_FINAL in reached:
            found |= {Sight.REPORT, Sight.OVERLAP}
    if looking.team:
        found |= {Sight.STATES, Sight.TEAM}
        if team_still_reads(state, final_on, on):
            found |= {Sight.PLAN, Sight.EVIDENCE, Sight.DRAFT, Sight.OWN_EXPECTATION}
            if State.DATA_SHARED in reached:
                found.add(Sight.SELF_REVIEW)
            if State.REPORT_FINAL in reached:
                found.add(Sight.REPORT)
    if looking.granted and State.REPORT_FINAL in reached:
        found |= {Sight.STATES, Sight.REPORT}
        if looking.team and State.ACTIONS_AGREED in reached:
            found.add(Sight.PRIORITIES)
    if looking.follows:
        found |= {Sight.STATES, Sight.TEAM}
    if withheld and not looking.host and not (looking.team and State.WORKSHOP_DONE not in reached):
        found &= WITHHELD_LEAVES
    return frozenset(found)


def team_still_reads(state: State, final_on: date | None, on: date) -> bool:
    """Whether the team still has the review open: until 30 days after the report is final; not once the host withdrew."""
    if state is State.WITHDRAWN:
        return False
    return final_on is None or on <= final_on + TEAM_READS_FOR


def _reached(state: State, resumes: State | None) -> frozenset[State]:
    """The states that the review has come to, its present one among them; what a withdrawn review had come to is not asked again."""
    stands = resumes if resumes is not None else state
    return frozenset(WAY[: WAY.index(stands) + 1]) if stands in WAY else frozenset()
