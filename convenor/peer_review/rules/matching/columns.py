"""The round as arrays: one column for each group of like people at each host in each part (member or lead).

People of one school who can lead alike, know the same of what is asked for and declared the same interests are one group: a team takes at
most one of a school, so the group stands for whichever of them goes. This takes away the symmetry that makes such searches long.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from convenor.peer_review.rules.matching.permitted import bars_school
from convenor.peer_review.rules.matching.round import COMPETES_WITHIN_KM, COUNTS_AS, PHASES, Person, Round, Rule, School

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

MEMBER, LEAD = 0, 1


@dataclass(frozen=True, slots=True)
class Group:
    """Like people of one place. `place` numbers schools first, then independents."""

    place: int
    school: str | None
    can_lead: bool
    people: tuple[Person, ...]


@dataclass(frozen=True)
class Wishes:
    """What is minimised. `change` prices (person, host, part) for planning again; None means the round's own costs."""

    change: Mapping[tuple[str, str, int], float] | None = None
    apart: frozenset[str] = frozenset()  #: people who stand for themselves alone, because who they are matters
    at_most: float | None = None  #: a ceiling on the sum of `change`, while the round's own costs are minimised


@dataclass(frozen=True)
class Columns:
    """Parallel arrays over the columns, and the sizes that rows need. Costs in the units of the weights."""

    found: Round
    enforced: frozenset[Rule]
    hosts: tuple[School, ...]
    groups: tuple[Group, ...]
    places: int
    host: Ints
    group: Ints
    place: Ints
    part: Ints
    cost: Floats
    change: Floats
    of_phase: Bools
    covers: Bools  # columns x the longest list of focuses
    focus_start: Ints  # first focus of each host in one long list; one more at the end
    team_size: Ints
    reviews: Ints  # by group: reviews left in all
    serves: Floats  # by place: teams it may serve in
    host_of_place: Ints  # the host that a place is, or -1
    slack_cost: tuple[float, float, float] = field(default=(0.0, 0.0, 0.0))  # no phase, a focus missing, a second review
    at_most: float | None = None
    in_ones: bool = False  # whether every cost is a whole number, as changes are

    @property
    def count(self) -> int:
        """How many columns there are."""
        return len(self.host)

    @cached_property
    def pair(self) -> Ints:
        """Place and host as one number: at most one of these columns can be chosen where people must come from two schools."""
        import numpy as np

        by = self.place if Rule.TWO_SCHOOLS in self.enforced else self.group + self.places
        return np.asarray(by * len(self.hosts) + self.host, dtype=np.int64)

    @cached_property
    def swap(self) -> Ints:
        """For a lead's column from a school that hosts: the two schools as one number, the same both ways; -1 otherwise."""
        import numpy as np

        size, home = len(self.hosts), self.host_of_place[self.place]
        counts = (self.part == LEAD) & (home >= 0) & (home != self.host) & (Rule.NO_SWAP in self.enforced)
        low, high = np.minimum(home, self.host), np.maximum(home, self.host)
        return np.where(counts, low * size + high, -1)


def columns_of(found: Round, *, enforced: frozenset[Rule] | None = None, wishes: Wishes = Wishes()) -> Columns:
    """The round's columns, under the rules `enforced` (the round's by default; fewer to ask which of them clash)."""
    import numpy as np

    rules = found.enforced if enforced is None else enforced
    hosts = found.hosts
    groups, places = _groups(found, rules, wishes)
    focus_of = [found_host.focus for found_host in hosts]
    place_of = np.array([g.place for g in groups], dtype=np.int64)
    facts = _between(found, rules, hosts, places)
    allowed = ~facts["barred"][place_of] if groups else np.zeros((0, len(hosts)), dtype=bool)
    may_lead = allowed & ~facts["rests"][place_of] if groups else allowed.copy()
    number = {host.id: n for n, host in enumerate(hosts)}
    for row, group in enumerate(groups):
        for interest in group.people[0].declared_interests if Rule.DECLARED_INTEREST in rules else ():
            if interest in number:
                allowed[row, number[interest]] = may_lead[row, number[interest]] = False
        if not group.can_lead:
            may_lead[row] = False
    member_rows, member_hosts = np.nonzero(allowed)
    lead_rows, lead_hosts = np.nonzero(may_lead)
    group_of = np.concatenate([member_rows, lead_rows]).astype(np.int64)
    host_of = np.concatenate([member_hosts, lead_hosts]).astype(np.int64)
    part = np.concatenate([np.zeros(len(member_rows)), np.ones(len(lead_rows))]).astype(np.int64)
    place = place_of[group_of] if groups else group_of
    own = wishes.change is None or wishes.at_most is not None
    weights = found.weights
    covers = _covers(groups, focus_of, group_of, host_of)
    return Columns(
        found=found,
        enforced=rules,
        hosts=hosts,
        groups=groups,
        places=len(places),
        host=host_of,
        group=group_of,
        place=place,
        part=part,
        cost=facts["cost"][place, host_of] if own else _changes(wishes, groups, hosts, group_of, host_of, part),
        change=_changes(wishes, groups, hosts, group_of, host_of, part),
        of_phase=facts["of_phase"][place, host_of],
        covers=covers,
        focus_start=np.concatenate([[0], np.cumsum([len(f) for f in focus_of])]).astype(np.int64),
        team_size=np.array([_size(found, rules, host) for host in hosts], dtype=np.int64),
        reviews=np.array([sum(_reviews(p, rules, len(hosts)) for p in g.people) for g in groups], dtype=np.int64),
        serves=np.array([_serves(found, rules, place) for place in places], dtype=np.float64),
        host_of_place=np.array([number.get(p.id, -1) if isinstance(p, School) else -1 for p in places], dtype=np.int64),
        slack_cost=(weights.phase_missing, weights.focus_missing, weights.second_review) if own else (0.0, 0.0, 0.0),
        at_most=wishes.at_most,
        in_ones=not own,
    )


def _size(found: Round, rules: frozenset[Rule], host: School) -> int:
    """How many the host's team needs; only its lead where the size is not asked for, nobody where neither is."""
    if Rule.TEAM_SIZE in rules:
        return found.size_of(host)
    return 1 if Rule.LEAD in rules else 0


def _reviews(person: Person, rules: frozenset[Rule], hosts: int) -> int:
    """How many reviews a person may do; as many as there are hosts where days are not counted."""
    return min(person.reviews_left, hosts) if Rule.REVIEWS_LEFT in rules else hosts


def _serves(found: Round, rules: frozenset[Rule], place: School | Person) -> float:
    """How many teams a place's people may serve in; an independent reviewer is no school."""
    counted = isinstance(place, School) and Rule.SCHOOL_SERVES in rules
    return float(found.school_serves_at_most) if counted else float("inf")


def _groups(found: Round, rules: frozenset[Rule], wishes: Wishes) -> tuple[tuple[Group, ...], list[School | Person]]:
    """Like people together, in the order of the input, and the places they come from."""
    asked = frozenset(focus for host in found.hosts for focus in host.focus)
    places: dict[tuple[str, str], int] = {}
    listed: list[School | Person] = []
    alike: dict[Any, list[Person]] = {}
    for person in found.people:
        lapsed = Rule.TRAINING in rules and person.trained_until < found.on
        if lapsed or (Rule.REVIEWS_LEFT in rules and person.reviews_left < 1):
            continue
        where = ("school", person.school) if person.school else ("person", person.id)
        if where not in places:
            places[where] = len(listed)
            listed.append(found.school(person.school) if person.school else person)
        # Where two of one school may go together, even like people are counted one by one.
        alone = person.id in wishes.apart or Rule.TWO_SCHOOLS not in rules
        itself = person.id if alone else ""
        key = (places[where], person.can_lead, person.expertise & asked, person.declared_interests, itself)
        alike.setdefault(key, []).append(person)
    return tuple(Group(key[0], people[0].school, key[1], tuple(people)) for key, people in alike.items()), listed


def _between(found: Round, rules: frozenset[Rule], hosts: tuple[School, ...], places: list[School | Person]) -> dict[str, Any]:
    """What lies between every place and every host: whether barred, resting, of the phase; and the cost of one member."""
    import numpy as np

    here = np.array([(p.easting, p.northing) for p in places], dtype=np.float64).reshape(-1, 2)
    there = np.array([(h.easting, h.northing) for h in hosts], dtype=np.float64).reshape(-1, 2)
    km = np.hypot(here[:, None, 0] - there[None, :, 0], here[:, None, 1] - there[None, :, 1]) / 1000
    phases = {p: frozenset((p,)) for p in PHASES} | COUNTS_AS
    counts = np.array([[not phases[a].isdisjoint(phases[b]) for b in PHASES] for a in PHASES])
    number = {phase: n for n, phase in enumerate(PHASES)}
    is_school = np.array([isinstance(p, School) for p in places], dtype=bool)
    from_phase = np.array([number[p.phase] if isinstance(p, School) else 0 for p in places], dtype=np.int64)
    to_phase = np.array([number[h.phase] for h in hosts], dtype=np.int64)
    of_phase = counts[from_phase[:, None], to_phase[None, :]] & is_school[:, None]
    near = km < np.array([COMPETES_WITHIN_KM.get(h.phase, 0.0) for h in hosts])[None, :]
    cost = found.weights.travel_per_km * km + found.weights.competitor * (of_phase & near)
    # A place without coordinates sends nobody: reading refused it otherwise.
    return {
        "barred": _barred(rules, hosts, places),
        "rests": _rests(found, rules, hosts, places),
        "of_phase": of_phase,
        "cost": np.nan_to_num(cost, nan=0.0),
    }


def _barred(rules: frozenset[Rule], hosts: tuple[School, ...], places: list[School | Person]) -> Any:
    """Places x hosts: whether a rule between schools bars everyone of the place. Pairs that share nothing differ in circle at most."""
    import numpy as np

    barred = np.zeros((len(places), len(hosts)), dtype=bool)
    sharing: dict[tuple[str, str | None], list[int]] = {}
    for n, host in enumerate(hosts):
        for kind in (("id", host.id), ("trust", host.trust), ("federation", host.federation), *(("objects", o) for o in host.objects_to)):
            sharing.setdefault(kind, []).append(n)
    circles = np.array([host.circle or "" for host in hosts]) if Rule.REACH in rules and any(host.circle for host in hosts) else None
    for row, place in enumerate(places):
        if isinstance(place, School):
            if circles is not None and place.circle:
                barred[row] |= (circles != "") & (circles != place.circle)
            for kind in (("id", place.id), ("trust", place.trust), ("federation", place.federation), ("objects", place.id)):
                for n in sharing.get(kind, ()) if kind[1] else ():
                    barred[row, n] |= not rules.isdisjoint(bars_school(place, hosts[n]))
    return barred


def _rests(found: Round, rules: frozenset[Rule], hosts: tuple[School, ...], places: list[School | Person]) -> Any:
    """Places x hosts: whether the school led there too lately to lead again."""
    import numpy as np

    rests = np.zeros((len(places), len(hosts)), dtype=bool)
    rows = {place.id: n for n, place in enumerate(places) if isinstance(place, School)}
    at = {host.id: n for n, host in enumerate(hosts)}
    for host, lead_school in found.resting if Rule.LEAD_REST in rules else ():
        if lead_school in rows and host in at:
            rests[rows[lead_school], at[host]] = True
    return rests


def _covers(groups: tuple[Group, ...], focus_of: list[tuple[str, ...]], group_of: Ints, host_of: Ints) -> Bools:
    """Columns x positions: whether the group knows the host's focus at that position."""
    import numpy as np

    longest = max((len(f) for f in focus_of), default=0)
    names = sorted({name for f in focus_of for name in f})
    number = {name: n for n, name in enumerate(names)}
    knows = np.array([[name in g.people[0].expertise for name in names] + [False] for g in groups], dtype=bool).reshape(-1, len(names) + 1)
    asked = np.array([[*(number[name] for name in f), *([len(names)] * (longest - len(f)))] for f in focus_of], dtype=np.int64)
    return np.asarray(knows[group_of[:, None], asked.reshape(len(focus_of), longest)[host_of]], dtype=bool)


def _changes(wishes: Wishes, groups: tuple[Group, ...], hosts: tuple[School, ...], group_of: Ints, host_of: Ints, part: Ints) -> Floats:
    """What each column adds to the changes; nothing where none is counted."""
    import numpy as np

    change = np.zeros(len(group_of))
    if wishes.change is None:
        return change
    usual = (wishes.change.get(("", "", MEMBER), 0.0), wishes.change.get(("", "", LEAD), 0.0))
    for n, (group, host, role) in enumerate(zip(group_of.tolist(), host_of.tolist(), part.tolist(), strict=True)):
        change[n] = wishes.change.get((groups[group].people[0].id, hosts[host].id, role), usual[role])
    return change
