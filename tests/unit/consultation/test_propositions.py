"""Templates, sections and the steps of an answer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from convenor.consultation.rules.propositions import (
    TEMPLATE_KEYS,
    Section,
    as_data,
    check_change,
    check_days,
    check_questions,
    paragraphs_of,
    sections_from,
    steps,
    template,
    template_from,
    templates,
)
from convenor.consultation.rules.questions import QuestionAsked
from convenor.consultation.rules.refusals import BadProposition, NoWords, WrongDay
from convenor.consultation.rules.states import QuestionKind

SECTION = {"key": "why", "heading": "Why", "paragraphs": ["Because."]}
QUESTION = {"key": "well", "kind": "open", "words": "What goes well?", "about": "why"}
FILE: dict[str, Any] = {"key": "x", "name": "X", "says": "We ask.", "source": "ours", "section": [SECTION], "question": [QUESTION]}


def test_source_s_proposition_has_its_principles_remits_money_and_pilots() -> None:
    found = template("gloucestershire-2018")
    principles = found.questions[0]
    assert (principles.kind, len(principles.options)) == (QuestionKind.PRINCIPLES, 6)
    assert [each.key for each in found.sections] == ["principles", "structure", "solutions", "capacity", "improvement", "funding", "pilots"]
    assert {each.kind for each in found.questions} == set(QuestionKind)
    assert [each.number for each in steps(found.sections, found.questions)] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_every_template_that_comes_along_is_sound_and_says_where_it_is_from() -> None:
    assert [each.key for each in templates()] == list(TEMPLATE_KEYS)
    assert all(each.source and each.questions for each in templates())


def test_template_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadProposition, match=r"^There is no template “\.\./x”\. There are: gloucestershire-2018, before-drafting\.$"):
        template("../x")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"source": ""}, "A template says its source. Add it at the top of the file."),
        ({"section": []}, "A proposition has between one and 12 sections; this one has 0."),
        ({"question": []}, "Ask one question at least: a proposition without one is a letter."),
        ({"question": [QUESTION, QUESTION]}, "Two questions have the same key. Change one."),
        ({"question": [QUESTION | {"words": ""}]}, "Question 1: a question has words, at most 400 letters."),
        ({"section": [SECTION | {"key": "1"}]}, "Section 1: a key is small letters, figures and hyphens, and begins with a letter."),
        ({"section": [SECTION | {"heading": ""}]}, "Section 1: it has a heading, at most 160 letters."),
        ({"section": [SECTION | {"paragraphs": [" "]}]}, "“Why”: say what is proposed, in at most 6,000 letters."),
        ({"section": [SECTION, SECTION]}, "Two sections have the same key. Change one."),
    ],
)
def test_template_with_a_fault_is_refused_with_its_remedy(change: dict[str, Any], words: str) -> None:
    with pytest.raises(BadProposition) as refused:
        template_from(FILE | change)
    assert str(refused.value) == words


def test_sections_are_stored_and_read_back_the_same() -> None:
    found = template_from(FILE).sections
    assert (sections_from(as_data(found)), found[0].words) == (found, "Because.")


def test_paragraphs_are_parted_by_an_empty_line() -> None:
    assert paragraphs_of("One\r\nline.\r\n\r\n \n Two.\x00 ") == ("One line.", "Two.")


def test_check_questions_lets_sound_ones_through() -> None:
    assert check_questions([QuestionAsked("a", QuestionKind.OPEN, "A?")]) is None


@pytest.mark.parametrize(
    ("days", "words"), [(9, "Give schools 10 days at least: this would be 9"), (-3, "Give schools 10 days at least: this would be 0")]
)
def test_schools_are_given_time(days: int, words: str) -> None:
    with pytest.raises(WrongDay) as refused:
        check_days(date(2026, 2, 1), date(2026, 2, 1) + timedelta(days=days))
    assert str(refused.value).startswith(words)


def test_a_consultation_is_not_forgotten() -> None:
    check_days(date(2026, 2, 1), date(2026, 2, 11))
    with pytest.raises(WrongDay, match=r"half a year"):
        check_days(date(2026, 2, 1), date(2026, 9, 1))


def test_a_change_is_one_and_says_what_is_different() -> None:
    now, then = Section("why", "Why", ("Because.",)), Section("why", "Why", ("Since.",))
    check_change([now], [then], "Since, not because.")
    with pytest.raises(BadProposition, match=r"^Nothing is different"):
        check_change([now], [now], "x")
    with pytest.raises(NoWords, match=r"^Say in a sentence what is different"):
        check_change([now], [then], " ")


def test_each_section_is_a_step_with_its_questions_and_the_whole_comes_last() -> None:
    one, two = Section("one", "One", ("1",)), Section("two", "Two", ("2",))
    about = QuestionAsked("a", QuestionKind.OPEN, "A?", about="two")
    lost = QuestionAsked("b", QuestionKind.OPEN, "B?", about="gone")
    found = steps([one, two], [lost, about])
    assert [(each.number, each.section, each.questions) for each in found] == [(1, one, ()), (2, two, (about,)), (3, None, (lost,))]
    assert [each.section for each in steps([one], [])] == [one]
