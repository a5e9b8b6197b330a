"""Asking a colleague of the same school to do a thing: who may is settled by the posts they hold, not by the asking."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.queries.today import Colleague, colleagues
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.post.actions import enqueue


def ask_colleague(*, slug: str, urn: str, person_id: int, what: str, address: str, by: Viewer, at: datetime) -> Colleague:
    """Send somebody of the same school a letter that something waits, and where. It gives them no right that they have not got.

    `what` is the thing's title and `address` the whole web address of their own page. Raises NotThere when that person holds no
    post at the school today, or no letter reaches them.
    """
    allow(by, Permission.SCHOOL_ACT, partnership=slug, urn=urn)
    asked = next((one for one in colleagues(viewer=by, on=day_of(at), urn=urn) if one.person_id == person_id), None)
    if asked is None:
        raise NotThere("Nobody whom a letter reaches holds that post at the school today. Nothing was sent.")
    with transaction.atomic():
        journal.record(
            by=by, at=at, verb="task.given", subject_kind="person", subject_key=str(person_id), subject_label=asked.name,
            partnership=slug, urn=urn, detail={"what": what[:200]},
        )  # fmt: skip
        enqueue(
            by=by, at=at, to_address=asked.email, to_name=asked.name, kind="task-given", partnership=slug,
            subject=f"{by.name} asks you to do something",
            body=f"Dear {asked.name},\n\n{by.label}, asks whether you could do this for the school:\n\n{what}\n\n"
            f"It waits on your own page: {address}\n",
        )  # fmt: skip
    return asked
