"""Matching over the whole area: exact against every possible choice on small cases, and what holds for any."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.support_needs import make_area
from convenor.support.rules import placing_solver
from convenor.support.rules.placing import (
    Answer,
    BrokersOwn,
    Need,
    Offer,
    Rule,
    Weights,
    barred_by,
    fitting,
    km_between,
    may_serve,
    pence_for,
    place,
    serves_phase,
)
from convenor.support.rules.placing_rules import costs_of

THEMES = ("reading", "mathematics", "attendance")
SCHOOLS = ("100001", "100002", "100003")

some_themes = st.lists(st.sampled_from(THEMES), min_size=1, max_size=2, unique=True)
maybe = st.sampled_from((None, None, "A", "B"))
metres = st.sampled_from((None, 0.0, 5_000.0, 20_000.0))
formats = st.frozensets(st.sampled_from(("coaching", "visits")), max_size=1)
phases = st.sampled_from(("", "Primary", "Secondary", "All-through"))


def needs(most: int) -> st.SearchStrategy[list[Need]]:
    one = st.builds(
        Need, id=st.just(""), urn=st.sampled_from(SCHOOLS), themes=some_themes.map(tuple), formats=formats, phase=phases,
        half_days=st.integers(1, 4), budget_pence=st.sampled_from((None, 50_000)), easting=metres, northing=st.just(0.0), trust=maybe,
        federation=maybe, asked_before=st.frozensets(st.just("o0"), max_size=1),
    )  # fmt: skip
    return st.lists(one, max_size=most).map(lambda rows: [replace(row, id=f"n{at}") for at, row in enumerate(rows)])


def offers(most: int) -> st.SearchStrategy[list[Offer]]:
    one = st.builds(
        Offer, id=st.just(""), urn=st.sampled_from((None, *SCHOOLS)), trust=maybe, federation=maybe,
        organisation=st.sampled_from(("", "Hub")), themes=some_themes.map(frozenset),
        phases=st.frozensets(st.sampled_from(("Primary", "Secondary")), max_size=1), half_days_left=st.integers(0, 6),
        day_pence=st.sampled_from((None, 20_000, 40_000)), easting=metres, northing=st.just(0.0),
        reach_km=st.sampled_from((None, 6.0, 30.0)),
        assured=st.sampled_from((True, True, True, False)), interests=st.frozensets(st.sampled_from(SCHOOLS), max_size=1), formats=formats,
    )  # fmt: skip
    return st.lists(one, max_size=most).map(lambda rows: [replace(row, id=f"o{at}") for at, row in enumerate(rows)])


weights = st.sampled_from((Weights(), Weights(unmet=25.0), Weights(again=0.0), Weights(unmet=40.0, again=30.0)))
owns = st.sampled_from((BrokersOwn(), BrokersOwn(urns=frozenset({"100001"}), trusts=frozenset({"A"}), organisations=frozenset({"hub"}))))


def cost_of_choice(chosen: dict[str, str], asked: list[Need], given_: list[Offer], weighed: Weights) -> float:
    """Straight from the words of `Weights`, without the search's help."""
    need_of, offer_of = {need.id: need for need in asked}, {offer.id: offer for offer in given_}
    served = Counter(offer_of[offer].house for offer in chosen.values())
    pairs = sum(costs_of(need_of[need], offer_of[offer], weighed).total for need, offer in chosen.items())
    return pairs + weighed.again * sum(times - 1 for times in served.values()) + weighed.unmet * (len(asked) - len(chosen))


def within_days(chosen: dict[str, str], asked: list[Need], given_: list[Offer]) -> bool:
    used: Counter[str] = Counter()
    for need in asked:
        if need.id in chosen:
            used[chosen[need.id]] += need.half_days
    return all(used[offer.id] <= offer.half_days_left for offer in given_)


def brute_force(asked: list[Need], given_: list[Offer], weighed: Weights, own: BrokersOwn) -> float:
    """The least cost of every choice there is."""
    ways = [[None, *(offer.id for offer in given_ if may_serve(need, offer, own))] for need in asked]
    best = None
    for way in itertools.product(*ways):
        chosen = {need.id: offer for need, offer in zip(asked, way, strict=True) if offer is not None}
        if within_days(chosen, asked, given_):
            cost = cost_of_choice(chosen, asked, given_, weighed)
            best = cost if best is None else min(best, cost)
    assert best is not None
    return best


def chosen_in(answer: Answer) -> dict[str, str]:
    return {placed.need: placed.offer for placed in answer.placed}


@settings(max_examples=150, deadline=None)
@given(needs(4), offers(4), weights, owns, st.integers(0, 3))
def test_place_costs_what_the_best_of_all_choices_costs(asked, given_, weighed, own, seed):
    answer = place(asked, given_, weighed, seed, own=own)
    best = brute_force(asked, given_, weighed, own)
    assert answer.status == "optimal"
    assert answer.objective == pytest.approx(best, abs=1e-6)
    assert answer.bound == pytest.approx(best, abs=1e-5)
    assert cost_of_choice(chosen_in(answer), asked, given_, weighed) == pytest.approx(best, abs=1e-6)


@settings(max_examples=80, deadline=None)
@given(needs(7), offers(7), owns)
def test_place_breaks_no_rule_and_overbooks_nobody(asked, given_, own):
    answer = place(asked, given_, own=own)
    need_of, offer_of = {need.id: need for need in asked}, {offer.id: offer for offer in given_}
    broken = [list(barred_by(need_of[each.need], offer_of[each.offer], own)) for each in answer.placed]
    assert broken == [[] for _ in answer.placed]
    assert within_days(chosen_in(answer), asked, given_)
    assert sorted([each.need for each in answer.placed] + [each.need for each in answer.unmet]) == sorted(need_of)


@settings(max_examples=60, deadline=None)
@given(needs(5), offers(5), st.integers(0, 5), st.randoms())
def test_place_gives_the_same_answer_for_the_same_seed_in_whatever_order(asked, given_, seed, chance):
    first = place(asked, given_, seed=seed)
    mixed_needs, mixed_offers = list(asked), list(given_)
    chance.shuffle(mixed_needs)
    chance.shuffle(mixed_offers)
    assert place(mixed_needs, mixed_offers, seed=seed) == first


@settings(max_examples=60, deadline=None)
@given(needs(4), offers(4), offers(1))
def test_place_costs_no_more_with_one_offer_more(asked, given_, more):
    before = place(asked, given_).objective
    after = place(asked, [*given_, *(replace(offer, id="more") for offer in more)]).objective
    assert after <= before + 1e-6


@settings(max_examples=60, deadline=None)
@given(needs(4), offers(5), owns)
def test_fitting_lists_whom_the_rules_allow_the_least_cost_first(asked, given_, own):
    for need in asked:
        found = fitting(need, given_, own=own)
        assert {each.offer for each in found} == {offer.id for offer in given_ if may_serve(need, offer, own)}
        assert [each.costs.total for each in found] == sorted(each.costs.total for each in found)


NEED = Need(id="n", urn="100001", themes=("reading",), phase="Primary", half_days=4, easting=0.0, northing=0.0)
OFFER = Offer(
    id="o", urn="100002", themes=frozenset({"reading"}), half_days_left=4, easting=3_000.0, northing=4_000.0, assured=True, day_pence=40_000
)


@pytest.mark.parametrize(
    ("need", "offer", "own", "rules"),
    [
        (NEED, OFFER, BrokersOwn(), []),
        (NEED, replace(OFFER, themes=frozenset({"science"})), BrokersOwn(), [Rule.EXPERTISE]),
        (NEED, replace(OFFER, assured=False), BrokersOwn(), [Rule.ASSURANCE]),
        (NEED, replace(OFFER, half_days_left=3), BrokersOwn(), [Rule.DAYS]),
        (NEED, replace(OFFER, phases=frozenset({"Secondary"})), BrokersOwn(), [Rule.PHASE]),
        (NEED, replace(OFFER, phases=frozenset({"All-through"})), BrokersOwn(), []),
        (NEED, replace(OFFER, reach_km=4.9), BrokersOwn(), [Rule.REACH]),
        (NEED, replace(OFFER, reach_km=5.0), BrokersOwn(), []),
        (NEED, replace(OFFER, reach_km=5.0, easting=None), BrokersOwn(), [Rule.REACH]),
        (NEED, replace(OFFER, easting=None), BrokersOwn(), []),
        (replace(NEED, budget_pence=79_999), OFFER, BrokersOwn(), [Rule.BUDGET]),
        (replace(NEED, budget_pence=80_000), OFFER, BrokersOwn(), []),
        (replace(NEED, budget_pence=0), replace(OFFER, day_pence=None), BrokersOwn(), []),
        (NEED, replace(OFFER, urn="100001"), BrokersOwn(), [Rule.OWN_SCHOOL]),
        (replace(NEED, trust="A"), replace(OFFER, trust="A"), BrokersOwn(), [Rule.SAME_TRUST]),
        (replace(NEED, federation="F"), replace(OFFER, federation="F"), BrokersOwn(), [Rule.FEDERATION]),
        (NEED, replace(OFFER, interests=frozenset({"100001"})), BrokersOwn(), [Rule.INTEREST]),
        (NEED, OFFER, BrokersOwn(urns=frozenset({"100002"})), [Rule.BROKER]),
        (NEED, replace(OFFER, federation="F"), BrokersOwn(federations=frozenset({"F"})), [Rule.BROKER]),
        (NEED, OFFER, BrokersOwn(offers=frozenset({"o"})), [Rule.BROKER]),
        (NEED, replace(OFFER, trust="T"), BrokersOwn(trusts=frozenset({"T"})), [Rule.BROKER]),
        (NEED, replace(OFFER, organisation=" The  HUB"), BrokersOwn(organisations=frozenset({"the hub"})), [Rule.BROKER]),
        (NEED, replace(OFFER, urn=None), BrokersOwn(urns=frozenset({"100003"})), []),
        (replace(NEED, asked_before=frozenset({"o"})), OFFER, BrokersOwn(), [Rule.ASKED_BEFORE]),
    ],
)
def test_barred_by_names_each_rule_that_keeps_them_apart(need, offer, own, rules):
    assert list(barred_by(need, offer, own)) == rules


def test_place_serves_two_schools_rather_than_the_nearer_one_twice_as_well():
    """Greedy by the nearest would give the only expert in mathematics to the reading need."""
    near = replace(NEED, id="near", themes=("reading",))
    far = replace(NEED, id="far", urn="100003", themes=("mathematics",))
    both = replace(OFFER, id="both", themes=frozenset({"reading", "mathematics"}), easting=0.0)
    reads = replace(OFFER, id="reads", urn="100004", easting=30_000.0)
    assert chosen_in(place([near, far], [both, reads])) == {"near": "reads", "far": "both"}


def test_place_spreads_the_work_where_another_is_hardly_farther():
    first, second = replace(NEED, id="a"), replace(NEED, id="b", urn="100005")
    strong = replace(OFFER, id="strong", half_days_left=20, easting=0.0, northing=0.0)
    other = replace(OFFER, id="other", urn="100004", easting=9_000.0, northing=0.0)
    assert sorted(chosen_in(place([first, second], [strong, other])).values()) == ["other", "strong"]
    farther = replace(other, easting=11_000.0)
    assert sorted(chosen_in(place([first, second], [strong, farther])).values()) == ["strong", "strong"]


@pytest.mark.parametrize("near", [0.0, 5.0, 1e9])
@pytest.mark.parametrize(("kind", "cost"), [("plenty", 8237.928), ("tight", 9211.485), ("scarce", 9156.126), ("open", 4500.286)])
def test_place_proves_the_same_cost_however_few_pairs_it_looks_at_first(monkeypatch, near, kind, cost):
    """With 1e9 every pair is searched at once: the model as one would write it down."""
    area = make_area(12, 12, kind=kind, seed=0)
    monkeypatch.setattr(placing_solver, "NEAR", near)
    answer = place(*area)
    assert (answer.status, round(answer.objective, 3)) == ("optimal", cost)


def test_place_refuses_an_id_given_twice_and_a_need_for_nothing():
    with pytest.raises(ValueError, match=r"^An id is given twice\.$"):
        place([NEED, NEED], [])
    with pytest.raises(ValueError, match=r"^An id is given twice\.$"):
        place([NEED], [OFFER, OFFER])
    with pytest.raises(ValueError, match=r"^A need asks for at least one half day\.$"):
        place([replace(NEED, half_days=0)], [])


def test_place_says_what_each_part_costs():
    need = replace(NEED, themes=("mathematics", "reading", "writing"), formats=frozenset({"coaching"}))
    offer = replace(OFFER, formats=frozenset({"training"}))
    costs = place([need], [offer]).placed[0].costs
    assert (costs.travel, costs.themes, costs.formats, costs.money, costs.total) == (5.0, 45.0, 10.0, 16.0, 76.0)
    unknown = place([replace(NEED, easting=None)], [OFFER]).placed[0].costs
    assert unknown.travel == 20.0


@pytest.mark.parametrize(
    ("serves", "phase", "expected"),
    [
        (set(), "Primary", True), ({"Primary"}, "", True), ({"Primary"}, "Primary", True), ({"Primary"}, "Secondary", False),
        ({"Primary"}, "All-through", True), ({"All-through"}, "Secondary", True), ({"Secondary"}, "16 plus", True),
        ({"16 plus"}, "Primary", False), ({"Special"}, "Primary", False),
    ],
)  # fmt: skip
def test_serves_phase_takes_an_all_through_school_for_both(serves, phase, expected):
    assert serves_phase(frozenset(serves), phase) is expected


def test_pence_for_rounds_half_a_penny_up_and_knows_no_price_where_none_is_stated():
    assert [pence_for(2, 40_000), pence_for(1, 40_001), pence_for(3, 0), pence_for(3, None)] == [40_000, 20_001, 0, None]


def test_km_between_is_unknown_where_a_place_is():
    assert km_between(NEED, OFFER) == 5.0
    assert [km_between(replace(NEED, northing=None), OFFER), km_between(NEED, replace(OFFER, northing=None))] == [None, None]
