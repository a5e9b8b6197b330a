"""Progress reviews, costs, evaluations and lessons: written by whom they belong to, and refused in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from convenor.funding.actions import end_day_rate, record_fund, set_day_rate
from convenor.funding.models import Commitment, DayRate
from convenor.funding.queries import day_rates
from convenor.funding.rules import Rate
from convenor.funding.rules import Refused as FundRefused
from convenor.partnership.gate import ANYONE, NotAllowed
from convenor.partnership.rules.refusals import NotThere
from convenor.post.models import Letter
from convenor.support.actions.evaluations import evaluate
from convenor.support.actions.lessons import share_lesson, take_back_lesson
from convenor.support.actions.money import add_cost, end_cost, set_aside
from convenor.support.actions.progress import hold_review
from convenor.support.models import Evaluation, Objective, Package, PackageCost, ProgressReview
from convenor.support.queries.agreements import agreed_of
from convenor.support.queries.evaluation import evaluations, lessons_of
from convenor.support.queries.money import money, suggested
from convenor.support.queries.package_tasks import facts_of
from convenor.support.queries.progress import reviews
from convenor.support.queries.standing import PackageHere, package_here
from convenor.support.rules.evaluation import Came, Moment, Said
from convenor.support.rules.gates import Gate
from convenor.support.rules.money import Line
from convenor.support.rules.progress import Rating, Review
from convenor.support.rules.refusals import Missing, NotYours, OutOfTurn, WrongDay, WrongSum
from convenor.support.rules.states import Met, Payer, Progress, ReviewDecision, Who
from tests.factories.support import MOMENTS, SECRETS, SLUG, World, package, supporting
from tests.factories.support_deployments import NOW, TODAY, visit

pytestmark = pytest.mark.django_db
GREEN = Review(TODAY, (Rating(1, Progress.GREEN),), ReviewDecision.CONTINUE, "", date(2027, 3, 1))
SPECIALIST = Rate(350_00, share_basis_points=1500)
DAYS = Line("Two more half days", Payer.RECEIVING, 2, SPECIALIST)
SAID = Said((Came(1, Met.PARTLY, "Twenty of thirty by now"),), 4, 3, "Worth the time.", "Begin with one class.")
END = MOMENTS["ending"] + timedelta(days=1)


@pytest.fixture
def here() -> World:
    return supporting()


def seen(here: World, row: Package, who: str, at: datetime = NOW) -> PackageHere:
    found = package_here(SLUG, row.pk, viewer=here[who], at=at)
    assert found is not None
    return found


@pytest.mark.parametrize("who", ["head", "supporter", "lender", "broker"])
def test_those_who_work_together_hold_a_review(here: World, who: str) -> None:
    row = package(here)
    hold_review(slug=SLUG, package_id=row.pk, review=GREEN, by=here[who], at=NOW)
    (shown,) = reviews(seen(here, row, "head"), viewer=here["head"]) or ()
    assert (shown.ratings, shown.decision, shown.next_on) == (GREEN.ratings, ReviewDecision.CONTINUE, GREEN.next_on)
    assert facts_of(row, viewer=here["broker"], on=TODAY).holds(Gate.REVIEWED)


def test_nobody_else_reviews_and_nobody_else_reads(here: World) -> None:
    row = package(here)
    for who in ("manager", "other head"):
        with pytest.raises(NotThere):
            hold_review(slug=SLUG, package_id=row.pk, review=GREEN, by=here[who], at=NOW)
    hold_review(slug=SLUG, package_id=row.pk, review=replace(GREEN, words="All quiet."), by=here["head"], at=NOW)
    assert (reviews(seen(here, row, "manager"), viewer=here["manager"]), ProgressReview.objects.count()) == (None, 1)


def test_a_review_before_its_baseline_is_refused(here: World) -> None:
    row = package(here)
    Objective.objects.filter(package=row).update(baseline_on=date(2026, 11, 6))
    with pytest.raises(WrongDay):
        hold_review(slug=SLUG, package_id=row.pk, review=replace(GREEN, held_on=date(2026, 11, 5)), by=here["head"], at=NOW)
    assert ProgressReview.objects.count() == 0


def test_a_review_before_support_began_or_after_it_ended_is_refused(here: World) -> None:
    waiting, over = package(here, "agreeing"), package(here, "after", school="990002")
    with pytest.raises(Missing):
        hold_review(slug=SLUG, package_id=waiting.pk, review=GREEN, by=here["head"], at=NOW)
    with pytest.raises(OutOfTurn):
        hold_review(slug=SLUG, package_id=over.pk, review=GREEN, by=here["broker"], at=NOW)


def test_a_broker_settles_what_it_costs_and_both_heads_are_asked_again(here: World) -> None:
    row = package(here)
    made = add_cost(slug=SLUG, package_id=row.pk, line=DAYS, by=here["broker"], at=NOW)
    assert (made.pence, made.broker_pence, made.day_pence, made.broker_share) == (350_00, 52_50, 350_00, 1500)
    assert agreed_of(row.pk, viewer=here["head"]).both is False


def test_planned_stands_beside_delivered_for_those_who_may_see_money(here: World) -> None:
    row = package(here)
    visit(here, row, on=date(2026, 11, 4), half_days=2)
    visit(here, row, on=date(2026, 11, 18))
    found = money(seen(here, row, "manager"), viewer=here["manager"])
    assert found is not None
    account = found.account
    assert (account.planned_half_days, account.priced_half_days, account.booked_half_days, account.held_half_days) == (6, 6, 3, 2)
    assert (account.pence, account.broker_pence, account.held_pence, found.budget_pence) == (1050_00, 157_50, 350_00, 3000_00)
    assert (found.payers, found.settled, found.lines[0].lender_pence) == (((Payer.RECEIVING, 1050_00),), True, 892_50)


def test_a_payer_without_budget_is_refused_with_what_is_too_much(here: World) -> None:
    row = package(here)
    with pytest.raises(WrongSum) as refused:
        add_cost(slug=SLUG, package_id=row.pk, line=replace(DAYS, half_days=12), by=here["broker"], at=NOW)
    assert str(refused.value).startswith("There is £3,000.00 for this, and it comes to £3,150.00: £150.00 too much.")
    other = replace(DAYS, half_days=12, payer=Payer.SUPPLYING)
    assert add_cost(slug=SLUG, package_id=row.pk, line=other, by=here["broker"], at=NOW).pence == 2100_00


def fund(here: World, pence: int) -> int:
    row = record_fund(slug=SLUG, name="Support", source="Schools", year="2026-27", pence=pence, by=here["manager"], at=NOW)
    return row.pk


def test_a_fund_pays_what_it_has_and_no_more(here: World) -> None:
    row, pot = package(here), fund(here, 400_00)
    line = replace(DAYS, payer=Payer.FUND)
    made = add_cost(slug=SLUG, package_id=row.pk, line=line, by=here["manager"], at=NOW, fund_id=pot)
    assert Commitment.objects.get(pk=made.commitment_id).pence == 350_00
    with pytest.raises(WrongSum) as refused:
        add_cost(slug=SLUG, package_id=row.pk, line=line, by=here["manager"], at=NOW, fund_id=pot)
    assert str(refused.value) == "This fund cannot pay for it. The fund has £50.00 left, £300.00 too little. Nothing was changed."
    assert PackageCost.objects.filter(payer="fund").count() == 1


def test_a_broker_leaves_the_fund_to_the_manager(here: World) -> None:
    row, pot = package(here), fund(here, 400_00)
    line = replace(DAYS, payer=Payer.FUND)
    with pytest.raises(NotAllowed):
        add_cost(slug=SLUG, package_id=row.pk, line=line, by=here["broker"], at=NOW, fund_id=pot)
    made = add_cost(slug=SLUG, package_id=row.pk, line=line, by=here["broker"], at=NOW)
    waits = money(seen(here, row, "head"), viewer=here["head"])
    assert waits is not None
    assert (waits.settled, [each.waits for each in waits.lines], Letter.objects.filter(to_name="Mara Hollis").count()) == (
        False, [False, True], 1,
    )  # fmt: skip
    before = agreed_of(row.pk, viewer=here["head"]).version
    set_aside(slug=SLUG, cost_id=made.pk, fund_id=pot, by=here["manager"], at=NOW)
    with pytest.raises(OutOfTurn):
        set_aside(slug=SLUG, cost_id=made.pk, fund_id=pot, by=here["manager"], at=NOW)
    now = money(seen(here, row, "head"), viewer=here["head"])
    assert now is not None
    assert (now.settled, now.lines[1].fund, agreed_of(row.pk, viewer=here["head"]).version) == (True, "Support 2026-27", before)


def test_a_cost_that_falls_away_frees_what_a_fund_set_aside(here: World) -> None:
    row, pot = package(here), fund(here, 400_00)
    made = add_cost(
        slug=SLUG, package_id=row.pk, line=replace(DAYS, payer=Payer.FUND), by=here["manager"], at=NOW, fund_id=pot
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        end_cost(slug=SLUG, cost_id=made.pk, by=here["broker"], at=NOW)
    end_cost(slug=SLUG, cost_id=made.pk, by=here["manager"], at=NOW)
    with pytest.raises(OutOfTurn):
        end_cost(slug=SLUG, cost_id=made.pk, by=here["manager"], at=NOW)
    found = money(seen(here, row, "broker"), viewer=here["broker"])
    assert found is not None
    assert ([each.pk for each in found.ended], Commitment.objects.get().released_on) == ([made.pk], TODAY)
    end_cost(slug=SLUG, cost_id=found.lines[0].pk, by=here["broker"], at=NOW)
    assert PackageCost.objects.filter(ended_on=None).count() == 0


def test_a_cost_that_no_fund_is_to_pay_is_not_set_aside(here: World) -> None:
    row, pot = package(here), fund(here, 400_00)
    with pytest.raises(OutOfTurn):
        set_aside(slug=SLUG, cost_id=PackageCost.objects.get(package=row).pk, fund_id=pot, by=here["manager"], at=NOW)
    with pytest.raises(NotYours):
        add_cost(slug=SLUG, package_id=row.pk, line=DAYS, by=here["head"], at=NOW)
    with pytest.raises(NotThere):
        end_cost(slug=SLUG, cost_id=0, by=here["broker"], at=NOW)


def test_a_need_without_budget_bounds_nothing(here: World) -> None:
    row = package(here)
    row.need.budget_pence = None  # type: ignore[union-attr]
    row.need.save()  # type: ignore[union-attr]
    assert add_cost(slug=SLUG, package_id=row.pk, line=replace(DAYS, half_days=60), by=here["broker"], at=NOW).pence == 10_500_00


def test_the_rate_card_is_kept_by_the_manager_and_read_by_members(here: World) -> None:
    for key, day_pence, on in (("sle", 350_00, date(2025, 9, 1)), ("sle", 360_00, date(2026, 9, 1)), ("lle", 450_00, date(2026, 9, 1))):
        set_day_rate(
            slug=SLUG, key=key, name=key.upper(), rate=replace(SPECIALIST, day_pence=day_pence), from_on=on, by=here["manager"], at=NOW
        )  # fmt: skip
    assert [(each.name, each.rate.day_pence) for each in day_rates(SLUG, viewer=here["head"], on=TODAY)] == [
        ("LLE", 450_00),
        ("SLE", 360_00),
    ]
    assert (len(day_rates(SLUG, viewer=here["head"])), day_rates(SLUG, viewer=ANYONE)) == (3, [])
    row = package(here)
    found = suggested(seen(here, row, "broker"), viewer=here["broker"], at=NOW)
    assert (found.rate and found.rate.rate.day_pence, found.half_days, found.payer) == (360_00, 6, Payer.RECEIVING)


def test_a_rate_that_cannot_be_set_changes_nothing(here: World) -> None:
    given = {"slug": SLUG, "key": "sle", "name": "Specialist", "rate": SPECIALIST, "from_on": TODAY, "at": NOW}
    row = set_day_rate(**given, by=here["manager"])  # type: ignore[arg-type]
    for changed, by, why in (
        ({}, "broker", NotAllowed), ({}, "manager", FundRefused), ({"name": " "}, "manager", FundRefused),
        ({"rate": Rate(-1)}, "manager", FundRefused),
    ):  # fmt: skip
        with pytest.raises(why):
            set_day_rate(**(given | changed), by=here[by])  # type: ignore[arg-type]
    with pytest.raises(FundRefused):
        end_day_rate(slug=SLUG, rate_id=row.pk, until_on=TODAY, by=here["manager"], at=NOW)
    end_day_rate(slug=SLUG, rate_id=row.pk, until_on=TODAY + timedelta(days=1), by="the test", at=NOW)
    assert list(DayRate.objects.values_list("until_on", flat=True)) == [TODAY + timedelta(days=1)]


def ending(here: World) -> Package:
    return package(here, "ending")


def evaluated(here: World, *whom: str) -> Package:
    row = ending(here)
    for who in whom:
        said = SAID if who == "head" else Said(words="We learned as much.")
        evaluate(slug=SLUG, package_id=row.pk, moment=Moment.END, said=said, by=here[who], at=END)
    return row


def test_both_sides_say_what_came_of_it(here: World) -> None:
    row = evaluated(here, "head", "lender")
    found = evaluations(seen(here, row, "head", END), viewer=here["head"])
    assert found is not None
    own, other = found.of(Who.RECEIVING, Moment.END), found.of(Who.SUPPLYING, Moment.END)
    assert own is not None
    assert other is not None
    assert (own.came, own.useful, own.worth, other.words, found.met) == (SAID.came, 4, 3, "We learned as much.", Met.PARTLY)
    assert facts_of(row, viewer=here["broker"], on=END.date()).holds(Gate.EVALUATED)


def test_what_a_side_said_stands(here: World) -> None:
    row = evaluated(here, "head")
    with pytest.raises(OutOfTurn):
        evaluate(slug=SLUG, package_id=row.pk, moment=Moment.END, said=SAID, by=here["school leader"], at=END)
    assert Evaluation.objects.count() == 1


def test_nobody_evaluates_while_support_goes_on(here: World) -> None:
    row = package(here)
    with pytest.raises(OutOfTurn):
        evaluate(slug=SLUG, package_id=row.pk, moment=Moment.END, said=SAID, by=here["head"], at=NOW)
    leaves = replace(GREEN, decision=ReviewDecision.EXIT, words="It runs by itself.")
    hold_review(slug=SLUG, package_id=row.pk, review=leaves, by=here["head"], at=NOW)
    evaluate(slug=SLUG, package_id=row.pk, moment=Moment.END, said=SAID, by=here["head"], at=NOW)
    assert Evaluation.objects.get().moment == "end"


def test_six_months_after_the_school_is_asked_again(here: World) -> None:
    row = package(here, "after")
    found = evaluations(seen(here, row, "head", MOMENTS["after"]), viewer=here["head"])
    assert found is not None
    assert found.opens == {Moment.SIX: date(2027, 6, 17), Moment.TWELVE: date(2027, 12, 17)}
    later = replace(SAID, useful=None, worth=None)
    with pytest.raises(OutOfTurn):
        evaluate(slug=SLUG, package_id=row.pk, moment=Moment.SIX, said=later, by=here["head"], at=MOMENTS["after"])
    evaluate(slug=SLUG, package_id=row.pk, moment=Moment.SIX, said=later, by=here["head"], at=MOMENTS["closed"])
    assert facts_of(row, viewer=here["broker"], on=TODAY).holds(Gate.LOOKED_AGAIN)


def test_who_took_no_part_evaluates_nothing(here: World) -> None:
    row = ending(here)
    for who, why in (("broker", NotYours), ("manager", NotYours), ("other head", NotThere)):
        with pytest.raises(why):
            evaluate(slug=SLUG, package_id=row.pk, moment=Moment.END, said=SAID, by=here[who], at=END)


def test_a_lesson_reaches_the_directory_once_both_heads_agree_to_its_words(here: World) -> None:
    row = evaluated(here, "head", "lender")

    def shown() -> list[str]:
        return [each.words for each in lessons_of([row.supporter_id or 0], viewer=here["auditor"]).get(row.supporter_id or 0, [])]

    words = SAID.lesson
    share_lesson(slug=SLUG, package_id=row.pk, words=words, read=words, by=here["head"], at=END)
    assert shown() == []
    share_lesson(slug=SLUG, package_id=row.pk, words=words, read=words, by=here["lender"], at=END)
    assert shown() == [words]
    share_lesson(slug=SLUG, package_id=row.pk, words="Begin with two classes.", read=words, by=here["lender"], at=END)
    assert shown() == []
    stands = evaluations(seen(here, row, "head", END), viewer=here["head"])
    assert stands is not None
    assert (stands.lesson.words, stands.lesson.agreed) == ("Begin with two classes.", frozenset({Who.SUPPLYING}))
    new = "Begin with two classes."
    share_lesson(slug=SLUG, package_id=row.pk, words=new, read=new, by=here["head"], at=END)
    assert shown() == [new]
    take_back_lesson(slug=SLUG, package_id=row.pk, by=here["head"], at=END)
    assert shown() == []
    with pytest.raises(OutOfTurn):
        take_back_lesson(slug=SLUG, package_id=row.pk, by=here["head"], at=END)


def test_a_lesson_names_no_school_and_is_for_members(here: World) -> None:
    row = evaluated(here, "head", "lender")
    for who in ("head", "lender"):
        share_lesson(slug=SLUG, package_id=row.pk, words=SAID.lesson, read=SAID.lesson, by=here[who], at=END)
    (found,) = lessons_of([row.supporter_id or 0], viewer=here["auditor"])[row.supporter_id or 0]
    assert ((found.words, found.themes), lessons_of([row.supporter_id or 0], viewer=ANYONE)) == ((SAID.lesson, ("reading",)), {})


def test_a_lesson_needs_an_evaluation_and_the_words_that_stand(here: World) -> None:
    row = evaluated(here, "head")
    for who, read in (("lender", SAID.lesson), ("head", "something else")):
        with pytest.raises(OutOfTurn):
            share_lesson(slug=SLUG, package_id=row.pk, words="Words", read=read, by=here[who], at=END)


def test_an_evaluation_is_hidden_from_whoever_only_follows(here: World) -> None:
    row = package(here, "after")
    own = evaluations(seen(here, row, "head", MOMENTS["after"]), viewer=here["head"])
    assert own is not None
    assert [each.words for each in own.said] == [SECRETS["evaluation"]]
    assert package_here(SLUG, row.pk, viewer=here["other head"], at=NOW) is None


def test_a_stopped_package_stays_stopped_when_it_is_evaluated(here: World) -> None:
    row = package(here, stopped=True)
    evaluate(slug=SLUG, package_id=row.pk, moment=Moment.END, said=SAID, by=here["head"], at=NOW)
    row.refresh_from_db()
    assert row.met == Met.STOPPED.value
