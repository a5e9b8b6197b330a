"""A forum vote: who counts, how many must have voted, what silence means, and what came of it. All of it is declared before it opens.

Leicestershire's schools forum, short of voters in the room, voted by e-mail and counted what was not returned as yes (2024). Such a rule
can be asked for here too; then it stands above the ballot, in words, from the first day, and beside the result.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from convenor.consultation.rules.refusals import BadProposition, NotOpen
from convenor.consultation.rules.states import Silence, VoteState

FOR, AGAINST, ABSTAIN = "for", "against", "abstain"
CHOICES: Final[dict[str, str]] = {FOR: "For", AGAINST: "Against", ABSTAIN: "Abstain"}
SILENCE_SAYS: Final[dict[Silence, str]] = {
    Silence.NOT_COUNTED: "What is not returned is not counted: the result is that of the votes for and against.",
    Silence.ABSTAINS: "What is not returned counts as abstaining: to carry, votes for must be enough of all who may vote.",
    Silence.CONSENTS: "What is not returned counts as a vote for, once there is a quorum.",
}


class Came(StrEnum):
    """What came of a vote."""

    CARRIED = "carried"
    LOST = "lost"
    NOT_QUORATE = "not quorate"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A count: how many may vote, how many did and how, how many had to, what was counted, and what came of it in words."""

    voters: int
    votes_for: int
    votes_against: int
    abstained: int
    needed: int
    counted_for: int
    counted_of: int
    came: Came
    words: str

    @property
    def returned(self) -> int:
        """How many voted or abstained; only they make a quorum."""
        return self.votes_for + self.votes_against + self.abstained

    @property
    def silent(self) -> int:
        """How many did not return their vote."""
        return self.voters - self.returned


def check_vote(*, words: str, quorum_percent: int, majority_percent: int) -> None:
    """Raises BadProposition unless there is something to vote on, and a quorum and a majority that make sense."""
    if not words.strip():
        raise BadProposition("Say what is voted on, so that anybody can be for or against it.")
    if not 1 <= quorum_percent <= 100:
        raise BadProposition("A quorum is between 1 and 100 per cent of those who may vote.")
    if not 50 <= majority_percent < 100:
        raise BadProposition("What carries is more than 50 per cent at least, and less than 100.")


def check_cast(state: VoteState, *, takes: bool, voter: str, voters: Collection[str], choice: str) -> None:
    """Raises NotOpen where no votes are taken now, and BadProposition for somebody who may not vote or a choice that is none."""
    if state is not VoteState.OPEN or not takes:
        raise NotOpen("Votes are not taken now. Nothing was counted.")
    if voter not in voters:
        raise BadProposition("This school or seat is not among those who may vote: that was fixed when the vote opened.")
    if choice not in CHOICES:
        raise BadProposition("Choose for, against or abstain.")


def needed(voters: int, quorum_percent: int) -> int:
    """How many must return their vote: the share of those who may vote, rounded up."""
    return -(-voters * quorum_percent // 100)


def outcome(
    *, voters: int, votes_for: int, votes_against: int, abstained: int, quorum_percent: int, majority_percent: int, silence: Silence
) -> Outcome:
    """What the count comes to by the declared rules.

    A quorum is made by returned votes alone, whatever silence means. A vote carries when what is counted for is more than
    `majority_percent` of what is counted: returned votes for and against (not-counted), all who may vote (abstains, so that an
    abstention weighs like silence), or votes for and against with silence added to those for (consents).
    """
    returned = votes_for + votes_against + abstained
    silent, quorum = voters - returned, needed(voters, quorum_percent)
    counted_for, counted_of = {
        Silence.NOT_COUNTED: (votes_for, votes_for + votes_against),
        Silence.ABSTAINS: (votes_for, voters),
        Silence.CONSENTS: (votes_for + silent, votes_for + votes_against + silent),
    }[silence]
    if returned < quorum or not returned:
        came = Came.NOT_QUORATE
    else:
        came = Came.CARRIED if counted_of and counted_for * 100 > majority_percent * counted_of else Came.LOST
    words = _words(came, returned, voters, quorum, counted_for, counted_of, majority_percent)
    return Outcome(voters, votes_for, votes_against, abstained, quorum, counted_for, counted_of, came, words)


def _words(came: Came, returned: int, voters: int, quorum: int, counted_for: int, counted_of: int, majority: int) -> str:
    if came is Came.NOT_QUORATE:
        return f"Not quorate: {returned} of {voters} voted, and {max(quorum, 1)} had to. Nothing is decided by it."
    share = f"{counted_for} of {counted_of} counted for it; more than {majority} per cent had to."
    return f"{'Carried' if came is Came.CARRIED else 'Not carried'}: {share}"
