"""Offers that would mend a clash: each is tried on the clash itself and, in a round that is not too large, on the whole round."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from convenor.peer_review.rules.matching.clash import Clash
from convenor.peer_review.rules.matching.clash_words import named
from convenor.peer_review.rules.matching.permitted import barred_by
from convenor.peer_review.rules.matching.round import Person, Round, Rule, School
from convenor.peer_review.rules.matching.solving import UndecidedError, can_be_kept, only_hosts

#: Offers of one kind that are tried: further schools, hosts or people are not asked about. Fewer where the clash is large, and each slow.
TRIED = 30
TRIED_TIMES_HOSTS = 300
FEWEST_TRIED = 2
#: Above so many hosts an offer is tried on the clash alone.
WHOLE_UP_TO_HOSTS = 60
NEWCOMER = "(a newcomer)"


@dataclass(frozen=True, slots=True)
class Mend:
    """One change that mends the clash; `mends_all` whether the whole round can then be matched (None: not tried)."""

    offer: str
    schools: tuple[str, ...]
    mends_all: bool | None
    says: str


def mends(found: Round, clash: Clash) -> list[Mend]:
    """Single changes that mend the clash, those first that mend the whole round; empty where no single one does."""
    trial = _Trial(found, clash)
    offers = [*_newcomers(trial), *_adjusted(trial), *_by_host(trial), *_by_person(trial)]
    return sorted(offers, key=lambda mend: mend.mends_all is not True)


@dataclass(frozen=True)
class _Trial:
    """Tries changes of the round."""

    found: Round
    clash: Clash

    @property
    def tried(self) -> int:
        """How many offers of one kind are tried."""
        return max(FEWEST_TRIED, min(TRIED, TRIED_TIMES_HOSTS // max(1, len(self.clash.hosts))))

    def mended(self, changed: Round) -> bool:
        """Whether the change mends the clash."""
        return _possible(only_hosts(changed, frozenset(self.clash.hosts)))

    def mended_all(self, changed: Round) -> bool | None:
        """Whether it mends the round; None where the round is too large to try."""
        return _possible(changed) if len(self.found.hosts) <= WHOLE_UP_TO_HOSTS else None

    def one(self, offer: str, changed: Round, says: str, schools: tuple[str, ...] = ()) -> Iterator[Mend]:
        """The offer, where it mends the clash."""
        if self.mended(changed):
            yield Mend(offer, schools, self.mended_all(changed), says)

    def note(self, mending: dict[bool | None, list[str]], who: str, changed: Round) -> None:
        """Notes who could make the change, where it mends the clash, by whether it mends the round."""
        if self.mended(changed):
            mending.setdefault(self.mended_all(changed), []).append(who)

    def hosts(self) -> list[School]:
        """The clash's hosts, as many as are tried."""
        return [self.found.school(host) for host in self.clash.hosts[: self.tried]]


def _possible(found: Round) -> bool:
    try:
        return can_be_kept(found)
    except UndecidedError:
        return False


def _with_newcomer(found: Round, school: str | None, *, lead: bool) -> Round:
    """The round with one more person, trained, for one review; an independent one comes from the first host's door."""
    at = found.hosts[0]
    newcomer = Person(NEWCOMER, school, lead, date.max, 1, easting=at.easting, northing=at.northing)
    return replace(found, people=(*found.people, newcomer))


def _newcomers(trial: _Trial) -> Iterator[Mend]:
    """One more person for one review: from which schools, or from outside; able to lead only where that is needed."""
    found = trial.found
    for lead, words in ((False, "one more person"), (True, "one more person who can lead")):
        from_schools: dict[bool | None, list[str]] = {}
        # An independent newcomer is barred by nothing: where even that does not mend the clash, no school's newcomer does.
        outside = _with_newcomer(found, None, lead=lead)
        if not trial.mended(outside):
            continue
        for school in found.schools[: trial.tried]:
            changed = _with_newcomer(found, school.id, lead=lead)
            placed = school.easting is not None and school.northing is not None
            if placed:
                trial.note(from_schools, school.id, changed)
        for whole, schools in from_schools.items():
            yield Mend("person", tuple(schools), whole, f"{words.capitalize()}, for one review, from {_any_of(schools, any_of='any of ')}.")
        yield Mend("independent", (), trial.mended_all(outside), f"{words.capitalize()}, for one review, from outside the schools.")
        return


def _adjusted(trial: _Trial) -> Iterator[Mend]:
    """The round's own settings, one step."""
    found, rules = trial.found, trial.clash.rules
    if Rule.SAME_TRUST in rules:
        waived = replace(found, waive=found.waive | {Rule.SAME_TRUST})
        yield from trial.one("waive", waived, "Waive the rule that nobody reviews a school of their own trust (the answer will say so).")
    if Rule.SCHOOL_SERVES in rules:
        most = found.school_serves_at_most + 1
        yield from trial.one("school_serves_at_most", replace(found, school_serves_at_most=most), f"Let a school serve in {most} teams.")
    if Rule.LEAD_REST in rules:
        rest = found.rest_cycles - 1
        yield from trial.one(
            "lead_rest_cycles", replace(found, lead_rest_cycles=rest), f"Let a lead school rest for one cycle less ({rest})."
        )


def _by_host(trial: _Trial) -> Iterator[Mend]:
    """What one host could do: a smaller team, an objection withdrawn, a later turn."""
    found, rules = trial.found, trial.clash.rules
    smaller: dict[bool | None, list[str]] = {}
    later: dict[bool | None, list[str]] = {}
    for host in trial.hosts():
        size = found.size_of(host) - 1
        if Rule.TEAM_SIZE in rules and size:
            trial.note(smaller, host.id, _with_school(found, replace(host, team_size=size)))
        for other in sorted(host.objects_to) if Rule.OBJECTION in rules else ():
            changed = _with_school(found, replace(host, objects_to=host.objects_to - {other}))
            yield from trial.one("objection", changed, f"{host.id} withdraws its objection to {other}.", (host.id, other))
        # Leaving out one host always mends an irreducible clash; whether it mends the round is worth knowing.
        trial.note(later, host.id, _with_school(found, replace(host, hosts=False)))
    for whole, hosts in smaller.items():
        yield Mend("team_size", tuple(hosts), whole, f"{_any_of(hosts)} takes a team smaller by one.")
    for whole, hosts in later.items():
        yield Mend("postpone", tuple(hosts), whole, f"{_any_of(hosts)} hosts in a later round.")


def _by_person(trial: _Trial) -> Iterator[Mend]:
    """What one person could do: renew their training, give one review more."""
    found, rules = trial.found, trial.clash.rules
    for rule, offer in ((Rule.TRAINING, "training"), (Rule.REVIEWS_LEFT, "reviews_left")):
        if rule not in rules:
            continue
        people = [p for p in found.people if any(set(barred_by(found, p, host)) <= {rule} for host in trial.hosts())]
        mending: dict[bool | None, list[str]] = {}
        for person in [p for p in people if rule != Rule.TRAINING or p.trained_until < found.on][: trial.tried]:
            better = (
                replace(person, trained_until=date.max) if rule == Rule.TRAINING else replace(person, reviews_left=person.reviews_left + 1)
            )
            changed = replace(found, people=tuple(better if p.id == person.id else p for p in found.people))
            trial.note(mending, person.id, changed)
        for whole, ids in mending.items():
            schools = tuple(sorted({school for each in ids if (school := found.person(each).school)}))
            does = "renews their training" if offer == "training" else "gives one review more"
            yield Mend(offer, schools, whole, f"{_any_of(ids)} {does}.")


def _any_of(items: list[str], any_of: str = "Any of ") -> str:
    """A; any of A and B."""
    return items[0] if len(items) == 1 else f"{any_of}{named(items)}"


def _with_school(found: Round, changed: School) -> Round:
    return replace(found, schools=tuple(changed if school.id == changed.id else school for school in found.schools))
