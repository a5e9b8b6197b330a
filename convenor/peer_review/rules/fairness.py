"""Whether a round is fair: new faces, and who stands over whom. Observations in words, never a score. Pure.

Peer review is known to falter on capacity, training and imbalance of power (the field notes, section 7; Teaching Times, "Peer review: it's
all about collaboration"), and its rigour rests on distance and fresh eyes (the four tests of Challenge Partners; new groups each round in
Hammersmith and Fulham). So whoever runs rounds is told, after the event and without blame: how many of those who met had never met
before; whether leads come from large trusts to schools that stand alone; whether the same few always lead; whether executive heads do;
and whether a school sends reviewers and is not reviewed. What counts as much is ours, and said beside each observation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

#: A trust of so many schools is called larger beside a school that is in none.
LARGER_TRUST: Final = 3
#: A share of reviews from which something is the rule rather than the exception.
RULE: Final = 1 / 3
#: Leads are few when fewer than this share of those who can lead did.
FEW_LEAD: Final = 1 / 2
#: Under so many reviews nothing is said of shares: three of four is chance.
FEWEST_REVIEWS: Final = 6
#: A school that sent people in so many rounds running and hosted in none is named.
ROUNDS_SENT: Final = 2


@dataclass(frozen=True, slots=True)
class Met:
    """One reviewer at one host, in one review of one round. `home` is where the reviewer comes from, "" for an independent."""

    round: int
    review: int
    host: str
    reviewer: int
    home: str
    leads: bool


@dataclass(frozen=True, slots=True)
class Ground:
    """What else must be known: the trust of a school ("" for none) and how many schools each trust has, who can lead, who heads more
    than one school, and of which schools the head leads their cluster (school to cluster)."""

    trust_of: Mapping[str, str]
    trust_schools: Mapping[str, int]
    can_lead: frozenset[int]
    several_schools: frozenset[int]
    cluster_led_from: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NewFaces:
    """How many of the meetings of a reviewer and a host in a round were their first in a review."""

    round: int
    meetings: int
    first: int

    @property
    def says(self) -> str:
        """In words, with the numbers."""
        return f"{self.first} of {self.meetings}"


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing to look at, or that was looked at and found even. `names` are the schools, trusts or people it is about, as keys.

    `stands_out` is whether it is worth a thought; `could` says what a next round could do, "" for nothing.
    """

    key: str
    looked_at: str
    says: str
    could: str = ""
    schools: tuple[str, ...] = ()
    trusts: tuple[str, ...] = ()
    stands_out: bool = False


def new_faces(met: Iterable[Met], rounds: Sequence[int]) -> tuple[NewFaces, ...]:
    """New faces in each round, in the order given, the earliest first. In the first round everybody is new, so it is left out."""
    by_round: dict[int, set[tuple[str, int]]] = {each: set() for each in rounds}
    for each in met:
        if each.round in by_round:
            by_round[each.round].add((each.host, each.reviewer))
    known: set[tuple[str, int]] = set()
    found = []
    for one in rounds:
        if known and by_round[one]:
            found.append(NewFaces(one, len(by_round[one]), len(by_round[one] - known)))
        known |= by_round[one]
    return tuple(found)


def power(met: Sequence[Met], rounds: Sequence[int], ground: Ground) -> tuple[Observation, ...]:
    """What there is to see of power in the last of these rounds (the earliest first), each check told whether it found anything or not.

    Empty where the last round has no teams.
    """
    now = [each for each in met if rounds and each.round == rounds[-1]]
    leads = [each for each in now if each.leads]
    if not leads:
        return ()
    return (_larger_trusts(leads, ground), _few_lead(leads, ground), _several(leads, ground), _sends_only(met, rounds, ground))


def _larger_trusts(leads: Sequence[Met], ground: Ground) -> Observation:
    def size(urn: str) -> int:
        return ground.trust_schools.get(ground.trust_of.get(urn, ""), 0)

    over = [each for each in leads if not ground.trust_of.get(each.host, "") and size(each.home) >= LARGER_TRUST]
    counts = Counter(ground.trust_of[each.home] for each in over)
    out = _is_the_rule(len(over), len(leads))
    return Observation(
        "larger-trusts",
        "Leads from larger trusts at schools that stand alone",
        f"In {len(over)} of {_reviews(len(leads))} the lead comes from a trust of {LARGER_TRUST} schools or more "
        "and the host is in no trust.",
        "The next round could give some of these hosts a lead from a school that stands alone as well." if out else "",
        trusts=tuple(uid for uid, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))) if out else (),
        stands_out=out,
    )


def _few_lead(leads: Sequence[Met], ground: Ground) -> Observation:
    led = {each.reviewer for each in leads}
    able = len(ground.can_lead | led)
    out = len(leads) >= FEWEST_REVIEWS and len(led) < FEW_LEAD * able
    return Observation(
        "few-lead",
        "How many of those who can lead did",
        f"{_reviews(len(leads))} {'was' if len(leads) == 1 else 'were'} led by {_people(len(led))}; "
        f"{_people(able)} on the register can lead.",
        "Leading grows by leading: those who did not lead this time could be asked first." if out else "",
        stands_out=out,
    )


def _several(leads: Sequence[Met], ground: Ground) -> Observation:
    several = [each for each in leads if each.reviewer in ground.several_schools]
    out = _is_the_rule(len(several), len(leads))
    return Observation(
        "executive-heads",
        "Leads who head more than one school",
        f"{len(several)} of {_reviews(len(leads))} {'is' if len(several) == 1 else 'are'} led by somebody who heads more than one school.",
        "Their view is wide, and it is one view: heads of single schools could lead more." if out else "",
        stands_out=out,
    )


def _sends_only(met: Sequence[Met], rounds: Sequence[int], ground: Ground) -> Observation:
    recent = set(rounds[-ROUNDS_SENT:])
    sent = {one: {each.home for each in met if each.round == one and each.home} for one in recent}
    always = set.intersection(*sent.values()) if len(recent) == ROUNDS_SENT else set()
    hosted = {each.host for each in met if each.round in recent}
    last = rounds[-1]
    leading = {urn for urn in ground.cluster_led_from if urn in sent[last] and urn not in {each.host for each in met if each.round == last}}
    names = tuple(sorted((always - hosted) | leading))
    says = "No school sent reviewers round after round without being reviewed itself."
    if len(names) == 1:
        says = f"One school sent reviewers and was not reviewed: in {ROUNDS_SENT} rounds running, or though its head leads the cluster."
    elif names:
        says = f"{len(names)} schools sent reviewers and were not reviewed: in {ROUNDS_SENT} rounds running, or though their head leads "
        says += "the cluster."
    return Observation(
        "sends-only",
        "Schools that send reviewers and are not reviewed",
        says,
        "Being reviewed is the better half of it: the next round could ask them to host." if names else "",
        schools=names,
        stands_out=bool(names),
    )


def _is_the_rule(count: int, of: int) -> bool:
    return of >= FEWEST_REVIEWS and count > RULE * of


def _reviews(count: int) -> str:
    return "1 review" if count == 1 else f"{count} reviews"


def _people(count: int) -> str:
    return "one person" if count == 1 else f"{count} people"
