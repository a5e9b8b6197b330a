"""Themes and the one share, attacked: whatever schools compare and subtract, they learn of no other school for certain."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.peer_review.rules.themes import THEMES
from convenor.peer_review.rules.themes_shared import (
    COMPARING,
    REPORTS_AT_LEAST,
    ShareTold,
    Table,
    ThemeTold,
    contributes,
    share,
    share_ranges,
    table,
    table_from,
    theme_ranges,
)

READING = ("reading", True)


def held(count: int, reports: int) -> list[frozenset[tuple[str, bool]]]:
    return [frozenset({READING}) if number < count else frozenset() for number in range(reports)]


@pytest.mark.parametrize("reports", range(REPORTS_AT_LEAST))
def test_themes_of_fewer_than_nine_reports_are_not_told(reports: int) -> None:
    assert table(held(reports, reports), []).themes == ()


@pytest.mark.parametrize(("count", "said"), [(4, []), (5, ["5 to 7 reports"]), (7, ["5 to 7 reports"]), (8, ["8 reports or more"])])
def test_a_theme_is_told_from_five_reports_up_and_in_ranges(count: int, said: list[str]) -> None:
    assert [each.says(12) for each in table(held(count, 12), []).themes] == said


@pytest.mark.parametrize("reports", range(1, 61))
def test_all_of_them_is_never_told(reports: int) -> None:
    """However many hold a theme, four others could be without it."""
    assert [low for low, _ in theme_ranges(reports) if low > max(0, reports - 4)] == []


@given(st.integers(1, 60), st.data())
@settings(max_examples=300)
def test_schools_that_compare_learn_of_no_other(reports: int, data: st.DataObject) -> None:
    """Some of a few schools hold the theme, and they tell each other. In the worlds that are left, any other could, and could not."""
    count = data.draw(st.integers(0, reports))
    comparing = data.draw(st.integers(0, min(COMPARING, reports - 1)))
    among = data.draw(st.integers(max(0, comparing - (reports - count)), min(comparing, count)))
    bands = theme_ranges(reports)
    low, high = next((low, high) for low, high in bands if low <= count <= high)
    others = reports - comparing
    left = list(range(max(0, low - among), min(others, high - among) + 1))
    assert (any(total > 0 for total in left), any(total < others for total in left)) == (True, True)


@given(st.lists(st.sets(st.sampled_from([(key, side) for key in THEMES for side in (True, False)])), max_size=14), st.randoms())
def test_a_table_tells_nothing_by_its_order_or_by_repetition(reports: list[set[tuple[str, bool]]], chance: object) -> None:
    shuffled = list(reports)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    told = table(reports, [])
    assert table([[*each, *each] for each in shuffled], []) == told
    order = [(key, side) for key in THEMES for side in (True, False)]
    assert [(each.theme, each.strength) for each in told.themes] == sorted(
        [(each.theme, each.strength) for each in told.themes], key=order.index
    )


@given(st.lists(st.integers(9, 25), min_size=2, max_size=4), st.data())
@settings(max_examples=100)
def test_the_difference_of_any_two_published_tables_narrows_no_school(sizes: list[int], data: st.DataObject) -> None:
    """Tables of several rounds: whoever adds and subtracts their ranges is left, for each round, with the range that was told."""
    counts = [data.draw(st.integers(0, size)) for size in sizes]
    told = [next(band for band in theme_ranges(size) if band[0] <= count <= band[1]) for size, count in zip(sizes, counts, strict=True)]
    whole = (sum(low for low, _ in told), sum(high for _, high in told))
    for at, (low, high) in enumerate(told):
        others = [band for place, band in enumerate(told) if place != at]
        least = whole[0] - sum(each_high for _, each_high in others)
        most = whole[1] - sum(each_low for each_low, _ in others)
        assert (max(low, least), min(high, most)) == (low, high)


@pytest.mark.parametrize("hosts", range(5))
def test_no_share_under_five_hosts(hosts: int) -> None:
    assert share([3] * hosts) is None


@pytest.mark.parametrize("hosts", [5, 6, 7])
def test_a_host_learns_no_other_hosts_number_from_its_own(hosts: int) -> None:
    """Over all sums of the others: for each told range and each own number, another host can have at least two numbers."""
    others = hosts - 1
    narrowed = []
    for (low, high), own in product(share_ranges(hosts), range(4)):
        sums = {total for total in range(low - own, high - own + 1) if 0 <= total <= 3 * others}
        possible = {one for one in range(4) for total in sums if 0 <= total - one <= 3 * (others - 1)}
        if sums and len(possible) < 2:
            narrowed.append((low, high, own))
    assert narrowed == []


@given(st.lists(st.integers(0, 3), min_size=5, max_size=60))
def test_a_share_is_near_the_truth_and_never_all_or_none(matched: list[int]) -> None:
    told = share(matched)
    assert told is not None
    true = 100 * sum(matched) / (3 * len(matched))
    assert told.least <= true <= told.most
    assert (told.least, told.most) not in ((0, 0), (100, 100))


@pytest.mark.parametrize("hosts", range(5, 80))
def test_ranges_of_a_share_follow_each_other_without_a_gap(hosts: int) -> None:
    bands = share_ranges(hosts)
    assert [number for low, high in bands for number in range(low, high + 1)] == list(range(3 * hosts + 1))


def test_a_share_says_what_it_is() -> None:
    said = [share(matched).says for matched in ([0] * 5, [1, 1, 2, 2, 2], [3] * 5)]  # type: ignore[union-attr]
    assert said == ["at most 34%", "46% to 54%", "66% or more"]
    assert ShareTold(20, 50, 50).says == "50%"


def test_a_frozen_table_is_read_back_unchanged() -> None:
    for told in (table(held(6, 12), [1, 2, 3, 0, 1]), table([], []), Table(9, (ThemeTold("reading", False, 5, 9),), None)):
        assert table_from(told.as_dict()) == told


def test_what_a_report_counts_for_is_told_without_words_and_once() -> None:
    assert contributes([("writing", False), ("reading", True), ("writing", False), ("no theme", True)]) == (
        ("reading", True), ("writing", False),
    )  # fmt: skip
