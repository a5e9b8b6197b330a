"""What a person may decide, and what is marked for them to look at."""

import pytest

from convenor.records.rules.decisions import Decided, Decision, Field, Subject, decide, disclosed, letter, marks
from convenor.records.rules.refusals import NoWords, OutOfTurn

FIELDS = ("by", "words")


@pytest.mark.parametrize("decision", [Decision.WITHHOLD, Decision.PART])
def test_nothing_is_kept_back_without_the_deciders_own_words(decision: Decision) -> None:
    with pytest.raises(NoWords, match="own words which exemption"):
        decide(decision, why=" ", note="", left_out=["by"], fields=FIELDS)


def test_disclosing_needs_no_reason_and_keeps_none() -> None:
    assert decide(Decision.DISCLOSE, why="unneeded", note=" seen ", left_out=["by"], fields=FIELDS) == Decided(
        Decision.DISCLOSE, "", "seen", ()
    )


@pytest.mark.parametrize("left_out", [[], ["by", "words"], ["another"]])
def test_a_part_leaves_out_some_lines_and_not_all(left_out: list[str]) -> None:
    with pytest.raises(OutOfTurn, match="some of them, and not all"):
        decide(Decision.PART, why="names somebody else", note="", left_out=left_out, fields=FIELDS)


def test_a_part_is_decided_on_one_by_one() -> None:
    with pytest.raises(OutOfTurn, match="by itself"):
        decide(Decision.PART, why="names somebody else", note="", left_out=["by"], fields=FIELDS, many=True)


def test_part_keeps_the_lines_left_out_in_their_order() -> None:
    taken = decide(Decision.PART, why="names others", note="", left_out=["words", "by"], fields=("by", "at", "words"))
    assert taken == Decided(Decision.PART, "names others", "", ("by", "words"))


def test_too_many_words_are_refused() -> None:
    with pytest.raises(NoWords, match="At most 4000"):
        decide(Decision.DISCLOSE, why="", note="x" * 4001)


def test_lines_about_others_are_marked_and_those_about_the_asker_are_not() -> None:
    asker = Subject("7", ("Ada Example", "ada@example.org"))
    lines = [
        Field("person", "Person", "Ada Example", person="7"),
        Field("broker", "Broker", "Bea Marlow", person="9"),
        Field("by_label", "By", "Bea Marlow, broker", privacy="personal"),
        Field("to_name", "To", "ada example", privacy="personal"),
        Field("words", "Words", "She said", free_words=True),
        Field("on", "On", "1 May 2026"),
        Field("note", "Note", "", privacy="personal"),
    ]
    assert marks(lines, asker) == {
        "broker": "names somebody else",
        "by_label": "names somebody else",
        "words": "written in free words: read it for names",
    }


def test_nobody_is_named_by_an_empty_name() -> None:
    assert Subject("7", ("",)).is_named_by("anything") is False


def test_what_is_left_out_says_so_in_its_place() -> None:
    lines = [{"name": "by", "label": "By", "value": "Bea"}, {"name": "on", "label": "On", "value": "1 May"}]
    assert disclosed(lines, ["by"]) == [
        {"name": "by", "label": "By", "value": "(left out)"},
        {"name": "on", "label": "On", "value": "1 May"},
    ]


def test_letter_says_in_numbers_what_was_decided_and_how_to_ask_again() -> None:
    said = letter(
        asker="Ada Example", partnership="Fernshire", received="2 November 2026", words="All about me.", about_asker=True,
        counts={Decision.DISCLOSE: 3, Decision.WITHHOLD: 1},
    )  # fmt: skip
    assert said.split("\n\n")[2] == (
        "We looked for what is held. Of what was found: 3 disclosed, 1 withheld. The list says this of each record, and why anything is "
        "withheld. What is held about you is in the files beside it."
    )
    assert "nothing is held" in letter(asker="A", partnership="F", received="today", words="x", about_asker=False, counts={})
