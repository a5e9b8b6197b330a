"""Which school a line means; what contradicts itself is asked."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.moving_in.rules.reading import read_file
from convenor.moving_in.rules.recognising_lines import read_lines
from convenor.moving_in.rules.school_names import SchoolName, likeness, same, taken_apart
from convenor.moving_in.rules.schools import Candidate, KnownSchool, Register
from tests.factories.dirty_spreadsheets import dirty_set, invented_register


def school(
    urn: str,
    name: str,
    postcode: str = "",
    town: str = "",
    laestab: str = "",
    closed: date | None = None,
    became: tuple[str, ...] = (),
    other: tuple[str, ...] = (),
) -> KnownSchool:
    """A school of the register."""
    return KnownSchool(urn, laestab, name, postcode, town, "Primary", None, closed, became, other)


ENDED = date(2024, 8, 31)
REGISTER = Register(
    [
        school("990001", "St Mary's CofE Primary School", "FN1 1AA", "Ferndon", "9981001"),
        school("990002", "St Mary's Catholic Primary School", "FN2 2AA", "Ashwick", "9981002"),
        school("990003", "Oakfield Infant School", "FN3 3AA", "Ferndon", "9981003"),
        school("990004", "Oakfield Junior School", "FN3 3AA", "Ferndon", "9981004"),
        school("980005", "Hillcrest Primary School", "FN4 4AA", "Ferndon", "9981005", ENDED, ("990006",)),
        school("990006", "Brightwater Academy", "FN4 4AA", "Ferndon", "9981005"),
        school("990007", "Longmeadow Primary School", "FN5 5AA", "Lower Wick", "9981007", other=("The Meadow",)),
        school("800008", "Northgate High School", "FN6 6AA", "Wick", "8001007"),
        school("980009", "Splitwood School", "FN7 7AA", "Wick", "9981009", ENDED, ("990003", "990004")),
        school("980010", "Lostbrook School", "FN8 8AA", "Wick", "9981010", ENDED),
        school("980011", "Chainmoor Primary School", "FN9 9AA", "Wick", "9981011", ENDED, ("980005",)),
        school("980012", "Gonewell School", "FN9 9AB", "Wick", "9981012", ENDED, ("777777",)),
        school("990013", "Woodmere College", "FN10 1AA", "Woodmere", "9981013"),
        school("990014", "Woodmere Primary School", "FN10 1AB", "Woodmere", "9981014"),
        school("980015", "Circle One School", "", "", "", ENDED, ("980016",)),
        school("980016", "Circle Two School", "", "", "", ENDED, ("980015",)),
    ],
    areas=frozenset({"998"}),
)


@pytest.mark.parametrize(
    ("said", "urn", "how"),
    [
        ({"urn": "990001"}, "990001", "urn"),
        ({"urn": "URN: 990001.0"}, "990001", "urn"),
        ({"urn": "990001", "school": "St. Marys C of E (VA) Prim Sch"}, "990001", "urn"),
        ({"urn": "9981007"}, "990007", "laestab"),
        ({"laestab": "998/1007"}, "990007", "laestab"),
        ({"laestab": "998 1005"}, "990006", "laestab"),
        ({"school": "990007"}, "990007", "urn"),
        ({"school": "Longmeadow (990007)"}, "990007", "urn"),
        ({"school": "Longmeadow"}, "990007", "name"),
        ({"school": "THE MEADOW"}, "990007", "name"),
        ({"school": "Longmedow Primmary"}, "990007", "name"),
        ({"school": "Oakfeild Infants"}, "990003", "name"),
        ({"school": "Oakfield Jnr Sch", "postcode": "fn33aa"}, "990004", "name"),
        ({"school": "St Marys RC"}, "990002", "name"),
        ({"school": "St Mary's Primary", "postcode": "FN1 1AA"}, "990001", "name"),
        ({"school": "Saint Mary's, Ashwick"}, "990002", "name"),
        ({"school": "St Mary's", "town": "Ashwik"}, "990002", "name"),
        ({"urn": "123456", "school": "Longmeadow Primary School"}, "990007", "name"),
        ({"laestab": "9981001", "school": "Longmeadow Primary School", "postcode": "FN5 5AA"}, "990007", "name"),
        ({"urn": "990001", "laestab": "9981007", "school": "St Mary's CofE Primary"}, "990001", "urn"),
        ({"urn": "990007", "school": "Meadow Learning Village", "postcode": "FN5 5AA"}, "990007", "urn"),
        ({"urn": "990007", "laestab": "9981007", "school": "MLV"}, "990007", "urn"),
    ],
)  # fmt: skip
def test_school_is_matched_without_asking(said: dict[str, str], urn: str, how: str) -> None:
    match = REGISTER.match(said)
    assert (match.urn, match.how, match.sure) == (urn, how, True)


@pytest.mark.parametrize(
    ("said", "candidates"),
    [
        ({"school": "St Mary's"}, {"990001", "990002"}),
        ({"school": "Oakfield"}, {"990003", "990004"}),
        ({"school": "Oakfield", "postcode": "FN3 3AA"}, {"990003", "990004"}),
        ({"urn": "990007", "school": "Oakfield Infant School"}, {"990007", "990003"}),
        ({"urn": "990014", "school": "Woodmere College"}, {"990014", "990013"}),
        ({"urn": "990007", "laestab": "9981001"}, {"990007", "990001"}),
        ({"urn": "990001", "laestab": "9981007", "school": "Wholly different"}, {"990001", "990007"}),
        ({"laestab": "9981001", "school": "Longmeadow Primary School"}, {"990001", "990007"}),
        ({"urn": "990007", "school": "Wholly different"}, {"990007"}),
        ({"school": "Longmeadow", "postcode": "ZZ1 1AA"}, {"990007"}),
        ({"urn": "123456", "school": "St Mary's CofE Primary School"}, {"990001", "990002"}),
        ({"school": "Langmeadows Park Primary"}, {"990007"}),
        ({"postcode": "FN5 5AA"}, {"990007"}),
        ({"school": "Northgate High"}, {"800008"}),
    ],
)  # fmt: skip
def test_school_is_asked_where_a_line_does_not_say_it(said: dict[str, str], candidates: set[str]) -> None:
    match = REGISTER.match(said)
    assert (match.sure, {each.urn for each in match.candidates} >= candidates) == (False, True)


def test_contradiction_names_both_schools() -> None:
    assert REGISTER.match({"urn": "990007", "school": "Oakfield Infant School"}).told == (
        "Longmeadow Primary School (URN 990007): its URN is written. Oakfield Infant School (URN 990003): the name is its own. "
        "Which of them is meant?"
    )


def test_closed_urn_leads_to_its_successor_and_says_so() -> None:
    match = REGISTER.match({"urn": "980005", "school": "Hillcrest Primary"})
    assert (match.urn, match.sure, match.followed) == ("990006", True, "980005")
    assert match.told == (
        "Hillcrest Primary School (URN 980005) closed on 31 August 2024; the register names "
        "Brightwater Academy (URN 990006) as its successor."
    )


def test_chain_of_successors_is_followed() -> None:
    match = REGISTER.match({"urn": "980011"})
    assert (match.urn, match.sure, match.followed) == ("990006", True, "980011")


def test_name_of_a_predecessor_leads_to_its_successor() -> None:
    match = REGISTER.match({"school": "Hillcrest Primary School"})
    assert (match.urn, match.how, match.sure, match.followed) == ("990006", "name", True, "980005")


@pytest.mark.parametrize(
    ("urn", "told"),
    [
        ("980009", "more than one successor"),
        ("980010", "no successor that is known here"),
        ("980012", "no successor that is known here"),
        ("980015", "no successor that is known here"),
    ],
)
def test_closed_urn_without_one_successor_is_asked(urn: str, told: str) -> None:
    match = REGISTER.match({"urn": urn})
    assert (match.sure, told in match.told) == (False, True)


def test_school_beyond_the_areas_is_said() -> None:
    match = REGISTER.match({"urn": "800008"})
    assert (match.urn, match.sure, match.outside) == ("800008", True, True)
    assert match.told == "Northgate High School (URN 800008) lies outside the partnership's areas."


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"school": "Atlantis Academy"}, "No school of the register is called 'Atlantis Academy'."),
        ({"urn": "123456"}, "URN 123456 is not in the register."),
        ({"laestab": "9989999"}, "LAESTAB 9989999 is not in the register."),
        ({"urn": "12", "school": "n/a"}, "'12' is no URN."),
        ({}, "No school is named."),
    ],
)
def test_nobody_is_matched_where_nothing_fits(said: dict[str, str], told: str) -> None:
    match = REGISTER.match(said)
    assert (match.urn, match.sure, match.told) == ("", False, told)


def test_search_offers_the_likest_first() -> None:
    assert REGISTER.search("oakfield junior")[0] == Candidate("990004", "Oakfield Junior School", 100.0, "the name is like its own")
    assert REGISTER.search("") == ()


def test_names_are_taken_apart() -> None:
    assert taken_apart("St. Mary’s C. of E. (V.A.) Prim. Sch.").core == ("st", "mary")
    assert taken_apart("The Fern Church of Enlgand Junior School") == SchoolName(("fern",), frozenset({"junior"}), frozenset({"ce"}))
    assert same(taken_apart("All Saints' RC Primary"), taken_apart("All Saints Catholic Primary Academy"))
    assert not same(taken_apart("Primary School"), taken_apart("Primary School"))
    assert likeness(taken_apart("Primary School"), taken_apart("Primary School")) == 0.0


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["urn", "laestab", "school", "postcode", "town"]), st.text(max_size=30)))
def test_any_line_is_answered_and_sure_ones_are_open_schools(said: dict[str, str]) -> None:
    match = REGISTER.match(said)
    known = REGISTER.by_urn.get(match.urn)
    assert match.sure is False or (known is not None and known.closed_on is None)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([each for each in REGISTER.schools if each.closed_on is None]), st.booleans(), st.booleans())
def test_number_with_its_own_name_is_always_sure(each: KnownSchool, shout: bool, with_laestab: bool) -> None:
    match = REGISTER.match(
        {"urn": each.urn, "school": each.name.upper() if shout else each.name, "laestab": each.laestab if with_laestab else ""}
    )
    assert (match.urn, match.sure) == (each.urn, True)


@pytest.mark.parametrize("seed", [1, 2])
def test_no_line_of_a_dirty_set_is_wrongly_matched_and_few_are_asked(seed: int) -> None:
    known = invented_register(seed, 60)
    dirty, register = dirty_set(seed, known, contacts=240, log=80, clusters=9), Register(known)
    counts = {"right": 0, "asked": 0, "wrong": 0}
    for name, content in dirty.files.items():
        for sheet in read_file(name, content).sheets:
            kind, rows, columns = dirty.truth.columns.get((name, sheet.name), (None, None, None))
            truth = dirty.truth.of(name, sheet.name)
            for line in read_lines(sheet, kind, rows, columns).lines if kind else ():
                true = truth[line.number]
                match = register.match(line.values)
                if true.urn and not true.must_ask:
                    counts["asked" if not match.sure else "right" if match.urn == true.urn else "wrong"] += 1
    assert counts["wrong"] == 0
    assert counts["asked"] <= counts["right"] * 0.01


def test_matching_is_fast_enough_for_a_page() -> None:
    known = invented_register(5)
    names = [{"school": each.name[:-2], "town": each.town} for each in known for _ in range(4)]
    register, began = Register(known), time.process_time()
    matched = [register.match({**said, "postcode": str(at)}) for at, said in enumerate(names)]
    assert (len(matched), time.process_time() - began < 4) == (len(names), True)


def test_number_of_nobody_makes_another_number_doubtful() -> None:
    assert REGISTER.match({"urn": "123456", "laestab": "9981007"}).sure is False
    assert REGISTER.match({"urn": "123456", "laestab": "9981007", "school": "Longmeadow"}).sure is True


def test_laestab_of_two_open_schools_is_settled_by_the_name() -> None:
    shared = Register(
        [school("990001", "Fernhollow Infant School", laestab="9981001"), school("990002", "Fernmoor Junior School", laestab="9981001")]
    )
    match = shared.match({"laestab": "9981001", "school": "Fernmoor Juniors"})
    assert (match.urn, match.sure) == ("990002", True)
    assert {each.urn for each in shared.match({"laestab": "9981001"}).candidates} == {"990001", "990002"}


def test_town_says_nothing_where_the_register_has_none() -> None:
    bare = Register([school("990001", "Fernhollow Primary School")])
    assert bare.match({"school": "Fernhollow Primary", "town": "Ferndon"}).sure is True


def test_town_of_another_place_makes_a_common_name_doubtful() -> None:
    known = Register([school("990001", "St Mary's Primary School", town="Ferndon"), school("990002", "Fernhollow School", town="Ferndon")])
    assert known.match({"school": "St Mary's Primary", "town": "Elverton"}).sure is False
    assert known.match({"school": "Fernhollow", "town": "Elverton"}).sure is True
