"""Two readings of the system side by side, by school year; and one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.conditions.models import DiagnosisReading
from convenor.conditions.rules import diagnosis as rules
from convenor.conditions.rules.diagnosis import Framework, Told
from convenor.conditions.rules.states import Reading
from convenor.england.school_years import school_year_of
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class DiagnosisSeen:
    """What is told of one school year, by the year in which it began. `years` are those with readings, the newest first.

    `side` is the viewer's, None for whoever reads on neither; `mine` says that they have read this year.
    """

    framework: Framework
    year: int
    years: tuple[int, ...]
    told: Told
    side: Reading | None
    mine: bool
    now: int


def diagnosis(slug: str, *, viewer: Viewer, at: date | datetime, year: int | None = None) -> DiagnosisSeen | None:
    """The two readings of a school year, this one unless asked; None for whoever may not see them. One query."""
    if not _sees(slug, viewer):
        return None
    asked, now = rules.framework(), school_year_of(day_of(at)).start_year
    rows = DiagnosisReading.objects.filter(partnership__slug=slug, framework=asked.label).order_by("sent_at", "pk")
    found = list(rows.values_list("school_year", "side", "answers", "person_id"))
    years = tuple(sorted({row[0] for row in found} | {now}, reverse=True))
    chosen = year if year in years else now
    readings = {side: [answers for one, where, answers, _ in found if one == chosen and where == side.value] for side in Reading}
    mine = any(one == now and person == viewer.person_id for one, _, _, person in found)
    side = rules.side_of([each.role for each in viewer.holdings]) if viewer.may(Permission.CONDITIONS_SAY) else None
    return DiagnosisSeen(asked, chosen, years, rules.tell(readings, asked), side, mine, now)


@dataclass(frozen=True, slots=True)
class OwnReading:
    """One's own reading of this school year; until then (`version` 0) the page is filled with that of `before`. `stands`: it is counted."""

    framework: Framework
    side: Reading
    year: int
    given: Mapping[str, str]
    version: int
    before: int | None
    stands: bool


def own_reading(slug: str, *, viewer: Viewer, at: date | datetime) -> OwnReading | None:
    """What the viewer said, or would begin with; None for whoever reads on neither side. Two queries."""
    if not _sees(slug, viewer) or not viewer.may(Permission.CONDITIONS_SAY):
        return None
    side = rules.side_of([each.role for each in viewer.holdings])
    if side is None:
        return None
    asked, year = rules.framework(), school_year_of(day_of(at)).start_year
    rows = DiagnosisReading.objects.filter(partnership__slug=slug, framework=asked.label)
    own = {row.school_year: row for row in rows.filter(person_id=viewer.person_id or 0)}
    mine, last = own.get(year), max((each for each in own if each < year), default=None)
    stands = False
    if mine is not None:
        same = list(rows.filter(school_year=year, side=mine.side).order_by("sent_at", "pk").values_list("pk", flat=True))
        stands = same.index(mine.pk) < rules.counted(len(same))
    begun = mine or (own[last] if last is not None else None)
    return OwnReading(
        asked, side, year, begun.answers if begun else {}, mine.version if mine else 0, last if mine is None else None, stands
    )  # fmt: skip


def _sees(slug: str, viewer: Viewer) -> bool:
    return viewer.partnership is not None and viewer.partnership.slug == slug and viewer.may(Permission.CONDITIONS_SEE)
