"""What may be done beside the way of a package: pause, stop, step up or down, follow a school, hand over, raise a concern."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from convenor.partnership.rules.refusals import NotThere
from convenor.post.models import Letter
from convenor.registers.models import School, SchoolLink
from convenor.support.actions import concerns, package_beside
from convenor.support.models import (
    CapacityYear,
    FormalStep,
    HeadAgreement,
    Need,
    PackageLog,
)
from convenor.support.rules.refusals import (
    Conflict,
    NotYours,
    NoWords,
    OutOfTurn,
    WrongDay,
)
from convenor.support.rules.workflows import workflow
from tests.factories.registers import edition
from tests.factories.support import LENDER, MOMENTS, ON, RECEIVER, SLUG, World, package, supporter, supporting
from tests.integration.support.test_package_actions import booked, known, refused, stored_is_derived

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def here() -> World:
    found = supporting()
    found.people["head"].email = "ada.example@example.org"
    found.people["head"].save()
    return found


# Beside the way


def test_pause_rests_everything_and_resume_lengthens_it(here: World) -> None:
    row = package(here, "agreeing")
    before = row.next_due_on
    paused = package_beside.pause(**known(row, here, "head"), until_on=date(2026, 11, 30))
    assert (paused.status, paused.next_due_on, paused.paused_on, paused.paused_until_on) == ("paused", None, ON, date(2026, 11, 30))
    assert stored_is_derived(paused, here["broker"])
    says = "It is paused already. Nothing was changed."
    assert refused(OutOfTurn, package_beside.pause, **known(row, here, "head")) == says
    later = AT + timedelta(days=14)
    resumed = package_beside.resume(**known(row, here, "lender", later))
    assert (resumed.status, resumed.paused_on, resumed.paused_until_on) == ("waits", None, None)
    assert before is not None
    assert resumed.next_due_on == before + timedelta(days=14 if before >= ON else 0)
    assert stored_is_derived(resumed, here["broker"], later)
    assert refused(OutOfTurn, package_beside.resume, **known(row, here, "head")) == "It is not paused. Nothing was changed."


def test_pause_asks_a_broker_for_a_reason_and_everybody_for_a_day_to_come(here: World) -> None:
    row = package(here, "active")
    says = "Say why, in a sentence; both schools can read it. Nothing was changed."
    assert refused(NoWords, package_beside.pause, **known(row, here)) == says
    says = "The day until which it is paused has passed. Name a later one, or none. Nothing was changed."
    assert refused(WrongDay, package_beside.pause, **known(row, here, "head"), until_on=ON) == says


@pytest.mark.parametrize("who", ["head", "chair of governors", "lender"])
def test_stop_asks_no_reason_of_either_head_and_gives_days_back(here: World, who: str) -> None:
    row = package(here, "active")
    visit = booked(row, here, date(2026, 11, 24))
    stopped = package_beside.stop(**known(row, here, who))
    visit.refresh_from_db()
    assert (stopped.status, stopped.kind, stopped.met, stopped.ended_on) == ("stopped", "ended", "stopped", ON)
    assert (visit.cancelled_at, CapacityYear.objects.get(supporter=supporter(here), year="2026-27").half_days_booked) == (AT, 0)
    assert PackageLog.objects.get(package=row, step="stopped").why == ""
    assert stored_is_derived(stopped, here["broker"])
    assert refused(OutOfTurn, package_beside.stop, **known(row, here, who)) == "The package has ended. Nothing was changed."


@pytest.mark.parametrize(("who", "why", "state"), [("head", "", "withdrawn"), ("lender", "", "open"), ("broker", "Nobody is free", "open")])
def test_stop_before_it_began_says_what_becomes_of_the_need(here: World, who: str, why: str, state: str) -> None:
    row = package(here, "checking")
    package_beside.stop(**known(row, here, who), why=why)
    asked = Need.objects.get(pk=row.need_id)
    assert (asked.state, asked.ended_on) == (state, ON if state == "withdrawn" else None)


@pytest.mark.parametrize("who", ["school leader", "supporter", "manager"])
def test_stop_is_refused_to_those_who_speak_for_nobody(here: World, who: str) -> None:
    row = package(here, "active")
    assert refused(NotYours, package_beside.stop, **known(row, here, who), why="It is enough") == (
        "Stopping is for the receiving school or the school that lends the supporter or the broker; a school’s word is its head’s or its "
        "chair’s. Nothing was changed."
    )


def test_an_independent_supporter_stops_for_themselves(here: World) -> None:
    alone = supporter(here, "reviewer", school=None)
    row = package(here, "active", given_by=alone)
    refusal = refused(NotThere, package_beside.stop, **known(row, here, "reviewer"))
    assert refusal == "There is no such package in this partnership, or it is not yours to see. Nothing was changed."
    own = supporter(here, "supporter", school=None)
    row = package(here, "active", given_by=own)
    assert package_beside.stop(**known(row, here, "supporter")).status == "stopped"


def test_step_level_goes_one_up_and_one_down_with_a_reason(here: World) -> None:
    row = package(here, "active")
    assert package_beside.step_level(**known(row, here), up=True, why="Two teachers are new").level == "regular"
    assert package_beside.step_level(**known(row, here), up=False, why="It goes well").level == "light"
    says = "There is no level below this one. Nothing was changed."
    assert refused(OutOfTurn, package_beside.step_level, **known(row, here), up=False, why="Less") == says
    logged = PackageLog.objects.filter(package=row, step__startswith="stepped").order_by("id").values_list("step", "before", "after", "why")
    assert list(logged) == [
        ("stepped-up", "light", "regular", "Two teachers are new"), ("stepped-down", "regular", "light", "It goes well")
    ]  # fmt: skip


def closed_school(became: str = "") -> None:
    School.objects.filter(urn=RECEIVER).update(status="closed", closed_on=date(2026, 10, 31))
    if became:
        SchoolLink.objects.create(
            urn=RECEIVER, linked_urn=became, linked_name="Another", kind="Successor", established_on=date(2026, 11, 1),
            edition=edition("links", family="links"),
        )  # fmt: skip


def test_follow_school_goes_on_with_the_one_it_became_and_asks_its_head(here: World) -> None:
    row = package(here, "active")
    says = "The register names no one school that this one became, so there is none to go on with. Nothing was changed."
    assert refused(OutOfTurn, package_beside.follow_school, **known(row, here)) == says
    closed_school("990002")
    found = package_beside.follow_school(**known(row, here, "manager"))
    assert (found.school_id, found.state, found.supporter_id) == ("990002", "active", row.supporter_id)
    assert list(HeadAgreement.objects.filter(package=row, withdrawn_at=None).values_list("side", flat=True)) == ["supplying"]
    assert PackageLog.objects.get(package=row, step="followed").why == (
        "Fernhollow Primary School became Ashwater Primary School; the package goes on with it."
    )
    assert stored_is_derived(found, here["broker"])


def test_follow_school_is_refused_where_it_became_the_supporter_s_own(here: World) -> None:
    row = package(here, "active")
    closed_school(LENDER)
    assert refused(Conflict, package_beside.follow_school, **known(row, here)) == (
        "The school that it became is the supporter’s own. Stop the package, or choose somebody else first. Nothing was changed."
    )


def test_a_closed_school_that_became_no_other_ends_its_package(here: World) -> None:
    row = package(here, "active")
    says = "The school has not closed, or it became another. Nothing was changed."
    assert refused(OutOfTurn, package_beside.end_for_closed_school, **known(row, here)) == says
    closed_school()
    ended = package_beside.end_for_closed_school(**known(row, here, "manager"))
    assert (ended.status, PackageLog.objects.get(package=row, step="stopped").why) == (
        "stopped", "The school closed, and the register names no school that it became."
    )  # fmt: skip


def second_broker(here: World, urn: str = "") -> int:
    from convenor.partnership.actions import take_post
    from tests.factories.partnership import someone

    person = someone("Wyn Frost")
    take_post(slug=SLUG, role="broker", title="Broker", person_id=person.pk, from_on=date(2026, 1, 1), by="the test", at=AT)
    if urn:
        take_post(slug=SLUG, role="head", title="Headteacher", person_id=person.pk, urn=urn, from_on=date(2026, 1, 1), by="the test", at=AT)
    return person.pk


def test_hand_over_gives_the_package_and_its_need_to_another_broker(here: World) -> None:
    row = package(here, "active")
    other = second_broker(here)
    found = package_beside.hand_over(**known(row, here, "manager"), to_person_id=other)
    assert (found.broker_id, Need.objects.get(pk=row.need_id).broker_id) == (other, other)


@pytest.mark.parametrize("urn", [RECEIVER, LENDER])
def test_hand_over_is_refused_to_a_broker_of_either_school(here: World, urn: str) -> None:
    row = package(here, "active")
    says = refused(Conflict, package_beside.hand_over, **known(row, here), to_person_id=second_broker(here, urn))
    assert says == "Wyn Frost is of one of the two schools, so somebody else is its broker. Nothing was changed."


@pytest.mark.parametrize("to", ["broker", "head", None])
def test_hand_over_is_refused_to_whoever_is_no_other_broker(here: World, to: str | None) -> None:
    row = package(here, "active")
    pk = here.people[to].pk if to else 99999
    says = refused(NotThere, package_beside.hand_over, **known(row, here), to_person_id=pk)
    assert says == "There is no other broker of that name in this partnership. Nothing was changed."


def test_hand_over_is_refused_once_it_has_ended(here: World) -> None:
    row = package(here, "active", stopped=True)
    other = second_broker(here)
    says = refused(OutOfTurn, package_beside.hand_over, **known(row, here, at=MOMENTS["active"]), to_person_id=other)
    assert says == "The package has ended. Nothing was changed."


# Concerns and formal steps


def test_a_concern_is_raised_only_where_the_workflow_has_them(here: World) -> None:
    usual = package(here, "active")
    says = "This workflow knows no concerns about taking part: either head may stop, and no reason is asked. Nothing was changed."
    assert refused(OutOfTurn, concerns.raise_concern, **known(usual, here), summary="No answer") == says
    row = package(here, "improving", flow=workflow("targeted"), given_by=supporter(here))
    assert refused(NoWords, concerns.raise_concern, **known(row, here), summary=" ") == (
        "Say in a sentence what the concern is. Nothing was changed."
    )  # fmt: skip
    long = refused(NoWords, concerns.raise_concern, **known(row, here), summary="x" * 201)
    assert long == "There are 201 characters; 200 fit. Nothing was changed."
    Letter.objects.all().delete()
    found = concerns.raise_concern(**known(row, here), summary="No answer to three calls", details="Called on Monday")
    assert list(Letter.objects.values_list("to_name", flat=True)) == ["Ada Example"]
    solved = concerns.resolve_concern(**known(row, here), concern_id=found.pk, why="We spoke")
    assert (solved.resolved_at, solved.resolved_why) == (AT, "We spoke")
    for pk, error, words in (
        (found.pk, OutOfTurn, "It was resolved already. Nothing was changed."),
        (999, NotThere, "There is no such concern. Nothing was changed."),
    ):  # fmt: skip
        assert refused(error, concerns.resolve_concern, **known(row, here), concern_id=pk, why="Again") == words


def test_in_the_targeted_list_a_head_cannot_stop_and_the_one_who_signs_off_can(here: World) -> None:
    row = package(here, "improving", flow=workflow("targeted"), given_by=supporter(here))
    assert refused(NotYours, package_beside.stop, **known(row, here, "head")) == (
        "Stopping is for whoever signs off; a school’s word is its head’s or its chair’s. Nothing was changed."
    )
    assert package_beside.stop(**known(row, here, "manager"), why="The programme ended").status == "stopped"


def test_a_formal_step_is_recorded_as_having_happened(here: World) -> None:
    row = package(here, "active")
    step = {"what": "A warning notice", "authority": "The authority", "source": "Its page"}
    says = "That day has not come. Record a step once it was taken. Nothing was changed."
    assert refused(WrongDay, concerns.record_formal_step, **known(row, here), **step, taken_on=ON + timedelta(days=1)) == says
    concerns.record_formal_step(**known(row, here, "head"), **step, taken_on=ON)
    assert list(FormalStep.objects.values_list("school_id", "package_id", "what", "taken_on")) == [
        (RECEIVER, row.pk, "A warning notice", ON)
    ]
    assert refused(NotYours, concerns.record_formal_step, **known(row, here, "supporter"), **step, taken_on=ON) == (
        "Recording a formal step is for the broker or whoever signs off or the receiving school; a school’s word is its head’s or its "
        "chair’s. Nothing was changed."
    )
