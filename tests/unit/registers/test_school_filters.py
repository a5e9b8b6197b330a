"""What a reader may ask of a list of schools."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from convenor.registers.rules.school_filters import INSPECTIONS, SIZES, TEXT_MAXIMUM, SchoolFilter


def test_filter_of_an_empty_address_asks_for_nothing() -> None:
    asked = SchoolFilter.read({})
    assert (asked.asks, asked.address(), asked.in_words) == (False, {}, [])


def test_filter_drops_words_it_does_not_know() -> None:
    assert SchoolFilter.read({"size": "huge", "inspection": "best", "order": "results"}) == SchoolFilter()


def test_filter_says_in_words_what_it_asks() -> None:
    asked = SchoolFilter.read({"phase": "Primary", "kind": "academy", "inspection": "good", "size": "to-100", "text": " leigh "})
    assert asked.in_words == [
        "phase Primary",
        "type academy",
        "latest graded inspection: Good, as judged before September 2024",
        "up to 100 pupils",
        "text “leigh”",
    ]


def test_filter_names_the_trust_when_its_name_is_given() -> None:
    asked = SchoolFilter(trust="2044")
    assert (asked.words(trust="The Example Trust"), asked.words()) == (["trust The Example Trust"], ["trust 2044"])


def test_filter_cuts_overlong_text() -> None:
    assert SchoolFilter.read({"text": "x" * 500}).text == "x" * TEXT_MAXIMUM


def test_sizes_meet_without_gap_or_overlap() -> None:
    bands = [(smallest, largest) for _words, smallest, largest in SIZES.values() if smallest is not None or largest is not None]
    assert [(later[0], earlier[1] + 1) for earlier, later in pairwise(bands)] == [
        (101, 101),
        (251, 251),
        (501, 501),
        (1001, 1001),
    ]


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "phase": st.text(max_size=20),
            "kind": st.text(max_size=20),
            "trust": st.text(max_size=20),
            "text": st.text(max_size=150),
            "inspection": st.sampled_from([*INSPECTIONS, "", "other"]),
            "size": st.sampled_from([*SIZES, "", "other"]),
        },
    )
)
def test_filter_survives_its_own_address(words: dict[str, str]) -> None:
    asked = SchoolFilter.read(words)
    assert SchoolFilter.read(asked.address()) == asked
