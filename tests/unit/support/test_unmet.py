"""What a proposal leaves unmet and why; schools leant on; gaps. And every sentence of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from convenor.support.rules.placing import BrokersOwn, Cause, Gap, LeantOn, Need, Offer, Rule, Weights, place
from convenor.support.rules.placing_rules import costs_of
from convenor.support.rules.placing_words import half_days, listed, plain, pounds, why
from convenor.support.rules.unmet import cause_of

NEED = Need(id="n", urn="100001", themes=("reading",), phase="Primary", half_days=4, easting=0.0, northing=0.0, place="North")
OFFER = Offer(
    id="o", urn="100002", themes=frozenset({"reading"}), half_days_left=4, easting=3_000.0, northing=4_000.0, assured=True, place="South",
    day_pence=40_000, organisation="The Hub",
)  # fmt: skip
HUB = BrokersOwn(organisations=frozenset({"the hub"}))


@pytest.mark.parametrize(
    ("need", "offers", "cause", "says"),
    [
        (NEED, [], Cause.NOBODY,
         "Nobody in the directory offers Reading yet. Asking schools what they could offer is the way to find somebody."),
        (NEED, [replace(OFFER, interests=frozenset({"100001"}))], Cause.APART,
         "One may not serve this school: its own people, one trust or federation, or kept apart for another reason."),
        (replace(NEED, asked_before=frozenset({"o"})), [OFFER], Cause.ASKED_BEFORE,
         "One was chosen for this before, and it came to nothing."),
        (NEED, [replace(OFFER, phases=frozenset({"Special"}))], Cause.PHASE, "One serves other phases only."),
        (NEED, [replace(OFFER, assured=False)], Cause.ASSURANCE, "One has no assurance in date. Renewing it would let them be asked."),
        (NEED, [replace(OFFER, reach_km=3)], Cause.REACH,
         "One does not come so far: the one who lacks least is 5 km away and comes up to 3 km."),
        (replace(NEED, easting=None), [replace(OFFER, reach_km=3)], Cause.REACH,
         "One does not come so far as anybody can tell: one of the two places is not known."),
        (replace(NEED, budget_pence=50_000), [OFFER], Cause.BUDGET, "One costs £800 or more, and there is £500."),
        (NEED, [replace(OFFER, half_days_left=1)], Cause.DAYS, "One has 1 half day left at the most, and 4 half days are asked for."),
        (NEED, [replace(OFFER, half_days_left=0)], Cause.DAYS, "One has none left, and 4 half days are asked for."),
    ],
)  # fmt: skip
def test_place_says_why_a_need_is_not_met(need, offers, cause, says):
    answer = place([need], offers)
    assert [(each.cause, each.says) for each in answer.unmet[0].reasons] == [(cause, says)]


def test_place_says_that_another_broker_may_choose_the_brokers_own_people():
    answer = place([NEED], [OFFER], own=HUB)
    says = "One is of the broker's own organisation. Another broker may choose them."
    assert [(each.cause, each.says) for each in answer.unmet[0].reasons] == [(Cause.BROKER, says)]


def test_place_counts_each_offer_once_under_what_can_least_be_changed():
    offers = [
        replace(OFFER, id="a", assured=False, half_days_left=0),
        replace(OFFER, id="b", half_days_left=0),
        replace(OFFER, id="c", half_days_left=2),
        replace(OFFER, id="d", themes=frozenset({"science"})),
    ]
    (left,) = place([NEED], offers).unmet
    assert left.says == "3 offer Reading, and none of them can serve it now."
    assert [(each.cause, each.offers, each.says) for each in left.reasons] == [
        (Cause.DAYS, 2, "2 have 2 half days left at the most, and 4 half days are asked for."),
        (Cause.ASSURANCE, 1, "One has no assurance in date. Renewing it would let them be asked."),
    ]


def test_place_says_that_days_serve_other_needs():
    answer = place([NEED, replace(NEED, id="m", urn="100009")], [OFFER])
    (left,) = answer.unmet
    says = "One could come, and serves other needs in this proposal. More days would let this one be met."
    assert (left.says, [(each.cause, each.says) for each in left.reasons]) == (
        "One offers Reading, and none of them can serve it now.", [(Cause.TAKEN, says)],
    )  # fmt: skip


def test_a_reason_never_tells_a_declaration_from_a_shared_trust():
    declared = place([replace(NEED, trust="A")], [replace(OFFER, interests=frozenset({"100001"}))]).unmet
    shared = place([replace(NEED, trust="A")], [replace(OFFER, trust="A")]).unmet
    assert declared == shared


@pytest.mark.parametrize(
    ("rules", "cause"),
    [
        ([], Cause.TAKEN), ([Rule.DAYS, Rule.INTEREST], Cause.APART), ([Rule.BUDGET, Rule.DAYS], Cause.BUDGET),
        ([Rule.REACH, Rule.ASSURANCE], Cause.ASSURANCE), ([Rule.PHASE, Rule.BROKER], Cause.BROKER),
        ([Rule.ASKED_BEFORE, Rule.PHASE], Cause.ASKED_BEFORE), ([Rule.OWN_SCHOOL], Cause.APART), ([Rule.FEDERATION], Cause.APART),
    ],
)  # fmt: skip
def test_cause_of_takes_the_first_that_nobody_can_change(rules, cause):
    assert cause_of(rules) == cause


def test_why_says_theme_days_distance_phase_and_money():
    assert why(NEED, replace(OFFER, phases=frozenset({"Primary"}), reach_km=20), costs_of(NEED, OFFER, Weights())) == (
        "Knows Reading, which the school asked for.",
        "Has 4 half days left; the school asks for 4 half days.",
        "Comes from 5 km away in a straight line, and comes up to 20 km.",
        "Serves schools of this phase (Primary).",
        "Costs £800 for 4 half days; what there is for it is not settled.",
    )


def test_why_says_what_is_missing_and_what_was_weighed():
    need = replace(NEED, themes=("mathematics", "reading"), formats=frozenset({"coaching"}), half_days=1, easting=None, budget_pence=20_050)
    offer = replace(OFFER, formats=frozenset({"training"}), day_pence=40_001)
    assert why(need, offer, costs_of(need, offer, Weights()), served=3) == (
        "Knows Reading; Mathematics, which the school also asked for, is not among what they offer.",
        "Has 4 half days left; the school asks for 1 half day.",
        "How far it is cannot be told: one of the two places is not known.",
        "Works in other ways than the school would like best; that was weighed.",
        "Costs £200.01 for 1 half day of £200.50.",
        "Their school or employer serves 3 needs in this proposal; sharing the work was weighed.",
    )


def test_why_tells_no_price_from_a_price_of_nothing():
    free = why(NEED, replace(OFFER, day_pence=0), costs_of(NEED, OFFER, Weights()))
    unknown = why(NEED, replace(OFFER, day_pence=None), costs_of(NEED, OFFER, Weights()))
    assert [free[-1], unknown[-1]] == ["Costs nothing.", "No day rate is stated: what it costs is settled before anybody agrees."]


def test_place_names_a_school_that_serves_three_needs():
    needs = [replace(NEED, id=f"n{at}", urn=f"20000{at}") for at in range(3)]
    offers = [replace(OFFER, id="o1", half_days_left=8), replace(OFFER, id="o2", half_days_left=10)]
    answer = place(needs, offers)
    assert answer.overused == (LeantOn("100002", needs=3, half_days=12, half_days_left=18),)
    assert [each.why[-1] for each in answer.placed] == [
        "Their school or employer serves 3 needs in this proposal; sharing the work was weighed."
    ] * 3


def test_place_counts_gaps_by_theme_phase_and_place():
    needs = [
        replace(NEED, id="a", themes=("attendance", "reading")),
        replace(NEED, id="b", urn="100003", themes=("attendance",), phase="Secondary", half_days=2, place="South"),
    ]
    offers = [OFFER, replace(OFFER, id="none", half_days_left=0), replace(OFFER, id="late", assured=False)]
    answer = place(needs, offers)
    assert answer.by_theme == (Gap("reading", 1, 0, 4, 0, 1, 4), Gap("attendance", 2, 1, 6, 2, 0, 0))
    assert answer.by_phase == (Gap("Primary", 1, 0, 4, 0, 1, 4), Gap("Secondary", 1, 1, 2, 2, 1, 4))
    assert answer.by_place == (Gap("North", 1, 0, 4, 0, 0, 0), Gap("South", 1, 1, 2, 2, 1, 4))


def test_words_write_numbers_as_a_person_does():
    assert [plain(4.04), plain(4.06), half_days(1), half_days(3)] == ["4", "4.1", "1 half day", "3 half days"]
    assert [pounds(120_000_00), pounds(5), listed([]), listed(["a"]), listed(["a", "b", "c"], "or")] == [
        "£120,000",
        "£0.05",
        "",
        "a",
        "a, b or c",
    ]
