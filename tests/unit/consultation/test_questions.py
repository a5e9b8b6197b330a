"""What a question is, and what is refused as one."""

from __future__ import annotations

from typing import Any

import pytest

from convenor.consultation.rules.questions import Option, QuestionAsked, option_key, options_as_data, question_from
from convenor.consultation.rules.refusals import BadProposition
from convenor.consultation.rules.states import QuestionKind

GOOD: dict[str, Any] = {
    "key": "funding", "kind": "closed", "words": "Would you pay?", "about": "money",
    "options": [{"key": "yes", "words": "Yes"}, {"key": "no", "words": "No"}],
}  # fmt: skip


def test_question_is_read_as_it_stands() -> None:
    asked = question_from(GOOD | {"hint": " A guess ", "required": True}, sections=["money"])
    options = (Option("yes", "Yes"), Option("no", "No"))
    assert asked == QuestionAsked("funding", QuestionKind.CLOSED, "Would you pay?", options, True, "A guess", "money")
    assert (asked.keys, asked.words_of("no"), asked.words_of("gone"), options_as_data(asked)) == (
        ("yes", "no"),
        "No",
        "gone",
        GOOD["options"],
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "guess"}, "Question “funding”: “guess” is no kind of question. Kinds are: closed, ranked, open, principles."),
        ({"key": "Über"}, "Question “Über”: a key is small letters, figures and hyphens, at most 40, and begins with a letter."),
        ({"words": " "}, "Question “funding”: a question has words, at most 400 letters."),
        ({"words": "x" * 401}, "Question “funding”: a question has words, at most 400 letters."),
        ({"about": "moon"}, "Question “funding”: it stands beside “moon”, which is no section. Sections are: money."),
        ({"options": ["yes"]}, "Question “funding”: an option has a key of small letters and words, at most 400 letters."),
        (
            {"options": [{"key": "yes", "words": ""}]},
            "Question “funding”: an option has a key of small letters and words, at most 400 letters.",
        ),
        ({"options": GOOD["options"][:1]}, "Question “funding”: it has 1 options; between 2 and 12 can be asked."),
        ({"kind": "principles", "options": []}, "Question “funding”: it has 0 options; between 1 and 12 can be asked."),
        ({"options": GOOD["options"] * 2}, "Question “funding”: two options are the same. Take one out."),
        ({"kind": "open"}, "Question “funding”: an open question has no options. Take them out, or make it a closed one."),
    ],
)
def test_question_that_cannot_be_asked_is_refused_with_its_remedy(change: dict[str, Any], words: str) -> None:
    with pytest.raises(BadProposition) as refused:
        question_from(GOOD | change, sections=["money"])
    assert str(refused.value) == words


def test_open_question_needs_no_options_and_a_place_is_named_where_given() -> None:
    asked = question_from({"key": "why", "kind": "open", "words": "Why?"}, sections=[])
    assert asked == QuestionAsked("why", QuestionKind.OPEN, "Why?")
    with pytest.raises(BadProposition, match=r"^Question 3: a question has words"):
        question_from({"key": "why", "kind": "open"}, sections=[], where="Question 3")


def test_option_typed_by_somebody_gets_a_key_of_its_words() -> None:
    assert [option_key(1, "It depends, who pays & when?"), option_key(2, "£2"), option_key(3, "…")] == [
        "it-depends-who-pays-when", "option-2", "option-3",
    ]  # fmt: skip
