"""Support rings: the most schools that rings of up to four can serve, equal to trying everything on small cases."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.support.rules import ring_packing
from convenor.support.rules.refusals import BadRing
from convenor.support.rules.ring_packing import Graph, Pool, pack
from convenor.support.rules.rings import (
    LeftOut,
    Member,
    RingFound,
    RingLink,
    RingsAnswer,
    check_ring,
    comes_round,
    km_apart,
    links_of,
)

THEMES = ("reading", "writing", "mathematics", "science")


def school(urn: str, offers: str, wants: str, **more: object) -> Member:
    return Member(urn, tuple(offers.split()), tuple(wants.split()), **more)  # type: ignore[arg-type]


def circle(*urns: str) -> list[Member]:
    """Schools of which each can help the next alone, and the last the first."""
    return [school(urn, THEMES[at], THEMES[at - 1]) for at, urn in enumerate(urns)]


def tried(members: list[Member], **more: object) -> int:
    """The most schools that rings serve, by trying everything."""
    arcs = set(links_of(members, **more))  # type: ignore[arg-type]
    urns = sorted(each.urn for each in members)
    rings = {
        frozenset(some)
        for size in (2, 3, 4)
        for some in permutations(urns, size)
        if all(arc in arcs for arc in zip(some, (*some[1:], some[0]), strict=True))
    }

    def most(left: frozenset[str]) -> int:
        if not left:
            return 0
        first = min(left)
        return max([most(left - {first}), *(len(ring) + most(left - ring) for ring in rings if first in ring and ring <= left)])

    return most(frozenset(urns))


@st.composite
def areas(draw: st.DrawFn) -> list[Member]:
    some = st.lists(st.sampled_from(THEMES), max_size=2, unique=True).map(tuple)
    count = draw(st.integers(0, 8))
    return [
        Member(
            f"{at:06d}", draw(some), draw(some), draw(st.sampled_from((0, 2, 4))), draw(st.sampled_from(("", "", "T1"))), "",
            400_000 + draw(st.integers(0, 30)) * 1000, 100_000,
        )
        for at in range(count)
    ]  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(areas(), st.integers(1, 5))
def test_as_many_are_served_as_by_trying_everything(members: list[Member], seed: int) -> None:
    answer = pack(members, far_km=20, seed=seed)
    assert (answer.served, answer.bound, answer.status) == (tried(members, far_km=20), answer.served, "optimal")


@settings(deadline=None, max_examples=60)
@given(areas())
def test_every_ring_goes_round_along_permitted_links_and_nobody_stands_in_two(members: list[Member]) -> None:
    answer, links = pack(members, far_km=20), links_of(members, far_km=20)
    for ring in answer.rings:
        check_ring(ring.links)
        assert all(links[each.giver, each.receiver] == each for each in ring.links)
    inside = [urn for ring in answer.rings for urn in ring.schools]
    assert len(inside) == len(set(inside)) == answer.served
    assert set(answer.left) == {each.urn for each in members} - set(inside)


@settings(deadline=None, max_examples=60)
@given(areas())
def test_why_somebody_is_left_out_is_true(members: list[Member]) -> None:
    answer = pack(members, far_km=20)
    for urn, why in answer.left.items():
        alone = tried([each for each in members if each.urn != urn], far_km=20)
        assert alone == answer.served  # nobody is left out where taking them in would serve more
        if why is LeftOut.NO_RING:
            gives: dict[str, set[str]] = {}
            for giver, receiver in links_of(members, far_km=20):
                gives.setdefault(giver, set()).add(receiver)
            assert not comes_round(urn, gives)


def test_a_ring_of_four_is_found_and_one_of_five_is_not() -> None:
    four = pack(circle("1", "2", "3", "4"))
    assert four.rings == (
        RingFound((
            RingLink("1", "2", "reading"), RingLink("2", "3", "writing"), RingLink("3", "4", "mathematics"), RingLink("4", "1", "science"),
        )),
    )  # fmt: skip
    offered = (*THEMES, "attendance")
    five = pack([school(str(at), offered[at], offered[at - 1]) for at in range(5)])
    assert (five.rings, five.served, five.left) == ((), 0, dict.fromkeys(map(str, range(5)), LeftOut.NO_RING))


def test_two_rings_of_two_serve_more_than_one_of_three() -> None:
    members = [
        school("1", "reading writing", "science attendance"),
        school("2", "science parents", "reading mathematics"),
        school("3", "mathematics", "parents"),
        school("4", "attendance", "writing"),
    ]
    assert [ring.schools for ring in pack(members).rings] == [("1", "4"), ("2", "3")]


def test_the_same_input_and_seed_give_the_same_rings() -> None:
    members = [school(f"{at:02d}", THEMES[at % 4], THEMES[(at * 3 + 1) % 4]) for at in range(24)]
    assert pack(members, seed=3) == pack(list(reversed(members)), seed=3)


def test_a_theme_that_both_name_is_the_one_they_help_with() -> None:
    members = [school("1", "writing science", "parents"), school("2", "parents", "science writing")]
    [ring] = pack(members).rings
    assert [each.theme for each in ring.links] == ["writing", "parents"]


@pytest.mark.parametrize(
    ("members", "left"),
    [
        ([school("1", "", "reading")], LeftOut.OFFERS_NOTHING),
        ([school("1", "reading", "")], LeftOut.WANTS_NOTHING),
        ([school("1", "reading", "writing", half_days=1)], LeftOut.NO_DAYS),
        ([school("1", "reading", "writing"), school("2", "writing", "science")], LeftOut.NOBODY_ASKS),
        ([school("1", "reading", "writing"), school("2", "science", "reading")], LeftOut.NOBODY_OFFERS),
        ([school("1", "reading", "writing"), *[school(urn, "writing", "reading") for urn in ("2", "3")]], None),
    ],
)
def test_a_school_in_no_ring_is_told_why(members: list[Member], left: LeftOut | None) -> None:
    answer = pack(members)
    assert answer.left.get("1") == left
    if left is None:
        assert list(answer.left.values()) == [LeftOut.OTHERS]


@pytest.mark.parametrize("more", [{"trust": "T1"}, {"federation": "F1"}])
def test_schools_of_one_trust_or_federation_help_each_other_without_us(more: dict[str, str]) -> None:
    members = [school("1", "reading", "writing", **more), school("2", "writing", "reading", **more)]
    assert pack(members).served == 0


def test_schools_that_should_be_apart_and_those_too_far_are_never_linked() -> None:
    members = [
        school("1", "reading", "writing", easting=400_000, northing=100_000),
        school("2", "writing", "reading", easting=410_000, northing=100_000),
    ]
    assert km_apart(*members) == 10.0
    assert [pack(members, far_km=km).served for km in (10.0, 9.9)] == [2, 0]
    assert pack(members, apart=frozenset({frozenset({"1", "2"})})).served == 0


def test_of_rings_that_serve_as_many_the_shorter_are_preferred() -> None:
    at = {"1": 400_000, "2": 401_000, "3": 430_000}
    members = [school(urn, "reading writing", "reading writing", easting=east, northing=100_000) for urn, east in at.items()]
    two = [*members, school("4", "reading writing", "reading writing", easting=431_000, northing=100_000)]
    assert [ring.schools for ring in pack(two).rings] == [("1", "2"), ("3", "4")]


def test_a_school_that_stands_twice_is_refused() -> None:
    with pytest.raises(BadRing, match="stands twice"):
        pack([school("1", "reading", "writing"), school("1", "writing", "reading")])


@pytest.mark.parametrize(
    "links",
    [
        [RingLink("1", "2", "reading")],
        [RingLink("1", "2", "reading"), RingLink("1", "2", "reading")],
        [RingLink("1", "2", "reading"), RingLink("2", "3", "reading")],
    ],
)
def test_links_that_do_not_go_round_are_no_ring(links: list[RingLink]) -> None:
    with pytest.raises(BadRing):
        check_ring(links)


def test_an_answer_that_could_not_be_proved_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_all(self: ring_packing.Pool, prices: object, short: float) -> bool:
        return False

    members = half_served()
    whole = pack(members)
    assert (whole.status, whole.bound, whole.served) == ("optimal", whole.served, tried(members))
    monkeypatch.setattr(ring_packing.Pool, "add_near", not_all)
    unproved = pack(members)
    assert (unproved.optimal, unproved.bound > unproved.served) == (False, True)


def test_the_search_for_more_rings_stops_by_work_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ring_packing, "STEPS_AT_MOST", 0)
    assert (pack(half_served()).status, isinstance(pack([]), RingsAnswer)) == ("feasible", True)


def test_rings_whose_price_falls_short_are_not_followed_further() -> None:
    """Two pairs and a ring of three that hang together by one school: only some of the paths could still better the answer."""
    members = [*half_served(), school("4", "teaching", "assessment"), school("5", "assessment", "teaching staff"), school("6", "staff", "")]
    answer = pack(members)
    assert (answer.served, answer.status) == (tried(members), "optimal")


def test_what_could_still_better_an_answer_is_found_in_full() -> None:
    members = circle("1", "2", "3", "4")
    pool = Pool(Graph.of(["1", "2", "3", "4"], links_of(members)))
    assert (pool.add_near(np.ones(4), 0.0), pool.columns) == (True, {(0, 1, 2, 3): (0, 1, 2, 3)})
    dear = Pool(pool.graph)
    assert (dear.add_near(np.full(4, 2.0), 3.0), dear.columns) == (True, {})


def half_served() -> list[Member]:
    """Three schools that can each pair with the others: halves of the three pairs serve three, whole pairs two, and their ring three. The
    fractions never ask for the ring, so only the search for what is missing finds it."""
    return [
        school("1", "reading science", "writing parents"),
        school("2", "writing attendance", "reading behaviour"),
        school("3", "parents behaviour", "science attendance"),
    ]
