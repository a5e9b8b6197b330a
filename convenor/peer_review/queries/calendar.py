"""A person's own appointments in peer review, and whose a secret calendar address is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from convenor.partnership.queries.holdings import day_of
from convenor.peer_review.models import CalendarKey, PeerReview, Reviewer
from convenor.peer_review.queries.steps import Somebody
from convenor.peer_review.queries.turns import own_turns
from convenor.peer_review.rules.calendar import Appointments, CalendarEntry, digest_of, entries_of

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class OwnKey:
    """That a person has a calendar address, and since when; never the address, which nobody keeps."""

    made_at: datetime


def own_entries(*, viewer: Viewer, at: date | datetime) -> list[CalendarEntry]:
    """What stands in the viewer's own calendar about the partnership in which they work: visits as host or on a team, workshop, impact
    visit, and days by which something is due from them. By day; nothing that ended over a year ago. Two queries.
    """
    turns = own_turns(viewer=viewer, at=at, ended=True)
    if not turns or viewer.partnership is None:
        return []
    rows = PeerReview.objects.filter(pk__in=[each.pk for each in turns]).annotate(changed=Max("steps__at"))
    stamps = {pk: rest for pk, *rest in rows.values_list("pk", "version", "changed", "round__opened_at", "round__published_at")}
    found = []
    for each in turns:
        version, changed, opened, published = stamps[each.pk]
        when = changed or published or opened
        if when is None:  # pragma: no cover - a review is made when its round, which was opened before, is published
            continue
        found.append(
            Appointments(
                each.pk, viewer.partnership.slug, each.school, each.state, each.next, each.due_on, each.mine, each.visit_from_on,
                each.visit_until_on, each.workshop_on, each.impact_on, version, when, opened,
            )
        )  # fmt: skip
    return entries_of(found, on=day_of(at))


def own_key(*, viewer: Viewer) -> OwnKey | None:
    """The viewer's own calendar address, or None while they have none. One query."""
    if viewer.person_id is None:
        return None
    made_at = CalendarKey.objects.filter(person_id=viewer.person_id, ended_at=None).values_list("made_at", flat=True).first()
    return OwnKey(made_at) if made_at else None


def person_of_key(token: str, *, viewer: object) -> Any:
    """The person whose calendar address this is, whoever asks: the address itself is the key. None for one unknown, ended, or of somebody
    who has left. One query."""
    row = CalendarKey.objects.filter(digest=digest_of(token), ended_at=None, person__is_active=True).select_related("person").first()
    return row.person if row else None


def reviewers_by_key(keys: Collection[int], *, viewer: object) -> list[Somebody]:
    """Reviewers by their keys, for an action that tells them of their own days. One query, none for nobody."""
    if not keys:
        return []
    rows = Reviewer.objects.filter(pk__in=keys, person__is_active=True).order_by("person__name", "pk")
    return [Somebody(pk, name, email or "") for pk, name, email in rows.values_list("person_id", "person__name", "person__email")]
