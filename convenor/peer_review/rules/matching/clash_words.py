"""A clash in words that a coordinator can act on: one line for each rule in it, naming the schools and people concerned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from convenor.peer_review.rules.matching.clash import Clash
from convenor.peer_review.rules.matching.permitted import barred_by, bars_school, rests_from
from convenor.peer_review.rules.matching.round import Person, Round, Rule, School

#: A list longer than this is cut, with the number of the rest.
NAMED = 8


@dataclass(frozen=True, slots=True)
class Explained:
    """One rule of a clash: the schools it concerns, and why it stands in the way."""

    rule: Rule
    schools: tuple[str, ...]
    explanation: str


def explain(found: Round, clash: Clash) -> list[Explained]:
    """One line for each rule of the clash, in the order of Rule."""
    hosts = [found.school(host) for host in clash.hosts]
    return [_LINES[rule](found, hosts) for rule in Rule if rule in clash.rules]


def named(items: Sequence[str]) -> str:
    """A, B and C; past eight, the number of the rest."""
    shown = list(items[:NAMED])
    if len(items) > NAMED:
        shown = [*shown[: NAMED - 1], f"{len(items) - NAMED + 1} more"]
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


def _ids(hosts: Sequence[School]) -> tuple[str, ...]:
    return tuple(host.id for host in hosts)


def _some(found: Round, hosts: Sequence[School], *, without: frozenset[Rule] = frozenset(), leading: bool = False) -> list[Person]:
    """People who may go to at least one of these hosts, the rules `without` left aside; only those who could lead there, if `leading`."""
    fit = []
    for person in found.people:
        for host in hosts:
            rests = leading and Rule.LEAD_REST not in without and person.school and rests_from(found, person.school, host.id) is not None
            if not rests and (person.can_lead or not leading) and set(barred_by(found, person, host)) <= without:
                fit.append(person)
                break
    return fit


def _team_size(found: Round, hosts: Sequence[School]) -> Explained:
    places = sum(found.size_of(host) for host in hosts)
    fit = _some(found, hosts)
    reviews = sum(min(person.reviews_left, len(hosts)) for person in fit)
    each = (
        f"{hosts[0].id} needs a team of {places}"
        if len(hosts) == 1
        else f"{named(_ids(hosts))} together need {places} places in their teams"
    )
    return Explained(Rule.TEAM_SIZE, _ids(hosts), f"{each}. {_people(fit)} may go there{_between(reviews)}.")


def _people(fit: Sequence[Person]) -> str:
    if not fit:
        return "Nobody in the round"
    return f"Only {fit[0].id}" if len(fit) == 1 else f"{len(fit)} people ({named([person.id for person in fit])})"


def _reviews(count: int) -> str:
    return "1 review" if count == 1 else f"{count} reviews"


def _between(reviews: int) -> str:
    return f", with {_reviews(reviews)} between them" if reviews else ""


def _lead(found: Round, hosts: Sequence[School]) -> Explained:
    fit = _some(found, hosts, leading=True)
    each = f"{named(_ids(hosts))} {'needs a lead' if len(hosts) == 1 else 'need a lead each'}"
    reviews = sum(min(person.reviews_left, len(hosts)) for person in fit)
    return Explained(Rule.LEAD, _ids(hosts), f"{each}. {_people(fit)} may lead there{_between(reviews)}.")


def _own(found: Round, hosts: Sequence[School]) -> Explained:
    own = [person.id for person in found.people if person.school in _ids(hosts)]
    says = f"Nobody reviews their own school, so {named(own) or 'their own people'} cannot help there."
    return Explained(Rule.OWN_SCHOOL, _ids(hosts), says)


def _shared(rule: Rule, noun: str) -> Callable[[Round, Sequence[School]], Explained]:
    """The line for schools that share a trust or a federation with a host."""

    def line(found: Round, hosts: Sequence[School]) -> Explained:
        pairs = [(school.id, host.id) for host in hosts for school in found.schools if rule in bars_school(school, host)]
        schools = tuple(sorted({each for pair in pairs for each in pair}))
        says = f"{named(schools)} share a {noun}, and nobody reviews a school of their own {noun}."
        return Explained(rule, schools, says)

    return line


def _objection(_: Round, hosts: Sequence[School]) -> Explained:
    others = {host.id: sorted(host.objects_to - {host.id}) for host in hosts}
    said = [f"{host} objects to {named(objects)}" for host, objects in others.items() if objects]
    schools = {host for host, objects in others.items() if objects} | {each for objects in others.values() for each in objects}
    return Explained(Rule.OBJECTION, tuple(sorted(schools)), f"{'; '.join(said)}.")


def _interest(found: Round, hosts: Sequence[School]) -> Explained:
    said = [(person.id, host.id) for host in hosts for person in found.people if host.id in person.declared_interests]
    schools = {host for _, host in said} | {p.school for p in found.people if p.school and p.id in {person for person, _ in said}}
    pairs = named([f"{person} in {host}" for person, host in said])
    return Explained(Rule.DECLARED_INTEREST, tuple(sorted(schools)), f"An interest was declared by {pairs}.")


def _two_schools(found: Round, hosts: Sequence[School]) -> Explained:
    senders = sorted({person.school for person in _some(found, hosts) if person.school})
    says = (
        f"Two people of one team come from two schools, and people for {named(_ids(hosts))} come from {named(senders) or 'no school'} only."
    )
    return Explained(Rule.TWO_SCHOOLS, tuple(dict.fromkeys((*_ids(hosts), *senders))), says)


def _training(found: Round, hosts: Sequence[School]) -> Explained:
    lapsed = [person for person in _some(found, hosts, without=frozenset({Rule.TRAINING})) if person.trained_until < found.on]
    schools = sorted({person.school for person in lapsed if person.school})
    says = f"On {found.on.isoformat()} the training of {named([person.id for person in lapsed])} is no longer valid."
    return Explained(Rule.TRAINING, tuple(schools) or _ids(hosts), says)


def _reviews_left(found: Round, hosts: Sequence[School]) -> Explained:
    fit = _some(found, hosts, without=frozenset({Rule.REVIEWS_LEFT}))
    scarce = [person for person in fit if person.reviews_left < len(hosts)]
    schools = sorted({person.school for person in scarce if person.school})
    said = named([f"{person.id} has {_reviews(person.reviews_left)} left" for person in scarce])
    return Explained(Rule.REVIEWS_LEFT, tuple(schools) or _ids(hosts), f"{said}.")


def _serves(found: Round, hosts: Sequence[School]) -> Explained:
    senders = sorted({person.school for person in _some(found, hosts) if person.school})
    says = f"The people of one school serve in at most {found.school_serves_at_most} teams, and those for here come from {named(senders)}."
    return Explained(Rule.SCHOOL_SERVES, tuple(senders) or _ids(hosts), says)


def _rest(found: Round, hosts: Sequence[School]) -> Explained:
    pairs = [(school, host.id) for host in hosts for at, school in sorted(found.resting) if at == host.id]
    said = named([f"{school} led at {host}" for school, host in pairs])
    schools = tuple(sorted({each for pair in pairs for each in pair}))
    cycles = "the last cycle" if found.rest_cycles == 1 else f"the last {found.rest_cycles} cycles"
    return Explained(Rule.LEAD_REST, schools, f"In {cycles} {said}, and may not lead there again yet.")


def _swap(found: Round, hosts: Sequence[School]) -> Explained:
    says = f"No two schools lead at each other: among {named(_ids(hosts))} each pair can be led one way only."
    if len(found.hosts) == 2:
        says += " Two schools alone can never do this; with a third school, or a lead from outside, they can."
    return Explained(Rule.NO_SWAP, _ids(hosts), says)


def _reach(found: Round, hosts: Sequence[School]) -> Explained:
    outside = {school.id for host in hosts for school in found.schools if Rule.REACH in bars_school(school, host)}
    others = len([person for person in found.people if person.school in outside])
    people = "1 person" if others == 1 else f"{others} people"
    says = f"Teams stay within their circle: {people} of other circles cannot help {named(_ids(hosts))}."
    return Explained(Rule.REACH, _ids(hosts), says)


_LINES: dict[Rule, Callable[[Round, Sequence[School]], Explained]] = {
    Rule.TEAM_SIZE: _team_size,
    Rule.LEAD: _lead,
    Rule.OWN_SCHOOL: _own,
    Rule.SAME_TRUST: _shared(Rule.SAME_TRUST, "trust"),
    Rule.FEDERATION: _shared(Rule.FEDERATION, "federation"),
    Rule.OBJECTION: _objection,
    Rule.DECLARED_INTEREST: _interest,
    Rule.TWO_SCHOOLS: _two_schools,
    Rule.TRAINING: _training,
    Rule.REVIEWS_LEFT: _reviews_left,
    Rule.SCHOOL_SERVES: _serves,
    Rule.LEAD_REST: _rest,
    Rule.NO_SWAP: _swap,
    Rule.REACH: _reach,
}
