"""From what a request may begin, each filled in as far as it is known: a school's own wish, an early conversation whose outcome is support,
a peer review whose outcome is help from other schools, a priority of the partnership."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.england.school_years import school_year_of
from convenor.governance.queries import priorities
from convenor.intelligence.queries.conversations import conversation, open_conversation_of
from convenor.intelligence.rules.circle import Sight as Circle
from convenor.intelligence.rules.conversation import Outcome as Agreed
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission
from convenor.peer_review.queries.reports import priorities as agreed_priorities
from convenor.peer_review.queries.reviews_of_school import reviews_of_school
from convenor.peer_review.queries.standing import review_here
from convenor.peer_review.queries.steps import facts
from convenor.peer_review.rules.states import Outcome as After
from convenor.peer_review.rules.states import State
from convenor.support.models import SchoolAnswer
from convenor.support.rules.needs import THEMES_AT_MOST, Asked, themes_of_topics
from convenor.support.rules.states import NeedOrigin

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class Beginning:
    """One thing from which a request may begin. `key` is "" for the school's own wish; `asked` what the form begins with.

    `from_year` is the school year whose answer filled it in, "" where none did.
    """

    origin: NeedOrigin
    key: str
    label: str
    asked: Asked
    from_year: str = ""

    @property
    def priority_id(self) -> int | None:
        """The priority it comes from, if it does."""
        return int(self.key) if self.origin is NeedOrigin.PRIORITY else None


def beginning(slug: str, urn: str, origin: str, key: str, *, viewer: Viewer, at: date | datetime) -> Beginning | None:
    """What a request for this school begins with; None where it may not begin so, or not for this viewer.

    The school's own people may begin from all four. A broker who is not of the school may begin from a conversation that they hold, and
    from a priority: never from a peer review, whose outcome is the school's own. At most nine queries.
    """
    if viewer.partnership is None or viewer.partnership.slug != slug or origin not in set(NeedOrigin):
        return None
    own = viewer.may(Permission.SUPPORT_ASK, urn=urn)
    if not own and (urn in viewer.urns or not viewer.may(Permission.SUPPORT_BROKER)):
        return None
    match NeedOrigin(origin):
        case NeedOrigin.SCHOOL:
            return _own_wish(urn, viewer, at) if own and not key else None
        case NeedOrigin.CONVERSATION:
            return _from_conversation(slug, urn, key, viewer, at) if _number(key) else None
        case NeedOrigin.PEER_REVIEW:
            return _from_review(slug, urn, key, viewer, at) if own and _number(key) else None
        case NeedOrigin.PRIORITY:
            return next((each for each in _from_priorities(slug, viewer, at) if each.key == key), None)


def beginnings(slug: str, urn: str, *, viewer: Viewer, at: date | datetime) -> tuple[Beginning, ...]:
    """Everything else from which the viewer may begin a request for this school: shown as ways in, nearest to the school first.

    At most twelve queries and eight for each of the three newest closed reviews.
    """
    found: list[Beginning | None] = []
    talk = open_conversation_of(urn, viewer=viewer, at=at)
    if talk is not None:
        found.append(beginning(slug, urn, NeedOrigin.CONVERSATION.value, str(talk.id), viewer=viewer, at=at))
    if viewer.may(Permission.SUPPORT_ASK, urn=urn):
        closed = [each for each in reviews_of_school(urn, viewer=viewer, at=at) if each.host and each.state is State.CLOSED]
        for each in closed[:3]:
            found.append(beginning(slug, urn, NeedOrigin.PEER_REVIEW.value, str(each.pk), viewer=viewer, at=at))
    return (*(each for each in found if each is not None), *_from_priorities(slug, viewer, at))


def _own_wish(urn: str, viewer: Viewer, at: date | datetime) -> Beginning:
    """What the school said in this school year, or the one before, that it would like to learn."""
    assert viewer.partnership is not None
    year = school_year_of(day_of(at))
    rows = SchoolAnswer.objects.filter(partnership_id=viewer.partnership.id, school_id=urn, year__lte=year.label)
    last = rows.order_by("-year", "-answered_at", "-id").first()
    wants = tuple(last.wants[:THEMES_AT_MOST]) if last is not None else ()
    return Beginning(NeedOrigin.SCHOOL, "", "Your school’s own wish", Asked(themes=wants), last.year if last and wants else "")


def _from_conversation(slug: str, urn: str, key: str, viewer: Viewer, at: date | datetime) -> Beginning | None:
    """For the school and for the broker who holds it, once both agreed that support comes next."""
    page = conversation(slug, int(key), viewer=viewer, at=at)
    if page is None or page.conversation.urn != urn or page.conversation.standing.outcome is not Agreed.SUPPORT:
        return None
    if page.conversation.sight not in (Circle.OWN, Circle.HOLDS):
        return None
    asked = Asked(themes=themes_of_topics(page.conversation.asked_about), words=page.conversation.asked_words)
    return Beginning(NeedOrigin.CONVERSATION, key, "The early conversation, which agreed on support from other schools", asked)


def _from_review(slug: str, urn: str, key: str, viewer: Viewer, at: date | datetime) -> Beginning | None:
    """For the school, once its review came to the outcome that it would like help from other schools."""
    here = review_here(slug, int(key), viewer=viewer, at=at)
    if here is None or here.urn != urn or not here.host or facts(here, viewer=viewer).outcome is not After.BROKERAGE:
        return None
    agreed = agreed_priorities(here, viewer=viewer)
    words = "\n".join(each.title for each in agreed)
    return Beginning(
        NeedOrigin.PEER_REVIEW, key, f"Your peer review, {here.round_name}", Asked(_themes(each.theme for each in agreed), words=words)
    )


def _from_priorities(slug: str, viewer: Viewer, at: date | datetime) -> list[Beginning]:
    return [
        Beginning(NeedOrigin.PRIORITY, str(each.id), f"The partnership’s priority: {each.title}", Asked())
        for each in priorities(slug, viewer=viewer, at=at)
    ]


def _themes(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for key in keys if key))[:THEMES_AT_MOST]


def _number(key: str) -> bool:
    return key.isdecimal() and key.isascii() and len(key) < 18
