"""Identifiers, phases, types and inspection vocabularies."""

from datetime import date

import pytest

from convenor.england import inspections, phases
from convenor.england.identifiers import NotAnIdentifierError, format_laestab, is_urn, laestab, read_laestab, read_ukprn, read_urn
from convenor.england.inspections import InspectionVocabulary, grade_word, read_grade, read_report_card_grade, vocabulary_on
from convenor.england.phases import counted_as, read_phase
from convenor.england.types import SCHOOL_TYPES, is_known, school_type


@pytest.mark.parametrize("value", ["100000", " 100000 ", "100000.0", 100000, 100000.0])
def test_urn_is_text_of_six_digits(value: str | int | float) -> None:
    assert read_urn(value) == "100000"
    assert is_urn(value)


@pytest.mark.parametrize("value", ["NAT", "", "10000", "1000000", "012345", "100000.5", 1.5])
def test_urn_refuses_what_is_none(value: str | float) -> None:
    assert not is_urn(value)
    with pytest.raises(NotAnIdentifierError):
        read_urn(value)


@pytest.mark.parametrize("value", ["9362001", "936/2001", "936 2001", 9362001.0])
def test_laestab_is_seven_digits(value: str | float) -> None:
    assert read_laestab(value) == "9362001"


def test_laestab_is_made_of_authority_and_number() -> None:
    assert laestab("936", "2001") == "9362001"
    assert laestab(936.0, "73") == "9360073"
    assert laestab("936", "") == ""
    assert format_laestab("9362001") == "936/2001"
    with pytest.raises(NotAnIdentifierError):
        read_laestab("0002001")


def test_ukprn_begins_with_one() -> None:
    assert read_ukprn("10012345.0") == "10012345"
    with pytest.raises(NotAnIdentifierError):
        read_ukprn("20012345")


@pytest.mark.parametrize(
    ("text", "kind", "phase"),
    [
        ("Primary", "Community school", "Primary"),
        ("Middle deemed primary", "Community school", "Primary"),
        ("Middle deemed secondary", "Academy converter", "Secondary"),
        ("All-through", "Free schools", "All-through"),
        ("Not applicable", "Community special school", "Special"),
        ("Not applicable", "Pupil referral unit", "PRU"),
        ("Not applicable", "Free schools alternative provision", "PRU"),
        ("Not applicable", "Local authority nursery school", "Nursery"),
        ("16 plus", "Free schools 16 to 19", "16 plus"),
        ("Secondary", "Academy Special Converter", "Special"),
        ("Not applicable", "Children's centre", ""),
    ],
)
def test_phase_comes_from_the_word_or_the_type(text: str, kind: str, phase: str) -> None:
    assert read_phase(text, kind) == phase


def test_all_through_school_is_counted_as_a_secondary_and_teaches_both() -> None:
    assert [counted_as(phase) for phase in phases.PHASES] == ["Nursery", "Primary", "Secondary", "Secondary", "16 plus", "Special", "PRU"]
    assert phases.is_primary("All-through")
    assert phases.is_secondary("All-through")
    assert phases.usual_ages("Special") is None


@pytest.mark.parametrize(
    ("name", "academy", "funded"),
    [
        ("Academy Converter", True, True),
        ("Academy - Converter mainstream", True, True),
        ("Free School", True, True),
        ("Free schools", True, True),
        ("Free School - Alternative Provision", True, True),
        ("University Technical College", True, True),
        ("Studio schools", True, True),
        ("City Technology College", True, True),
        ("Community School", False, True),
        ("Voluntary aided school", False, True),
        ("Foundation School", False, True),
        ("LA Nursery School", False, True),
        ("Non-Maintained Special School", False, True),
        ("Other independent school", False, False),
        ("Children's centre", False, False),
        ("ACC", True, True),
        ("FUTC", True, True),
        ("VC", False, True),
        ("IND", False, False),
    ],
)
def test_type_tells_academies_and_who_is_funded_by_the_state(name: str, academy: bool, funded: bool) -> None:
    found = school_type(name)
    assert (found.counts_as_academy, found.state_funded) == (academy, funded)
    assert is_known(name)


def test_unknown_type_counts_as_nothing() -> None:
    found = school_type("School of magic")
    assert (found.name, found.group, found.counts_as_academy, found.state_funded) == ("School of magic", "other", False, False)


def test_every_type_is_known_by_its_own_name() -> None:
    assert [school_type(each.name) for each in SCHOOL_TYPES] == list(SCHOOL_TYPES)


@pytest.mark.parametrize(
    ("day", "vocabulary"),
    [
        (date(2024, 8, 31), InspectionVocabulary.OVERALL_EFFECTIVENESS),
        (date(2024, 9, 3), InspectionVocabulary.KEY_JUDGEMENTS),
        (date(2025, 11, 9), InspectionVocabulary.KEY_JUDGEMENTS),
        (date(2025, 11, 10), InspectionVocabulary.REPORT_CARD),
    ],
)
def test_inspection_speaks_the_vocabulary_of_its_day(day: date, vocabulary: InspectionVocabulary) -> None:
    assert vocabulary_on(day) == vocabulary


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2", "2"),
        ("2.0", "2"),
        ("Good", "2"),
        ("requires improvement", "3"),
        ("Special Measures", "4"),
        ("9", ""),
        ("8", ""),
        ("0", ""),
        ("Not judged", ""),
        ("", ""),
    ],
)
def test_grade_is_one_to_four_or_none(text: str, code: str) -> None:
    assert read_grade(text) == code


def test_grade_three_was_satisfactory_until_2012() -> None:
    assert grade_word("3", date(2012, 8, 31)) == "Satisfactory"
    assert grade_word("3", date(2012, 9, 1)) == "Requires improvement"
    assert grade_word("9") == ""


def test_report_card_grade_is_one_of_five_words() -> None:
    assert [read_report_card_grade(grade.upper()) for grade in inspections.REPORT_CARD_GRADES] == list(inspections.REPORT_CARD_GRADES)
    assert read_report_card_grade("Good") == ""
