"""Why a person was matched, in words for that person and for the host."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from convenor.peer_review.rules.matching.costs import competes, is_of_phase, km_between
from convenor.peer_review.rules.matching.permitted import barred_by
from convenor.peer_review.rules.matching.round import Person, Round, School, Team, plain


@dataclass(frozen=True, slots=True)
class Reason:
    """Why someone reviews one host. `only_of_phase` and `only_focus` name what nobody else of the team brings."""

    host: str
    leads: bool
    km: float
    of_phase: bool
    only_of_phase: bool
    focus: tuple[str, ...]
    only_focus: tuple[str, ...]
    competitor: bool
    nearer_and_barred: int
    says: tuple[str, ...]


def why(found: Round, teams: Sequence[Team], person_id: str) -> list[Reason]:
    """Why this person reviews each host they were matched to, in the order of `teams`; empty where they were not matched.

    Raises KeyError for a person whom the round does not know.
    """
    person = found.person(person_id)
    return [_reason(found, team, person) for team in teams if person_id in team.members]


def _reason(found: Round, team: Team, person: Person) -> Reason:
    host = found.school(team.host)
    others = [found.person(member) for member in team.members if member != person.id]
    focus = tuple(item for item in host.focus if item in person.expertise)
    of_phase = is_of_phase(found, person, host)
    km = km_between(found, person, host)
    barred = [h for h in found.hosts if barred_by(found, person, h) and km_between(found, person, h) < km]
    reason = Reason(
        host=host.id,
        leads=team.lead == person.id,
        km=km,
        of_phase=of_phase,
        only_of_phase=of_phase and not any(is_of_phase(found, other, host) for other in others),
        focus=focus,
        only_focus=tuple(item for item in focus if not any(item in other.expertise for other in others)),
        competitor=competes(found, person, host),
        nearer_and_barred=len(barred),
        says=(),
    )
    return Reason(**{name: getattr(reason, name) for name in Reason.__slots__ if name != "says"}, says=_words(reason, host))


def _words(reason: Reason, host: School) -> tuple[str, ...]:
    """The same in sentences, the weightiest first."""
    says = [f"You lead the review of {host.id}." if reason.leads else f"You are a member of the team that reviews {host.id}."]
    if reason.only_of_phase:
        says.append(f"Nobody else in the team works in the {host.phase} phase.")
    elif reason.of_phase:
        says.append(f"Your school is of the host's phase ({host.phase}).")
    if reason.only_focus:
        says.append(f"Nobody else in the team brings {_and(reason.only_focus)}, which the host asked for.")
    shared = [item for item in reason.focus if item not in reason.only_focus]
    if shared:
        says.append(f"You bring {_and(shared)}, which the host asked for.")
    says.append(f"The school is {plain(round(reason.km, 1))} km away in a straight line.")
    if reason.nearer_and_barred:
        count = "One host" if reason.nearer_and_barred == 1 else f"{reason.nearer_and_barred} hosts"
        says.append(
            f"{count} nearer to you may not be reviewed by you: your own, your trust's or federation's, or kept apart by a declaration."
        )
    if reason.competitor:
        says.append("Your schools are near each other and of one phase; that was weighed, and the rest of the round outweighs it.")
    return tuple(says)


def _and(items: Sequence[str]) -> str:
    """reading, writing and mathematics."""
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1])))
