"""Taking over what an older log says of support given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.queries.keys import partnership_id
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.registers.queries.known import names_of
from convenor.support.models import EarlierSupport
from convenor.support.rules.earlier import EarlierLine, check_earlier


def record_earlier(*, slug: str, lines: Iterable[EarlierLine], by: Viewer | str, at: datetime) -> int:
    """Takes over lines of an older log, all or none, with one line of the journal for each school; how many. No letter leaves.

    Whoever brings in what the partnership has may. Raises NotAllowed, NotThere for a school that the register does not know, NoWords,
    WrongDay, WrongSum.
    """
    allow(by, Permission.MOVE_IN, partnership=slug)
    asked = [check_earlier(each, on=day_of(at)) for each in lines]
    names = names_of({each.urn for each in asked}, viewer=by)
    unknown = sorted({each.urn for each in asked} - set(names))
    if unknown:
        raise NotThere(f"No loaded edition of the register knows a school with URN {unknown[0]}. Nothing was changed.")
    with transaction.atomic():
        here = partnership_id(slug)
        EarlierSupport.objects.bulk_create(
            EarlierSupport(
                partnership_id=here, school_id=each.urn, from_on=each.from_on, until_on=each.until_on, who=each.who, what=each.what,
                half_days=each.half_days, pence=each.pence, note=each.note, status=each.status, source=each.source, recorded_at=at,
                recorded_by=(by if isinstance(by, str) else by.label)[:200],
            )
            for each in asked
        )  # fmt: skip
        for urn, count in Counter(each.urn for each in asked).items():
            journal.record(
                by=by, at=at, verb="support.taken-over", subject_kind="earlier-support", subject_key=urn,
                subject_label=names[urn][0], partnership=slug, urn=urn, detail={"lines": count},
            )  # fmt: skip
    return len(asked)
