"""What is done with packages: opened, moved, written into. What is stored always equals what is derived."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from convenor.journal.models import Entry
from convenor.partnership.gate import Viewer, viewer_for
from convenor.partnership.rules.refusals import NotThere
from convenor.post.models import Letter
from convenor.support.actions import package_beside, packages, tasks
from convenor.support.actions.package_rows import TIMER, now_of
from convenor.support.models import (
    Assurance,
    CapacityYear,
    Choice,
    HeadAgreement,
    Need,
    Package,
    PackageLog,
    PackageTask,
    Visit,
)
from convenor.support.rules.refusals import (
    BadWorkflow,
    ChangedMeanwhile,
    Conflict,
    Missing,
    NotYours,
    NoWords,
    OutOfTurn,
    SupportRefused,
    WrongDay,
)
from convenor.support.rules.workflows import workflow
from tests.factories.support import MOMENTS, ON, RECEIVER, SLUG, World, need, package, supporter, supporting

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def here() -> World:
    found = supporting()
    found.people["head"].email = "ada.example@example.org"
    found.people["head"].save()
    return found


def known(row: Package, here: World, who: str = "broker", at: datetime = AT) -> dict[str, Any]:
    return {"slug": SLUG, "package_id": row.pk, "by": here[who], "at": at}


def stored_is_derived(row: Package, by: Viewer, at: datetime = AT) -> bool:
    """What is kept for lists is what follows from everything else."""
    row = Package.objects.select_related("partnership", "school", "supporter", "need", "choice").get(pk=row.pk)
    _, now = now_of(row, by=by, at=at)
    kept = {key: (status, due) for key, status, due in PackageTask.objects.filter(package=row).values_list("key", "status", "due_on")}
    unwritten = {"cannot-start", "not-required"}
    derived = {each.key: (each.status.value, each.due_on) for each in now.tasks if each.key in kept or each.status.value not in unwritten}
    derived |= {f"{TIMER}{each.timer.key}": ("not-started", each.due_on) for each in now.timers}
    over = {key: each for key, each in kept.items() if key.startswith(TIMER) and key not in derived}
    return (row.kind, row.status, row.next_due_on, {key: each for key, each in kept.items() if key not in over}) == (
        now.kind.value, now.status.value, now.next_due_on, derived
    ) and set(over.values()) <= {("not-required", None)}  # fmt: skip


def chosen(here: World, row: Need) -> Choice:
    return Choice.objects.create(need=row, supporter=supporter(here), why="She knows it", at=AT, by=here.people["broker"])


def refused(error: type[Exception], call: Any, **given: Any) -> str:
    with pytest.raises(error) as raised:
        call(**given)
    return str(raised.value)


# Opening


def test_open_package_begins_at_the_first_state_and_tells_the_school_first(here: World) -> None:
    row = packages.open_package(slug=SLUG, need_id=need(here).pk, by=here["broker"], at=AT)
    assert (row.state, row.status, row.workflow_key, row.level, row.version) == ("asked", "waits", "lifecycle", "light", 1)
    assert row.workflow == workflow("lifecycle").as_dict()
    assert list(Letter.objects.values_list("to_name", "subject")) == [("Ada Example", "There is something for you in Convenor")]
    assert list(Entry.objects.filter(subject_kind="support-package").values_list("verb", "urn")) == [("support.opened", RECEIVER)]
    assert stored_is_derived(row, here["broker"])


def test_open_package_with_a_choice_begins_where_a_supporter_is_known(here: World) -> None:
    asked = need(here)
    row = packages.open_package(slug=SLUG, need_id=asked.pk, choice_id=chosen(here, asked).pk, by=here["broker"], at=AT)
    assert (row.state, row.supporter_id, row.choice_id is not None) == ("checking", supporter(here).pk, True)
    assert sorted(Letter.objects.values_list("to_name", flat=True)) == ["Ada Example", "Hal Rivers", "Sol Carr"]
    assert stored_is_derived(row, here["broker"])


def test_open_package_gives_the_choice_to_the_package_that_waits_for_it(here: World) -> None:
    asked = need(here)
    first = packages.open_package(slug=SLUG, need_id=asked.pk, by=here["broker"], at=AT)
    second = packages.open_package(slug=SLUG, need_id=asked.pk, choice_id=chosen(here, asked).pk, by=here["broker"], at=AT)
    assert (second.pk, second.state, Package.objects.count()) == (first.pk, "asked", 1)
    assert second.supporter_id == supporter(here).pk


def test_open_package_is_refused_in_words(here: World) -> None:
    asked, other = need(here), need(here, school="990002")
    opening: dict[str, Any] = {"slug": SLUG, "by": here["broker"], "at": AT}
    says = "There is no such need in this partnership. Nothing was changed."
    assert refused(NotThere, packages.open_package, need_id=999, **opening) == says
    says = "There is no such choice for this need. Nothing was changed."
    assert refused(NotThere, packages.open_package, need_id=asked.pk, choice_id=chosen(here, other).pk, **opening) == says
    says = "There is no workflow “none” here. There are: lifecycle, east-sussex, targeted."
    assert refused(BadWorkflow, packages.open_package, need_id=asked.pk, flow="none", **opening) == says
    with pytest.raises(PermissionDenied):
        packages.open_package(slug=SLUG, need_id=asked.pk, by=here["head"], at=AT)
    assert Package.objects.count() == 0


def test_open_package_is_refused_for_the_broker_s_own_school(here: World) -> None:
    from convenor.partnership.actions import take_post

    take_post(slug=SLUG, role="head", title="Headteacher", person_id=here.people["broker"].pk, urn=RECEIVER, from_on=date(2026, 1, 1),
              by="the test", at=AT)  # fmt: skip
    both = viewer_for(here.people["broker"], on=ON)
    says = refused(Conflict, packages.open_package, slug=SLUG, need_id=need(here).pk, by=both, at=AT)
    assert says == "A broker holds no package of their own school. Ask another broker. Nothing was changed."


def test_open_package_reads_a_workflow_of_one_s_own(here: World, tmp_path: Any, settings: Any) -> None:
    from tests.unit.support.test_workflows import SMALL

    settings.DATA_DIR = tmp_path
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows" / "small.toml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "workflows" / "torn.toml").write_text("key = ", encoding="utf-8")
    row = packages.open_package(slug=SLUG, need_id=need(here).pk, flow="small", by=here["broker"], at=AT)
    assert (row.workflow_key, row.state, row.level) == ("small", "asked", "")
    assert stored_is_derived(row, here["broker"])


# Tasks


def test_save_task_completes_it_and_tells_whoever_is_next(here: World) -> None:
    row = package(here, "checking")
    Letter.objects.all().delete()
    tasks.save_task(**known(row, here), key="fit", values={"capacity": "yes", "willing": "yes"})
    assert PackageTask.objects.get(package=row, key="fit").status == "in-progress"
    tasks.save_task(**known(row, here), key="fit", values={"interest": "yes"})
    kept = PackageTask.objects.get(package=row, key="fit")
    assert (kept.status, kept.values, kept.completed_at, kept.saved_by) == (
        "complete", {"capacity": "yes", "willing": "yes", "interest": "yes"}, AT, here["broker"].label
    )  # fmt: skip
    logged = PackageLog.objects.filter(package=row, step="task").order_by("id").values_list("task", "before", "after", "late")
    assert list(logged) == [
        ("fit", {}, {"capacity": "yes", "willing": "yes"}, True),
        ("fit", {"capacity": "yes", "willing": "yes"}, {"capacity": "yes", "willing": "yes", "interest": "yes"}, True),
    ]
    assert stored_is_derived(row, here["broker"])


def test_save_task_tells_those_whose_turn_comes_by_it(here: World) -> None:
    row = package(here, "ask", flow=workflow("east-sussex"))
    Letter.objects.all().delete()
    tasks.save_task(**known(row, here, "head"), key="standard", values={"standard": "Reading"})
    assert list(Letter.objects.values_list("to_name", flat=True)) == []  # the broker's two tasks waited already
    targeted = package(here, "diagnosing", flow=workflow("targeted"))
    for key, values in (
        ("adviser-contact", {"on": "2026-11-01"}), ("arrange", {"on": "2026-11-01"}), ("visited", {"on": "2026-11-02", "note": "Seen"}),
        ("diagnosis", {"found": "Phonics", "read": "yes"}),
    ):  # fmt: skip
        tasks.save_task(**known(targeted, here), key=key, values=values)
    assert list(Letter.objects.values_list("to_name", flat=True)) == ["Mara Hollis"]
    assert stored_is_derived(targeted, here["broker"])


def test_save_task_is_refused_in_words(here: World) -> None:
    row = package(here, "checking")
    fit = {"key": "fit", "values": {"capacity": "yes"}}
    says = "“Check that it fits” is for the broker to do. Nothing was changed."
    assert refused(NotYours, tasks.save_task, **known(row, here, "head"), **fit) == says
    says = "There is no such task in this package. Nothing was changed."
    assert refused(NotThere, tasks.save_task, **known(row, here), key="nothing", values={}) == says
    says = "“Choose a supporter” is done on a page of its own, and is complete by itself then. Nothing was changed."
    assert refused(OutOfTurn, tasks.save_task, **known(row, here), key="supporter", values={}) == says
    says = "There is no such package in this partnership, or it is not yours to see. Nothing was changed."
    assert refused(NotThere, tasks.save_task, **known(row, here, "other head"), **fit) == says
    with pytest.raises(ChangedMeanwhile) as changed:
        tasks.save_task(**known(row, here), **fit, version=99)
    assert changed.value.now == row.version
    assert PackageTask.objects.filter(package=row, key="fit", values__capacity="yes").exists() is False


def test_save_task_knows_only_schools_of_the_register(here: World) -> None:
    from convenor.support.rules.workflows import workflow_from
    from tests.unit.support.test_workflows import small

    raw = small()
    raw["tasks"][0] |= {"who": "broker", "fields": [{"key": "school", "label": "School", "kind": "school"}]}
    row = package(here, "asked", flow=workflow_from(raw))
    says = refused(NoWords, tasks.save_task, **known(row, here), key="call", values={"school": "999999"})
    assert says == "The register knows no school 999999. Nothing was changed."
    tasks.save_task(**known(row, here), key="call", values={"school": "990004"})
    assert PackageTask.objects.get(package=row, key="call").status == "complete"


def test_a_fact_that_ends_takes_the_task_back(here: World) -> None:
    row = package(here, "active")
    assert PackageTask.objects.get(package=row, key="agreement").completed_at is not None
    HeadAgreement.objects.filter(package=row, side="receiving").update(withdrawn_at=AT)
    package_beside.step_level(**known(row, here), up=True, why="More is wanted")
    task = PackageTask.objects.get(package=row, key="accept")
    assert (task.status, task.completed_at) == ("not-started", None)
    assert stored_is_derived(row, here["broker"])


# Moves


def test_move_to_work_begins_the_support(here: World) -> None:
    row = package(here, "agreeing")
    says = refused(Missing, packages.move, **known(row, here), key="begin")
    assert says == (
        "Both heads have not yet agreed to the plan as it stands. Each does so on the page of the plan. What it costs and who pays is not "
        "settled. The broker enters it. An objective has no baseline. Say where it begins before saying where it should end. Nothing was "
        "changed."
    )
    ready = package(here, "active")
    Package.objects.filter(pk=ready.pk).update(state="agreeing", started_on=None, since_on=date(2026, 10, 1))
    Letter.objects.all().delete()
    moved = packages.move(**known(ready, here, "head"), key="begin")
    assert (moved.state, moved.kind, moved.status, moved.started_on, moved.since_on) == ("active", "working", "on-its-way", ON, ON)
    assert Need.objects.get(pk=moved.need_id).state == "answered"
    assert sorted(Letter.objects.values_list("to_name", flat=True)) == ["Bea Marlow", "Hal Rivers", "Sol Carr"]
    assert stored_is_derived(moved, here["broker"])


def test_move_is_refused_without_assurance_in_date(here: World) -> None:
    row = package(here, "active")
    Package.objects.filter(pk=row.pk).update(state="agreeing")
    Assurance.objects.update(valid_until_on=AT.date() - timedelta(days=1))
    says = refused(Missing, packages.move, **known(row, here), key="begin")
    assert (
        says
        == "The supporter’s assurance is not in date. It is renewed in the directory, or the broker chooses again. Nothing was changed."
    )


def test_move_that_ends_support_says_how_far_it_came(here: World) -> None:
    row = package(here, "ending")
    at = MOMENTS["after"]
    row_task = {"key": "sign-off", "values": {"read": "yes"}}
    from tests.factories.support import _evaluated

    _evaluated(row, here, "end", at)
    tasks.save_task(**known(row, here, "manager", at), **row_task)
    says = refused(NoWords, packages.move, **known(row, here, "manager", at), key="close")
    assert says == "Say how far what was agreed came about: met, partly, or not met. None of them is a fault. Nothing was changed."
    moved = packages.move(**known(row, here, "manager", at), key="close", met="not-met")
    assert (moved.state, moved.kind, moved.status, moved.met, moved.ended_on) == ("after", "after", "on-its-way", "not-met", at.date())
    assert moved.next_due_on == date(2027, 8, 17)
    assert stored_is_derived(moved, here["broker"], at)


def test_move_to_another_way_withdraws_the_need(here: World) -> None:
    row = package(here, "asked")
    at = MOMENTS["asked"] + timedelta(days=10)
    tasks.save_task(**known(row, here, at=at), key="visit-to-understand", values={"on": "2026-09-15"})
    tasks.save_task(**known(row, here, at=at), key="diagnosis", values={"found": "It goes well", "decision": "monitor"})
    says = "Say why, in a sentence; both schools can read it. Nothing was changed."
    assert refused(NoWords, packages.move, **known(row, here, at=at), key="other-way") == says
    moved = packages.move(**known(row, here, at=at), key="other-way", why="They have it in hand")
    assert (moved.status, moved.kind, moved.ended_on, moved.met) == ("ended", "ended", at.date(), "")
    assert Need.objects.get(pk=row.need_id).state == "withdrawn"


def test_move_that_is_not_there_is_refused(here: World) -> None:
    row = package(here, "active")
    says = "There is no such step in this package’s workflow. Nothing was changed."
    assert refused(NotThere, packages.move, **known(row, here), key="fly") == says
    says = "“Find a supporter” does not follow from where the package stands. Nothing was changed."
    assert refused(OutOfTurn, packages.move, **known(row, here), key="match") == says


def booked(row: Package, here: World, on: date) -> Visit:
    year = CapacityYear.objects.get(supporter=supporter(here), year="2026-27")
    year.half_days_booked += 2
    year.save()
    return Visit.objects.create(package=row, supporter=supporter(here), on=on, half_days=2)


def test_choosing_somebody_else_lets_the_supporter_go_with_their_days(here: World) -> None:
    row = package(here, "agreeing")
    visit = booked(row, here, date(2026, 11, 24))
    HeadAgreement.objects.create(package=row, side="receiving", plan_version=1, at=AT, by=here.people["head"], by_label="Ada")
    Letter.objects.all().delete()
    moved = packages.move(**known(row, here), key="choose-again", why="They moved away")
    visit.refresh_from_db()
    assert (moved.state, moved.supporter_id, moved.choice_id, visit.cancelled_at) == ("matching", None, None, AT)
    assert CapacityYear.objects.get(supporter=supporter(here), year="2026-27").half_days_booked == 0
    assert HeadAgreement.objects.filter(package=row, withdrawn_at=None).count() == 0
    assert Need.objects.get(pk=row.need_id).state == "open"
    assert sorted(set(Letter.objects.values_list("to_name", flat=True))) == ["Ada Example", "Hal Rivers", "Sol Carr"]
    assert stored_is_derived(moved, here["broker"])


def test_a_move_can_step_the_level_by_the_file(here: World) -> None:
    from convenor.support.rules.workflows import workflow_from
    from tests.unit.support.test_workflows import small

    raw = small(levels=[{"key": "light", "name": "Light"}, {"key": "close", "name": "Close"}])
    raw["moves"][0] |= {"level": "up", "needs": [], "gates": []}
    raw["moves"][1] |= {"level": "down"}
    row = package(here, "asked", flow=workflow_from(raw))
    assert packages.move(**known(row, here), key="begin").level == "close"
    assert packages.move(**known(row, here), key="end", met="met").level == "light"


@pytest.mark.parametrize("state", ["asked", "matching", "checking", "agreeing", "active", "ending", "after", "closed"])
@pytest.mark.parametrize("more", [{}, {"paused": True}, {"stopped": True}])
def test_property_stored_equals_derived_wherever_it_stands(here: World, state: str, more: dict[str, bool]) -> None:
    row = package(here, state, **more)
    assert stored_is_derived(row, here["broker"], MOMENTS[state])


def test_every_refusal_is_of_support_or_of_the_partnership() -> None:
    assert {issubclass(each, SupportRefused) for each in (Missing, NotYours, NoWords, OutOfTurn, Conflict, WrongDay, BadWorkflow)} == {True}
