"""What was set apart of a school and waits for its word: for the home of whoever speaks for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, Min

from convenor.moving_in.models import LegacyNote
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from convenor.partnership.gate import Viewer


def _rows(urns: Iterable[str], viewer: Viewer) -> QuerySet[LegacyNote]:
    """What the schools neither keep nor replied to, at those for which the viewer speaks."""
    slug = viewer.partnership.slug if viewer.partnership is not None else ""
    spoken = [urn for urn in urns if urn in viewer.urns and viewer.may(Permission.SCHOOL_SPEAK, urn=urn)]
    return LegacyNote.objects.filter(partnership__slug=slug, school_id__in=spoken, kept_at=None, replied_at=None)


def is_set_apart(urns: Iterable[str], *, viewer: Viewer, at: date | datetime) -> Exists:
    """Whether anything waits for somebody at these schools, as a part of another query."""
    return Exists(_rows(urns, viewer))


def set_apart(urns: Iterable[str], *, viewer: Viewer, at: date | datetime) -> list[tuple[str, str, date]]:
    """URN and name of each of these schools of which something waits, and the day on which the first of it is deleted. One query."""
    rows = _rows(urns, viewer).values_list("school_id", "school__name").annotate(until=Min("until_on")).order_by("school_id")
    return [(urn, name, until) for urn, name, until in rows]
