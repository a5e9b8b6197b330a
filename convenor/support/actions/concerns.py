"""What only some packages have: concerns about taking part, and formal steps of an authority, recorded as having happened."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.support.actions.deployment_rows import running
from convenor.support.actions.package_rows import locked, log, tell
from convenor.support.models import EngagementConcern, FormalStep
from convenor.support.queries.package_tasks import workflow_of
from convenor.support.rules.refusals import NoWords, OutOfTurn, WrongDay
from convenor.support.rules.states import PackageStep, Who
from convenor.support.rules.task_values import beside

NOTHING = "Nothing was changed."
SUMMARY_AT_MOST = 200
DETAILS_AT_MOST = 4000


def raise_concern(
    *, slug: str, package_id: int, summary: str, by: Viewer, at: datetime, details: str = "", version: int | None = None
) -> EngagementConcern:  # fmt: skip
    """The broker, or whoever signs off, writes down a concern about taking part; the school is told, and reads every word.

    Only where the workflow has concerns: raises OutOfTurn elsewhere, where either head may simply stop, and for a package that has ended.
    NotYours, NoWords.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, package_id, by=by, at=at, version=version)
        if not workflow_of(row, viewer=by).concerns:
            raise OutOfTurn(f"This workflow knows no concerns about taking part: either head may stop, and no reason is asked. {NOTHING}")
        beside((Who.BROKER, Who.SIGN_OFF), here.who, True, "Raising a concern")
        running(row)
        kept = _words(summary, SUMMARY_AT_MOST, "Say in a sentence what the concern is")
        found = EngagementConcern.objects.create(
            package=row, summary=kept, details=_words(details, DETAILS_AT_MOST), raised_at=at, raised_by=by.label[:200]
        )
        log(row, PackageStep.CONCERN, by=by, at=at)
        tell(row, Who.RECEIVING, by=by, at=at)
    return found


def resolve_concern(
    *, slug: str, package_id: int, concern_id: int, why: str, by: Viewer, at: datetime, version: int | None = None
) -> EngagementConcern:  # fmt: skip
    """Whoever may raise a concern says how it was resolved. Raises NotThere, OutOfTurn where it was already, NotYours, NoWords."""
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, package_id, by=by, at=at, version=version)
        beside((Who.BROKER, Who.SIGN_OFF), here.who, True, "Resolving a concern")
        found = EngagementConcern.objects.select_for_update(of=("self",)).filter(package=row, pk=concern_id).first()
        if found is None:
            raise NotThere(f"There is no such concern. {NOTHING}")
        if found.resolved_at is not None:
            raise OutOfTurn(f"It was resolved already. {NOTHING}")
        found.resolved_at, found.resolved_why = at, _words(why, DETAILS_AT_MOST, "Say how it was resolved")
        found.save()
        log(row, PackageStep.CONCERN, by=by, at=at)
        tell(row, Who.RECEIVING, by=by, at=at)
    return found


def record_formal_step(
    *, slug: str, package_id: int, what: str, authority: str, taken_on: date, by: Viewer, at: datetime, source: str = "",
    version: int | None = None,
) -> FormalStep:  # fmt: skip
    """Writes down that an authority took a formal step about the school. Nothing is issued by it; the school reads it at once.

    By the broker, whoever signs off, or the school itself. Raises WrongDay for a day to come, NoWords, NotYours.
    """
    allow(by, Permission.PARTNERSHIP_SEE, partnership=slug)
    with transaction.atomic():
        row, here = locked(slug, package_id, by=by, at=at, version=version)
        beside((Who.BROKER, Who.SIGN_OFF, Who.RECEIVING), here.who, True, "Recording a formal step")
        if taken_on > day_of(at):
            raise WrongDay(f"That day has not come. Record a step once it was taken. {NOTHING}")
        found = FormalStep.objects.create(
            partnership=row.partnership, school=row.school, package=row, what=_words(what, 160, "Say what the step was"),
            authority=_words(authority, 160, "Say who took it"), taken_on=taken_on, source=_words(source, 300), recorded_at=at,
            recorded_by=by.label[:200],
        )  # fmt: skip
        log(row, PackageStep.FORMAL, by=by, at=at)
        tell(row, Who.RECEIVING, by=by, at=at)
    return found


def _words(text: str, most: int, needed: str = "") -> str:
    kept = text.strip()
    if needed and not kept:
        raise NoWords(f"{needed}. {NOTHING}")
    if len(kept) > most:
        raise NoWords(f"There are {len(kept)} characters; {most} fit. {NOTHING}")
    return kept
