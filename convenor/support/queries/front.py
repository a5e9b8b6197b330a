"""Where support begins for each: a school's own packages and requests, a supporter's visits, a broker's needs, what is late for whoever
follows packages, totals for a board."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission
from convenor.peer_review.rules.themes import name_of
from convenor.registers.queries.known import names_of
from convenor.support.models import Need
from convenor.support.queries.waiting import (
    ROOM,
    AtSchool,
    Coming,
    ForBrokers,
    PackageTurn,
    at_school,
    followed_turns,
    for_brokers,
    own_turns,
    visits_to_come,
)
from convenor.support.rules.states import NeedState, Who

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: Of packages that are late, so many are shown before the rest is led to.
SHOWN: Final = 25


@dataclass(frozen=True, slots=True)
class OwnNeed:
    """A request of one of the viewer's own schools that waits."""

    pk: int
    school: str
    themes: str
    asked_on: date
    unmet: bool


@dataclass(frozen=True, slots=True)
class SchoolAsked:
    """A school of the viewer's own, and what support asks of it."""

    urn: str
    school: str
    asked: AtSchool


@dataclass(frozen=True, slots=True)
class SupportHome:
    """What support is to this viewer on a day. `own` are packages of their schools, `giving` those they or their school give, `held` those
    they hold as broker; each goes on. `past` have ended. `followed` counts what goes on, `late` what is past its day."""

    on: date
    own: tuple[PackageTurn, ...]
    giving: tuple[PackageTurn, ...]
    held: tuple[PackageTurn, ...]
    past: tuple[PackageTurn, ...]
    visits: tuple[Coming, ...]
    needs: tuple[OwnNeed, ...]
    schools: tuple[SchoolAsked, ...]
    brokers: ForBrokers | None
    follows: bool
    followed: int
    late: tuple[PackageTurn, ...]
    asks: bool
    gives: bool
    sees_totals: bool


def support_home(slug: str, *, viewer: Viewer, at: date | datetime) -> SupportHome | None:
    """What support is to this viewer; None outside the partnership. Ten queries, and four a school, of three schools at most."""
    here, on = viewer.partnership, day_of(at)
    if here is None or here.slug != slug or ROOM in here.rooms_off or not viewer.may(Permission.PARTNERSHIP_SEE):
        return None
    turns = own_turns(viewer=viewer, at=on)
    going = [each for each in turns if each.open]
    followed = followed_turns(viewer=viewer, at=on)
    late = [each for each in followed if each.next is not None and each.next.due_on is not None and each.next.due_on < on]
    return SupportHome(
        on=on,
        own=tuple(each for each in going if each.receiving),
        giving=tuple(each for each in going if each.who & {Who.SUPPLYING, Who.SUPPORTER}),
        held=tuple(each for each in going if Who.BROKER in each.who),
        past=tuple(each for each in turns if not each.open),
        visits=visits_to_come(turns, viewer=viewer, at=on),
        needs=_needs(viewer),
        schools=_schools(viewer, on),
        brokers=for_brokers(viewer=viewer, at=on),
        follows=viewer.may(Permission.PACKAGE_FOLLOW),
        followed=len(followed),
        late=tuple(sorted(late, key=lambda each: (each.due_on or on, each.pk)))[:SHOWN],
        asks=viewer.may(Permission.SUPPORT_ASK),
        gives=viewer.may(Permission.SUPPORT_GIVE),
        sees_totals=viewer.may(Permission.SUPPORT_TOTALS_SEE),
    )


def _needs(viewer: Viewer) -> tuple[OwnNeed, ...]:
    """Requests of one's own schools for which nobody is chosen yet."""
    own = [urn for urn in viewer.urns if viewer.sees_record(urn)]
    if not own:
        return ()
    assert viewer.partnership is not None
    waiting = [each.value for each in NeedState if each.waits]
    rows = Need.objects.filter(Q(school_id__in=own), partnership_id=viewer.partnership.id, state__in=waiting).order_by("asked_at", "pk")
    return tuple(
        OwnNeed(pk, school, ", ".join(name_of(each) for each in themes), day_of(moment), state == NeedState.UNMET)
        for pk, school, themes, moment, state in rows.values_list("pk", "school__name", "themes", "asked_at", "state")
    )


def _schools(viewer: Viewer, on: date) -> tuple[SchoolAsked, ...]:
    """The first schools for which this viewer asks, with what waits there."""
    own = [urn for urn in viewer.urns if viewer.may(Permission.SUPPORT_ASK, urn=urn)][:3]
    names = names_of(set(own), viewer=viewer) if own else {}
    found = []
    for urn in own:
        asked = at_school(urn, viewer=viewer, at=on)
        if asked is not None:
            found.append(SchoolAsked(urn, names.get(urn, (urn, ""))[0], asked))
    return tuple(found)
