"""What stands beside the directory's list: areas of excellence from peer reviews, lessons that both heads shared, where schools stand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.partnership.models import Membership
from convenor.partnership.queries.holdings import day_of, in_force
from convenor.peer_review.queries.themes import Excellence, excellences
from convenor.peer_review.rules.themes import name_of as theme_name
from convenor.support.queries.evaluation import LessonSeen, lessons_of
from convenor.support.rules.directory import Asked, likeness

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


def excellent(slug: str, asked: Asked, *, viewer: Viewer) -> tuple[Excellence, ...]:
    """What schools offer for others to come and see after a peer review, narrowed by theme and words. One query."""
    found = excellences(slug, viewer=viewer) or ()
    return tuple(
        each
        for each in found
        if (not asked.theme or each.theme == asked.theme) and likeness(asked.text, f"{each.school} {each.theme_name} {each.words}")
    )


def lessons(asked: Asked, supporters: Iterable[int], *, viewer: Viewer) -> tuple[LessonSeen, ...]:
    """What was learnt from packages of these supporters, in words to which both sides agreed; newest first, narrowed by theme and words.

    No school that received is named. Two queries.
    """
    found = [each for some in lessons_of(supporters, viewer=viewer).values() for each in some]
    fit = [each for each in found if not asked.theme or asked.theme in each.themes]
    said = [each for each in fit if likeness(asked.text, " ".join((each.words, *(theme_name(key) for key in each.themes))))]
    return tuple(sorted(said, key=lambda each: each.at, reverse=True))


def places(*, viewer: Viewer, at: date | datetime) -> dict[str, tuple[int, int]]:
    """Where the register places the member schools, metres by URN. One query."""
    here = viewer.partnership
    if here is None:
        return {}
    rows = Membership.objects.filter(in_force(day_of(at)), partnership_id=here.id).exclude(school__easting=None)
    found = rows.values_list("school_id", "school__easting", "school__northing")
    return {urn: (east, north) for urn, east, north in found if east is not None and north is not None}
