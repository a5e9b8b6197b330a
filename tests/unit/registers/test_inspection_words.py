"""Inspections in the words of their day, never converted."""

from datetime import date

import pytest

from convenor.registers.rules import inspection_words as words

OLD, NEW, CARD = date(2019, 3, 5), date(2025, 3, 4), date(2026, 3, 3)


@pytest.mark.parametrize(
    ("vocabulary", "overall", "outcome", "started_on", "said"),
    [
        ("overall_effectiveness", "2", "", OLD, ("Good", "as judged before September 2024")),
        ("overall_effectiveness", "3", "", date(2011, 5, 4), ("Satisfactory", "as judged before September 2024")),
        ("overall_effectiveness", "3", "", OLD, ("Requires improvement", "as judged before September 2024")),
        ("overall_effectiveness", "", "School remains Good", OLD, ("School remains Good", "as judged before September 2024")),
        ("overall_effectiveness", "9", "", OLD, ("No overall grade published", "")),
        ("key_judgements", "", "", NEW, ("Key judgements", "no overall grade since September 2024")),
        ("key_judgements", "", "Standards maintained", NEW, ("Standards maintained", "")),
        ("report_card", "", "", CARD, ("Report card", "each area has its own grade; there is no overall one")),
    ],
)
def test_finding_speaks_in_the_vocabulary_of_its_day(
    vocabulary: str, overall: str, outcome: str, started_on: date, said: tuple[str, str]
) -> None:
    assert words.finding(vocabulary=vocabulary, overall=overall, outcome=outcome, started_on=started_on) == said


def test_finding_makes_up_no_overall_grade_after_september_2024() -> None:
    assert words.finding(vocabulary="key_judgements", overall="2", outcome="", started_on=NEW)[0] == "Key judgements"


def test_judgements_leave_out_codes_that_are_no_grade() -> None:
    said = {"sixth_form_provision": "9", "quality_of_education": "2", "early_years_provision": "0", "personal_development": "1"}
    assert words.judgements(said, vocabulary="key_judgements", started_on=NEW) == [
        ("Quality of education", "Good"),
        ("Personal development", "Outstanding"),
    ]


def test_judgements_of_a_report_card_stand_in_its_own_words() -> None:
    said = {"achievement": "Expected standard", "inclusion": "Strong standard"}
    assert words.judgements(said, vocabulary="report_card", started_on=CARD) == [
        ("Inclusion", "Strong standard"),
        ("Achievement", "Expected standard"),
    ]


def test_area_that_nobody_knows_keeps_its_own_words() -> None:
    assert words.area_name("music_and_arts") == "Music and arts"


def test_concern_is_said_in_words() -> None:
    assert (words.concern("SM"), words.concern(""), words.concern("Other")) == ("Special measures", "", "Other")


@pytest.mark.parametrize(
    ("said", "word"), [("Yes", "effective"), ("No", "not effective"), ("Met", "met"), ("Not met", "not met"), ("", "")]
)
def test_safeguarding_speaks_in_its_own_vocabulary(said: str, word: str) -> None:
    assert words.safeguarding(said) == word
