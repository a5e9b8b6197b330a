"""What schools say each year: what they can offer, and what they want to learn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.england.school_years import school_year_of
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission
from convenor.peer_review.queries.themes import excellences
from convenor.support.models import SchoolAnswer
from convenor.support.queries.supporters import member_names
from convenor.support.rules import answers as rules
from convenor.support.rules.answers import Answer, ThemeHere

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """A school's own answer of this school year. Until it answered, the page is filled with last year's (`from_year`) and with what the
    school offered after its peer reviews (`excellent`). `version` is 0 until then. `others` are more schools of theirs still to answer."""

    urn: str
    school: str
    year: str
    answer: Answer
    answered_at: datetime | None
    answered_by: str
    version: int
    from_year: str
    excellent: tuple[str, ...]
    others: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AreaAnswers:
    """What the area's schools say this school year: `answered` of `members` have. `own` are the viewer's schools that have not."""

    year: str
    members: int
    answered: int
    themes: tuple[ThemeHere, ...]
    own: tuple[tuple[str, str], ...]


def own_answer(slug: str, urn: str, *, viewer: Viewer, at: date | datetime) -> OwnAnswer | None:
    """A school's own answer, for whoever asks for support on its behalf; None for everybody else. Four queries.

    Without a `urn`, the first of the viewer's own schools that has not answered yet.
    """
    here = viewer.partnership
    if here is None or here.slug != slug:
        return None
    year = school_year_of(day_of(at)).label
    own = [each for each in member_names(viewer=viewer, at=at) if viewer.may(Permission.SUPPORT_ASK, urn=each[0])]
    own = [each for each in own if each[0] in viewer.urns]
    rows = {
        (row.school_id, row.year): row for row in SchoolAnswer.objects.filter(partnership_id=here.id, school__in=[each[0] for each in own])
    }
    waits = [each for each in own if (each[0], year) not in rows]
    chosen = next((each for each in own if each[0] == urn), None) if urn else next(iter(waits or own), None)
    if chosen is None:
        return None
    now = rows.get((chosen[0], year))
    before = max((row for (pk, _), row in rows.items() if pk == chosen[0] and row.year < year), key=lambda row: row.year, default=None)
    excellent = tuple(each.theme for each in excellences(slug, viewer=viewer) or () if each.urn == chosen[0])
    answer = answer_of(now, viewer=viewer) if now else rules.begin(answer_of(before, viewer=viewer) if before else None, excellent)
    return OwnAnswer(
        chosen[0], chosen[1], year, answer, now.answered_at if now else None, now.answered_by if now else "", now.version if now else 0,
        before.year if before and not now else "", excellent if not now else (), tuple(each for each in waits if each[0] != chosen[0]),
    )  # fmt: skip


def answer_of(row: SchoolAnswer, *, viewer: Viewer) -> Answer:
    """A row as the rules know it; its words are for the school alone."""
    words = row.words if viewer.may(Permission.SUPPORT_ASK, urn=row.school_id) else ""
    return Answer(tuple(row.offers), tuple(row.wants), words, row.half_days, row.ring)


def area_answers(slug: str, *, viewer: Viewer, at: date | datetime) -> AreaAnswers | None:
    """What the area's schools offer, by name, and how many want to learn what; None outside the partnership. Two queries."""
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.PARTNERSHIP_SEE):
        return None
    year = school_year_of(day_of(at)).label
    members = dict(member_names(viewer=viewer, at=at))
    rows = list(SchoolAnswer.objects.filter(partnership_id=here.id, year=year, school__in=members))
    told = rules.area((members[row.school_id], answer_of(row, viewer=viewer)) for row in rows)
    answered = {row.school_id for row in rows}
    own = tuple((urn, members[urn]) for urn in viewer.urns if urn in members and urn not in answered)
    own = tuple(each for each in own if viewer.may(Permission.SUPPORT_ASK, urn=each[0]))
    return AreaAnswers(year, len(members), len(rows), told, own)
