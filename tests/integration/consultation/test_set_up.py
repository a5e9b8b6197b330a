"""The set-up of a partnership: begun in a minute, kept true by one person, open to nobody else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from convenor.consultation.actions.set_up import change_step, start_set_up
from convenor.consultation.models import SetUpPlan, SetUpStep
from convenor.consultation.queries.set_up import set_up
from convenor.consultation.rules.refusals import ChangedMeanwhile, NotOpen, NoWords
from convenor.consultation.rules.states import StepState
from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from convenor.partnership.rules.refusals import NotThere
from tests.factories.partnership import AT, ON, SLUG, World, world
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def everyone() -> World:
    return world()


def started(everyone: World) -> SetUpPlan:
    return start_set_up(slug=SLUG, starts_on=ON, by=everyone["manager"], at=AT)


def changed(everyone: World, **given: object) -> SetUpStep:
    kept = {
        "slug": SLUG, "key": "interviews", "state": StepState.DOING, "starts_on": ON,
        "due_on": ON + timedelta(days=7), "owner": "Mara Hollis",
        "note": "", "by": everyone["manager"], "at": AT, "version": 1,
    }  # fmt: skip
    return change_step(**kept | given)  # type: ignore[arg-type]


def test_set_up_begins_with_every_step_and_its_days(everyone: World) -> None:
    started(everyone)
    seen = set_up(SLUG, viewer=everyone["manager"], at=ON)
    assert seen is not None
    assert [each.key for each in seen.steps][:2] == ["steering-group", "interviews"]
    assert seen.steps[0].next
    assert seen.standing is not None
    assert (seen.standing.done, seen.standing.steps, seen.standing.late) == (0, 9, ())
    assert Entry.objects.filter(verb="set-up.started").count() == 1


def test_set_up_begins_once(everyone: World) -> None:
    started(everyone)
    with pytest.raises(NotOpen):
        started(everyone)
    assert SetUpPlan.objects.count() == 1
    assert SetUpStep.objects.count() == 9


def test_a_journey_that_is_not_known_begins_nothing(everyone: World) -> None:
    with pytest.raises(NotThere):
        start_set_up(slug=SLUG, starts_on=ON, by=everyone["manager"], at=AT, journey="moon")
    assert SetUpPlan.objects.count() == 0


def test_a_step_is_changed_and_the_plan_says_so(everyone: World) -> None:
    started(everyone)
    changed(everyone, state=StepState.DONE, note="Twelve interviews. Notes are with the papers.")
    seen = set_up(SLUG, viewer=everyone["manager"], at=ON)
    assert seen is not None
    step = seen.steps[1]
    assert (step.state, step.done_on, step.owner) == (StepState.DONE, ON, "Mara Hollis")
    assert step.note == "Twelve interviews. Notes are with the papers."
    assert seen.version == 2


def test_two_who_change_the_plan_at_once_do_not_write_over_each_other(everyone: World) -> None:
    started(everyone)
    changed(everyone, note="first")
    with pytest.raises(ChangedMeanwhile) as refused:
        changed(everyone, note="second")
    assert refused.value.now == 2
    assert SetUpStep.objects.get(key="interviews").note == "first"


def test_a_step_left_out_without_a_reason_is_refused(everyone: World) -> None:
    started(everyone)
    with pytest.raises(NoWords):
        changed(everyone, state=StepState.LEFT_OUT)
    assert SetUpStep.objects.get(key="interviews").state == "to-do"


def test_a_step_that_is_not_there_is_refused(everyone: World) -> None:
    with pytest.raises(NotThere):
        changed(everyone)
    started(everyone)
    with pytest.raises(NotThere):
        changed(everyone, key="moon")


def test_nobody_but_the_manager_runs_or_reads_the_set_up(everyone: World) -> None:
    started(everyone)
    changed(everyone, note="Nobody else reads this.")
    for who, viewer in everyone.viewers.items():
        if who == "manager":
            continue
        assert set_up(SLUG, viewer=viewer, at=ON) is None
        with pytest.raises(NotAllowed):
            changed(everyone, by=viewer, version=2)


def test_the_pages_lead_from_the_first_day_to_a_step(everyone: World) -> None:
    client = signed_in(everyone.people["manager"], code=True)
    page = client.get(reverse("set-up", args=[SLUG]))
    assert page.status_code == 200
    day = {"starts_on_day": ON.day, "starts_on_month": ON.month, "starts_on_year": ON.year}
    answer = client.post(reverse("set-up-start", args=[SLUG]), day)
    assert (answer.status_code, answer["Location"]) == (302, reverse("set-up", args=[SLUG]))
    assert client.get(reverse("set-up-start", args=[SLUG])).status_code == 404
    page = client.get(reverse("set-up", args=[SLUG]))
    assert page.content.decode().count("journey__step--next") == 1
    step = reverse("set-up-step", args=[SLUG, "steering-group"])
    late = {"state": "left-out", "owner": "", "note": "", "version": 1}
    late |= {f"{each}_{part}": getattr(ON, part) for each in ("starts_on", "due_on") for part in ("day", "month", "year")}
    refused = client.post(step, late)
    assert refused.status_code == 422
    assert "why the step is left out" in refused.content.decode()
    assert client.post(step, late | {"note": "There is one already."}).status_code == 302
    assert SetUpStep.objects.get(key="steering-group").state == "left-out"


def test_a_step_of_yesterday_that_is_not_done_is_said_to_be_late(everyone: World) -> None:
    started(everyone)
    seen = set_up(SLUG, viewer=everyone["manager"], at=date(ON.year + 1, 12, 1))
    assert seen is not None
    assert all(each.late for each in seen.steps)
