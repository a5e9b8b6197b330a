"""Everything invented is invented whole: by its own law right, in nobody's name, and the same each time."""

from collections import Counter
from datetime import date
from random import Random

import pytest

from convenor.england.inspections import vocabulary_on
from convenor.partnership.rules.checking import check, has_errors
from convenor.partnership.rules.shipped import constitution_of
from convenor.partnership.rules.structure import describe, vacancies
from convenor.registers.rules.measures import MEASURES
from convenor.web.demonstration.areas import AREAS, Area, UnknownAreaError, area_named
from convenor.web.demonstration.inspections import inspections
from convenor.web.demonstration.names import address, people, places
from convenor.web.demonstration.partnership import invent, split
from convenor.web.demonstration.readings import readings
from convenor.web.demonstration.schools import FIRST_URN, groups, schools

ON = date(2026, 11, 21)
STAND = [(370_000 + 311 * n % 40_000, 190_000 + 733 * n % 50_000) for n in range(300)]
EVERY_AREA = pytest.mark.parametrize("area", AREAS.values(), ids=lambda area: area.key)


@pytest.mark.parametrize(("words", "key"), [("Wigan", "wigan"), ("EAST SUSSEX", "east-sussex"), ("east_sussex", "east-sussex")])
def test_an_area_is_found_however_it_is_written(words: str, key: str) -> None:
    assert area_named(words).key == key


def test_an_unknown_area_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownAreaError, match=r"no demonstration of “Kent”.*bexley, cumbria"):
        area_named("Kent")


@EVERY_AREA
def test_each_area_has_250_primaries_and_schools_of_every_phase(area: Area) -> None:
    assert Counter(school.phase for school in schools(area, STAND)) == {
        "Primary": 250, "Secondary": 38, "Special": 10, "Nursery": 4, "PRU": 3,
    }  # fmt: skip


def test_urns_and_names_are_nobody_elses_and_never_shared() -> None:
    everyone = [school for area in AREAS.values() for school in schools(area, STAND)]
    urns = [school.urn for school in everyone]
    assert len(set(urns)) == len(urns)
    assert all(FIRST_URN < int(urn) < FIRST_URN + 1000 * len(AREAS) for urn in urns)
    for area in AREAS.values():
        names = [school.name for school in schools(area, STAND)]
        assert len(set(names)) == len(names)


def test_a_place_that_stands_in_a_real_name_is_passed_over() -> None:
    area = AREAS["wigan"]
    first = schools(area, STAND)[0].name.split()[0]
    again = schools(area, STAND, frozenset({f"st mary's {first.lower()} primary school"}))
    assert [school.name for school in again if school.name.startswith(f"{first} ")] == []


def test_the_same_area_is_always_the_same() -> None:
    assert schools(AREAS["bexley"], STAND) == schools(AREAS["bexley"], STAND)


def test_people_and_places_are_plentiful_and_never_twice() -> None:
    assert (len(set(people("x"))), len(list(people("x")))) == (7200, 7200)
    assert (len(set(places("x"))), len(list(places("x")))) == (800, 800)


def test_an_address_can_never_be_anybodys() -> None:
    assert address("Ada Quillfeather", "wigan") == "ada.quillfeather@wigan.convenor.example"


@EVERY_AREA
def test_an_invented_partnership_is_right_by_its_own_rules(area: Area) -> None:
    made = schools(area, STAND)
    constitution, everyone = invent(area, constitution_of(area.constitution), made, groups(area), ON)
    assert not has_errors(check(constitution, ON))
    assert sorted(member.school for member in constitution.members) == sorted(school.urn for school in made)
    assert {person.name for person in everyone} >= {one.person for one in constitution.appointments}
    held_by_schools = [member for member in constitution.members if not member.bodies]
    assert len(held_by_schools) < len(made) * 0.2, "nearly every school sits in a cluster, a consortium or an alliance"


def test_an_honest_partnership_has_some_empty_seats_and_most_held() -> None:
    area = AREAS["gloucestershire"]
    constitution, _ = invent(area, constitution_of("gloucestershire"), schools(area, STAND), groups(area), ON)
    now = describe(constitution, ON)
    assert 0.75 < now.filled / now.seats < 1
    assert len([vacancy for vacancy in vacancies(constitution, ON) if vacancy.empty_since]) > 5


def test_neighbourhoods_hold_every_school_once_and_are_of_near_equal_size() -> None:
    made = schools(AREAS["wigan"], STAND)
    parts = split(made, 7)
    assert sorted(school.urn for part in parts for school in part) == sorted(school.urn for school in made)
    assert max(map(len, parts)) - min(map(len, parts)) <= 3


def test_readings_are_of_known_measures_and_possible_values() -> None:
    made = [reading for school in schools(AREAS["wigan"], STAND) for reading in readings(school)]
    wrong = [
        reading
        for reading in made
        if reading.measure not in MEASURES
        or (reading.value is None) != bool(reading.mark)
        or (reading.value is not None and not MEASURES[reading.measure].least <= reading.value <= MEASURES[reading.measure].most)
        or (reading.low is not None and reading.high is not None and not reading.low <= (reading.value or 0) <= reading.high)
    ]
    assert wrong == []


def test_a_school_of_few_pupils_has_its_results_withheld() -> None:
    made = [reading for school in schools(AREAS["wigan"], STAND) for reading in readings(school) if reading.measure == "ks2_rwm_expected"]
    withheld = [reading for reading in made if (reading.cohort or 0) < 6]
    assert withheld
    assert {(reading.value, reading.mark) for reading in withheld} == {(None, "suppressed")}


def test_inspections_speak_the_words_of_their_day() -> None:
    chance = Random(1)
    made = [each for school in chance.sample(schools(AREAS["wigan"], STAND), 120) for each in inspections(school, ON)]
    assert [each for each in made if each["vocabulary"] != vocabulary_on(each["started_on"]).value] == []
    assert [each for each in made if each.get("overall") and each["started_on"] >= date(2024, 9, 1)] == []
    assert {each["vocabulary"] for each in made} == {"overall_effectiveness", "key_judgements", "report_card"}
    assert [each for each in made if each["started_on"] >= ON] == []


@EVERY_AREA
def test_a_school_in_thirty_has_slipped_since_it_was_found_good(area: Area) -> None:
    """The case that the practice began with: good, long uninspected, quietly fallen. None is tiny: what is said of it must be sayable."""
    slipping = [school for school in schools(area, STAND) if school.slipping]
    assert (len(slipping), {school.phase for school in slipping}) == (9, {"Primary"})
    assert slipping[0] == schools(area, STAND)[0]
    assert min(school.pupils for school in slipping) >= 240
    for school in slipping:
        graded = [each for each in inspections(school, ON) if each["kind"] == "graded"]
        assert [each["overall"] for each in graded] == ["2", "2"]
        assert graded[-1]["started_on"].year == 2017


def test_a_school_that_slipped_fell_in_results_and_rose_in_absence() -> None:
    fell, rose = [], []
    for area in AREAS.values():
        for school in (one for one in schools(area, STAND) if one.slipping):
            found = {(each.measure, each.period): each.value for each in readings(school)}
            fell.append(found["ks2_rwm_expected", "2018-19"] - found["ks2_rwm_expected", "2023-24"])
            rose.append(found["absence_overall", "2022-23"] - found["absence_overall", "2018-19"])
    assert min(rose) > 2
    assert sum(fell) / len(fell) > 12
