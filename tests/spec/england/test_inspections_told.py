"""Inspections speak in the words of their day.

Ofsted has used three sets of words. Each inspection keeps its own. None is ever turned into another, and no overall grade is made up where
none was given.
"""

from datetime import date

from convenor.england.inspections import GRADES, REPORT_CARD_GRADES, read_grade, read_report_card_grade, vocabulary_on
from convenor.registers.rules.inspection_words import finding, judgements, safeguarding
from tests.spec.telling import day, table


def test_the_day_of_an_inspection_says_which_words_it_uses() -> None:
    """The day of an inspection says which words it uses."""
    for row in table("""
        | Inspection started | Words                 |
        | 12 March 2011      | overall effectiveness |
        | 31 August 2024     | overall effectiveness |
        | 1 September 2024   | key judgements        |
        | 9 November 2025    | key judgements        |
        | 10 November 2025   | report card           |
    """):
        assert vocabulary_on(day(row["Inspection started"])).replace("_", " ") == row["Words"]


def test_a_finding_is_said_as_it_was_given() -> None:
    """A finding is said as it was given.

    A 3 before September 2012 was called Satisfactory, and still is. The last two schools had an inspection after overall grades ended: what
    stands in the file's overall column is not used.
    """
    for row in table("""
        | Inspection started | Overall code in the file | What the page says                                                       |
        | 12 March 2011      | 3                        | Satisfactory (as judged before September 2024)                           |
        | 12 March 2019      | 3                        | Requires improvement (as judged before September 2024)                   |
        | 12 March 2019      | 2                        | Good (as judged before September 2024)                                   |
        | 12 March 2019      | 9                        | No overall grade published                                               |
        | 12 March 2025      | 2                        | Key judgements (no overall grade since September 2024)                   |
        | 12 March 2026      | 2                        | Report card (each area has its own grade; there is no overall one)       |
    """):
        on = day(row["Inspection started"])
        words, beside = finding(vocabulary=vocabulary_on(on), overall=row["Overall code in the file"], outcome="", started_on=on)
        assert (f"{words} ({beside})" if beside else words) == row["What the page says"]


def test_the_words_of_one_vocabulary_mean_nothing_in_another() -> None:
    """The words of one vocabulary mean nothing in another.

    There is no exchange rate: a report card's "Expected standard" is not a Good, and a Good is not an "Expected standard".
    """
    for row in table("""
        | Word               | Grade before November 2025 | Grade on a report card |
        | Good               | yes                        | no                     |
        | Outstanding        | yes                        | no                     |
        | Expected standard  | no                         | yes                    |
        | Urgent improvement | no                         | yes                    |
    """):
        said = (bool(read_grade(row["Word"])), bool(read_report_card_grade(row["Word"])))
        assert said == (row["Grade before November 2025"] == "yes", row["Grade on a report card"] == "yes")
    assert set(GRADES.values()) & set(REPORT_CARD_GRADES) == set()


def test_each_judgement_keeps_its_own_word() -> None:
    """Each judgement keeps its own word.

    A code that is no grade (here 9, for a school without a sixth form) is left out: it says that something was not judged, not how.
    """
    given = table("""
        Given in March 2025:

        | Judgement            | In the file |
        | quality of education | 2           |
        | personal development | 1           |
        | sixth form provision | 9           |
    """)
    follows = table("""
        The page says:

        | Judgement            | Word        |
        | Quality of education | Good        |
        | Personal development | Outstanding |
    """)
    codes = {row["Judgement"].replace(" ", "_"): row["In the file"] for row in given}
    said = judgements(codes, vocabulary="key_judgements", started_on=date(2025, 3, 12))
    assert said == [(row["Judgement"], row["Word"]) for row in follows]


def test_safeguarding_keeps_both_pairs_of_words() -> None:
    """Safeguarding was effective or not; it is now met or not met."""
    for row in table("""
        | In the file | The page says |
        | Yes         | effective     |
        | No          | not effective |
        | Met         | met           |
        | Not met     | not met       |
    """):
        assert safeguarding(row["In the file"]) == row["The page says"]
