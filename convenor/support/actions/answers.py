"""A school says what it can offer and what it wants to learn."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from convenor.england.school_years import school_year_of
from convenor.journal import actions as journal
from convenor.partnership.actions import record_engagement
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.queries.keys import partnership_id
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.support.models import SchoolAnswer
from convenor.support.queries.supporters import member_names
from convenor.support.rules.answers import Answer, check_answer
from convenor.support.rules.refusals import ChangedMeanwhile


def answer_year(*, slug: str, urn: str, answer: Answer, version: int, by: Viewer, at: datetime) -> SchoolAnswer:
    """A school's answer for the school year of the day, for the first time (`version` 0) or anew.

    Raises NotAllowed, NotThere for a school that is no member, ChangedMeanwhile where a colleague answered since it was read, NoWords,
    WrongSum.
    """
    allow(by, Permission.SUPPORT_ASK, partnership=slug, urn=urn)
    if urn not in dict(member_names(viewer=by, at=at)):
        raise NotThere("That school is no member of the partnership today. Nothing was changed.")
    kept, year = check_answer(answer), school_year_of(day_of(at)).label
    with transaction.atomic():
        here = partnership_id(slug)
        row, made = SchoolAnswer.objects.get_or_create(
            partnership_id=here, school_id=urn, year=year, defaults={"answered_at": at, "answered_by": by.label[:200], "version": 0}
        )
        row = SchoolAnswer.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if row.version != version and not made:
            raise ChangedMeanwhile(
                f"{row.answered_by} answered for your school while you had this open. Yours still stands below: look again, then send it.",
                now=row.version,
            )
        row.offers, row.wants, row.words = list(kept.offers), list(kept.wants), kept.words
        row.half_days, row.ring, row.version = kept.half_days, kept.ring, row.version + 1
        row.answered_at, row.answered_by = at, by.label[:200]
        row.save()
        record_engagement(
            slug=slug, urn=urn, kind="answered", what=f"What we offer and want to learn, {year}", on=day_of(at), by="the system", at=at,
            source=f"support-answer-{year}",
        )  # fmt: skip
        journal.record(
            by=by, at=at, verb="support.answered", subject_kind="school-answer", subject_key=row.pk, subject_label=row.school.name,
            partnership=slug, urn=urn,
        )  # fmt: skip
    return row
