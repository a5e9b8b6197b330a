"""A school from many editions."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from convenor.registers.rules.projection import Described, Saying, areas_covered, closed_by_succession, merge, trust_uid

OLD = Saying(0, "spine", {"name": "Old Name", "status": "open", "easting": 500000, "sixth_form": True})
NEW = Saying(1, "ofsted", {"name": "New Name", "status": "open", "easting": None, "gender": "", "sixth_form": False})


def test_newest_word_on_each_field_wins_and_blank_says_nothing() -> None:
    assert merge([NEW, OLD]) == Described(
        {"name": "New Name", "status": "open", "easting": 500000, "sixth_form": False},
        {"identity": "ofsted", "status": "ofsted", "place": "spine", "character": "ofsted"},
        1,
    )


values = st.dictionaries(st.sampled_from(["name", "phase", "pupils", "easting", "status"]), st.sampled_from(["", None, "a", "b"]))


@given(st.lists(values, min_size=1, max_size=5), st.randoms())
def test_order_of_loading_never_matters(given_values: list[dict[str, str | None]], random: object) -> None:
    sayings = [Saying(rank, f"edition-{rank}", each) for rank, each in enumerate(given_values)]
    expected = merge(sayings)
    random.shuffle(sayings)  # type: ignore[attr-defined]
    assert merge(sayings) == expected


def test_trust_that_a_newer_list_denies_is_no_more() -> None:
    assert trust_uid({"mat_uid": "2000", "sat_uid": "3000"}) == "2000"
    assert trust_uid({"mat_uid": "-", "sat_uid": "3000"}) == "3000"
    assert trust_uid({"mat_uid": "-"}) == ""


def test_successor_closes_a_school_only_between_the_two_publications() -> None:
    links = [("Successor", date(2020, 9, 1)), ("Predecessor", date(2019, 9, 1)), ("Successor", None)]
    assert closed_by_succession("open", date(2019, 11, 7), links, date(2025, 4, 22)) == date(2020, 9, 1)
    assert closed_by_succession("open", date(2021, 1, 1), links, date(2025, 4, 22)) is None
    assert closed_by_succession("closed", date(2019, 1, 1), links, date(2025, 4, 22)) is None
    assert closed_by_succession("open", date(2019, 1, 1), links, None) is None


def test_list_speaks_only_for_areas_it_covers() -> None:
    older = {"359": 100, "909": 300, "201": 10, "850": 400, "420": 9}
    listed = {"359": 95, "942": 130, "943": 120, "850": 20, "420": 9}
    now = {"909": ("942", "943"), "359": ("359",)}
    assert areas_covered(listed, older, now) == frozenset({"359", "909"})


def test_list_of_nearly_all_areas_speaks_for_schools_of_unknown_area() -> None:
    many = {str(number): 50 for number in range(200, 320)}
    assert areas_covered(many, many, {}) == frozenset({*many, ""})
