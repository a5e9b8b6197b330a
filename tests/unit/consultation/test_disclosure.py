"""No count that is held back, and no school's answer, follows from all that is told, whatever is subtracted from what."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convenor.consultation.rules.disclosure import GROUP_AT_LEAST, REST, Row, Table, put_together, tables
from convenor.consultation.rules.tally import LEAST
from tests.unit.consultation.hearing import Attacker

World = tuple[list[int], dict[str, list[str]]]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Schools with an answer each, in up to three groupings that overlap, some of them nested, some the same under another name."""
    schools = draw(st.integers(20, 34))
    shares = draw(st.sampled_from([(0, 0, 0, 1), (0, 0, 0, 0, 0, 1, 2), (0, 1), (0, 1, 2), (0,) * 12 + (1,)]))
    answers = draw(st.lists(st.sampled_from(shares), min_size=schools, max_size=schools))
    phase = draw(st.lists(st.sampled_from("PPPS"), min_size=schools, max_size=schools))
    groupings = {"phase": phase}
    if draw(st.booleans()):
        groupings["nested"] = [f"{each}{draw(st.integers(0, 1))}" for each in phase]
    groupings["other"] = draw(st.lists(st.sampled_from("AABC"), min_size=schools, max_size=schools))
    return answers, groupings


def _held_back(table: Table) -> list[tuple[Row, int]]:
    return [(row, option) for row in table.rows for option, count in enumerate(row.counts) if count is None]


def _follows_from_total(answers: list[int], option: int, known: int | None) -> bool:
    """All the others chose the option, or none did: who knows one answer knows that of everybody."""
    total = answers.count(option) - (known == option)
    return total in (0, len(answers) - (known is not None))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), st.data())
def test_no_count_held_back_can_be_worked_out(world: World, data: st.DataObject) -> None:
    answers, groupings = world
    told = tables(answers, groupings, options=3)
    attacker = Attacker(answers, groupings, told, 3)
    one = data.draw(st.integers(0, len(answers) - 1))
    for table in told:
        for row, option in _held_back(table):
            members = attacker.members(table.grouping, row.names or (row.group,))
            if not _follows_from_total(answers, option, None):
                least, most = attacker.bounds(members, option)
                assert least < most, (table.grouping, row, option)
            if not _follows_from_total(answers, option, answers[one]):
                least, most = attacker.bounds(members, option, {one: answers[one]})
                assert least < most, (table.grouping, row, option, one)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), st.data())
def test_no_schools_answer_can_be_worked_out(world: World, data: st.DataObject) -> None:
    answers, groupings = world
    attacker = Attacker(answers, groupings, tables(answers, groupings, options=3), 3)
    known = data.draw(st.integers(0, len(answers) - 1))
    for school in data.draw(st.sets(st.integers(0, len(answers) - 1), min_size=3, max_size=6)) - {known}:
        if not _follows_from_total(answers, answers[school], answers[known]):
            assert attacker.bounds([school], answers[school], {known: answers[known]}) == (0, 1)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds())
def test_what_is_told_is_true_and_never_small(world: World) -> None:
    answers, groupings = world
    totals = Counter(answers)
    for table in tables(answers, groupings, options=3):
        for row in table.rows:
            true = Counter(
                answer for answer, label in zip(answers, groupings[table.grouping], strict=True) if label in (row.names or (row.group,))
            )
            assert row.answered == true.total() >= GROUP_AT_LEAST
            for option, count in enumerate(row.counts):
                assert count is None or (count == true[option] and (count >= LEAST or totals[option] == 0))


def test_difference_of_two_tables_is_not_one_school() -> None:
    # Nineteen primaries are community schools; the twentieth school of that type is a special one, which alone disagrees.
    answers = [0] * 11 + [1] * 8 + [1] + [0] * 6 + [1] * 6
    phase = ["Primary"] * 19 + ["Special"] * 13
    kind = ["Community"] * 20 + ["Foundation"] * 12
    told = tables(answers, {"phase": phase, "type": kind}, options=2)
    attacker = Attacker(answers, {"phase": phase, "type": kind}, told, 2)
    assert attacker.bounds([19], 1) == (0, 1)


def test_everybody_alike_is_told_once() -> None:
    assert tables([1] * 30, {"phase": ["P"] * 18 + ["S"] * 12}, options=3) == (Table("phase", (), same=True),)


def test_nothing_is_told_of_four() -> None:
    assert tables([0, 1, 1, 0], {"phase": ["P", "P", "S", "S"]}, options=2) == ()


def test_option_that_nobody_chose_is_nought_in_each_group() -> None:
    told = tables([0, 1] * 20, {"phase": ["P"] * 20 + ["S"] * 20}, options=3)
    assert told == (Table("phase", (Row("P", 20, (10, 10, 0)), Row("S", 20, (10, 10, 0)))),)


def test_small_groups_are_put_together() -> None:
    assert put_together(["P"] * 12 + ["S"] * 6 + ["N"] * 5) == {"P": "P", "S": REST, "N": REST}


def test_a_group_joins_the_small_ones_where_they_are_too_few() -> None:
    assert put_together(["P"] * 20 + ["S"] * 11 + ["N"] * 5) == {"P": "P", "S": REST, "N": REST}


def test_groupings_of_small_groups_alone_are_left_out() -> None:
    assert tables([0, 1] * 10, {"cluster": [f"C{each % 5}" for each in range(20)]}, options=2) == ()


def test_groups_must_match_answers() -> None:
    with pytest.raises(ValueError, match="phase: 1 groups for 6 answers"):
        tables([0] * 6, {"phase": ["P"]}, options=2)


def test_a_truth_that_the_solver_got_wrong_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    answers, groupings = [0] * 14 + [1] * 6, {"phase": ["P"] * 10 + ["S"] * 10}
    right = tables(answers, groupings, options=2)

    def wrong(wish: np.ndarray, **_: object) -> SimpleNamespace:
        return SimpleNamespace(x=np.full(len(wish), 7.0))

    monkeypatch.setattr("scipy.optimize.milp", wrong)
    alone = tables(answers, groupings, options=2)
    assert [row.counts for row in alone[0].rows] == [(None, None)] * 2
    assert [row.answered for row in right[0].rows] == [row.answered for row in alone[0].rows]
