"""What a vote comes to under each declared rule for silence."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.consultation.rules.refusals import BadProposition, NotOpen
from convenor.consultation.rules.states import Silence, VoteState
from convenor.consultation.rules.votes import Came, check_cast, check_vote, needed, outcome


def came(silence: Silence, votes: tuple[int, int, int], *, voters: int = 20, quorum: int = 50, majority: int = 50) -> tuple[str, int, int]:
    for_, against, abstained = votes
    found = outcome(
        voters=voters, votes_for=for_, votes_against=against, abstained=abstained, quorum_percent=quorum, majority_percent=majority,
        silence=silence,
    )  # fmt: skip
    return found.came.value, found.counted_for, found.counted_of


@pytest.mark.parametrize(
    ("silence", "votes", "expected"),
    [
        (Silence.NOT_COUNTED, (6, 5, 0), ("carried", 6, 11)),
        (Silence.NOT_COUNTED, (5, 5, 0), ("lost", 5, 10)),
        (Silence.NOT_COUNTED, (5, 4, 0), ("not quorate", 5, 9)),
        (Silence.NOT_COUNTED, (0, 0, 12), ("lost", 0, 0)),
        (Silence.ABSTAINS, (10, 2, 0), ("lost", 10, 20)),
        (Silence.ABSTAINS, (11, 2, 0), ("carried", 11, 20)),
        (Silence.CONSENTS, (1, 9, 0), ("carried", 11, 20)),
        (Silence.CONSENTS, (0, 10, 0), ("lost", 10, 20)),
        (Silence.CONSENTS, (0, 1, 0), ("not quorate", 19, 20)),
    ],
)
def test_vote_comes_to_what_was_declared(silence: Silence, votes: tuple[int, int, int], expected: tuple[str, int, int]) -> None:
    assert came(silence, votes) == expected


def test_a_larger_majority_may_be_asked_for() -> None:
    assert [came(Silence.NOT_COUNTED, (for_, 4, 0), majority=66)[0] for for_ in (7, 8)] == ["lost", "carried"]


def test_nobody_voting_is_never_quorate_and_says_so() -> None:
    found = outcome(
        voters=0, votes_for=0, votes_against=0, abstained=0, quorum_percent=1, majority_percent=50, silence=Silence.CONSENTS
    )  # fmt: skip
    assert (found.came, found.words) == (Came.NOT_QUORATE, "Not quorate: 0 of 0 voted, and 1 had to. Nothing is decided by it.")


def test_result_is_said_in_words() -> None:
    said = [
        outcome(voters=6, votes_for=for_, votes_against=1, abstained=1, quorum_percent=50, majority_percent=50, silence=Silence.NOT_COUNTED)
        for for_ in (1, 2)
    ]
    assert [(each.words, each.silent, each.returned) for each in said] == [
        ("Not carried: 1 of 2 counted for it; more than 50 per cent had to.", 3, 3),
        ("Carried: 2 of 3 counted for it; more than 50 per cent had to.", 2, 4),
    ]


@pytest.mark.parametrize(("voters", "percent", "number"), [(6, 50, 3), (7, 50, 4), (10, 33, 4), (3, 1, 1), (0, 50, 0)])
def test_quorum_is_rounded_up(voters: int, percent: int, number: int) -> None:
    assert needed(voters, percent) == number


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"words": " "}, "Say what is voted on"),
        ({"quorum_percent": 0}, "A quorum is between"),
        ({"quorum_percent": 101}, "A quorum is between"),
        ({"majority_percent": 49}, "What carries is more than 50"),
        ({"majority_percent": 100}, "What carries is more than 50"),
    ],
)
def test_vote_that_makes_no_sense_is_refused(change: dict[str, Any], words: str) -> None:
    good: dict[str, Any] = {"words": "That we begin", "quorum_percent": 50, "majority_percent": 50}
    check_vote(**good)
    with pytest.raises(BadProposition) as refused:
        check_vote(**good | change)
    assert str(refused.value)[: len(words)] == words


def test_vote_is_cast_by_a_voter_while_it_is_open() -> None:
    good: dict[str, Any] = {"takes": True, "voter": "990001", "voters": ["990001"], "choice": "for"}
    check_cast(VoteState.OPEN, **good)
    for state, change, error in (
        (VoteState.CLOSED, {}, NotOpen), (VoteState.OPEN, {"takes": False}, NotOpen), (VoteState.OPEN, {"voter": "990002"}, BadProposition),
        (VoteState.OPEN, {"choice": "perhaps"}, BadProposition),
    ):  # fmt: skip
        with pytest.raises(error):
            check_cast(state, **good | change)


@given(
    st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(1, 100), st.integers(50, 99),
    st.sampled_from(list(Silence)),
)  # fmt: skip
def test_one_more_vote_for_never_loses_what_was_carried(
    for_: int, against: int, abstained: int, silent: int, quorum: int, majority: int, silence: Silence
) -> None:
    def result(more: int) -> Came:
        return outcome(
            voters=for_ + against + abstained + silent + 1, votes_for=for_ + more, votes_against=against, abstained=abstained,
            quorum_percent=quorum, majority_percent=majority, silence=silence,
        ).came  # fmt: skip

    if result(0) is Came.CARRIED:
        assert result(1) is Came.CARRIED
    if for_ + against + abstained < needed(for_ + against + abstained + silent + 1, quorum):
        assert result(0) is Came.NOT_QUORATE
