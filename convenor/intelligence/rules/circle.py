"""The circle: who may see what of a school's lines and conversation on a day. Whoever is not in it sees nothing.

The school's own people see everything, always and first. One named broker sees what the school sees. Other brokers see only
that a conversation is suggested, until one of them takes it up. The cluster lead, a neighbour, sees while the school agrees.
The manager sees name and state from the day after the school has had it to itself for ten working days; an officer sees, from
that day and of a school of their own authority, only that a formal route was noted. A board sees totals. Of a school that has
left the partnership nobody sees anything but its own people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from convenor.intelligence.rules.conversation import OWN_DAYS, Outcome, Standing, State, alone, said, school_alone_until


class Sight(IntEnum):
    """How much somebody sees of one school. A greater sight holds every smaller one, but `FORMAL` and `STATE` stand side by side."""

    NOTHING = 0
    SUGGESTED = 1  # that a conversation is suggested: the school's name and how many lines
    FORMAL = 2  # that a formal route was noted, and nothing else
    STATE = 3  # the school's name and where the conversation stands
    READS = 4  # lines, replies and steps, without a part in them
    HOLDS = 5  # as the one named broker
    OWN = 6  # as the school itself

    @property
    def reads(self) -> bool:
        """Whether the lines themselves may be read."""
        return self >= Sight.READS


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Somebody in regard to one school, on a day.

    `own`: may open what is held about the school. `acts_for` it: holds any post there, or at its trust. `leads_its_cluster`:
    leads a cluster in which it sits. `officer`: of the authority that looks after it. The other two are roles of the partnership.
    """

    person_id: int | None = None
    own: bool = False
    acts_for: bool = False
    broker: bool = False
    leads_its_cluster: bool = False
    manager: bool = False
    officer: bool = False


def sight(onlooker: Onlooker, standing: Standing | None, *, on: date, suggested: bool = False) -> Sight:
    """What somebody sees of a school on a day. `standing` is its conversation, None where it has none; `suggested` by the newest run."""
    if onlooker.person_id is None:
        return Sight.NOTHING
    if onlooker.own:
        return Sight.OWN
    if standing is None:
        return Sight.SUGGESTED if suggested and onlooker.broker and not onlooker.acts_for else Sight.NOTHING
    if standing.state is State.WITHDRAWN or not standing.member:
        return Sight.NOTHING
    return max(_as_broker(onlooker, standing), _as_cluster_lead(onlooker, standing), _from_above(onlooker, standing, on))


def _as_broker(onlooker: Onlooker, standing: Standing) -> Sight:
    if not onlooker.broker or onlooker.acts_for:
        return Sight.NOTHING
    if standing.broker_id == onlooker.person_id:
        return Sight.HOLDS if standing.state.open else Sight.READS
    return Sight.SUGGESTED if standing.broker_id is None and standing.state.open else Sight.NOTHING


def _as_cluster_lead(onlooker: Onlooker, standing: Standing) -> Sight:
    agreed = standing.cluster_may_see and standing.shared_on is not None and standing.state.open
    return Sight.READS if agreed and onlooker.leads_its_cluster else Sight.NOTHING


def _from_above(onlooker: Onlooker, standing: Standing, on: date) -> Sight:
    if alone(standing, on) or not standing.state.open:
        return Sight.NOTHING
    if onlooker.manager:
        return Sight.STATE
    return Sight.FORMAL if onlooker.officer and standing.outcome is Outcome.FORMAL_ROUTE else Sight.NOTHING


@dataclass(frozen=True, slots=True)
class Told:
    """One line of what a school is told of the circle: who, what they see, and from when, in words."""

    who: str
    sees: str
    when: str


def told(standing: Standing | None, *, on: date, broker: str = "", to_school: bool = True) -> tuple[Told, ...]:
    """Who sees what of a school's conversation and from when, as a page says it on a day: to the school itself, or to another reader."""
    cluster = standing is not None and standing.cluster_may_see and standing.state.open
    you, your, its, agree = (
        ("you see", "Your", "your", "you agree") if to_school else ("the school sees", "The", "its", "the school agrees")
    )
    own = "Your school’s own people" if to_school else "The school’s own people"
    above = f"{'your school' if to_school else 'the school'}’s name and where it stands: no line, no word"
    return (
        Told(own, "everything, before anyone else", "always"),
        Told(
            f"{broker}, {its} broker" if broker else "One named broker",
            f"what {you}; each look is written down for {'you' if to_school else 'it'}",
            "once one takes it up" if not broker else "as it stood when it ended" if standing and not standing.state.open else "now",
        ),
        Told(
            f"{your} cluster lead", f"what {you}, to read only" if cluster else "nothing",
            f"for as long as {agree}" if cluster else f"unless {agree}",
        ),
        Told("The partnership manager", above, _others_when(standing, on)),
        Told("Local authority officers", "only that a formal route was noted, if one was", _others_when(standing, on)),
        Told(
            "Other brokers",
            f"only {'your school' if to_school else 'the school'}’s name, how many lines suggest a conversation, and whether "
            f"{'you asked for it yourselves' if to_school else 'the school asked itself'}",
            "while no broker holds it",
        ),
        Told("The board and everyone else", "totals, in which no school can be made out", "always"),
    )  # fmt: skip


def _others_when(standing: Standing | None, on: date) -> str:
    if standing is not None and not standing.state.open:
        return "no longer: it has ended"
    shown_on = standing.shown_on if standing is not None else None
    if shown_on is None:
        return f"not before the school has had it for {OWN_DAYS} working days"
    first = school_alone_until(shown_on) + timedelta(days=1)
    return f"{'since' if first <= on else 'from'} {said(first)}, while it is open"
