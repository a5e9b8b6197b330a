"""Noting that a school took part."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from convenor.journal import actions as journal
from convenor.partnership.gate import NotAllowed, Viewer, allow, day_of
from convenor.partnership.models import BodySchool, Engagement, Membership
from convenor.partnership.queries.holdings import in_force
from convenor.partnership.roles import Permission
from convenor.partnership.rules.engagement import Kind
from convenor.partnership.rules.refusals import NotThere, WrongDays


def record_engagement(
    *, slug: str, urn: str, kind: str, what: str, on: date, by: Viewer | str, at: datetime, source: str = ""
) -> Engagement:
    """A member school attended, reviewed, answered or offered something on a day.

    `source` is the key of the record in the feature that tells it: told twice, it counts once. The manager may note it for
    any member, the lead of a body for the schools in it. Raises NotThere when the school was no member that day or the kind
    is unknown, WrongDays for a day to come.
    """
    allow(by, Permission.ENGAGEMENT_RECORD, partnership=slug)
    if isinstance(by, Viewer) and not by.may(Permission.MEMBER_ADMIT):
        mine = BodySchool.objects.filter(in_force(on), body__in=by.bodies(Permission.ENGAGEMENT_RECORD), school=urn)
        if not mine.exists():
            raise NotAllowed("You can note this only for schools in a body you lead. Nothing was changed.")
    if kind not in set(Kind):
        raise NotThere(f"A school attends, reviews, answers or offers; {kind} is none of these. Nothing was changed.")
    if on > day_of(at):
        raise WrongDays("That day is still to come. Nothing was changed.")
    membership = Membership.objects.filter(in_force(on), partnership__slug=slug, school=urn).select_related("school").first()
    if membership is None:
        raise NotThere("The school was not a member on that day. Nothing was changed.")
    with transaction.atomic():
        values = {"partnership_id": membership.partnership_id, "school_id": urn, "kind": kind}
        if source:
            row, new = Engagement.objects.get_or_create(**values, source=source, defaults={"what": what[:200], "on": on})
        else:
            row, new = Engagement.objects.create(**values, what=what[:200], on=on), True
        if new:
            journal.record(
                by=by, at=at, verb=f"school.{kind}", subject_kind="school", subject_key=urn, subject_label=membership.school.name,
                partnership=slug, urn=urn, detail={"what": what[:200], "on": on.isoformat()},
            )  # fmt: skip
    return row
