"""The set-up of a partnership, as whoever runs it sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.consultation.models import SetUpPlan, SetUpStep
from convenor.consultation.rules.journeys import Standing, standing
from convenor.consultation.rules.states import StepState
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class StepSeen:
    """One step, on the day of looking."""

    key: str
    name: str
    says: str
    state: StepState
    starts_on: date
    due_on: date
    done_on: date | None
    owner: str
    note: str
    leads_to: str
    late: bool
    next: bool


@dataclass(frozen=True, slots=True)
class SetUpSeen:
    """The plan; `steps` is empty before it has begun."""

    journey: str
    starts_on: date | None
    version: int
    steps: tuple[StepSeen, ...]
    standing: Standing | None


def set_up(slug: str, *, viewer: Viewer, at: date | datetime) -> SetUpSeen | None:
    """The set-up of a partnership; None for whoever does not run it. Two queries."""
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.SET_UP_RUN):
        return None
    plan = SetUpPlan.objects.filter(partnership__slug=slug).first()
    if plan is None:
        return SetUpSeen("", None, 0, (), None)
    rows = list(SetUpStep.objects.filter(plan=plan).order_by("order"))
    stands = standing([(row.key, StepState(row.state), row.due_on) for row in rows], on=day_of(at))
    return SetUpSeen(plan.journey, plan.starts_on, plan.version, tuple(_seen(row, stands) for row in rows), stands)


def _seen(row: SetUpStep, stands: Standing) -> StepSeen:
    return StepSeen(
        row.key, row.name, row.says, StepState(row.state), row.starts_on, row.due_on, row.done_on, row.owner, row.note, row.leads_to,
        row.key in stands.late, row.key == stands.next_key,
    )  # fmt: skip
