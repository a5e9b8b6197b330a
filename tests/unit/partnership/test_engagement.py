"""Taking part, told so that no single school can be worked out."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from convenor.partnership.rules.engagement import Group, Told, exact, guarded, possible, rounded, tells, took_part_counts


def test_counts_are_by_group() -> None:
    schools = [("1", ["Primary"]), ("2", ["Primary"]), ("3", ["Special", "Primary"])]
    assert took_part_counts(schools, frozenset({"2", "3"})) == {"Primary": (3, 2), "Special": (1, 1)}


def test_exact_groups_stand_as_they_are_largest_first() -> None:
    told = exact({"Special": (2, 1), "Primary": (10, 7)})
    assert told == Told((Group("Primary", 10, 7, False), Group("Special", 2, 1, False)), 12, 8)
    assert told.groups[0].percent == 70


def test_rounding_is_to_the_nearest_five() -> None:
    assert [rounded(count, 40) for count in (0, 2, 3, 7, 8, 12, 13)] == [0, 0, 5, 5, 10, 10, 15]
    assert [rounded(count, 9) for count in (7, 8, 9)] == [5, 9, 9]
    assert [rounded(count, 8) for count in (2, 3, 8)] == [0, 5, 5]


def test_small_groups_stand_together() -> None:
    told = guarded({"Primary": (40, 31), "Special": (3, 1), "Nursery": (2, 2)})
    assert told.groups == (
        Group("Primary", 40, 30, True),
        Group("2 groups too small to tell apart", 5, 5, True, ("Special", "Nursery")),
    )
    assert told.groups[1].percent == 100


def test_one_small_group_takes_the_next_smallest_with_it() -> None:
    told = guarded({"Primary": (40, 31), "Secondary": (9, 4), "Special": (2, 1)})
    assert [(each.schools, each.names) for each in told.groups] == [(40, ()), (11, ("Secondary", "Special"))]


def test_too_few_schools_are_not_told_at_all() -> None:
    assert guarded({"Primary": (3, 2), "Special": (1, 0)}) == Told((), 4, None)
    assert guarded({}) == Told((), 0, None)


def test_a_total_that_would_tell_is_held_back() -> None:
    # Four groups of five with three each show 5, 5, 5, 5 and could not show 10 without telling that each is exactly three.
    told = guarded(dict.fromkeys("abcd", (5, 3)))
    assert ([each.took_part for each in told.groups], told.took_part) == ([5, 5, 5, 5], None)


def test_a_share_of_a_rounded_count_does_not_pretend() -> None:
    assert (Group("a", 17, 15, True).percent, Group("a", 17, 15, False).percent) == (90, 1500 / 17)
    assert Group("none", 0, 0, True).percent == 0


counts = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3),
    st.integers(1, 40).flatmap(lambda schools: st.tuples(st.just(schools), st.integers(0, schools))),
    max_size=7,
)


@given(counts)
def test_no_groups_true_count_can_be_told(found: dict[str, tuple[int, int]]) -> None:
    told = guarded(found)
    ranges = [possible(each.took_part, each.schools) for each in told.groups]
    assert all(len(each) >= 2 for each in ranges)
    if told.took_part is None or len(ranges) > 4:
        return
    fits = [each for each in product(*ranges) if sum(each) in possible(told.took_part, told.schools)]
    for number in range(len(ranges)):
        assert len({each[number] for each in fits}) >= 2


@given(counts)
def test_no_school_is_lost_or_counted_twice(found: dict[str, tuple[int, int]]) -> None:
    told = guarded(found)
    everyone = sum(schools for schools, _ in found.values())
    assert told.schools == everyone
    assert sum(each.schools for each in told.groups) in (0, everyone)
    assert all(each.schools >= 5 for each in told.groups)


@given(counts)
def test_the_true_counts_are_among_those_that_fit(found: dict[str, tuple[int, int]]) -> None:
    told = guarded(found)
    alone = {each.name: each for each in told.groups if not each.names}
    assert all(found[name][1] in possible(each.took_part, each.schools) for name, each in alone.items())


def test_tells_sees_what_pins_a_count() -> None:
    groups = [Group("a", 5, 5, True), Group("b", 5, 5, True)]
    assert (tells(groups, 5), tells(groups, 10)) == (False, False)
    assert tells([Group(name, 5, 5, True) for name in "abcd"], 10) is True
