"""What a coordinator, and each person, reads of a matching: names for ids, and never who declared what in private.

What is shown must not let anybody work out a declaration, so it is made from the round *without* them wherever it names people or
schools. Where declarations are among the rules that clash, the words speak of the whole circle and say only that they are among the
rules; and a change by hand that one stands against is refused in the same words whichever side declared it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from convenor.peer_review.rules.matching import Broken, Reason, Round, Rule, Team, UndecidedError, second_reviews, why
from convenor.peer_review.rules.matching.clash import Clash, find_clash
from convenor.peer_review.rules.matching.clash_words import explain
from convenor.peer_review.rules.matching.mending import Mend, mends
from convenor.peer_review.rules.matching.round import plain
from convenor.peer_review.rules.matching.solving import can_be_kept
from convenor.peer_review.rules.teams import Matched, open_view, weigh, wider_would_do

#: The rules that rest on what somebody declared in private.
PRIVATE: Final = frozenset({Rule.OBJECTION, Rule.DECLARED_INTEREST})
#: What is said wherever such a rule is among those that clash or are broken.
PRIVATE_CLASH: Final = "Private declarations are among the rules that clash here. Whose they are, and whom they concern, is not told."
PRIVATE_BROKEN: Final = "A private declaration stands against this. Whose it is, is not told."
#: Offers that name nobody, so that they may be made even where private declarations clash.
NAMELESS: Final = frozenset({"independent", "waive", "school_serves_at_most", "lead_rest_cycles"})
ANYBODY_LOOKS_AGAIN: Final = "Heads and reviewers look again at what they declared, each for themselves."

_ID = re.compile(r"\b(?:\d{6,8}|r\d+)\b")


@dataclass(frozen=True, slots=True)
class Offer:
    """One change that would mend a clash: which kind, whom it could be asked of (schools and people by id), and in words with ids."""

    kind: str
    schools: tuple[str, ...]
    says: str

    def as_dict(self) -> dict[str, Any]:
        """As the answer keeps it."""
        return {"kind": self.kind, "schools": list(self.schools), "says": self.says}


def with_names(text: str, names: Mapping[str, str]) -> str:
    """The text with every id that has a name replaced by it."""
    return _ID.sub(lambda found: names.get(found[0], found[0]), text)


def told(answer: Matched, whole: Round, *, where: str = "this circle") -> dict[str, Any]:
    """Why a circle has no teams, fit for a coordinator's eyes and for keeping: lines, whether that is proved, and what would mend it.

    Where the round cannot be matched even without any declaration, only that is told, as if there were none. Where it could be,
    `private` is true, `hosts` are all of the circle, and the words say only that declarations are among the rules. Raises UndecidedError.
    """
    found = answer.found
    seen = open_view(found)
    private = can_be_kept(seen)
    clash = find_clash(found if private else seen)
    said = _private(found, clash) if private else _open(seen, clash)
    offers = list(said.pop("offers"))
    if any(school.circle for school in whole.schools) and _wider(whole, said["hosts"]):
        offers.append(Offer("reach", (), f"Let teams come from beyond {where}: change how far people may come from."))
    return said | {
        "circle": answer.circle,
        "private": private,
        "irreducible": clash.irreducible,
        "smallest": clash.smallest and not private,
        "mends": [offer.as_dict() for offer in offers],
    }


def clash_told(
    answers: Sequence[Matched], found: Round, circles: Mapping[str, str], watch: Callable[[str], None] = lambda _: None
) -> list[dict[str, Any]]:
    """For each part without teams why, fit to be kept and shown."""
    clashes = []
    for each in answers:
        if not each.possible:
            where = circles.get(each.circle, "")
            watch(f"Finding which rules clash{f' in {where}' if where else ''}.")
            clashes.append(told(each, found, where=where or "these schools"))
    return clashes


def _wider(whole: Round, hosts: Iterable[str]) -> bool:
    try:
        return wider_would_do(whole, hosts)
    except UndecidedError:
        return False


def _open(seen: Round, clash: Clash) -> dict[str, Any]:
    """A clash that holds whatever was declared; `seen` is the round without declarations, so that nobody's absence from a list speaks."""
    lines = [{"rule": line.rule.value, "schools": list(line.schools), "says": line.explanation} for line in explain(seen, clash)]
    offers = [_offer(mend) for mend in mends(seen, clash)]
    return {"hosts": list(clash.hosts), "lines": lines, "offers": offers}


def _private(found: Round, clash: Clash) -> dict[str, Any]:
    """A clash that rests on declarations: all hosts of the circle, one sentence, and offers that name nobody."""
    offers = [_offer(mend) for mend in mends(found, clash) if mend.offer in NAMELESS]
    offers.append(Offer("declarations", (), ANYBODY_LOOKS_AGAIN))
    hosts = [host.id for host in found.hosts]
    return {"hosts": hosts, "lines": [{"rule": "private", "schools": [], "says": PRIVATE_CLASH}], "offers": offers}


def _offer(mend: Mend) -> Offer:
    lead = mend.offer in ("person", "independent") and "who can lead" in mend.says
    return Offer(f"{mend.offer}-lead" if lead else mend.offer, mend.schools, mend.says)


def refusal(broken: Sequence[Broken], names: Mapping[str, str]) -> list[str]:
    """The rules that teams break, in sentences with names, each once; private declarations in one sentence without any."""
    said = [with_names(each.says, names) for each in broken if each.rule not in PRIVATE]
    if any(each.rule in PRIVATE for each in broken):
        said.append(PRIVATE_BROKEN)
    return list(dict.fromkeys(said))


def status_says(status: str, objective: float | None, bound: float | None, kind: str) -> str:
    """What a matching proves, in a sentence. `kind` is one of MatchingKind."""
    if status == "infeasible":
        return "No teams keep every rule"
    if kind == "by-hand":
        return "Changed by hand; every rule holds"
    if kind == "replanned":
        return "Planned again; proved: no plan changes fewer places" if status == "optimal" else "Planned again with few changes"
    if status == "optimal":
        return "Proved: no better teams exist"
    gap = gap_percent(objective, bound)
    return f"Good teams; at most {plain(max(gap, 0.1))}% better ones could exist" if gap is not None else "Good teams"


def gap_percent(objective: float | None, bound: float | None) -> float | None:
    """How much better teams could be at the most, percent of their cost; None where that is not known."""
    if objective is None or bound is None:
        return None
    return 100 * max(0.0, objective - bound) / objective if objective else 0.0


def totals(found: Round, teams: Sequence[Team]) -> dict[str, Any]:
    """What all teams come to: kilometres in straight lines, and how often something is missing."""
    weighed = [weigh(found, team) for team in teams]
    return {
        "km": sum(each.km for each in weighed),
        "phase_missing": sum(each.phase_missing for each in weighed),
        "focus_missing": sum(len(each.focus_missing) for each in weighed),
        "near_rivals": sum(each.near_rivals for each in weighed),
        "second_reviews": second_reviews(teams),
    }


def whys(found: Round, teams: Sequence[Team], names: Mapping[str, str], themes: Mapping[str, str]) -> dict[tuple[str, str], list[str]]:
    """For each (host, person) why they were matched, in sentences for them to read.

    Told from the round without declarations: otherwise somebody could count the hosts that they may not review, and learn that one of
    them objects to their school.
    """
    seen = open_view(found)
    seen = replace(seen, schools=tuple(replace(school, circle=None) for school in seen.schools))
    hosts = {host.id for host in seen.hosts}
    return {
        (team.host, member): reason_says(reason, names, themes, own_hosts=seen.person(member).school in hosts, alone=len(team.members) == 1)
        for team in teams
        for member in team.members
        for reason in why(seen, [team], member)
    }


def reason_says(reason: Reason, names: Mapping[str, str], themes: Mapping[str, str], *, own_hosts: bool, alone: bool) -> list[str]:
    """One reason in sentences, the weightiest first.

    `own_hosts`: their own school hosts in this round, and is no news to them. `alone`: they are the whole team.
    """
    host = names.get(reason.host, reason.host)
    said = [f"You lead the review of {host}." if reason.leads else f"You are on the team that reviews {host}."]
    if reason.only_of_phase and not alone:
        said.append("Nobody else on the team comes from a school of its phase.")
    elif reason.of_phase:
        said.append("Your school is of its phase.")
    only = () if alone else reason.only_focus
    if only:
        said.append(f"Nobody else on the team brings what it asked for in {_listed(only, themes)}.")
    shared = [item for item in reason.focus if item not in only]
    if shared:
        said.append(f"You know {_listed(shared, themes)}, which it asked for.")
    said.append(f"It is {plain(round(reason.km, 1))} km away in a straight line.")
    if reason.nearer_and_barred > own_hosts:
        said.append("Nearer ones are of your own trust or federation, whose schools you do not review.")
    if reason.competitor:
        said.append("Your two schools are near each other and of one phase. That was weighed, and the rest of the round outweighs it.")
    return said


def _listed(items: Sequence[str], themes: Mapping[str, str]) -> str:
    said = [themes.get(item, item) for item in items]
    said = [said[0], *(each[:1].lower() + each[1:] if each[1:2].islower() else each for each in said[1:])]
    said[0] = said[0][:1].lower() + said[0][1:] if said[0][1:2].islower() else said[0]
    return " and ".join(filter(None, (", ".join(said[:-1]), said[-1])))
