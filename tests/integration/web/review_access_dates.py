"""Terms, dates and calendars for the table of access: who sees which page, with a visit that is dated and one that waits."""

from __future__ import annotations

from datetime import date
from typing import Any

from convenor.partnership.roles import ROLES
from convenor.peer_review.models import CalendarKey, PeerReview, ReviewRound
from convenor.peer_review.rules.calendar import digest_of
from convenor.peer_review.rules.states import State
from tests.factories.partnership import AT, SLUG, World
from tests.factories.peer_review import review, review_round

ROUND = "Dates for the table"
TOKEN = "a-calendar-of-the-table"
MANAGER = frozenset({"manager"})
#: Whoever runs the round or leads a body whose schools are in it.
FOLLOWING = frozenset({"cluster-lead", "alliance-lead", "manager"})
#: Of the host school, 990001.
HOST = frozenset({"school-leader", "chair-of-governors"})
ANYONE = frozenset({*ROLES, "nobody signed in", "somebody with no post", "manager of elsewhere"})
PAGES: dict[str, frozenset[str]] = {
    "terms-set": MANAGER,
    "terms-set-authority": MANAGER,
    "review-dates": FOLLOWING,
    "review-date": FOLLOWING | HOST,
    "calendar-feed": ANYONE,  # whoever has the secret address of it
}
#: Pages that every member may open: terms are published, and a calendar is one's own.
FOR_MEMBERS = ("terms", "calendar")
#: A member who has no part in a review is told that there is no such page.
HIDDEN_FROM_MEMBERS = ("review-date",)


def begin(everyone: World) -> None:
    """A review that is scheduled, another that waits for its date, and somebody's calendar."""
    for who, known in (("lead", "other head"), ("second", "system leader"), ("champion", "reviewer")):
        everyone.people.setdefault(who, everyone.people[known])
        everyone.viewers.setdefault(who, everyone.viewers[known])
    found = review_round(everyone, name=ROUND)
    review(everyone, until=State.SCHEDULED, round=found)
    review(everyone, until=State.DRAFT, round=found, school="990003")
    CalendarKey.objects.create(person=everyone.people["head"], digest=digest_of(TOKEN), made_at=AT)
    everyone.partnership.areas.add("998")


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    pk, year = ReviewRound.objects.get(name=ROUND).pk, date(2026, 9, 1).year
    return {
        "terms-set": [SLUG, year],
        "terms-set-authority": [SLUG, year, "998"],
        "review-dates": [SLUG, pk],
        "review-date": [SLUG, PeerReview.objects.get(round_id=pk, state=State.SCHEDULED.value).pk],
        "calendar-feed": [TOKEN],
        "terms": [SLUG],
        "calendar": [SLUG],
    }
