"""Which edition may speak of an area, and what the nine figures then are."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from convenor.england.authorities import live_codes
from convenor.registers.rules import context
from convenor.registers.rules.context import (
    Census,
    Count,
    Editions,
    Grades,
    Inspections,
    Pupils,
    Register,
    Somewhere,
    covers,
    indicators,
    place,
)
from convenor.registers.rules.context_words import DEFINITION, KEYS

GLOUCESTERSHIRE = place("authority", "916")
WIGAN = place("authority", "359")
CUMBRIA = place("authority", "909")
CUMBERLAND = place("authority", "942")
ENGLAND = place("england", "E92000001")

Counts = Mapping[tuple[str, str], Count]


def register(key: str, day: date, counts: Counts, *, every_phase: bool = True, unplaced: int = 0) -> Register:
    return Register(key, f"digest of {key}", day, counts, every_phase, unplaced)


def of(code: str, primary: int = 10, secondary: int = 4, nursery: int = 1, academies: int = 2) -> Counts:
    return {
        (code, "Nursery"): Count(nursery, 0),
        (code, "Primary"): Count(primary, academies),
        (code, "Secondary"): Count(secondary, academies),
    }


def everywhere(**numbers: int) -> Counts:
    return {place: count for code in live_codes() for place, count in of(code, **numbers).items()}


def value(where: Somewhere, key: str, on: date, editions: Editions) -> object:
    return indicators(where, on, editions)[key]["value"]


def test_figures_come_in_the_order_of_the_command() -> None:
    assert list(indicators(WIGAN, date(2025, 1, 1), Editions())) == list(KEYS)


def test_figures_without_any_edition_are_marked_and_never_nought() -> None:
    found = indicators(WIGAN, date(2025, 1, 1), Editions())
    assert {line["value"] for line in found.values()} == {None}
    assert found["primary_schools"]["mark"] == context.NOT_COVERED
    assert found["teaching_schools_per_school"]["mark"] == "no published list exists any more"


def test_newest_register_not_later_than_the_day_speaks() -> None:
    old = register("old", date(2020, 1, 1), of("359", primary=12))
    new = register("new", date(2024, 1, 1), of("359", primary=10))
    editions = Editions([new, old])
    assert value(WIGAN, "primary_schools", date(2023, 12, 31), editions) == 12
    assert value(WIGAN, "primary_schools", date(2024, 1, 1), editions) == 10
    assert value(WIGAN, "primary_schools", date(2019, 1, 1), editions) is None


def test_one_countys_download_never_describes_england() -> None:
    england = register("all", date(2024, 1, 1), everywhere())
    county = register("county", date(2025, 1, 1), of("916", primary=11))
    editions = Editions([england, county])
    assert value(GLOUCESTERSHIRE, "primary_schools", date(2025, 6, 1), editions) == 11
    assert value(ENGLAND, "primary_schools", date(2025, 6, 1), editions) == 1530
    assert indicators(ENGLAND, date(2025, 6, 1), editions)["primary_schools"]["edition"] == "all"
    assert not covers(county, place("region", "E12000009"), editions)


def test_england_without_one_authority_is_not_england() -> None:
    most = {key: count for key, count in everywhere().items() if key[0] != "420"}
    editions = Editions([register("nearly", date(2024, 1, 1), most)])
    assert value(ENGLAND, "primary_schools", date(2024, 6, 1), editions) is None
    assert value(WIGAN, "primary_schools", date(2024, 6, 1), editions) == 10


def test_list_of_secondary_schools_alone_describes_no_area() -> None:
    whole = register("whole", date(2024, 1, 1), of("359"))
    secondaries = register("secondaries", date(2026, 1, 1), {("359", "Secondary"): Count(5, 5)}, every_phase=False)
    editions = Editions([whole, secondaries])
    assert value(WIGAN, "secondary_schools", date(2026, 6, 1), editions) == 4
    assert indicators(WIGAN, date(2026, 6, 1), editions)["secondary_schools"]["as_at"] == "2024-01-01"


def test_a_cut_of_a_few_rows_describes_nothing() -> None:
    whole = register("whole", date(2024, 1, 1), of("359", primary=100, secondary=20))
    cut = register("cut", date(2025, 1, 1), of("359", primary=3, secondary=1))
    assert value(WIGAN, "primary_schools", date(2025, 6, 1), Editions([whole, cut])) == 100


def test_schools_that_close_are_no_gap() -> None:
    before = register("before", date(2015, 1, 1), of("359", primary=100, secondary=20))
    after = register("after", date(2025, 1, 1), of("359", primary=75, secondary=18))
    assert value(WIGAN, "primary_schools", date(2025, 6, 1), Editions([before, after])) == 75


def test_last_schools_of_a_small_authority_are_no_gap() -> None:
    before = register("before", date(2015, 1, 1), of("857", primary=18, secondary=3))
    after = register("after", date(2025, 1, 1), of("857", primary=17, secondary=2))
    assert value(place("authority", "857"), "secondary_schools", date(2025, 6, 1), Editions([before, after])) == 2


def test_register_without_nurseries_leaves_them_to_the_one_before_and_says_so() -> None:
    older = register("older", date(2018, 7, 31), of("359", nursery=3))
    newer = register("newer", date(2022, 8, 31), {key: n for key, n in of("359").items() if key[1] != "Nursery"}, every_phase=False)
    found = indicators(WIGAN, date(2022, 9, 1), Editions([older, newer]))
    assert (found["nursery_schools"]["value"], found["nursery_schools"]["as_at"]) == (3, "2018-07-31")
    assert found["nursery_schools"]["note"] == "newer lists no nursery schools; this is the newest edition before it that does."
    assert found["primary_schools"]["as_at"] == "2022-08-31"


def test_register_without_nurseries_alone_never_says_there_are_none() -> None:
    only = register("only", date(2022, 8, 31), {key: n for key, n in of("359").items() if key[1] != "Nursery"}, every_phase=False)
    line = indicators(WIGAN, date(2022, 9, 1), Editions([only]))["nursery_schools"]
    assert (line["value"], line["mark"]) == (None, "the edition lists no nursery schools")


def test_register_of_every_phase_says_there_are_no_nurseries() -> None:
    whole = register("whole", date(2025, 8, 31), {key: n for key, n in of("359").items() if key[1] != "Nursery"})
    line = indicators(WIGAN, date(2025, 9, 1), Editions([whole]))["nursery_schools"]
    assert (line["value"], line["mark"]) == (0, "")


def test_abolished_authority_gives_its_successors_together() -> None:
    before = register("before", date(2018, 7, 31), of("909", primary=20, secondary=8))
    after = register("after", date(2025, 8, 31), {**of("942", primary=11, secondary=4), **of("943", primary=8, secondary=4)})
    editions = Editions([before, after])
    assert value(CUMBRIA, "primary_schools", date(2019, 1, 1), editions) == 20
    assert value(CUMBRIA, "primary_schools", date(2025, 9, 1), editions) == 19
    assert value(CUMBERLAND, "primary_schools", date(2025, 9, 1), editions) == 11


def test_authority_has_no_figures_before_it_existed() -> None:
    before = register("before", date(2018, 7, 31), of("909", primary=20, secondary=8))
    line = indicators(CUMBERLAND, date(2019, 1, 1), Editions([before]))["primary_schools"]
    assert (line["value"], line["mark"]) == (None, context.DID_NOT_EXIST)
    assert context.made_from("942") == "Cumberland was made on 1 April 2023; before, ask for Cumbria."
    assert context.made_from("359") == ""


def test_half_of_an_abolished_authority_is_not_the_whole() -> None:
    before = register("before", date(2018, 7, 31), of("909", primary=20, secondary=8))
    half = register("half", date(2025, 8, 31), of("942", primary=11, secondary=4))
    assert value(CUMBRIA, "primary_schools", date(2025, 9, 1), Editions([before, half])) == 20


def test_academies_are_a_share_of_open_schools() -> None:
    line = indicators(WIGAN, date(2025, 1, 1), Editions([register("r", date(2024, 1, 1), of("359", primary=8, academies=3))]))
    said = line["primary_academies_percent"]
    assert (said["value"], said["numerator"], said["denominator"], said["unit"]) == (37.5, 3, 8, "percent")


def test_no_schools_of_a_phase_have_no_share() -> None:
    one = register("r", date(2024, 1, 1), {("201", "Primary"): Count(1, 0), ("359", "Secondary"): Count(3, 1)})
    line = indicators(place("authority", "201"), date(2025, 1, 1), Editions([one]))["secondary_academies_percent"]
    assert (line["value"], line["mark"]) == (None, "no secondary schools")


def test_schools_that_no_edition_places_are_told() -> None:
    line = indicators(WIGAN, date(2025, 1, 1), Editions([register("r", date(2024, 1, 1), of("359"), unplaced=98)]))["primary_schools"]
    assert line["note"] == "98 schools of the edition are counted nowhere: no loaded edition tells their authority or type."


def census(key: str, day: date, counts: Mapping[str, Pupils], *, published: bool = False) -> Census:
    return Census(key, f"digest of {key}", day, counts, published)


def test_free_meals_are_the_newest_census_not_later_than_the_day() -> None:
    first = census("c19", date(2019, 1, 17), {"359": Pupils(100, 150, 1000)})
    later = census("c23", date(2023, 1, 19), {"359": Pupils(98, 270, 1000, 2)})
    editions = Editions(censuses=[first, later])
    assert value(WIGAN, "fsm_percent", date(2022, 12, 31), editions) == 15.0
    line = indicators(WIGAN, date(2025, 1, 1), editions)["fsm_percent"]
    assert (line["value"], line["numerator"], line["denominator"], line["edition"], line["as_at"]) == (27.0, 270, 1000, "c23", "2023-01-19")
    assert line["note"] == "2 schools are left out: the census gives no number of eligible pupils."


def test_free_meals_of_england_need_a_whole_census() -> None:
    cut = census("cut", date(2023, 1, 19), {"359": Pupils(98, 270, 1000)})
    whole = census("whole", date(2019, 1, 17), {code: Pupils(100, 10, 100) for code in live_codes()})
    assert value(ENGLAND, "fsm_percent", date(2024, 1, 1), Editions(censuses=[cut])) is None
    line = indicators(ENGLAND, date(2024, 1, 1), Editions(censuses=[cut, whole]))["fsm_percent"]
    assert (line["edition"], line["numerator"]) == ("whole", 1530)


def test_free_meals_published_for_one_authority_are_not_anothers() -> None:
    old = census("c17", date(2017, 1, 19), {"359": Pupils(0, 140, 1000)}, published=True)
    assert value(GLOUCESTERSHIRE, "fsm_percent", date(2018, 1, 1), Editions(censuses=[old])) is None


def test_inspections_later_than_the_day_are_not_used() -> None:
    day = date(2025, 8, 31)
    editions = with_grades([register("mi", day, of("359"))], [Inspections("mi", "d", day)], Grades(8, 7, 1, 1))
    assert value(WIGAN, "primary_good_or_outstanding_percent", date(2025, 8, 30), editions) is None


def test_days_are_those_of_every_edition() -> None:
    day = date(2025, 8, 31)
    editions = Editions([register("mi", day, of("359"))], [Inspections("mi", "d", day)], [census("c", date(2023, 1, 19), {})])
    assert editions.dates() == [date(2023, 1, 19), day]


def test_free_meals_published_by_authority_say_so() -> None:
    old = census("c17", date(2017, 1, 19), {"359": Pupils(0, 140, 1000)}, published=True)
    line = indicators(WIGAN, date(2018, 1, 1), Editions(censuses=[old]))["fsm_percent"]
    assert (line["value"], line["note"]) == (14.0, "As published by authority: primary, secondary and special schools together.")


def with_grades(registers: list[Register], inspections: list[Inspections], grades: Grades, code: str = "359") -> Editions:
    return Editions(registers, inspections, grades=lambda _r, _i: {(code, "Primary"): grades, (code, "Secondary"): Grades(2, 1, 1, 1)})


def test_good_or_outstanding_leaves_out_the_not_judged_and_counts_them() -> None:
    day = date(2025, 8, 31)
    editions = with_grades([register("mi", day, of("359"))], [Inspections("mi", "d", day)], Grades(8, 7, 1, 1))
    line = indicators(WIGAN, day, editions)["primary_good_or_outstanding_percent"]
    assert (line["value"], line["numerator"], line["denominator"], line["not_judged"]) == (87.5, 7, 8, 2)
    assert line["note"].startswith("Overall grades ended in August 2024:")


def test_good_or_outstanding_before_the_grades_ended_has_no_note() -> None:
    day = date(2018, 7, 31)
    editions = with_grades([register("mi", day, of("359"))], [Inspections("mi", "d", day)], Grades(8, 7, 1, 1))
    assert indicators(WIGAN, day, editions)["primary_good_or_outstanding_percent"]["note"] == ""


def test_area_where_nothing_was_judged_has_no_share() -> None:
    day = date(2025, 8, 31)
    editions = with_grades([register("mi", day, of("359"))], [Inspections("mi", "d", day)], Grades(0, 0, 9, 0))
    line = indicators(WIGAN, day, editions)["primary_good_or_outstanding_percent"]
    assert (line["value"], line["mark"], line["not_judged"]) == (None, "no school has an overall grade", 9)


def test_inspections_without_a_list_are_counted_over_the_nearest_register() -> None:
    near, far = register("near", date(2018, 9, 30), of("359")), register("far", date(2018, 1, 1), of("359"))
    editions = with_grades([far, near], [Inspections("outcomes", "d", date(2018, 7, 31))], Grades(8, 7, 1, 1))
    line = indicators(WIGAN, date(2019, 1, 1), editions)["primary_good_or_outstanding_percent"]
    assert (line["edition"], line["as_at"], line["note"]) == ("outcomes", "2018-07-31", "Counted over the schools of near.")


def test_inspections_far_from_any_register_are_not_used() -> None:
    editions = with_grades([register("r", date(2021, 1, 1), of("359"))], [Inspections("i", "d", date(2018, 7, 31))], Grades(8, 7, 1, 1))
    assert value(WIGAN, "primary_good_or_outstanding_percent", date(2022, 1, 1), editions) is None


def test_inspections_of_few_schools_do_not_speak_for_the_area() -> None:
    day = date(2025, 8, 31)
    editions = with_grades([register("mi", day, of("359"))], [Inspections("cut", "d", day)], Grades(1, 0, 0, 90))
    assert value(WIGAN, "primary_good_or_outstanding_percent", day, editions) is None


def test_mean_of_neighbours_counts_each_area_once_and_skips_the_unknown() -> None:
    small, large = {"primary_schools": {"value": 10}}, {"primary_schools": {"value": 30}}
    found = context.mean_of([small, large, {"primary_schools": {"value": None}}, {}])
    assert found["primary_schools"] == {"value": 20.0, "areas": 2, "unit": "schools"}
    assert found["fsm_percent"]["value"] is None


def test_context_names_the_editions_it_rests_on_and_its_newest_day() -> None:
    editions = Editions(
        [register("r", date(2024, 1, 1), of("359"))], censuses=[census("c", date(2023, 1, 19), {"359": Pupils(98, 270, 1000)})]
    )
    found = indicators(WIGAN, date(2025, 1, 1), editions)
    assert context.rests_on(found) == {"r", "c"}
    assert context.newest_day(found) == date(2024, 1, 1)
    assert context.newest_day(indicators(WIGAN, date(2020, 1, 1), editions)) is None


def test_phases_that_a_register_lacks_are_named() -> None:
    assert context.lacking(register("r", date(2024, 1, 1), of("359"), every_phase=False)) == ("Special", "PRU")


def test_unknown_place_is_an_error() -> None:
    with pytest.raises(KeyError):
        place("authority", "999")


def test_every_definition_says_what_it_counts() -> None:
    assert all(each.words.endswith(".") and each.unit for each in DEFINITION.values())


@settings(deadline=None, max_examples=20)  # each example counts the whole of England
@given(some.lists(some.tuples(some.integers(1, 30), some.integers(1, 9)), min_size=2, max_size=6))
def test_sum_of_authorities_is_never_more_than_england(numbers: list[tuple[int, int]]) -> None:
    counts = dict(everywhere(primary=0, secondary=0))
    for code, (primary, secondary) in zip(live_codes(), numbers, strict=False):
        counts |= of(code, primary=primary, secondary=secondary)
    rest = live_codes()[len(numbers) :]
    counts |= {place: count for code in rest for place, count in of(code, primary=1, secondary=1).items()}
    editions = Editions([register("r", date(2024, 1, 1), counts)])
    parts = [value(place("authority", code), "primary_schools", date(2024, 1, 1), editions) for code in live_codes()]
    assert sum(part for part in parts if isinstance(part, int)) == value(ENGLAND, "primary_schools", date(2024, 1, 1), editions)
