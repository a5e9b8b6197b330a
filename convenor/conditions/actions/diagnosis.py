"""A reading of the system by a head or an officer. Who read how is written down nowhere but in the row: the journal is read by others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from convenor.conditions.models import DiagnosisReading
from convenor.conditions.rules import diagnosis as rules
from convenor.conditions.rules.refusals import ChangedMeanwhile
from convenor.england.school_years import school_year_of
from convenor.partnership.gate import NotAllowed, Viewer, allow, day_of
from convenor.partnership.queries.keys import partnership_id
from convenor.partnership.roles import Permission


def send_reading(*, slug: str, answers: Mapping[str, str], version: int, by: Viewer, at: datetime) -> DiagnosisReading:
    """One's reading of the system in this school year, for the first time (`version` 0) or anew while it is not counted.

    Raises NotAllowed for whoever is neither head nor officer, NoWords, NotOpen once it is counted, ChangedMeanwhile.
    """
    allow(by, Permission.CONDITIONS_SAY, partnership=slug)
    side = rules.side_of([each.role for each in by.holdings])
    if side is None:
        raise NotAllowed("The two readings are those of heads and of officers of the authority. Nothing was changed.")
    asked = rules.framework()
    given = rules.check_answers(answers, asked)
    with transaction.atomic():
        year, here = school_year_of(day_of(at)).start_year, partnership_id(slug)
        rows = DiagnosisReading.objects.select_for_update(of=("self",)).filter(partnership_id=here, framework=asked.label, school_year=year)
        mine = rows.filter(person_id=by.person_id or 0).first()
        now = mine.version if mine else 0
        if version != now:
            raise ChangedMeanwhile("You answered this elsewhere meanwhile. What you chose here stands below: look, and send it.", now=now)
        if mine is not None:
            same = list(rows.filter(side=mine.side).order_by("sent_at", "pk").values_list("pk", flat=True))
            rules.refuse_counted(same.index(mine.pk), len(same))
        row = mine or DiagnosisReading(partnership_id=here, framework=asked.label, school_year=year, person_id=by.person_id or 0, version=0)
        row.side, row.answers, row.sent_at, row.version = side.value, given, at, row.version + 1
        row.save()
    return row
