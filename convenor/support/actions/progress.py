"""Progress reviews of a package: how each objective goes, and whether to go on, change or leave."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.support.actions.deployment_rows import WORKING, held, not_resting, running, writer
from convenor.support.actions.package_rows import log, tell
from convenor.support.models import Objective, ProgressReview
from convenor.support.rules.ownership import Sight
from convenor.support.rules.progress import Review, check_review
from convenor.support.rules.states import PackageStep, Who


def hold_review(
    *, slug: str, package_id: int, review: Review, by: Viewer, at: datetime, version: int | None = None
) -> ProgressReview:  # fmt: skip
    """Writes down a progress review; everybody of the package is told that something waits.

    Raises what `check_review` raises (a review before its baseline among it), what `held` raises, OutOfTurn for one that ended or rests.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, _ = held(slug, package_id, *WORKING, sight=Sight.REVIEWS, by=by, at=at, version=version)
        running(row)
        not_resting(row, day_of(at))
        baselines = dict(Objective.objects.filter(package=row, ended_on=None).values_list("number", "baseline_on"))
        kept = check_review(review, baselines=baselines, began_on=row.started_on, today=day_of(at))
        made = ProgressReview.objects.create(
            package=row, held_on=kept.held_on, ratings=[each.as_dict() for each in kept.ratings], decision=kept.decision.value,
            words=kept.words, next_on=kept.next_on, at=at, by_id=writer(by),
        )  # fmt: skip
        log(row, PackageStep.REVIEWED, by=by, at=at, after={"review": made.pk, "decision": kept.decision.value})
        tell(row, Who.RECEIVING, Who.SUPPLYING, Who.SUPPORTER, Who.BROKER, by=by, at=at)
    return made
