"""What a room is told, as it is worked out and as it is said."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from statistics import mean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.conditions.rules.opinion_groups import OpinionGroups
from convenor.conditions.rules.results_table import as_csv
from convenor.conditions.rules.results_told import (
    Before,
    Groups,
    Key,
    Made,
    Moved,
    Opinions,
    Pairs,
    Since,
    Whole,
    groups_told,
    pairs_told,
    since,
    whole_told,
)
from convenor.conditions.rules.results_words import (
    agreement,
    among_pairs,
    compared,
    fitting,
    in_order,
    left_out,
    moves,
    not_compared,
    opinions,
    short,
    who,
)
from tests.unit.conditions.rooms import RANK, at_random, diamonds
from tests.unit.conditions.rooms import in_order as ordered

CARDS: Key = tuple((f"card-{number}", f"Card {number}", f"The whole of card {number}") for number in range(9))
KEYS = tuple(key for key, _, _ in CARDS)
UP = (1, 2, 2, 3, 3, 3, 4, 4, 5)
DOWN = (5, 4, 4, 3, 3, 3, 2, 2, 1)


def person(rows: tuple[int, ...] = UP, role: str = "", phase: str = "", label: str = "") -> Made:
    """One person's diamond."""
    return Made(rows, 1, True, label, (role, "", phase, ""))


def table(rows: tuple[int, ...] = UP, label: str = "", people: int = 6) -> Made:
    """One table's diamond."""
    return Made(rows, people, False, label)


def whole(*made: Made) -> Whole:
    """What they say together."""
    found = whole_told(CARDS, made)
    assert found is not None
    return found


@given(st.lists(diamonds, min_size=5, max_size=9))
@settings(max_examples=25, deadline=None)
def test_whole_is_plain_arithmetic_over_all_entries(rows: list[tuple[int, ...]]) -> None:
    found = whole(*(person(each) for each in rows))
    for at, card in enumerate(found.cards):
        ranks = [RANK[each[at]] for each in rows]
        assert card.mean == pytest.approx(mean(ranks))
        assert card.top_three_percent == pytest.approx(100 * mean(each[at] <= 2 for each in rows))
        assert card.bottom_three_percent == pytest.approx(100 * mean(each[at] >= 4 for each in rows))
        assert (card.low, card.high) == pytest.approx(tuple(np.percentile(ranks, (25, 75))))
        assert card.place == 1 + sum(other.mean < card.mean - 1e-9 for other in found.cards)


def test_cards_that_are_level_share_a_place() -> None:
    found = whole(*[person(UP)] * 5)
    assert [(card.place, card.joint) for card in found.cards] == [
        (1, False),
        *[(2, True)] * 2,
        *[(4, True)] * 3,
        *[(7, True)] * 2,
        (9, False),
    ]
    assert [card.key for card in found.bottom_three] == ["card-8", "card-6", "card-7"]
    assert ([card.key for card in found.ranked], who(found)) == (list(KEYS), "5 people on their own")


def test_cards_level_with_the_third_from_the_bottom_are_among_the_bottom_too() -> None:
    found = whole(*[table(UP), table(DOWN)])  # every card has the mean rank 5
    assert len(found.bottom_three) == 9


def test_nothing_is_told_of_too_few() -> None:
    assert whole_told(CARDS, (person(),) * 4) is None
    assert (whole_told(CARDS, ()), groups_told(()), groups_told((table(),))) == (None, None, None)


def test_diamond_that_is_not_there_is_the_first() -> None:
    found = whole(table(UP), table((2, 1, 2, 3, 3, 3, 4, 4, 5)))
    assert (found.together.consensus_count, found.more_diamonds) == (2, 1)
    first, second = (found.picture(number).cards[0].names[0].text for number in (1, 2))
    assert (first, second) == ("Card 0", "Card 1")
    assert [found.picture(number).cards[0].names[0].text for number in (0, 3, -1)] == ["Card 0"] * 3
    assert (found.picture(narrow=True).width < found.picture().width) is True


def test_two_known_groups_are_compared_and_a_small_one_is_not_told() -> None:
    heads = [person(UP, "head") for _ in range(8)]
    officers = [person((3, 2, 2, 3, 3, 1, 4, 4, 5), "officer") for _ in range(8)]
    found = groups_told((*heads, *officers, *[person(UP, "trust") for _ in range(4)]))
    assert found is not None
    # Four trust leaders would be the whole less heads and officers: one of the two goes with them, and nothing is left to compare.
    assert (found.comparisons, found.asked) == ((), ("role",))
    told = groups_told((*heads, *officers))
    assert told is not None
    [shown] = compared(whole(*heads, *officers).cards, told)
    assert (shown.heading, shown.columns) == ("Heads and officers differ on two", (("Heads", 8), ("Officers", 8)))
    assert [(each.name, each.apart, each.differs) for each in shown.first[:2]] == [("Card 0", 4.0, True), ("Card 5", 4.0, True)]
    assert (len(shown.first), len(shown.others)) == (3, 6)
    assert shown.note == "* beyond chance after allowing for nine comparisons."


def test_groups_that_do_not_differ_are_said_not_to() -> None:
    rows = [tuple(each) for each in at_random(20, 3).tolist()]
    made = tuple(
        person(each, role, phase) for each, role, phase in zip(rows, ["head", "regional"] * 10, ["primary"] * 10 + [""] * 10, strict=True)
    )
    told = groups_told(made)
    assert told is not None
    [shown] = compared(whole(*made).cards, told)
    assert shown.heading == "Heads and DfE regional team do not differ beyond chance"
    assert shown.note == "No card differs beyond chance, allowing for nine comparisons."
    assert not_compared(told).startswith("Phases cannot be compared: a group must have five people or two tables")


def test_comparison_of_several_groups_is_named_by_what_they_are() -> None:
    rows = [tuple(each) for each in at_random(24, 4).tolist()]
    roles = ["head"] * 7 + ["officer"] * 7 + ["trust"] * 5 + [""] * 5
    phases = ["primary", "secondary"] * 12
    made = tuple(person(each, role, phase) for each, role, phase in zip(rows, roles, phases, strict=True))
    told = groups_told(made)
    assert told is not None
    shown = compared(whole(*made).cards, told)
    assert shown[0].heading == "Roles do not differ beyond chance"
    assert shown[0].note.endswith("5 entries stand in no group here: none was given, or it is too small to be told.")
    assert compared(whole(*made).cards, None) == []


def test_difference_of_all_cards_together_is_said_where_no_single_card_differs() -> None:
    made = (*[person(UP, "head")] * 6, *[person((2, 1, 2, 3, 3, 3, 4, 4, 5), "officer")] * 6)
    told = groups_told(made)
    assert told is not None
    [found] = told.comparisons
    still = replace(told, comparisons=(replace(found, cards=tuple(replace(card, p_adjusted=1.0) for card in found.cards)),))
    [shown] = compared(whole(*made).cards, still)
    assert shown.heading == "Heads and officers differ over all cards together"


def test_everybody_told_means_nothing_is_missing() -> None:
    told = groups_told((*[person(UP, "head")] * 6, *[person(DOWN, "officer")] * 6))
    assert (not_compared(told), not_compared(None)) == ("", "")


def test_groups_have_short_names_where_there_are_any() -> None:
    assert [short("role", "head"), short("phase", "primary"), short("type", "independent"), short("role", "new")] == [
        "Heads", "Primary", "Independent", "new",
    ]  # fmt: skip


def two_camps(each: int = 15) -> tuple[Made, ...]:
    """Two opinions, a good way apart."""
    chance = np.random.default_rng(5)
    feelings = np.concatenate(
        [np.arange(9.0) + 0.6 * chance.normal(size=(each, 9)), np.arange(9.0)[::-1] + 0.6 * chance.normal(size=(each, 9))]
    )
    return tuple(person(tuple(row)) for row in ordered(feelings).tolist())


def test_opinions_are_told_where_they_are_found_with_what_tells_them_apart() -> None:
    made = two_camps()
    found = groups_told(made)
    assert found is not None
    assert (found.opinions.sizes, len(found.opinions.means)) == ((15, 15), 2)
    said = opinions(whole(*made).cards, found.opinions)
    assert said.startswith("2 groups found; chance alone seldom parts people so. What tells them apart: Card ")
    assert opinions(whole(*made).cards, replace(found.opinions, telling=())).endswith("No single card tells them apart.")


def test_opinions_that_would_tell_of_few_are_not_told() -> None:
    camps = two_camps()
    # Roles follow the camps but for one person: heads less the one camp would be that person.
    made = tuple(replace(each, groups=("head" if place < 16 else "officer", "", "", "")) for place, each in enumerate(camps))
    found = groups_told(made)
    assert found is not None
    assert (found.opinions.found is not None and found.opinions.found.found, found.opinions.sizes) == (True, ())
    assert found.opinions.says == "No groups are told: what parts the entries leaves too few on one side for nobody to be told from it."


def test_no_opinions_are_found_in_one_opinion_and_that_is_said() -> None:
    found = groups_told((*[person(UP)] * 12,))
    assert found is not None
    assert opinions((), found.opinions) == "No groups found: the differences between people are such as chance makes."
    assert Opinions(None).says == "No groups were looked for: too few entries count."
    assert Opinions(OpinionGroups((0,) * 6, 1, None)).says == "No groups were looked for: that needs at least 10 people."


def test_pairs_are_those_with_one_name_in_both_rooms_of_the_same_kind() -> None:
    before = (*[table(DOWN, f"Table {number}") for number in range(12)], table(UP, "Twice"), table(UP, "Twice"), table(UP, "Changed"))
    now = (
        *[table(UP, f" table  {number}") for number in range(12)],
        table(UP, "Twice"),
        *[person(UP, label="Changed")] * 1,
        *[person()] * 5,
    )
    found = pairs_told(KEYS, before, now)
    assert found.entries == 12
    assert (set(found.rose), set(found.fell)) == ({"card-0", "card-1", "card-2"}, {"card-6", "card-7", "card-8"})


def test_few_pairs_are_not_told() -> None:
    four = tuple(person(UP, label=f"P{number}") for number in range(4))
    assert pairs_told(KEYS, (*four, person()), (*four, person())) == Pairs(None)
    assert pairs_told(KEYS, (table(label="A"), table()), (table(label="A"), table())) == Pairs(None)
    assert pairs_told(KEYS, (), (table(), table())) == Pairs(None)


def test_since_is_told_where_the_room_before_may_be() -> None:
    now, made = whole(table(UP), table(UP)), (table(UP), table(UP))
    assert since(CARDS, now, made, Before("First", date(2025, 6, 7), (person(),))) is None
    found = since(CARDS, now, made, Before("First", date(2025, 6, 7), (table(DOWN), table(DOWN))))
    assert found is not None
    assert [(each.key, each.place_before, each.place_now) for each in in_order(found)][:2] == [("card-0", 9, 1), ("card-1", 7, 2)]
    assert list(moves(found)) == ["Card 0 rose from last to first.", "Card 8 fell from first to last."]
    assert among_pairs(found) == "Whether chance did it cannot be told: too few entries carry the same name in both workshops."


def moved(*places: tuple[int, int], pairs: Pairs | None = None) -> Since:
    """Cards that moved from place to place."""
    cards = tuple(Moved(f"card-{at}", f"Card {at}", 5.0, 5.0, before, now) for at, (before, now) in enumerate(places))
    return Since("First", date(2025, 6, 7), cards, pairs or Pairs(None))


def test_what_stays_is_said_and_small_moves_are_not_made_much_of() -> None:
    assert list(moves(moved((1, 1), (2, 3), (3, 2), (9, 9)))) == [
        "No card moved by more than one place.",
        "Card 0 stays first.",
        "Card 3 stays last.",
    ]
    assert list(moves(moved((2, 4), (4, 2), (6, 3)))) == ["Card 2 rose from sixth to third.", "Card 1 rose from fourth to second."]


def test_change_among_pairs_is_said_with_its_direction() -> None:
    some = Pairs(6, 0.01, ("card-0",), ("card-1",))
    assert (
        among_pairs(moved((3, 1), (1, 3), pairs=some))
        == "Among the six entries that were in both, by name, Card 0 rose and Card 1 fell beyond chance."
    )
    assert (
        among_pairs(moved((3, 1), pairs=Pairs(14, 0.4))) == "Among the 14 entries that were in both, by name, no card moved beyond chance."
    )


def test_agreement_is_said_beside_what_chance_does() -> None:
    alike = whole(*[table(UP)] * 2, *[person(UP)] * 5)
    assert who(alike) == "2 tables and 5 people on their own"
    assert (
        agreement(alike) == "2 tables and 5 people on their own agree more than chance: W = 1.00 (0.27 would be chance’s best twentieth)."
    )
    assert agreement(whole(table(UP), table(DOWN))).startswith("2 tables agree no more than chance may: W = 0.00 (")
    single = whole_told(CARDS, (table(UP), table(UP)))
    assert single is not None
    one = replace(single, together=replace(single.together, p=None, w_95_percent_point=None))
    assert agreement(one) == "2 tables said this. One entry has nobody to agree with."


def test_how_many_diamonds_fit_is_said() -> None:
    assert fitting(whole(table(UP), table(UP))) == "One diamond lies nearest to all of them."
    assert fitting(whole(table(UP), table((2, 1, 2, 3, 3, 3, 4, 4, 5)))) == "Two diamonds fit equally well; this is one."
    assert fitting(whole(table(UP), table(DOWN))) == "Four diamonds fit equally well; this is one."
    found = whole(table(UP), table(DOWN))
    many = replace(found, together=replace(found.together, consensus_count=1_214))
    assert fitting(many) == "No one diamond stands out: 1,214 fit equally well, and this is one."


def test_entries_that_do_not_count_yet_are_said_to_be_kept() -> None:
    tables = [table(UP)] * 2
    assert left_out(whole(*tables)) == ""
    assert left_out(whole(*tables, person())).startswith("1 entry of a single person is kept and not counted yet")
    assert left_out(whole(*tables, person(), person())).startswith("2 entries of single people are kept and not counted yet")


def test_table_for_a_spreadsheet_has_a_line_for_each_card_of_each_part() -> None:
    made = tuple(replace(each, groups=("head" if place % 2 else "officer", "", "", "")) for place, each in enumerate(two_camps()))
    before = since(CARDS, whole(*made), made, Before("=First", date(2025, 6, 7), (table(DOWN), table(DOWN))))
    lines = list(csv.DictReader(io.StringIO(as_csv(whole(*made), groups_told(made), before).removeprefix("\ufeff"))))
    assert [(each["part"], each["group"], each["entries"]) for each in lines[::9]] == [
        ("all entries", "", "30"), ("Roles", "Heads", "15"), ("Roles", "Officers", "15"), ("opinion groups", "group 1", "15"),
        ("opinion groups", "group 2", "15"), ("before: =First", "", ""),
    ]  # fmt: skip
    assert len(as_csv(whole(*made), None, None).splitlines()) == 10


def test_words_that_a_spreadsheet_would_run_get_an_apostrophe() -> None:
    cards: Key = tuple((key, f"={name}", " @here" if number else "\t+1") for number, (key, name, _) in enumerate(CARDS))
    found = whole_told(cards, (table(UP), table(UP)))
    assert found is not None
    lines = list(csv.DictReader(io.StringIO(as_csv(found, None, None).removeprefix("\ufeff"))))
    assert [(each["card"], each["wording"]) for each in lines[:2]] == [("'=Card 0", "'\t+1"), ("'=Card 1", "' @here")]


def test_groups_are_remembered_for_the_same_entries() -> None:
    made = two_camps()
    first: Groups | None = groups_told(made)
    assert groups_told(two_camps()) is first
