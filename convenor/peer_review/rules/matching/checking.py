"""Whether teams keep the rules: for teams changed by hand, teams published earlier, and the search's own answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from convenor.peer_review.rules.matching.permitted import barred_by, rests_from
from convenor.peer_review.rules.matching.round import Person, Round, Rule, School, Team, plain


@dataclass(frozen=True, slots=True)
class Broken:
    """One rule broken: by which team (its host), by whom where it is one person, and in words."""

    rule: Rule
    host: str
    person: str | None
    says: str


#: Why one person may not go to one host, said of person and host.
_SAYS = {
    Rule.OWN_SCHOOL: "{person} works at {host}.",
    Rule.SAME_TRUST: "{person}'s school, {school}, is in the same trust as {host}.",
    Rule.FEDERATION: "{person}'s school, {school}, is in the same federation as {host}.",
    Rule.OBJECTION: "{host} objects to {school}, {person}'s school.",
    Rule.REACH: "{person}'s school, {school}, is of another circle than {host}, and this round stays within its circles.",
    Rule.DECLARED_INTEREST: "{person} declared an interest in {host}.",
    Rule.TRAINING: "{person}'s training was valid until {trained_until} only.",
    Rule.REVIEWS_LEFT: "{person} has no review left to give.",
}


def check(found: Round, teams: Sequence[Team]) -> list[Broken]:
    """Every rule that `teams` break in the round `found`; empty where they may stand. The rules that the round waives are not looked at.

    A host without a team, a team without a host, a host named twice and people the round does not know are told under TEAM_SIZE.
    """
    broken = list(_frame(found, teams))
    known = [team for team in teams if team.host in {host.id for host in found.hosts}]
    for team in known:
        broken += _team(found, team, found.school(team.host))
    return [*broken, *_loads(found, known), *_swaps(found, known)]


def _frame(found: Round, teams: Sequence[Team]) -> Iterator[Broken]:
    """One team for each host, and none for anybody else."""
    served = Counter(team.host for team in teams)
    hosts = [host.id for host in found.hosts]
    for host in hosts:
        if served[host] != 1:
            yield Broken(Rule.TEAM_SIZE, host, None, f"{host} has {served[host]} teams; it hosts one.")
    for host in sorted(set(served) - set(hosts)):
        yield Broken(Rule.TEAM_SIZE, host, None, f"{host} hosts no review in this round.")


def _known(found: Round, members: Sequence[str]) -> list[Person]:
    ids = {person.id for person in found.people}
    return [found.person(member) for member in members if member in ids]


def _team(found: Round, team: Team, host: School) -> Iterator[Broken]:
    """The rules of one team."""
    people = _known(found, team.members)
    for stranger in sorted(set(team.members) - {person.id for person in people}):
        yield Broken(Rule.TEAM_SIZE, host.id, stranger, f"{stranger} is nobody of this round.")
    size = found.size_of(host)
    if len(team.members) != size or len(set(team.members)) != size:
        yield Broken(Rule.TEAM_SIZE, host.id, None, f"{host.id} needs {size} different people; the team has {len(set(team.members))}.")
    for person in people:
        for rule in barred_by(found, person, host):
            says = _SAYS[rule].format(person=person.id, school=person.school, host=host.id, trained_until=person.trained_until.isoformat())
            yield Broken(rule, host.id, person.id, says)
    schools = Counter(person.school for person in people if person.school)
    for school, times in schools.items():
        if times > 1:
            yield Broken(Rule.TWO_SCHOOLS, host.id, None, f"{times} of the team that reviews {host.id} come from {school}; one may.")
    yield from _lead(found, team, host)


def _lead(found: Round, team: Team, host: School) -> Iterator[Broken]:
    """The rules of one team's lead."""
    if team.lead not in team.members:
        yield Broken(Rule.LEAD, host.id, team.lead, f"{team.lead} leads at {host.id} and is no member of the team.")
    for lead in _known(found, [team.lead]):
        if not lead.can_lead:
            yield Broken(Rule.LEAD, host.id, lead.id, f"{lead.id} cannot lead yet.")
        ago = rests_from(found, lead.school, host.id) if lead.school else None
        if ago is not None:
            when = "in the last cycle" if ago == 1 else f"{ago} cycles ago"
            yield Broken(
                Rule.LEAD_REST, host.id, lead.id, f"{lead.school} led at {host.id} {when} and rests for {plain(found.rest_cycles)}."
            )


def _loads(found: Round, teams: Sequence[Team]) -> Iterator[Broken]:
    """What people and schools give in all."""
    served = Counter(member for team in teams for member in set(team.members))
    for person in found.people:
        if served[person.id] > max(1, person.reviews_left):
            says = f"{person.id} is in {served[person.id]} teams and has reviews left for {person.reviews_left}."
            yield Broken(Rule.REVIEWS_LEFT, "", person.id, says)
    schools = Counter(person.school for team in teams for person in _known(found, sorted(set(team.members))) if person.school)
    for school in found.schools:
        if schools[school.id] > found.school_serves_at_most:
            says = f"{school.id} serves in {schools[school.id]} teams; at most {found.school_serves_at_most} are allowed."
            yield Broken(Rule.SCHOOL_SERVES, "", None, says)


def _swaps(found: Round, teams: Sequence[Team]) -> Iterator[Broken]:
    """Two schools that lead at each other."""
    leads = {(team.host, lead.school) for team in teams for lead in _known(found, [team.lead])}
    for host, school in sorted((host, school) for host, school in leads if school):
        if host < school and (school, host) in leads:
            yield Broken(Rule.NO_SWAP, host, None, f"{school} leads at {host} while {host} leads at {school}.")
