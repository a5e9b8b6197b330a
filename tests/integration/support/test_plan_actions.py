"""The plan is set and changed, both heads agree to one version of it, and whoever may not is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from convenor.partnership.rules.refusals import NotThere
from convenor.post.models import Letter
from convenor.support.actions.agreements import agree, withdraw
from convenor.support.actions.plan import set_plan
from convenor.support.actions.progress import hold_review
from convenor.support.models import HeadAgreement, Objective, Package, PackageCost, PackageLog
from convenor.support.queries.agreements import agreed_in_one, agreed_of
from convenor.support.queries.package_page import package_page
from convenor.support.queries.package_tasks import facts_of
from convenor.support.queries.plan import plan
from convenor.support.queries.standing import PackageHere, package_here
from convenor.support.rules.gates import Gate
from convenor.support.rules.ownership import Sight
from convenor.support.rules.plan import Goal
from convenor.support.rules.progress import Rating, Review
from convenor.support.rules.refusals import ChangedMeanwhile, Missing, NotYours, OutOfTurn
from convenor.support.rules.states import Payer, Progress, ReviewDecision, Who
from tests.factories.support import SECRETS, SLUG, World, package, supporter, supporting
from tests.factories.support_deployments import GOAL, NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return supporting()


def seen(here: World, row: Package, who: str) -> PackageHere:
    found = package_here(SLUG, row.pk, viewer=here[who], at=NOW)
    assert found is not None
    return found


def cost(row: Package) -> PackageCost:
    return PackageCost.objects.create(package=row, what="Freely", payer=Payer.NOBODY.value, pence=0, agreed_on=TODAY)


def planned(here: World) -> Package:
    """A package whose head has set its plan and whose cost is settled."""
    row = package(here, "agreeing")
    cost(row)
    set_plan(slug=SLUG, package_id=row.pk, goals={1: GOAL}, by=here["head"], at=NOW)
    row.refresh_from_db()
    return row


def test_the_receiving_head_sets_the_plan_and_the_broker_is_told(here: World) -> None:
    row = planned(here)
    assert [each.goal for each in Objective.objects.filter(package=row)] == [GOAL]
    assert list(Entry.objects.filter(verb="support.plan-changed").values_list("subject_label", "urn")) == [
        ("Fernhollow Primary School", "990001")
    ]
    assert [each.to_name for each in Letter.objects.filter(subject="There is something for you in Convenor")] == ["Bea Marlow"]


def test_a_plan_that_stands_already_changes_nothing(here: World) -> None:
    row = planned(here)
    set_plan(slug=SLUG, package_id=row.pk, goals={1: GOAL}, by=here["head"], at=NOW)
    assert (agreed_of(row.pk, viewer=here["head"]).version, Package.objects.get(pk=row.pk).version) == (2, row.version)


def test_an_objective_that_is_left_out_ends_and_stays_on_record(here: World) -> None:
    row = planned(here)
    second = replace(GOAL, title="Fewer late arrivals", area="attendance")
    set_plan(slug=SLUG, package_id=row.pk, goals={1: GOAL, 2: second}, by=here["broker"], at=NOW)
    set_plan(slug=SLUG, package_id=row.pk, goals={2: second}, by=here["head"], at=NOW, why="Reading goes by itself.")
    found = plan(seen(here, row, "head"), viewer=here["head"])
    assert found is not None
    assert ([each.number for each in found.objectives], [(each.number, each.ended_on) for each in found.ended]) == ([2], [(1, TODAY)])
    assert [(each.version, each.why, each.of) for each in found.changes] == [
        (4, "Reading goes by itself.", "objectives"), (3, "", "objectives"), (2, "", "objectives"),
    ]  # fmt: skip
    set_plan(slug=SLUG, package_id=row.pk, goals={1: GOAL, 2: second}, by=here["head"], at=NOW)
    assert list(Objective.objects.filter(package=row).values_list("number", "ended_on", "version")) == [(1, None, 3), (2, None, 1)]


def test_what_stood_before_a_change_stays_in_the_log(here: World) -> None:
    row = planned(here)
    set_plan(slug=SLUG, package_id=row.pk, goals={1: replace(GOAL, target="All thirty")}, by=here["head"], at=NOW)
    last = PackageLog.objects.filter(package=row, step="plan-changed").last()
    assert last is not None
    assert (last.before["1"]["target"], last.after["1"]["target"], last.after["1"]["target_by_on"]) == (
        GOAL.target, "All thirty", "2027-07-16",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "why"),
    [("supporter", NotThere), ("lender", NotThere), ("manager", NotThere), ("other head", NotThere), ("auditor", NotThere)],
)
def test_nobody_else_sets_a_plan_before_the_head_opened_it(here: World, who: str, why: type[Exception]) -> None:
    row = planned(here)
    with pytest.raises(why):
        set_plan(slug=SLUG, package_id=row.pk, goals={1: replace(GOAL, title="Other")}, by=here[who], at=NOW)
    assert Objective.objects.get(package=row).title == GOAL.title


def test_a_plan_that_was_changed_meanwhile_is_not_overwritten(here: World) -> None:
    row = planned(here)
    with pytest.raises(ChangedMeanwhile):
        set_plan(slug=SLUG, package_id=row.pk, goals={1: replace(GOAL, title="Late")}, by=here["head"], at=NOW, version=row.version - 1)


def test_a_plan_of_a_package_that_ended_stays(here: World) -> None:
    row = package(here, "after")
    with pytest.raises(OutOfTurn):
        set_plan(slug=SLUG, package_id=row.pk, goals={1: GOAL}, by=here["head"], at=NOW)


def test_both_heads_agree_and_the_gate_opens(here: World) -> None:
    row = planned(here)
    for who in ("head", "lender"):
        agree(slug=SLUG, package_id=row.pk, plan_version=2, by=here[who], at=NOW)
    facts = facts_of(row, viewer=here["broker"], on=TODAY)
    assert [facts.holds(each) for each in (Gate.BOTH_HEADS_AGREED, Gate.OBJECTIVES_SET, Gate.COSTS_AGREED)] == [True, True, True]
    found = plan(seen(here, row, "head"), viewer=here["head"])
    assert found is not None
    assert [(each.side, each.version, each.by) for each in found.agreements] == [
        (Who.RECEIVING, 2, here["head"].label), (Who.SUPPLYING, 2, here["lender"].label),
    ]  # fmt: skip
    assert (found.agreed.both, found.agreement(Who.SUPPLYING)) == (True, found.agreements[1])


def asked_to_agree(here: World, row: Package, who: str) -> list[str]:
    """The tasks of agreement that the page of the package asks of somebody now."""
    found = package_page(SLUG, row.pk, viewer=here[who], at=NOW)
    assert found is not None
    return [each.key for each in found.mine if each.key in ("accept", "agreement")]


def test_each_head_is_asked_to_agree_in_turn(here: World) -> None:
    row = planned(here)
    asked = [[asked_to_agree(here, row, who) for who in ("head", "lender")]]
    for by in ("head", "lender"):
        agree(slug=SLUG, package_id=row.pk, plan_version=2, by=here[by], at=NOW)
        asked.append([asked_to_agree(here, row, who) for who in ("head", "lender")])
    assert asked == [[["accept"], []], [[], ["agreement"]], [[], []]]


def test_the_plan_opens_to_the_other_side_once_the_receiving_head_agrees(here: World) -> None:
    row = planned(here)
    assert plan(seen(here, row, "lender"), viewer=here["lender"]) is None
    with pytest.raises(OutOfTurn):
        agree(slug=SLUG, package_id=row.pk, plan_version=2, by=here["lender"], at=NOW)
    agree(slug=SLUG, package_id=row.pk, plan_version=2, by=here["head"], at=NOW)
    found = plan(seen(here, row, "lender"), viewer=here["lender"])
    assert found is not None
    assert [each.goal for each in found.objectives] == [GOAL]


def test_a_changed_plan_asks_both_again_and_locks_nobody_out(here: World) -> None:
    row = package(here, "active")
    set_plan(slug=SLUG, package_id=row.pk, goals={1: GOAL}, by=here["supporter"], at=NOW)
    agreed = agreed_of(row.pk, viewer=here["head"])
    assert (agreed.both, agreed.waits_for, agreed.version) == (False, (Who.RECEIVING, Who.SUPPLYING), 2)
    assert agreed_in_one(row.pk, viewer=here["head"]) == agreed
    assert (seen(here, row, "supporter").sees(Sight.PLAN), seen(here, row, "supporter").agreed) == (True, False)
    assert not facts_of(row, viewer=here["broker"], on=TODAY).holds(Gate.BOTH_HEADS_AGREED)
    for who in ("head", "lender"):
        agree(slug=SLUG, package_id=row.pk, plan_version=2, by=here[who], at=NOW)
    assert agreed_of(row.pk, viewer=here["head"]).both
    assert HeadAgreement.objects.filter(package=row).count() == 4


def test_a_head_agrees_to_what_was_read(here: World) -> None:
    row = package(here, "active")
    set_plan(slug=SLUG, package_id=row.pk, goals={1: GOAL}, by=here["head"], at=NOW)
    with pytest.raises(OutOfTurn):
        agree(slug=SLUG, package_id=row.pk, plan_version=1, by=here["head"], at=NOW)


def test_a_head_takes_the_agreement_back_without_a_reason(here: World) -> None:
    row = package(here, "active")
    withdraw(slug=SLUG, package_id=row.pk, by=here["head"], at=NOW)
    assert (agreed_of(row.pk, viewer=here["head"]).both, seen(here, row, "lender").sees(Sight.PLAN)) == (False, False)
    with pytest.raises(OutOfTurn):
        withdraw(slug=SLUG, package_id=row.pk, by=here["head"], at=NOW)


def test_a_head_agrees_and_nobody_else_for_the_school(here: World) -> None:
    row = planned(here)
    with pytest.raises(NotAllowed):
        agree(slug=SLUG, package_id=row.pk, plan_version=2, by=here["school leader"], at=NOW)
    for who in ("broker", "manager", "supporter"):
        with pytest.raises(NotYours):
            agree(slug=SLUG, package_id=row.pk, plan_version=2, by=here[who], at=NOW)
    with pytest.raises(NotThere):
        agree(slug=SLUG, package_id=row.pk, plan_version=2, by=here["other head"], at=NOW)
    assert not HeadAgreement.objects.filter(package=row).exists()


def test_a_supporter_whom_no_school_lends_agrees_for_themselves(here: World) -> None:
    row = package(here, "active", given_by=supporter(here, "supporter", school=None))
    set_plan(slug=SLUG, package_id=row.pk, goals={1: GOAL}, by=here["head"], at=NOW)
    for who in ("head", "supporter"):
        agree(slug=SLUG, package_id=row.pk, plan_version=2, by=here[who], at=NOW)
    assert agreed_of(row.pk, viewer=here["head"]).both


def test_nothing_is_agreed_without_objectives_or_costs(here: World) -> None:
    row = package(here, "agreeing")
    with pytest.raises(Missing):
        agree(slug=SLUG, package_id=row.pk, plan_version=1, by=here["head"], at=NOW)
    set_plan(slug=SLUG, package_id=row.pk, goals={1: GOAL}, by=here["head"], at=NOW)
    with pytest.raises(Missing):
        agree(slug=SLUG, package_id=row.pk, plan_version=2, by=here["head"], at=NOW)


def test_a_review_that_would_change_the_plan_waits_for_it(here: World) -> None:
    row = package(here, "active")
    review = Review(
        TODAY, (Rating(1, Progress.RED, "Two teachers are ill"),), ReviewDecision.CHANGE, "We begin with one class.", TODAY + timedelta(70)
    )  # fmt: skip
    hold_review(slug=SLUG, package_id=row.pk, review=review, by=here["supporter"], at=NOW)
    before = plan(seen(here, row, "head"), viewer=here["head"])
    set_plan(slug=SLUG, package_id=row.pk, goals={1: GOAL}, by=here["head"], at=NOW + timedelta(hours=1), why="After the review.")
    after = plan(seen(here, row, "head"), viewer=here["head"])
    assert before is not None
    assert after is not None
    assert (before.owes, after.owes, after.agreed.both) == (True, False, False)
    assert (before.objectives[0].rating, before.objectives[0].rated_on) == (review.ratings[0], TODAY)


def test_what_a_plan_says_is_hidden_from_whoever_runs_the_partnership(here: World) -> None:
    row = package(here, "active")
    found = seen(here, row, "manager")
    own = plan(seen(here, row, "head"), viewer=here["head"])
    assert own is not None
    assert (plan(found, viewer=here["manager"]), [each.goal.title for each in own.objectives]) == (None, [SECRETS["objective"]])


def test_an_empty_plan_is_refused(here: World) -> None:
    row = package(here, "agreeing")
    with pytest.raises(Missing):
        set_plan(slug=SLUG, package_id=row.pk, goals={1: Goal()}, by=here["head"], at=NOW)
