"""Support in Fernshire: a broker, a school that asks, a supporter whom another school lends, and a package at any point of its way.

The rows are written directly, so that a test of one part depends on no other. `supporting()` gives the people; `package(here, "active")`
stands in a state of the whole way (`lifecycle`), with everything that brought it there; `MOMENTS["active"]` is when it came there.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from convenor.partnership.actions import take_post
from convenor.partnership.gate import viewer_for
from convenor.support.actions.package_rows import derive
from convenor.support.models import (
    Assurance,
    CapacityYear,
    Choice,
    Evaluation,
    HeadAgreement,
    Need,
    NoteMark,
    NoteOfVisit,
    Objective,
    Package,
    PackageCost,
    PackageLog,
    PackageTask,
    ProgressReview,
    Supporter,
    Visit,
)
from convenor.support.rules.states import (
    Accuracy,
    AssuranceKind,
    Met,
    NeedOrigin,
    NeedState,
    PackageStatus,
    PackageStep,
    Payer,
    Progress,
    ReviewDecision,
    SupporterKind,
    TaskStatus,
    Who,
)
from convenor.support.rules.workflows import Workflow, workflow
from tests.factories.partnership import AT, ON, SLUG, World, someone, world
from tests.factories.remembered import remembered

__all__ = [
    "AT", "LENDER", "MOMENTS", "ON", "RECEIVER", "SECRETS", "SLUG", "WAY", "World", "need", "package", "supporter", "supporting",
]  # fmt: skip

#: The school that asks: its people are "head", "school leader", "chair of governors".
RECEIVER = "990001"
#: The school that lends the supporter: its head is "lender"; the supporter is "supporter" (also "system leader").
LENDER = "990003"
#: Words that only some may read: a leak test looks for each.
SECRETS = {
    "need": "Our youngest readers fall behind by spring.",
    "diagnosis": "Phonics is taught in three different ways.",
    "objective": "One way of teaching phonics in every class",
    "baseline": "Eleven of thirty read at the expected level",
    "note": "Two lessons seen; the third was kinder than the first.",
    "dispute": "The third lesson was a cover lesson.",
    "review": "Behind with training, since two teachers were ill.",
    "evaluation": "Every class now teaches it in one way.",
    "choice": "She has done this in a school like theirs.",
}
WAY = ("asked", "matching", "checking", "agreeing", "active", "ending", "after", "closed")
#: When the package came to each state, so that everything was in time.
MOMENTS: dict[str, datetime] = {
    "asked": datetime(2026, 9, 7, 9, 0, tzinfo=UTC),
    "matching": datetime(2026, 9, 21, 9, 0, tzinfo=UTC),
    "checking": datetime(2026, 9, 22, 9, 0, tzinfo=UTC),
    "agreeing": datetime(2026, 9, 28, 9, 0, tzinfo=UTC),
    "active": datetime(2026, 10, 12, 9, 0, tzinfo=UTC),
    "ending": datetime(2026, 12, 7, 9, 0, tzinfo=UTC),
    "after": datetime(2026, 12, 17, 9, 0, tzinfo=UTC),
    "closed": datetime(2027, 7, 5, 9, 0, tzinfo=UTC),
}


@remembered
def supporting() -> World:
    """Fernshire with "lender" (Hal Rivers, head of 990003) and "supporter" (Sol Carr, whom that school lends) besides everybody else."""
    here = world()
    lender = someone("Hal Rivers")
    take_post(
        slug=SLUG, role="head", title="Headteacher", person_id=lender.pk, urn=LENDER, from_on=date(2025, 9, 1), by="the test", at=AT
    )  # fmt: skip
    here.people["lender"], here.viewers["lender"] = lender, viewer_for(lender, on=ON)
    here.people["supporter"], here.viewers["supporter"] = here.people["system leader"], here.viewers["system leader"]
    return here


def supporter(here: World, who: str = "supporter", *, school: str | None = LENDER, half_days: int = 30, **more: Any) -> Supporter:
    """Somebody of `here.people` in the directory, once: assured until 2028-08-31, with half days in 2026-27 and 2027-28."""
    given: dict[str, Any] = {
        "kind": SupporterKind.PERSON.value, "name": here.people[who].name, "school_id": school, "designations": ["sle"],
        "expertise": ["reading", "writing"], "phases": ["Primary"], "formats": ["coaching", "visits"], "from_on": date(2025, 9, 1),
    }  # fmt: skip
    row, made = Supporter.objects.get_or_create(partnership=here.partnership, person=here.people[who], until_on=None, defaults=given | more)
    if made:
        assured(row)
        for year in ("2026-27", "2027-28"):
            CapacityYear.objects.create(supporter=row, year=year, half_days_offered=half_days)
    return row


def assured(row: Supporter, *, until_on: date = date(2028, 8, 31)) -> Assurance:
    """An assurance by the alliance's panel from 2026-09-01."""
    return Assurance.objects.create(
        supporter=row, kind=AssuranceKind.LOCAL_PANEL.value, assurer="The alliance’s panel", source="Panel of 1 September 2026",
        assured_on=min(date(2026, 9, 1), until_on), valid_until_on=until_on, recorded_at=AT, recorded_by="the test",
    )  # fmt: skip


def need(here: World, *, school: str = RECEIVER, **more: Any) -> Need:
    """A need that a school asked for itself: reading, by visits, six half days."""
    given: dict[str, Any] = {
        "origin": NeedOrigin.SCHOOL.value, "state": NeedState.OPEN.value, "themes": ["reading"], "formats": ["visits"],
        "words": SECRETS["need"], "half_days": 6, "budget_pence": 300_000, "payer": Payer.RECEIVING.value, "broker": here.people["broker"],
        "asked_at": datetime(2026, 9, 4, 9, 0, tzinfo=UTC), "asked_by": "Ada Example, headteacher",
    }  # fmt: skip
    return Need.objects.create(partnership=here.partnership, school_id=school, **given | more)


def package(
    here: World, state: str = "active", *, school: str = RECEIVER, given_by: Supporter | None = None, flow: Workflow | None = None,
    paused: bool = False, stopped: bool = False, **more: Any,
) -> Package:  # fmt: skip
    """A package that stands in a state of WAY, its rows as they would be; paused or stopped there if asked.

    With a `flow` of one's own it merely stands in that flow's state, with a need and (unless `given_by` is None) no more than a supporter.
    """
    kept = flow or workflow("lifecycle")
    asked = need(here, school=school)
    row = Package.objects.create(
        partnership=here.partnership, school_id=school, need=asked, broker=here.people["broker"], title="Reading in the first years",
        workflow_key=kept.key, workflow_version=kept.version, workflow=kept.as_dict(), state=kept.first.key, kind=kept.first.kind.value,
        status=PackageStatus.WAITS.value, level=kept.levels[0].key if kept.levels else "", opened_on=MOMENTS["asked"].date(),
        since_on=MOMENTS["asked"].date(), **more,
    )  # fmt: skip
    if flow is not None:
        _moved(row, state, MOMENTS["asked"], here, given_by)
    else:
        for each in WAY[: WAY.index(state) + 1]:
            _come_to(row, each, here, given_by)
    moment = MOMENTS.get(state, MOMENTS["asked"])
    if paused:
        row.paused_on = moment.date()
    if stopped:
        row.met, row.ended_on = Met.STOPPED.value, moment.date()
    row.save()
    derive(row, by=here["broker"], at=moment)
    return row


def _moved(row: Package, state: str, at: datetime, here: World, given_by: Supporter | None = None) -> None:
    if given_by is not None:
        row.supporter = given_by
    first = not PackageLog.objects.filter(package=row).exists()
    row.state, row.since_on = state, at.date()
    row.save()
    _written(row, PackageStep.OPENED if first else PackageStep.MOVED, at, here)


def _written(row: Package, step: PackageStep, at: datetime, here: World) -> None:
    broker = here["broker"]
    PackageLog.objects.create(
        package=row, step=step.value, state=row.state, at=at, by_key=str(broker.person_id), by_label=broker.label[:200]
    )  # fmt: skip


def _entered(row: Package, key: str, values: dict[str, Any], at: datetime) -> None:
    task = workflow("lifecycle").task(key)
    PackageTask.objects.create(
        package=row, key=key, status=TaskStatus.COMPLETE.value, who=task.who.value, values=values, completed_at=at, saved_by="the test"
    )  # fmt: skip


def _come_to(row: Package, state: str, here: World, given_by: Supporter | None) -> None:
    """What was written down on the way into a state."""
    at, on = MOMENTS[state], MOMENTS[state].date()
    _moved(row, state, at, here)
    if state == "matching":
        _entered(row, "visit-to-understand", {"on": "2026-09-15"}, datetime(2026, 9, 15, 15, 0, tzinfo=UTC))
        _entered(row, "diagnosis", {"found": SECRETS["diagnosis"], "decision": "match"}, datetime(2026, 9, 17, 15, 0, tzinfo=UTC))
    elif state == "checking":
        row.supporter = given_by or supporter(here)
        row.choice = Choice.objects.create(
            need=row.need, supporter=row.supporter, why=SECRETS["choice"], explained=["Knows early reading well."], at=at,
            by=here.people["broker"],
        )  # fmt: skip
        Need.objects.filter(pk=row.need_id).update(state=NeedState.CHOSEN.value)
        _written(row, PackageStep.CHOSEN, at, here)
    elif state == "agreeing":
        _entered(row, "fit", {"capacity": "yes", "willing": "yes", "interest": "yes"}, datetime(2026, 9, 25, 15, 0, tzinfo=UTC))
        _entered(row, "contact", {"on": "2026-09-25", "how": "call"}, datetime(2026, 9, 25, 16, 0, tzinfo=UTC))
    elif state == "active":
        _agreed(row, here)
        row.started_on = on
        Need.objects.filter(pk=row.need_id).update(state=NeedState.ANSWERED.value)
    elif state == "ending":
        _visited(row, here)
    elif state == "after":
        _ended(row, here)
        row.ended_on, row.met = on, Met.PARTLY.value
    elif state == "closed":
        _evaluated(row, here, "six-months", datetime(2027, 7, 1, 9, 0, tzinfo=UTC))
    row.save()


def _agreed(row: Package, here: World) -> None:
    Objective.objects.create(
        package=row, number=1, area="reading", title=SECRETS["objective"], owner="Reading lead", measure="Children at the expected level",
        baseline=SECRETS["baseline"], baseline_on=date(2026, 9, 30), baseline_n=30, target="Twenty of thirty",
        target_by_on=date(2027, 5, 28), half_days=6,
    )  # fmt: skip
    PackageCost.objects.create(
        package=row, what="Six half days", payer=Payer.RECEIVING.value, payer_named="The school", half_days=6, day_pence=35_000,
        broker_share=1500, broker_pence=15_750, pence=105_000, agreed_on=date(2026, 10, 5),
    )  # fmt: skip
    at = datetime(2026, 10, 8, 9, 0, tzinfo=UTC)
    for side, who in ((Who.RECEIVING, "head"), (Who.SUPPLYING, "lender")):
        HeadAgreement.objects.create(
            package=row, side=side.value, plan_version=1, at=at, by=here.people[who], by_label=here[who].label[:200]
        )  # fmt: skip


def _visited(row: Package, here: World) -> None:
    assert row.supporter is not None
    visit = Visit.objects.create(
        package=row, supporter=row.supporter, on=date(2026, 11, 4), half_days=1, what="Lessons in year 1", objectives=[1],
        delivered_on=date(2026, 11, 4),
    )  # fmt: skip
    note = NoteOfVisit.objects.create(
        visit=visit, number=1, seen=SECRETS["note"], agreed="Train the two new teachers", at=datetime(2026, 11, 6, 9, 0, tzinfo=UTC),
        by=here.people["supporter"],
    )  # fmt: skip
    NoteMark.objects.create(
        note=note, accuracy=Accuracy.NOT_ACCURATE.value, words=SECRETS["dispute"], at=datetime(2026, 11, 9, 9, 0, tzinfo=UTC),
        by=here.people["head"],
    )  # fmt: skip
    ProgressReview.objects.create(
        package=row, held_on=date(2026, 12, 1), decision=ReviewDecision.EXIT.value, words=SECRETS["review"],
        ratings=[{"number": 1, "progress": Progress.AMBER.value, "words": SECRETS["review"]}], at=datetime(2026, 12, 1, 15, 0, tzinfo=UTC),
        by=here.people["supporter"],
    )  # fmt: skip


def _ended(row: Package, here: World) -> None:
    _evaluated(row, here, "end", datetime(2026, 12, 14, 9, 0, tzinfo=UTC))
    _entered(row, "sign-off", {"read": "yes"}, datetime(2026, 12, 16, 9, 0, tzinfo=UTC))


def _evaluated(row: Package, here: World, moment: str, at: datetime) -> None:
    Evaluation.objects.create(
        package=row, side=Who.RECEIVING.value, moment=moment, useful=4, worth=4, words=SECRETS["evaluation"],
        objectives=[{"number": 1, "met": Met.PARTLY.value, "evidence": SECRETS["evaluation"]}], at=at, by=here.people["head"],
    )  # fmt: skip
