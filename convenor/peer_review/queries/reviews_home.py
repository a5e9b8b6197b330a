"""Where peer review begins for each: a school's own reviews, a reviewer's visits, rounds for whoever runs them, totals for a board."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission
from convenor.peer_review.queries.turns import Turn, followed_turns, own_turns
from convenor.peer_review.queries.waiting import Asked, RoundNow, offers_asked, rounds_asking, rounds_run
from convenor.peer_review.rules.gates import STATE_SAYS
from convenor.peer_review.rules.states import State
from convenor.registers.queries.known import names_of

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: Of reviews that wait for somebody, so many are shown before the rest is led to.
SHOWN: Final = 25


@dataclass(frozen=True, slots=True)
class AskedSchool:
    """A round that asks one of the viewer's own schools."""

    asked: Asked
    school: str


@dataclass(frozen=True, slots=True)
class ReviewsHome:
    """What peer review is to this viewer on a day.

    `own` and `teams` go on, `past` have ended; each of `own` is at a school of theirs. `followed` counts reviews that go on and whose
    states they follow, `late` those whose next step is past its day, `stand` how many stand where.
    """

    on: date
    asked: tuple[AskedSchool, ...]
    offers: tuple[Asked, ...]
    own: tuple[Turn, ...]
    teams: tuple[Turn, ...]
    past: tuple[Turn, ...]
    reviews_others: bool
    runs: bool
    rounds: tuple[RoundNow, ...]
    follows: bool
    followed: int
    late: tuple[Turn, ...]
    stand: tuple[tuple[str, int], ...]
    sees_totals: bool


def reviews_home(slug: str, *, viewer: Viewer, at: date | datetime) -> ReviewsHome | None:
    """What peer review is to this viewer; None outside the partnership. At most eleven queries, however many reviews there are."""
    here, on = viewer.partnership, day_of(at)
    if here is None or here.slug != slug or not viewer.may(Permission.PARTNERSHIP_SEE):
        return None
    turns = own_turns(viewer=viewer, at=on, ended=True)
    going = [each for each in turns if each.state.open]
    followed = followed_turns(viewer=viewer, at=on)
    stand = Counter(each.state for each in followed)
    return ReviewsHome(
        on=on,
        asked=_asked(rounds_asking(viewer.urns, viewer=viewer, at=on), viewer),
        offers=offers_asked(viewer=viewer, at=on),
        own=tuple(each for each in going if each.host),
        teams=tuple(each for each in going if not each.host),
        past=tuple(each for each in turns if not each.state.open and (each.host or each.reads)),
        reviews_others=viewer.may(Permission.REVIEW_OFFER),
        runs=viewer.may(Permission.ROUND_RUN),
        rounds=rounds_run(viewer=viewer),
        follows=viewer.may(Permission.REVIEW_FOLLOW),
        followed=len(followed),
        late=tuple(sorted((each for each in followed if each.late(on)), key=lambda each: (each.due_on or on, each.school)))[:SHOWN],
        stand=tuple((STATE_SAYS[state], stand[state]) for state in State if stand[state]),
        sees_totals=viewer.may(Permission.REVIEW_TOTALS_SEE),
    )


def _asked(found: tuple[Asked, ...], viewer: Viewer) -> tuple[AskedSchool, ...]:
    """With the schools' names, which are needed only where something is asked."""
    names = names_of({each.urn for each in found}, viewer=viewer) if found else {}
    return tuple(AskedSchool(each, names.get(each.urn, (each.urn, ""))[0]) for each in found)
