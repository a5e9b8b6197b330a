"""Freezing a set of similar schools that somebody relies on. Sets are worked out with the run over all England (`running`)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from convenor.intelligence.models import FrozenSet
from convenor.intelligence.queries import similar as queries
from convenor.intelligence.queries.similar import CONVENOR
from convenor.intelligence.rules import similar as rules
from convenor.journal import actions as journal
from convenor.partnership.gate import Permission, Viewer, allow
from convenor.partnership.queries.keys import partnership_id


def freeze_set(*, slug: str, urn: str, purpose: str, by: Viewer | str, at: datetime, method: str = CONVENOR, n: int = 30) -> FrozenSet:
    """Keep a school's similar schools as they stand, for a stated purpose. Later runs never change it.

    For the school's own people and for brokers. Raises rules.SetRefused where there is no purpose or the school has no similar schools.
    """
    if isinstance(by, str) or not by.may(Permission.SCHOOL_RECORD_SEE, urn=urn):
        allow(by, Permission.CONVERSATION_HOLD, partnership=slug)
    else:
        allow(by, Permission.SCHOOL_RECORD_SEE, partnership=slug, urn=urn)
    if not purpose.strip():
        raise rules.SetRefused("Say what the set is for. Nothing was kept.")
    found = queries.similar_to(urn, n=n, method=method, viewer=by)
    if found is None or not found.schools:
        raise rules.SetRefused("This school has no similar schools yet: load its census figures first. Nothing was kept.")
    with transaction.atomic():
        kept = FrozenSet.objects.create(
            partnership_id=partnership_id(slug), urn=urn, purpose=purpose.strip(), method=method, run=found.run,
            members=[[each.urn, each.distance] for each in found.schools],
            axes=[{"key": each.key, "measure": each.axis.measure, "weight": each.weight, "value": each.value, "period": each.period,
                   "editions": list(each.editions)} for each in found.axes],
            frozen_at=at, frozen_by=by if isinstance(by, str) else by.label,
        )  # fmt: skip
        journal.record(
            by=by, at=at, verb="similar.frozen", subject_kind="school", subject_key=urn, subject_label=found.name, partnership=slug,
            urn=urn, why=purpose.strip(),
        )  # fmt: skip
    return kept
