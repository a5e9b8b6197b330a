"""Suggested groupings: shared words, said how they were made, and nothing filed."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.consultation.rules.grouping import ANSWERS_AT_LEAST, suggest, words_of

TIME = ["Release time for reviewers is the problem", "No release time in a small school", "Cover and release time cost too much"]
TRAVEL = ["Travel from the forest takes an hour", "The travel is far for forest schools", "Think of travel in winter from the forest"]
ODD = "Biscuits"


def test_answers_that_share_words_are_suggested_together() -> None:
    found = suggest(dict(enumerate([*TIME, *TRAVEL, ODD])))
    assert [each.answers for each in found.groups] == [(0, 1, 2), (3, 4, 5)]
    assert [each.terms[:2] for each in found.groups] == [("release", "time"), ("forest", "travel")]
    assert found.apart == (6,)


def test_it_says_how_it_was_made() -> None:
    assert suggest({1: "one", 2: "two"}).how == (
        "Made by a program from shared words alone (tf-idf over 2 answers, cosine likeness, average linkage from 0.18 up). "
        "It understands nothing: read before you agree."
    )


def test_words_of_the_question_do_not_bind_answers() -> None:
    answers = {1: "Peer review frightens", 2: "Peer review helps", 3: "Peer review costs"}
    assert suggest(answers, "What do you think of peer review?").groups == ()


def test_words_are_small_singular_and_telling() -> None:
    assert words_of("The clusters’ priorities aren't <script>alert(1)</script> classes") == [
        "cluster",
        "priority",
        "script",
        "alert",
        "script",
        "classe",
    ]


@settings(max_examples=30, deadline=None)
@given(
    st.dictionaries(
        st.integers(0, 99),
        st.lists(st.sampled_from(["time", "money", "travel", "cover", "trust", "é"]), max_size=5).map(" ".join),
        max_size=25,
    )
)
def test_every_answer_is_in_one_group_or_apart(answers: dict[int, str]) -> None:
    found = suggest(answers)
    grouped = [name for each in found.groups for name in each.answers]
    assert sorted([*grouped, *found.apart]) == sorted(answers)
    assert all(len(each.answers) >= ANSWERS_AT_LEAST and each.terms for each in found.groups)
    assert found == suggest(dict(reversed(answers.items())))


def test_two_like_answers_are_no_grouping() -> None:
    found = suggest(dict(enumerate([*TIME, "Minibus timetable", "Minibus timetable"])))
    assert ([each.answers for each in found.groups], found.apart) == ([(0, 1, 2)], (3, 4))
