"""What others could learn from a package: it goes into the directory only in words to which both heads agree."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from convenor.partnership.gate import Viewer, allow
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.support.actions.deployment_rows import held, speaks_for
from convenor.support.actions.package_rows import NOT_THERE, log, tell
from convenor.support.models import Evaluation, Package
from convenor.support.queries.evaluation import lesson_side, lesson_stands
from convenor.support.rules.evaluation import Lesson, Moment, check_lesson
from convenor.support.rules.ownership import Sight
from convenor.support.rules.refusals import OutOfTurn
from convenor.support.rules.states import PackageStep, Who


def share_lesson(*, slug: str, package_id: int, words: str, read: str, by: Viewer, at: datetime) -> Lesson:
    """A side agrees that others read these words; the directory shows them once the other side agrees to the very same.

    Whoever changes the words leaves the other side to agree anew. `read` is what stood there. Raises OutOfTurn, NoWords, NotYours.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, here = held(slug, package_id, Who.RECEIVING, Who.SUPPLYING, sight=Sight.EVALUATION, by=by, at=at)
        side, own = speaks_for(here, by), {each.side: each for each in Evaluation.objects.filter(package=row, moment=Moment.END.value)}
        stands = lesson_stands(row.pk, viewer=by)
        kept = check_lesson(words, evaluated=side.value in own, read=read, stands=stands.words)
        mine = own[side.value]
        mine.lesson, mine.lesson_shared = kept, True
        mine.save(update_fields=["lesson", "lesson_shared"])
        if kept != stands.words:
            Evaluation.objects.filter(package=row, moment=Moment.END.value).exclude(pk=mine.pk).update(lesson_shared=False)
        log(row, PackageStep.EVALUATED, by=by, at=at, after={"side": side.value, "lesson": True})
        tell(row, Who.SUPPLYING if side is Who.RECEIVING else Who.RECEIVING, by=by, at=at)
    return lesson_stands(row.pk, viewer=by)


def take_back_lesson(*, slug: str, package_id: int, by: Viewer, at: datetime) -> Lesson:
    """A side no longer agrees, and the directory no longer shows it; no reason is asked. At any time: also where the package itself has
    closed to the side that lent. Raises OutOfTurn where it never agreed; NotThere for whoever speaks for neither side."""
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        rows = Package.objects.select_for_update(of=("self",)).select_related("partnership", "school", "supporter", "need", "choice")
        row = rows.filter(partnership__slug=slug, pk=package_id).first()
        side = lesson_side(row, viewer=by) if row is not None else None
        if row is None or side is None:
            raise NotThere(NOT_THERE)
        mine = Evaluation.objects.filter(package=row, moment=Moment.END.value, side=side.value, lesson_shared=True)
        if not mine.update(lesson_shared=False):
            raise OutOfTurn("Your side has not agreed to a lesson. Nothing was changed.")
        log(row, PackageStep.EVALUATED, by=by, at=at, after={"side": side.value, "lesson": False})
    return lesson_stands(row.pk, viewer=by)
