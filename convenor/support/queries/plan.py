"""The plan of a package as somebody may see it: objectives with their newest ratings, who agrees, and what was changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.peer_review.rules.themes import name_of
from convenor.support.models import HeadAgreement, Objective, PackageLog, ProgressReview
from convenor.support.queries.agreements import agreed_of
from convenor.support.queries.costs import costs_of
from convenor.support.queries.standing import PackageHere
from convenor.support.rules.ownership import Sight
from convenor.support.rules.plan import Agreed, Goal
from convenor.support.rules.progress import Rating, owes_change, rating_from
from convenor.support.rules.states import PackageStep, ReviewDecision, Who

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class ObjectiveSeen:
    """One objective with its newest rating, if it was ever rated, and the day of that."""

    number: int
    goal: Goal
    area: str
    ended_on: date | None
    rating: Rating | None
    rated_on: date | None


@dataclass(frozen=True, slots=True)
class AgreementSeen:
    """One agreement that stands: which side, to which version, when and by whom."""

    side: Who
    version: int
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class ChangeSeen:
    """One change of the plan: when, by whom and why; `of` says whether objectives or money changed."""

    version: int
    at: datetime
    by: str
    why: str
    of: str


@dataclass(frozen=True, slots=True)
class PlanSeen:
    """The plan: its objectives, those that ended, the agreements, its changes, newest first. `owes`: a review decided to change it and
    nobody has. `costs`: how many lines say what it costs."""

    objectives: tuple[ObjectiveSeen, ...]
    ended: tuple[ObjectiveSeen, ...]
    agreed: Agreed
    agreements: tuple[AgreementSeen, ...]
    changes: tuple[ChangeSeen, ...]
    owes: bool
    costs: int

    @property
    def goals(self) -> list[Goal]:
        """The objectives that run, as the rules read them."""
        return [each.goal for each in self.objectives]

    def agreement(self, side: Who) -> AgreementSeen | None:
        """What stands of one side."""
        return next((each for each in self.agreements if each.side is side), None)


def plan(here: PackageHere, *, viewer: Viewer) -> PlanSeen | None:
    """The plan of a package; None for whoever may not see it. Seven queries."""
    if not here.sees(Sight.PLAN):
        return None
    reviews = list(ProgressReview.objects.filter(package_id=here.pk).order_by("held_on", "id"))
    ratings: dict[int, tuple[Rating, date]] = {}
    for each in reviews:
        for raw in each.ratings:
            found = rating_from(raw)
            ratings[found.number] = (found, each.held_on)
    seen = [_seen(each, ratings) for each in Objective.objects.filter(package_id=here.pk).order_by("number")]
    changes = _changes(here.pk)
    last = reviews[-1] if reviews else None
    owes = owes_change(
        ReviewDecision(last.decision) if last else None, reviewed_at=last.at if last else None,
        plan_changed_at=next((each.at for each in changes if each.of == "objectives"), None),
    )  # fmt: skip
    stands = HeadAgreement.objects.filter(package_id=here.pk, withdrawn_at=None).order_by("at")
    return PlanSeen(
        tuple(each for each in seen if each.ended_on is None),
        tuple(each for each in seen if each.ended_on is not None),
        agreed_of(here.pk, viewer=viewer),
        tuple(AgreementSeen(Who(each.side), each.plan_version, each.at, each.by_label) for each in stands),
        changes,
        owes,
        len(costs_of(here.pk, viewer=viewer)),
    )


def _seen(row: Objective, ratings: dict[int, tuple[Rating, date]]) -> ObjectiveSeen:
    rating, on = ratings.get(row.number, (None, None))
    return ObjectiveSeen(row.number, row.goal, name_of(row.area), row.ended_on, rating, on)


def _changes(package_id: int) -> tuple[ChangeSeen, ...]:
    rows = PackageLog.objects.filter(package_id=package_id, step=PackageStep.PLAN_CHANGED.value).order_by("at", "id")
    found = []
    for number, each in enumerate(rows, 2):
        about = each.after or each.before or {}
        found.append(ChangeSeen(number, each.at, each.by_label, each.why, "money" if "cost" in about else "objectives"))
    return tuple(reversed(found))
