"""Evaluations of a package, by both sides: at the end, and six and twelve months after."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.support.actions.deployment_rows import held, writer
from convenor.support.actions.package_rows import log, tell
from convenor.support.models import Evaluation, Objective
from convenor.support.queries.evaluation import closing
from convenor.support.queries.standing import PackageHere
from convenor.support.rules.evaluation import Moment, Said, check_moment, check_said, overall
from convenor.support.rules.ownership import Sight
from convenor.support.rules.refusals import OutOfTurn
from convenor.support.rules.states import Met, PackageStep, Who


def evaluate(
    *, slug: str, package_id: int, moment: Moment, said: Said, by: Viewer, at: datetime, version: int | None = None
) -> Evaluation:  # fmt: skip
    """One side says what came of it; once for each moment, and it stands. How far the plan came in all is what the receiving school says
    at the end; a package that was stopped stays stopped.

    Raises OutOfTurn before its time or a second time; Missing, WrongSum, NoWords; what `held` raises.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, here = held(
            slug, package_id, Who.RECEIVING, Who.SUPPLYING, Who.SUPPORTER, sight=Sight.EVALUATION, by=by, at=at, version=version
        )  # fmt: skip
        side = side_of(here)
        check_moment(moment, closing=closing(row, viewer=by), ended_on=row.ended_on, today=day_of(at))
        if Evaluation.objects.filter(package=row, side=side.value, moment=moment.value).exists():
            raise OutOfTurn("Your side has evaluated this package already, and its words stand. Nothing was changed.")
        numbers = sorted(Objective.objects.filter(package=row, ended_on=None).values_list("number", flat=True))
        kept = check_said(said, side=side, objectives=numbers, moment=moment)
        made = Evaluation.objects.create(
            package=row, side=side.value, moment=moment.value, objectives=[each.as_dict() for each in kept.came], useful=kept.useful,
            worth=kept.worth, words=kept.words, lesson=kept.lesson, at=at, by_id=writer(by),
        )  # fmt: skip
        if side is Who.RECEIVING and moment is Moment.END and row.met != Met.STOPPED.value:
            row.met = overall(kept.came) or ""
        log(row, PackageStep.EVALUATED, by=by, at=at, after={"side": side.value, "moment": moment.value})
        tell(row, Who.RECEIVING, Who.SUPPLYING, Who.BROKER, Who.COORDINATOR, by=by, at=at)
    return made


def side_of(here: PackageHere) -> Who:
    """For which side they speak at the end: the receiving school, or the supporter and whoever lends them."""
    return Who.RECEIVING if here.acts_as(Who.RECEIVING) else Who.SUPPLYING
