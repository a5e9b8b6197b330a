"""A round's teams as one coordinator has them: solved circle by circle, checked, planned again, and told apart from those before.

A round that stays within clusters (or alliances) falls into circles whose people never meet, so each is matched by itself and proved by
itself; together they are as good as one. Independent reviewers may go to any circle: with them all circles are matched at once.

Nothing here tells who declared what in private; what a coordinator reads of a round without teams is made in `team_words`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from convenor.peer_review.rules.matching import (
    Broken,
    NoTeamsError,
    Round,
    Rule,
    Team,
    Work,
    changes_between,
    check,
    replan,
    second_reviews,
    solve,
    team_cost,
    total_cost,
)
from convenor.peer_review.rules.matching.costs import km_between
from convenor.peer_review.rules.matching.permitted import may_review
from convenor.peer_review.rules.matching.solving import can_be_kept, only_hosts
from convenor.peer_review.rules.refusals import ReviewRefused

#: In place of a circle's key where all circles are matched at once.
ALL_CIRCLES: Final = ""

Watch = Callable[[str], None]


class TeamsRefused(ReviewRefused):
    """Teams, or a round, that cannot be taken as they are; `problems` are sentences, one for each reason. Nothing was changed."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


def reviewer_key(pk: int) -> str:
    """The id of a reviewer in a matching; a school's is its URN."""
    return f"r{pk}"


def reviewer_pk(key: str) -> int:
    """The reviewer of such an id. Raises ValueError."""
    return int(key.removeprefix("r"))


@dataclass(frozen=True)
class Matched:
    """One circle's answer: teams with their cost and bound, or none (`teams` empty and `cost` None) because the rules clash.

    For a circle planned again `changes` counts the places that differ, `optimal` says that fewer were proved impossible, and that no
    other plan of as few is cheaper; there is no bound then.
    """

    circle: str
    found: Round
    teams: tuple[Team, ...] = ()
    cost: float | None = None
    bound: float | None = None
    optimal: bool = False
    changes: int = 0

    @property
    def possible(self) -> bool:
        """Whether there are teams."""
        return self.cost is not None


@dataclass(frozen=True, slots=True)
class Change:
    """What differs at one host: who joins, who leaves, and another lead (each by id; "" where it stays)."""

    host: str
    joins: tuple[str, ...]
    leaves: tuple[str, ...]
    lead_before: str
    lead_now: str


def open_view(found: Round) -> Round:
    """The round as anybody may know it: without a single private declaration."""
    return replace(
        found,
        schools=tuple(replace(school, objects_to=frozenset()) for school in found.schools),
        people=tuple(replace(person, declared_interests=frozenset()) for person in found.people),
    )


def circles(found: Round) -> tuple[str, ...]:
    """The circles in which somebody hosts, in the order of the input; one without a name for a round without bounds."""
    return tuple(dict.fromkeys(host.circle or ALL_CIRCLES for host in found.hosts))


def circle_of(found: Round, circle: str) -> Round:
    """One circle with its own schools and people, and every independent reviewer."""
    inside = {school.id for school in found.schools if (school.circle or ALL_CIRCLES) == circle}
    schools = tuple(replace(school, objects_to=school.objects_to & inside) for school in found.schools if school.id in inside)
    people = tuple(
        replace(person, declared_interests=person.declared_interests & inside)
        for person in found.people
        if person.school is None or person.school in inside
    )
    history = tuple(led for led in found.history if led.host in inside)
    return replace(found, schools=schools, people=people, history=history)


def parts(found: Round) -> tuple[tuple[str, Round], ...]:
    """The round in parts whose people never meet: its circles; all in one where independent reviewers could go to several."""
    keys = circles(found)
    if len(keys) <= 1 or any(person.school is None and person.reviews_left for person in found.people):
        return ((keys[0] if len(keys) == 1 else ALL_CIRCLES, found),)
    return tuple((key, circle_of(found, key)) for key in keys)


def match_parts(found: Round, *, work: Work | None = None, watch: Watch = lambda _: None) -> tuple[Matched, ...]:
    """Teams of least cost for every part of the round, or which parts have none. Raises UndecidedError.

    Where independent reviewers join the circles and no teams exist, the circles that have none even with all of them to themselves
    are named alone: what is wrong is there.
    """
    answers: list[Matched] = []
    listed = parts(found)
    for number, (circle, part) in enumerate(listed, 1):
        watch(f"Matching {number} of {len(listed)} groups of schools." if len(listed) > 1 else "Matching the whole round.")
        answer = _match(circle, part, work, watch if len(listed) == 1 else lambda _: None)
        answers += [answer] if answer.possible else _narrowed(answer, work)
    return tuple(answers)


def _match(circle: str, found: Round, work: Work | None, watch: Watch) -> Matched:
    try:
        solution = solve(found, work=work, watch=watch)
    except NoTeamsError:
        return Matched(circle, found)
    return Matched(circle, found, solution.teams, solution.cost, solution.bound, solution.optimal)


def _narrowed(answer: Matched, work: Work | None) -> list[Matched]:
    """The circles without teams of a part of several, where some have none by themselves; the part itself otherwise."""
    keys = circles(answer.found)
    if len(keys) <= 1:
        return [answer]
    alone = [_match(key, circle_of(answer.found, key), work, lambda _: None) for key in keys]
    return [each for each in alone if not each.possible] or [answer]


def replan_parts(found: Round, before: Sequence[Team], *, work: Work | None = None) -> tuple[Matched, ...]:
    """Teams for the round as it is now, with the fewest changes from `before`; a part whose teams still stand is left as it is."""
    answers = []
    for circle, part in parts(found):
        hosts = {host.id for host in part.hosts}
        own = tuple(team for team in before if team.host in hosts)
        if not check(part, own):
            answers.append(Matched(circle, part, own, total_cost(part, own), None, optimal=True))
            continue
        try:
            again = replan(part, own, work=work)
        except NoTeamsError:
            answers.append(Matched(circle, part))
            continue
        answers.append(Matched(circle, part, again.teams, again.cost, None, again.fewest and again.cheapest, again.changes))
    return tuple(answers)


def check_teams(found: Round, teams: Sequence[Team]) -> list[Broken]:
    """Every rule that the teams break, as they are matched; empty where they may stand.

    How long a lead rests is asked circle by circle: in a circle of three schools it is one cycle.
    """
    broken = [each for each in check(found, teams) if each.rule is not Rule.LEAD_REST]
    for _, part in parts(found):
        hosts = {host.id for host in part.hosts}
        own = [team for team in teams if team.host in hosts]
        broken += [each for each in check(part, own) if each.rule is Rule.LEAD_REST]
    return broken


def cost_of(found: Round, teams: Sequence[Team]) -> float:
    """The cost of all teams, in the units of the weights."""
    return total_cost(found, teams)


def differences(before: Sequence[Team], after: Sequence[Team]) -> tuple[Change, ...]:
    """Host by host what differs, in the order of `after`; a host that has left comes last, with everybody leaving."""
    old, new = {team.host: team for team in before}, {team.host: team for team in after}
    found = []
    for host in dict.fromkeys((*new, *old)):
        then, now = old.get(host), new.get(host)
        was, members = (then.members if then else ()), (now.members if now else ())
        joins = tuple(each for each in members if each not in was)
        leaves = tuple(each for each in was if each not in members)
        lead = (then.lead if then else "", now.lead if now else "")
        if joins or leaves or lead[0] != lead[1]:
            found.append(Change(host, joins, leaves, *(lead if lead[0] != lead[1] else ("", ""))))
    return tuple(found)


def count_changes(before: Sequence[Team], after: Sequence[Team]) -> int:
    """How many people join a team they were not in, and how many leads are new where they lead."""
    return changes_between(before, after)


def wider_would_do(found: Round, hosts: Iterable[str]) -> bool:
    """Whether these hosts could be matched if people of every circle might come. Raises UndecidedError."""
    unbounded = replace(found, schools=tuple(replace(school, circle=None) for school in found.schools))
    return can_be_kept(only_hosts(unbounded, frozenset(hosts)))


def champions(found: Round, teams: Sequence[Team], able: frozenset[str]) -> Mapping[str, str]:
    """The improvement champion of each host, by id: never its lead.

    One of the team who is able comes first; else somebody else of the round who may go there; of these whoever is champion least
    often so far, then the nearest. A host for whom nobody is able is left out: the page says that its champion is still to be named.
    """
    times: dict[str, int] = dict.fromkeys(able, 0)
    chosen: dict[str, str] = {}
    known = {person.id: person for person in found.people}
    for team in teams:
        host = found.school(team.host)
        fit = [known[each] for each in sorted(able) if each in known and each != team.lead and may_review(found, known[each], host)]
        if fit:
            ranked = sorted(fit, key=lambda person: (person.id not in team.members, times[person.id], km_between(found, person, host)))
            chosen[team.host] = ranked[0].id
            times[ranked[0].id] += 1
    return chosen


@dataclass(frozen=True, slots=True)
class Weighed:
    """What one team costs, in the words a coordinator thinks in: kilometres in straight lines, and what is missing."""

    km: float
    phase_missing: bool
    focus_missing: tuple[str, ...]
    near_rivals: int
    cost: float


def weigh(found: Round, team: Team) -> Weighed:
    """One team in kilometres and what it lacks. Raises KeyError for an unknown host or person."""
    host, cost, weights = found.school(team.host), team_cost(found, team), found.weights
    members = [found.person(each) for each in team.members]
    return Weighed(
        km=sum(km_between(found, person, host) for person in members),
        phase_missing=cost.phase > 0,
        focus_missing=tuple(item for item in host.focus if not any(item in person.expertise for person in members)),
        near_rivals=round(cost.competitor / weights.competitor) if weights.competitor else 0,
        cost=cost.total,
    )


def team_from(raw: Mapping[str, Any]) -> Team:
    """A team as an answer keeps it."""
    return Team(raw["host"], raw["lead"], tuple(raw["members"]))


def shape(found: Round, answers: Sequence[Matched], clashes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What a matching keeps as its answer, in the manner of `convenor match`, with each part beside it. Holds no declaration.

    `status`: infeasible where one part has no teams; optimal where every part is proved; feasible otherwise.
    """
    possible = all(each.possible for each in answers)
    teams = [team for each in answers for team in each.teams]
    order = {host.id: n for n, host in enumerate(found.hosts)}
    teams.sort(key=lambda team: order[team.host])
    bounds = [each.bound for each in answers if each.bound is not None]
    status = "infeasible" if not possible else "optimal" if all(each.optimal for each in answers) else "feasible"
    return {
        "status": status,
        "objective": sum(each.cost or 0.0 for each in answers) if possible else None,
        "bound": sum(bounds) if possible and len(bounds) == len(answers) else None,
        "teams": [{"host": t.host, "lead": t.lead, "members": list(t.members), "cost": asdict(team_cost(found, t))} for t in teams],
        "second_reviews": second_reviews(teams),
        "waived": sorted(rule.value for rule in found.waive),
        "parts": [
            {"circle": each.circle, "hosts": len(each.found.hosts), "possible": each.possible, "optimal": each.optimal} for each in answers
        ],
        "infeasible": list(clashes),
        "lead_rest_cycles": found.rest_cycles,
    }


def short_of(found: Round, teams: Iterable[Team]) -> tuple[str, ...]:
    """The hosts whose team has too few people, or nobody to lead it."""
    return tuple(team.host for team in teams if not team.lead or len(team.members) < found.size_of(found.school(team.host)))
