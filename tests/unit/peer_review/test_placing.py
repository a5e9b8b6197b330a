"""Dates of a round's visits: exact, the same for the same round, and truly impossible where one finds none."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.peer_review.rules.placing import (
    CROWDED,
    EDGE_WEEK,
    UNPLACED,
    VERY_CROWDED,
    Person,
    Visit,
    Wanted,
    commitments,
    days_of,
    place,
    shares,
    starts,
    week_of,
)

MONDAY = date(2026, 11, 9)
#: Eight school days over two weeks; the second Wednesday is a day off.
WINDOW = [MONDAY + timedelta(days=ahead) for ahead in (0, 1, 2, 3, 4, 7, 8, 10)]


def visit(key: str, host: str, people: str, *, days: object = WINDOW, length: int = 1, edges: object = ()) -> Visit:
    return Visit(key, host, length, tuple(people), frozenset(days), frozenset(edges))  # type: ignore[call-overload]


def wanted(*visits: Visit, people: dict[str, Person] | None = None, **more: dict[str, frozenset[date]]) -> Wanted:
    known = {key: Person(key) for each in visits for key in each.people}
    return Wanted(visits, known | (people or {}), **more)


def test_every_visit_is_placed_where_there_is_room() -> None:
    found = place(wanted(visit("1", "A", "xy"), visit("2", "B", "xz"), visit("3", "C", "yz")))
    assert (found.status, found.optimal, len(set(found.first_days.values())), found.unplaced) == ("optimal", True, 3, ())


def test_nothing_to_place_is_no_problem() -> None:
    found = place(Wanted((), {}))
    assert (found.first_days, found.unplaced, found.status, found.bound) == ({}, (), "optimal", 0.0)


def test_a_visit_of_two_days_needs_two_after_one_another() -> None:
    one = visit("1", "A", "x", length=2)
    assert starts(one, wanted(one)) == [WINDOW[0], WINDOW[1], WINDOW[2], WINDOW[3], WINDOW[5]]


def test_a_visit_fits_only_where_host_team_and_the_visits_dated_already_let_it() -> None:
    one = visit("1", "A", "xy", days=WINDOW[:5])
    people = {"x": Person("x", "X", frozenset(WINDOW[1:5])), "y": Person("y", "Y", None, frozenset({WINDOW[1]}))}
    asked = wanted(one, people=people, hosting={"Y": frozenset({WINDOW[2]})}, away={"A": frozenset({WINDOW[3]})})
    assert starts(one, asked) == [WINDOW[4]]


def test_nobody_reviews_while_their_own_school_hosts() -> None:
    people = {"x": Person("x", "B"), "y": Person("y")}
    both = (visit("1", "A", "x", days=WINDOW[:1]), visit("2", "B", "y", days=WINDOW[:1]))
    assert commitments(wanted(*both, people=people)) == {"x": ("1", "2")}
    assert len(place(wanted(*both, people=people)).unplaced) == 1


def test_weeks_at_the_edge_of_a_term_are_taken_last() -> None:
    early = [day for day in WINDOW if week_of(day) == MONDAY]
    visits = [visit(str(number), f"S{number}", f"{number}", edges=early) for number in range(3)]
    found = place(wanted(*visits))
    assert {week_of(day) for day in found.first_days.values()} == {MONDAY + timedelta(days=7)}


def test_visits_are_spread_over_the_weeks_by_their_school_days() -> None:
    visits = [visit(str(number), f"S{number}", f"{number}") for number in range(8)]
    found = place(wanted(*visits))
    weeks = sorted(week_of(day) for day in found.first_days.values())
    assert (shares(visits), weeks.count(MONDAY), found.objective) == ({MONDAY: 5, MONDAY + timedelta(days=7): 3}, 5, 0.0)


def test_a_crowded_week_costs_and_costs_more_when_very_crowded() -> None:
    monday = WINDOW[:1]
    visits = [visit(str(number), f"S{number}", f"{number}", days=monday) for number in range(4)]
    others = [visit(f"x{number}", f"T{number}", f"x{number}", days=WINDOW[5:]) for number in range(2)]
    assert shares([*visits, *others]) == {MONDAY: 2, MONDAY + timedelta(days=7): 5}
    assert place(wanted(*visits, *others, people={f"{key}": Person(key) for key in ("x", "0", "1")})).objective == CROWDED + VERY_CROWDED


def test_effort_without_branches_still_says_honestly_what_it_proved() -> None:
    visits = [visit(str(number), f"S{number}", "xy") for number in range(8)]
    found = place(wanted(*visits), nodes=1)
    assert (found.bound <= found.objective, len(found.first_days) + len(found.unplaced)) == (True, 8)


def choices(visits: tuple[Visit, ...], asked: Wanted) -> Iterator[tuple[date | None, ...]]:
    """Every way of dating the visits that keeps the rules, told without the solver."""
    taken = commitments(asked)
    for chosen in product(*([None, *starts(each, asked)] for each in visits)):
        days = {each.key: days_of(first, each.length_days) if first else () for each, first in zip(visits, chosen, strict=True)}
        busy = [[day for key in keys for day in days[key]] for keys in taken.values()]
        if all(len(each) == len(set(each)) for each in busy):
            yield chosen


def cost(visits: tuple[Visit, ...], chosen: tuple[date | None, ...]) -> float:
    """What a choice costs, told without the solver."""
    share, found = shares(visits), 0.0
    weeks: dict[date, int] = dict.fromkeys(share, 0)
    for each, first in zip(visits, chosen, strict=True):
        if first is None:
            found += UNPLACED
        elif first in each.edges or week_of(first) not in share:
            found += EDGE_WEEK
        else:
            weeks[week_of(first)] += 1
    for week, many in weeks.items():
        over = max(0, many - share[week])
        cheap = min(over, share[week] // 2)
        found += cheap * CROWDED + (over - cheap) * VERY_CROWDED
    return found


days = st.frozensets(st.sampled_from(WINDOW), min_size=1)


@st.composite
def rounds(draw: st.DrawFn) -> Wanted:
    """Small rounds: up to four visits over at most four days, people who share schools, days that are taken already."""
    count = draw(st.integers(1, 4))
    schools = [f"S{number}" for number in range(count)]
    people = {
        key: Person(
            key, draw(st.sampled_from(["", *schools])), draw(st.none() | days), draw(st.frozensets(st.sampled_from(WINDOW), max_size=2))
        )
        for key in "uvwx"
    }
    visits = []
    for number, school in enumerate(schools):
        team = draw(
            st.lists(st.sampled_from([key for key in "uvwx" if people[key].home != school] or ["u"]), min_size=1, max_size=2, unique=True)
        )
        visits.append(
            Visit(
                str(number), school, draw(st.integers(1, 2)), tuple(team), frozenset(sorted(draw(days))[:4]),
                draw(st.frozensets(st.sampled_from(WINDOW), max_size=3)),
            )
        )  # fmt: skip
    hosting = {school: draw(st.frozensets(st.sampled_from(WINDOW), max_size=1)) for school in schools}
    return Wanted(tuple(visits), people, hosting, {school: frozenset() for school in schools})


@settings(max_examples=150, deadline=None)
@given(rounds())
def test_no_choice_of_dates_is_better_and_none_places_more(asked: Wanted) -> None:
    found = place(asked)
    best = min(cost(asked.visits, chosen) for chosen in choices(asked.visits, asked))
    chosen = tuple(found.first_days.get(each.key) for each in asked.visits)
    assert chosen in set(choices(asked.visits, asked))
    assert (found.status, found.objective, cost(asked.visits, chosen)) == ("optimal", pytest.approx(best), pytest.approx(best))


@settings(max_examples=60, deadline=None)
@given(rounds())
def test_the_same_round_in_another_order_gets_the_same_dates(asked: Wanted) -> None:
    turned = Wanted(asked.visits[::-1], dict(reversed(list(asked.people.items()))), asked.hosting, asked.away)
    assert place(turned) == place(asked)


def test_who_stands_first_in_a_list_does_not_move_a_visit() -> None:
    days = WINDOW[:4]
    visits = (visit("0", "S0", "w", days=days), visit("1", "S1", "u", days=days), visit("2", "S2", "u", days=days[:2], length=2))
    people = {"u": Person("u", "S0"), "v": Person("v", "S0"), "w": Person("w", "S2"), "x": Person("x")}
    turned = Wanted(visits[::-1], dict(reversed(people.items())))
    assert place(turned) == place(Wanted(visits, people))


@settings(max_examples=100, deadline=None)
@given(rounds())
def test_nobody_is_in_two_places_and_no_visit_falls_on_a_day_off(asked: Wanted) -> None:
    found = place(asked)
    by_key = {each.key: each for each in asked.visits}
    dated = {key: days_of(first, by_key[key].length_days) for key, first in found.first_days.items()}
    for key, taken in dated.items():
        assert set(taken) <= by_key[key].days
    for keys in commitments(asked).values():
        taken_up = [day for key in keys for day in dated.get(key, ())]
        assert len(taken_up) == len(set(taken_up))
